"""The funding of the programme: sheets of units, sums of lines, two officers at one sheet, arrears by year."""

import re

import pytest
from django.urls import reverse

from accounts.audit import history_of
from sponsorship.models import Arrears, Funding
from sponsorship.queries import funding
from tests.money.conftest import HA_LINH

pytestmark = pytest.mark.django_db
SAID = {"central-plan": "1.000.000.000", "central-mobilised": "900.000.000", "central-disbursed": "800.000.000"}


@pytest.fixture
def address(area):
    return reverse("sponsorship:funding-sheet", args=[2024, area(HA_LINH).pk])


@pytest.fixture
def officer(client_of, commune_officer):
    return client_of(commune_officer)


@pytest.fixture
def fill(address):
    """`fill(client, opened, **figures)`: what is answered to figures typed into a sheet that was opened before."""

    def send(client, opened=None, figures=SAID):
        body = (opened or client.get(address)).content.decode()
        fields = dict(re.findall(r'name="([a-z_]+-[a-z]+|arrears)"[^>]*? value="([^"]*)"', body))
        return client.post(address, {**fields, **figures})

    return send


def test_a_years_funding_is_the_sum_of_its_lines(officer, client_of, other_district_officer, address, fill, read):
    assert client_of(other_district_officer).get(address).status_code == 404
    assert fill(officer).status_code == 303
    assert fill(officer, figures={"district-plan": "5.000.000", "arrears": "7.000.000"}).status_code == 303
    text = read("/do-dau/nguon-von/?nam=2024").text
    assert "1.005 900 800" in text
    assert "Ngân sách huyện" in text
    assert "Ngân sách huyện" not in read("/do-dau/nguon-von/?nam=2026").text
    assert history_of(Arrears.objects.get(year=2024)).get().data["after"] == 7_000_000


@pytest.mark.parametrize(
    ("figures", "field", "message"),
    [
        ({"central-disbursed": "900.000.001"}, "central-disbursed", "không được quá số huy động"),
        ({"central-plan": "-5"}, "central-plan", "không được âm"),
        ({"central-plan": "12,5"}, "central-plan", "đồng chẵn"),
        ({"arrears": "nhiều"}, "arrears", "không phải số tiền"),
        ({"arrears": "999.999.999.999.999"}, "", ""),
    ],
)
def test_a_figure_that_cannot_be_is_told_at_its_cell_and_stays(officer, fill, figures, field, message):
    response = fill(officer, figures={**SAID, **figures})
    body = response.content.decode()
    if not field:
        assert response.status_code == 303
        return
    assert response.status_code == 422
    assert f'id="loi-{field}"' in body
    assert message in body
    assert f'value="{figures[field]}"' in body
    assert not Funding.objects.filter(year=2024).exists()


def test_two_officers_at_one_sheet_lose_nothing(officer, client_of, district_officer, address, fill):
    first, second = officer.get(address), client_of(district_officer).get(address)
    assert fill(officer, first).status_code == 303
    typed = {"central-plan": "2.000.000.000", "commune-plan": "3.000.000"}
    stale = fill(client_of(district_officer), second, typed)
    body = stale.content.decode()
    assert stale.status_code == 409
    assert "Người khác vừa ghi số này" in body
    assert 'value="2.000.000.000"' in body
    assert 'hiện nay <b class="n">1.000.000.000</b>' in body
    assert Funding.objects.get(year=2024).plan == 1_000_000_000
    assert fill(client_of(district_officer), stale, {}).status_code == 303
    assert Funding.objects.get(year=2024, line="central").plan == 2_000_000_000
    assert Funding.objects.get(year=2024, line="commune").plan == 3_000_000


def test_a_sheet_sent_twice_from_an_old_page_overwrites_nothing(officer, client_of, district_officer, address, fill):
    opened = officer.get(address)
    assert fill(officer, opened).status_code == 303
    assert fill(client_of(district_officer), None, {"central-plan": "5.000.000.000"}).status_code == 303
    again = fill(officer, opened)
    assert again.status_code == 409
    assert Funding.objects.get(year=2024).plan == 5_000_000_000


def test_a_line_that_was_only_read_keeps_what_another_wrote(officer, client_of, district_officer, address, fill):
    opened = officer.get(address)
    assert fill(client_of(district_officer), None, SAID).status_code == 303
    assert fill(officer, opened, {"commune-plan": "3.000.000"}).status_code == 303
    assert Funding.objects.get(year=2024, line="central").plan == 1_000_000_000


def test_a_wrong_figure_does_not_hide_what_another_wrote_meanwhile(officer, client_of, district_officer, address, fill):
    opened = officer.get(address)
    assert fill(client_of(district_officer), None, SAID).status_code == 303
    wrong = fill(officer, opened, {"central-plan": "7.000.000", "arrears": "x"})
    assert wrong.status_code == 422
    stale = fill(officer, wrong, {"arrears": "0"})
    assert stale.status_code == 409
    assert Funding.objects.get(year=2024).plan == 1_000_000_000


def test_a_sheet_without_what_was_read_overwrites_nothing(officer, address, fill):
    assert fill(officer).status_code == 303
    for read in ("", "x:1:2:3", "0:1", "²:0:0:0"):
        assert officer.post(address, {"central-plan": "9", "central-read": read}).status_code == 409
    assert Funding.objects.get(year=2024).plan == 1_000_000_000


def test_arrears_are_told_by_year_and_commune(area, read):
    for year, amount in ((2029, 9_000_000), (2030, 4_000_000)):
        Arrears.objects.create(area=area(HA_LINH), year=year, amount=amount)
    Arrears.objects.create(area=area("18553"), year=2030, amount=1_000_000)
    table = funding.table(2030)
    assert table.owed_years == [2027, 2028, 2029, 2030]
    assert table.owed == [0, 0, 9_000_000, 5_000_000]
    assert table.arrears == 5_000_000
    assert "Xã Hà Linh – – 9 4" in read("/do-dau/nguon-von/?nam=2030").text


def test_the_seeds_funding_is_marked_illustrative(read):
    assert not Funding.objects.filter(year=2023, is_illustrative=False).exists()
    table = funding.table(2023)
    assert len(table.lines) == 10
    for measure in ("plan", "mobilised", "disbursed"):
        lines, units = (sum(getattr(row.amounts, measure) for row in rows) for rows in (table.lines, table.units))
        assert lines == units > 0
    assert "số liệu minh hoạ" in read("/do-dau/nguon-von/?nam=2023").text
