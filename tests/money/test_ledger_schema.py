"""What the database itself refuses, on both databases: the figures cannot be made wrong by a forgotten rule."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from sponsorship.models import Contribution, Disbursement, Pledge, YearClosing

pytestmark = pytest.mark.django_db


def refused(write, **fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(**fields)


def test_only_what_cancels_another_entry_is_negative(entry, cancelling):
    refused(entry, amount=-1)
    refused(entry, amount=0)
    first = entry()
    refused(Contribution.objects.create, **cancelling(first, amount=first.amount))
    assert Contribution.objects.create(**cancelling(first)).amount == -1_500_000


def test_an_entry_is_cancelled_once(entry, cancelling):
    first = entry()
    Contribution.objects.create(**cancelling(first))
    refused(Contribution.objects.create, **cancelling(first))


@pytest.mark.parametrize(
    "wrong", [{"amount": -1_499_999}, {"year": 2023}, {"channel": "called"}, {"reason": ""}, {"received_on": None}]
)
def test_a_reversal_mirrors_what_it_cancels_and_says_why_and_when(entry, cancelling, wrong):
    refused(Contribution.objects.create, **cancelling(entry(), **wrong))


def test_a_reversal_is_not_cancelled(entry, cancelling):
    back = Contribution.objects.create(**cancelling(entry()))
    refused(Contribution.objects.create, **cancelling(back, amount=1_500_000))


def test_a_written_entry_is_never_changed(entry):
    first = entry()
    with pytest.raises(TypeError):
        first.save()
    with pytest.raises(TypeError):
        first.delete()
    with pytest.raises(TypeError):
        Contribution.objects.filter(pk=first.pk).update(amount=1)
    with pytest.raises(TypeError):
        Contribution.objects.filter(pk=first.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE sponsorship_contribution SET amount = 1 WHERE id = %s", [first.pk])


@pytest.mark.postgresql
def test_a_written_entry_is_never_deleted_by_a_statement_either(entry):
    first = entry()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM sponsorship_contribution WHERE id = %s", [first.pk])


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "workdays"},
        {"kind": "workdays", "quantity": 6, "unit": "ngày công", "rate": 250_000},
        {"kind": "land", "quantity": 0, "unit": "m²", "rate": 1, "rate_basis": "Giá đất"},
        {"kind": "money", "quantity": 6, "unit": "bao", "rate": 250_000},
    ],
)
def test_what_is_not_money_states_its_quantity_unit_and_conversion(entry, wrong):
    refused(entry, **wrong)
    stated = {"quantity": 6, "unit": "ngày công", "rate": 250_000, "rate_basis": "Nghị quyết của thôn"}
    assert entry(kind="workdays", **stated).amount == 1_500_000


def test_a_receipt_number_stands_once_in_a_year_of_a_unit(entry):
    entry(receipt="BN-01", receipt_key="bn-01")
    refused(entry, receipt="BN-01", receipt_key="bn-01")
    entry(receipt="BN-01", receipt_key="bn-01", year=2025)
    entry(receipt="BN-01", receipt_key="bn-01", code="18553")
    entry()
    entry()


def test_who_and_when_stand_together(entry, province_officer):
    refused(entry, recorded_by=province_officer)


def test_spent_money_is_signed_and_mirrored_as_received_money_is(entry):
    first, day = entry(), dt.date(2024, 6, 1)
    spent = Disbursement.objects.create(contribution=first, paid_on=day, amount=500_000)
    refused(Disbursement.objects.create, contribution=first, paid_on=day, amount=-500_000)
    wrong = {"contribution": first, "paid_on": day, "reverses": spent, "reason": "Chi nhầm"}
    refused(Disbursement.objects.create, **wrong, amount=-400_000)
    Disbursement.objects.create(**wrong, amount=-500_000)
    refused(Disbursement.objects.create, **wrong, amount=-500_000)


def test_a_pledge_is_positive(sponsor, area):
    usual = {"sponsor": sponsor(), "area": area("18502"), "channel": "called", "year": 2024}
    refused(Pledge.objects.create, **usual, pledged_on=dt.date(2024, 1, 5), amount=0)


def test_a_year_is_closed_once_and_reopened_for_a_reason(province_officer):
    closed = {
        "year": 2024,
        "published": 0,
        "through": 0,
        "closed_by": province_officer,
        "closed_at": "2025-01-05T00:00Z",
    }
    first = YearClosing.objects.create(**closed)
    refused(YearClosing.objects.create, **closed)
    opened = {"reopened_by": province_officer, "reopened_at": "2025-02-05T00:00Z"}
    with pytest.raises(IntegrityError), transaction.atomic():
        YearClosing.objects.filter(pk=first.pk).update(**opened)
    YearClosing.objects.filter(pk=first.pk).update(**opened, reopen_reason="Thiếu biên nhận")
    YearClosing.objects.create(**closed)
