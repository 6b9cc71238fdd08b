"""What was written wrong is cancelled and written again, without reopening the year: nothing published moves."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.audit import history_of
from accounts.errors import OutOfScope, Refused, WrongState
from sponsorship.actions import ledger, spending, years
from sponsorship.models import Contribution
from sponsorship.queries import totals
from tests.money.conftest import DAY, HA_LINH, YEAR, post

pytestmark = pytest.mark.django_db
WRITTEN = dt.date(2025, 2, 3)


@pytest.fixture
def cancelled(received, district_officer, province_officer):
    """`cancelled(amount)`: an entry of 2024 that was cancelled in 2025, after 2024 was closed."""

    def make(amount=2_000_000, *, close=True, **more):
        first = received(amount, **more)
        if close:
            years.close(year=YEAR, by=province_officer)
        ledger.reverse(entry=first, reason="Ghi sai số", by=district_officer, on=WRITTEN)
        return first

    return make


@pytest.fixture
def again(said, district_officer):
    """`again(entry)`: the entry written again as it should have been."""

    def make(entry, amount=1_800_000, *, by=district_officer, **more):
        usual = {"sponsor": entry.sponsor, "replaces": entry, "given_on": DAY, "received_on": WRITTEN}
        return ledger.receive(said=said(amount, **{**usual, **more}), by=by)

    return make


def test_the_replacing_entry_is_dated_in_the_open_year_and_counts_against_the_year_it_corrects(cancelled, again):
    first = cancelled(receipt="BN-1")
    made = again(first, receipt="BN-1")
    assert (made.year, made.received_on, made.given_on, made.replaces) == (YEAR, WRITTEN, DAY, first)
    assert made.receipt == "BN-1"
    assert history_of(made).get().data["entry"] == first.pk


def test_the_published_total_stays_and_the_difference_lists_both(cancelled, again):
    again(cancelled())
    found = totals.year_totals(YEAR)
    assert (found.total, found.closing.published) == (2_000_000, 2_000_000)
    assert (found.later, found.later_entries) == (-200_000, 2)
    assert totals.year_totals(2025).total == 0


def test_after_a_reopening_the_year_counts_what_is_right(cancelled, again, province_officer):
    again(cancelled())
    years.reopen(year=YEAR, reason="Đính chính", by=province_officer)
    assert totals.year_totals(YEAR).total == 1_800_000


def test_what_was_not_cancelled_is_not_replaced(received, again):
    first = received()
    with pytest.raises(WrongState, match="Huỷ khoản ghi sai trước"):
        again(first)
    assert not Contribution.objects.filter(replaces=first).exists()


def test_what_is_replaced_was_written_wrong_once_more(cancelled, again, district_officer):
    made = again(cancelled(receipt="BN-1"), receipt="BN-1")
    ledger.reverse(entry=made, reason="Vẫn sai", by=district_officer, on=WRITTEN)
    assert again(made, 1_700_000, receipt="BN-1").amount == 1_700_000


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"given_on": dt.date(2025, 3, 1)}, "received_on", "future"),
        ({"received_on": dt.date(2199, 1, 1)}, "received_on", "future"),
        ({"amount": -1}, "amount", "negative"),
        ({"channel": "called_by_communes"}, "channel", "not_on_that_day"),
        ({"receipt": "BN-9"}, "receipt", "duplicate"),
    ],
)
def test_a_replacement_that_cannot_be_is_refused_at_its_field(cancelled, again, received, fields, field, code):
    received(7, receipt="BN-9")
    first = cancelled()
    with pytest.raises(Refused) as refused:
        again(first, **{"amount": 1, **fields})
    assert (refused.value.field, refused.value.code) == (field, code)
    assert not Contribution.objects.filter(replaces=first).exists()


def test_the_year_of_writing_must_be_open(cancelled, again, received, province_officer):
    first = cancelled()
    received(5, received_on=dt.date(2025, 1, 8))
    years.close(year=2025, by=province_officer)
    with pytest.raises(WrongState, match="Năm 2025 đã chốt"):
        again(first)


def test_nobody_replaces_what_lies_out_of_scope(cancelled, again, other_district_officer):
    with pytest.raises(OutOfScope):
        again(cancelled(), by=other_district_officer)


def test_money_is_spent_from_the_day_on_which_it_came(cancelled, again, district_officer):
    made = again(cancelled(close=False))
    spent = spending.spend(entry=made, amount=5, paid_on=dt.date(2024, 6, 1), by=district_officer)
    assert spent.amount == 5


def test_an_officer_writes_a_cancelled_entry_again_on_its_page(
    cancelled, client_of, district_officer, other_district_officer, read
):
    first, client = cancelled(receipt="BN-1", purpose="Nước sạch"), client_of(district_officer)
    address = f"/do-dau/so/{first.pk}/ghi-lai/"
    assert client_of(other_district_officer).get(address).status_code == 404
    assert address in read(f"/do-dau/so/{first.pk}/", client).links
    form = client.get(address).content.decode()
    assert 'value="2.000.000"' in form
    assert 'value="20/05/2024"' in form
    typed = {"received_on": "20/05/2024", "sponsor": first.sponsor.name, "area": HA_LINH, "channel": "called"}
    wrong = post(client, "entry-again", {**typed, "kind": "money", "amount": "12,5"}, first.pk)
    assert "đồng chẵn" in wrong.content.decode()
    assert post(client, "entry-again", {**typed, "kind": "money", "amount": "1.500.000"}, first.pk).status_code == 303
    made = Contribution.objects.get(replaces=first)
    assert (made.year, made.received_on, made.given_on) == (YEAR, timezone.localdate(), DAY)
    text = read("/do-dau/?nam=2024").text
    assert "2 khoản đính chính" in text
    assert "chênh −500.000 đ" in text
    assert "thay khoản đã huỷ, nhận 20/05/2024, tính vào năm 2024" in read("/do-dau/so/?tinh_trang=sau-chot").text


def test_an_entry_that_was_not_cancelled_has_no_such_page(received, client_of, district_officer):
    assert client_of(district_officer).get(f"/do-dau/so/{received().pk}/ghi-lai/").status_code == 404
