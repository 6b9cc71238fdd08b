"""The funding of the programme: sheets of units, sums of lines, arrears."""

import pytest
from django.urls import reverse

from sponsorship.models import Funding
from tests.money.conftest import HA_LINH

pytestmark = pytest.mark.django_db


def test_a_years_funding_is_the_sum_of_its_lines(client_of, commune_officer, other_district_officer, area, read):
    unit = area(HA_LINH)
    address = reverse("sponsorship:funding-sheet", args=[2024, unit.pk])
    client = client_of(commune_officer)
    assert client_of(other_district_officer).get(address).status_code == 404
    said = {"central-plan": "1.000.000.000", "central-mobilised": "900.000.000", "central-disbursed": "800.000.000"}
    wrong = client.post(address, {**said, "central-disbursed": "900.000.001"})
    assert wrong.status_code == 422
    assert "không được quá số huy động" in wrong.content.decode()
    assert "900.000.001" in wrong.content.decode()
    assert client.post(address, {**said, "district-plan": "5.000.000", "arrears": "7.000.000"}).status_code == 303
    text = read("/do-dau/nguon-von/?nam=2024").text
    assert "1.005 900 800" in text
    assert "Ngân sách huyện" in text
    stale = client.post(address, {**said, "central-plan": "2.000.000.000"})
    assert "Người khác vừa ghi số này" in stale.content.decode()
    assert Funding.objects.get(line="central").plan == 1_000_000_000
    assert "Ngân sách huyện" not in read("/do-dau/nguon-von/?nam=2026").text
