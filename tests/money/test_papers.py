"""Papers of an entry: the receipt and the thank-you letter."""

import datetime as dt

import pytest
from django.urls import reverse

from sponsorship.actions import ledger

pytestmark = pytest.mark.django_db


def test_the_receipt_and_the_letter_are_printed_for_what_still_counts(client_of, received, district_officer):
    first, client = received(2_000_000, receipt="BN-3", purpose="Nước sạch"), client_of(district_officer)
    for view, words in (("receipt", "Số: BN-3"), ("thanks", "trân trọng cảm ơn Công ty thử nghiệm")):
        body = client.get(reverse(f"sponsorship:{view}", args=[first.pk])).content.decode()
        assert words in body
        assert "2.000.000" in body
    ledger.reverse(entry=first, reason="Sai", by=district_officer, on=dt.date(2025, 1, 5))
    assert client.get(reverse("sponsorship:receipt", args=[first.pk])).status_code == 404
