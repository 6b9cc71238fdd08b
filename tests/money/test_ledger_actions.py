"""Writing the ledger: what is taken, what is refused at which field, and that a refusal leaves nothing behind."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.audit import history_of
from accounts.errors import NotAllowed, OutOfScope, Refused, WrongState
from communes import epochs
from criteria.models import Indicator
from sponsorship.actions import ledger, pledges, spending, years
from sponsorship.models import Contribution
from tests.money.conftest import DAY, YEAR

pytestmark = pytest.mark.django_db
WORK = {"amount": None, "kind": "workdays", "quantity": Decimal(6), "unit": "ngày công", "rate": 250_000}
TODAY = dt.date(2025, 2, 3)


@pytest.fixture
def refusal(said, district_officer):
    """`refusal(**fields)`: why writing such a contribution was refused; nothing was written."""

    def try_it(**fields) -> Refused:
        before, epoch = Contribution.objects.count(), epochs.current()
        with pytest.raises(Refused) as refused:
            ledger.receive(said=said(**fields), by=district_officer)
        assert (Contribution.objects.count(), epochs.current()) == (before, epoch)
        return refused.value

    return try_it


def test_money_is_written_with_who_and_when_and_where(received, district_officer):
    made = received(2_000_000, purpose=" Nước  sạch ", receipt="BN 07")
    assert (made.amount, made.year, made.purpose, made.receipt_key) == (2_000_000, 2024, "Nước sạch", "bn07")
    assert (made.recorded_by, made.kind) == (district_officer, "money")
    event = history_of(made).get()
    assert (event.action, event.area_path, event.data["amount"]) == ("money.receive", "/42/444/18502/", 2_000_000)


def test_workdays_count_at_their_stated_conversion(received):
    made = received(**WORK, rate_basis="Nghị quyết HĐND xã")
    assert (made.amount, made.quantity, made.unit, made.rate) == (1_500_000, 6, "ngày công", 250_000)


def test_money_for_an_indicator_counts_for_its_criterion(received):
    indicator = Indicator.objects.filter(criterion__criteria_set__slug="commune-ntm-2021-2025", code="17.1").get()
    assert received(indicator=indicator).criterion_id == indicator.criterion_id


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"amount": -1}, "amount", "negative"),
        ({"amount": 0}, "amount", "zero"),
        ({"amount": None}, "amount", "required"),
        ({"amount": 10**15}, "amount", "too_large"),
        ({"received_on": dt.date(2199, 1, 1)}, "received_on", "future"),
        ({"channel": "called_by_communes"}, "channel", "not_on_that_day"),
        ({"channel": "gift"}, "channel", "unknown"),
        ({"quantity": Decimal(2)}, "quantity", "not_for_money"),
        (WORK, "rate_basis", "required"),
        ({**WORK, "rate_basis": "x", "unit": "bao"}, "unit", "unknown"),
        ({**WORK, "rate_basis": "x", "rate": None}, "rate", "required"),
        ({**WORK, "rate_basis": "x", "quantity": Decimal(0)}, "quantity", "required"),
        ({**WORK, "rate_basis": "x", "quantity": Decimal("0.25"), "rate": 250_001}, "quantity", "fraction"),
        ({"purpose": "x" * 201}, "purpose", "too_long"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(refusal, fields, field, code):
    found = refusal(**fields)
    assert (found.field, found.code) == (field, code)


def test_a_unit_that_had_ended_takes_no_money(said, area, province_officer):
    late = replace(said(), received_on=dt.date(2025, 7, 2), area=area("18502"))
    with pytest.raises(Refused, match="không có Xã Hà Linh") as refused:
        ledger.receive(said=late, by=province_officer)
    assert refused.value.field == "area"


def test_a_receipt_number_is_taken_once_a_year_in_a_unit(received, refusal):
    received(receipt="BN-07")
    found = refusal(receipt=" bn-07 ")
    assert (found.field, found.code) == ("receipt", "duplicate")
    assert "BN-07" in found.message.upper()
    received(receipt="BN-07", code="18553")


def test_out_of_scope_is_absent(said, other_district_officer, district_reviewer, administrator):
    for nobody in (other_district_officer, district_reviewer, administrator):
        with pytest.raises(OutOfScope):
            ledger.receive(said=said(), by=nobody)


def test_a_commune_officer_writes_for_the_own_commune_only(said, commune_officer):
    assert ledger.receive(said=said(), by=commune_officer).area.code == "18502"
    with pytest.raises(OutOfScope):
        ledger.receive(said=said(code="18553"), by=commune_officer)


def test_a_closed_year_takes_nothing_until_it_is_reopened(received, refusal, province_officer):
    received()
    years.close(year=YEAR, by=province_officer)
    found = refusal()
    assert (found.field, found.code, found.status) == ("received_on", "closed_year", 409)
    years.reopen(year=YEAR, reason="Thiếu biên nhận", by=province_officer)
    assert received().year == YEAR


def test_a_reversal_cancels_the_whole_entry_and_is_dated_on_its_own_day(received, district_officer):
    first = received(2_000_000, **{"receipt": "BN-1"})
    back = ledger.reverse(entry=first, reason="Ghi hai lần", by=district_officer, on=TODAY)
    assert (back.amount, back.year, back.received_on, back.reverses) == (-2_000_000, YEAR, TODAY, first)
    assert history_of(first).last().reason == "Ghi hai lần"


def test_a_reversal_of_a_closed_year_is_written_in_an_open_one(received, district_officer, province_officer):
    first = received()
    years.close(year=YEAR, by=province_officer)
    with pytest.raises(WrongState, match="Năm 2024 đã chốt"):
        ledger.reverse(entry=first, reason="Sai", by=district_officer, on=dt.date(2024, 12, 1))
    back = ledger.reverse(entry=first, reason="Sai", by=district_officer, on=TODAY)
    assert (back.year, back.received_on.year) == (2024, 2025)


def test_nothing_is_cancelled_twice_nor_a_cancellation(received, district_officer):
    first = received()
    back = ledger.reverse(entry=first, reason="Sai", by=district_officer, on=TODAY)
    for entry in (first, back):
        with pytest.raises(WrongState):
            ledger.reverse(entry=entry, reason="Sai", by=district_officer, on=TODAY)


@pytest.mark.parametrize(
    ("reason", "on", "field"),
    [("", TODAY, "reason"), ("Sai", dt.date(2024, 5, 19), "on"), ("Sai", dt.date(2199, 1, 1), "on")],
)
def test_a_reversal_needs_a_reason_and_a_day_that_can_be(received, district_officer, reason, on, field):
    first = received()
    with pytest.raises(Refused) as refused:
        ledger.reverse(entry=first, reason=reason, by=district_officer, on=on)
    assert refused.value.field == field


def test_an_entry_is_compared_by_a_second_person(received, district_officer, district_reviewer, province_officer, said):
    first = received()
    with pytest.raises(OutOfScope):
        ledger.confirm(entry=first, by=district_officer)
    assert ledger.confirm(entry=first, by=district_reviewer).confirmed_by == district_reviewer
    with pytest.raises(WrongState):
        ledger.confirm(entry=first, by=province_officer)
    own = ledger.receive(said=said(), by=province_officer)
    with pytest.raises(NotAllowed):
        ledger.confirm(entry=own, by=province_officer)


def test_money_is_spent_up_to_what_was_received(received, district_officer):
    first = received(1_000_000)
    spending.spend(entry=first, amount=600_000, paid_on=TODAY, by=district_officer)
    with pytest.raises(Refused) as refused:
        spending.spend(entry=first, amount=400_001, paid_on=TODAY, by=district_officer)
    assert refused.value.code == "more_than_received"
    spending.spend(entry=first, amount=400_000, paid_on=TODAY, by=district_officer)
    assert sum(first.disbursements.values_list("amount", flat=True)) == 1_000_000


def test_spent_money_is_taken_back_before_its_entry_is_cancelled(received, district_officer):
    first = received()
    spent = spending.spend(entry=first, amount=5, paid_on=TODAY, by=district_officer)
    with pytest.raises(WrongState, match="Huỷ các khoản chi trước"):
        ledger.reverse(entry=first, reason="Sai", by=district_officer, on=TODAY)
    spending.take_back(spent=spent, reason="Chi nhầm", by=district_officer, on=TODAY)
    with pytest.raises(WrongState):
        spending.take_back(spent=spent, reason="Chi nhầm", by=district_officer, on=TODAY)
    assert ledger.reverse(entry=first, reason="Sai", by=district_officer, on=TODAY).amount == -first.amount


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"amount": 0}, "amount"), ({"amount": -5}, "amount"), ({"paid_on": dt.date(2024, 5, 1)}, "paid_on")],
)
def test_spending_that_cannot_be_is_refused_at_its_field(received, district_officer, fields, field):
    first = received()
    with pytest.raises(Refused) as refused:
        spending.spend(entry=first, by=district_officer, **{"amount": 5, "paid_on": DAY, **fields})
    assert refused.value.field == field


def test_workdays_and_cancelled_money_are_not_spent(received, district_officer):
    work, money = received(**WORK, rate_basis="Nghị quyết"), received()
    ledger.reverse(entry=money, reason="Sai", by=district_officer, on=TODAY)
    for entry in (work, money):
        with pytest.raises(WrongState):
            spending.spend(entry=entry, amount=5, paid_on=TODAY, by=district_officer)


def test_a_year_is_closed_and_reopened_by_the_province_only(received, district_officer, province_officer):
    received()
    with pytest.raises(OutOfScope):
        years.close(year=YEAR, by=district_officer)
    closing = years.close(year=YEAR, by=province_officer)
    assert closing.published == sum(Contribution.objects.filter(year=YEAR).values_list("amount", flat=True))
    with pytest.raises(WrongState):
        years.close(year=YEAR, by=province_officer)
    with pytest.raises(OutOfScope):
        years.reopen(year=YEAR, reason="x", by=district_officer)
    with pytest.raises(Refused, match="lý do"):
        years.reopen(year=YEAR, reason=" ", by=province_officer)
    years.reopen(year=YEAR, reason="Thiếu", by=province_officer)
    assert [event.action for event in history_of(closing)] == ["money.close-year", "money.reopen-year"]


@pytest.mark.parametrize("year", [2199, 1999])
def test_a_year_to_come_or_without_entries_is_not_closed(province_officer, year):
    with pytest.raises(Refused):
        years.close(year=year, by=province_officer)


def test_a_contribution_keeps_a_pledge_of_the_same_sponsor_and_place(
    sponsor, area, received, refusal, district_officer
):
    who = sponsor()
    usual = {"sponsor": who, "channel": "called", "pledged_on": DAY, "amount": 5_000_000, "by": district_officer}
    kept = pledges.pledge(area=area("18502"), **usual)
    assert received(sponsor=who, pledge=kept).pledge == kept
    assert refusal(pledge=kept).field == "pledge"
    pledges.withdraw(pledge=kept, reason="Doanh nghiệp dừng", by=district_officer)
    assert refusal(sponsor=who, pledge=kept).code == "withdrawn"


def test_a_receipt_that_slips_past_the_check_is_refused_by_the_database(said, received, district_officer):
    received(receipt="BN-9")
    twin = ledger.columns_of(said(receipt="BN-9"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.create(**twin)
