"""The ledger: money received, cancelled by a reversing entry, compared by a second person, spent."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.text import one_line
from communes import epochs
from communes.templatetags.vietnamese import dong
from sponsorship import checks
from sponsorship.actions.shared import (
    place,
    refuse,
    require_amount,
    require_day,
    require_open,
    require_reach,
    stamp,
    text,
)
from sponsorship.checks import Fault, Received
from sponsorship.models import Confirmation, Contribution, Disbursement, Pledge
from sponsorship.queries.years import closed_years

_LONGEST_REASON = 300
# What a reversing entry has from the one it cancels: every sum that held the one holds the other.
_MIRRORED = (
    *("sponsor_id", "area_id", "village_id", "channel", "kind", "year", "quantity", "unit", "rate", "rate_basis"),
    *("purpose", "criterion_id", "indicator_id", "pledge_id"),
)
DUPLICATE = "Số biên nhận {} của {} năm {} đã được ghi."
TWICE = "Số biên nhận {} có hai lần trong bảng."


def check(*, said: Received, by: User) -> list[Fault]:
    """Everything that speaks against one entry; nothing is written. Raises OutOfScope."""
    require_reach(by, said.area)
    return [*checks.faults(said, closed=closed_years(), today=timezone.localdate()), *receipt_faults([said])[0]]


@transaction.atomic
def receive(*, said: Received, by: User) -> Contribution:
    """Write one contribution. Raises OutOfScope, or Refused and WrongState (closed year) at the field."""
    # First: whoever closes the year or writes the same receipt at this moment waits here.
    epochs.bump()
    said = replace(said, pledge=Pledge.objects.filter(pk=said.pledge.pk).first()) if said.pledge else said
    refuse(check(said=said, by=by))
    made = Contribution.objects.create(**columns_of(said), **stamp(by))
    audit.record(
        by=by,
        action="money.receive",
        subject=made,
        area_path=place(said.area),
        data=told(columns_of(said), said.area.code),
    )
    return made


def columns_of(said: Received) -> dict[str, Any]:
    """The columns that an officer's words fill, each by its name in the table."""
    worth = said.worth
    assert worth is not None
    criterion = said.indicator.criterion_id if said.indicator else said.criterion.pk if said.criterion else None
    return {
        "sponsor_id": said.sponsor.pk,
        "area_id": said.area.pk,
        "village_id": said.village.pk if said.village else None,
        "channel": str(said.channel),
        "kind": str(said.kind),
        "year": said.year,
        "received_on": said.received_on,
        "amount": int(worth),
        "quantity": said.quantity,
        "unit": said.unit,
        "rate": said.rate,
        "rate_basis": one_line(said.rate_basis),
        "purpose": one_line(said.purpose),
        "criterion_id": criterion,
        "indicator_id": said.indicator.pk if said.indicator else None,
        "pledge_id": said.pledge.pk if said.pledge else None,
        "receipt": one_line(said.receipt),
        "receipt_key": said.receipt_key,
        "source": one_line(said.source),
    }


def told(columns: dict[str, Any], area_code: str) -> dict[str, Any]:
    """An entry as the trail tells it: no name, sponsors may have asked for that."""
    return {
        "number": columns["receipt"],
        "area": area_code,
        "amount": columns["amount"],
        "kind": columns["kind"],
        "year": columns["year"],
        "sponsor": columns["sponsor_id"],
    }


def receipt_faults(rows: Sequence[Received]) -> list[list[Fault]]:
    """For each row whether its receipt number stands in the ledger or twice among the rows: one statement."""
    keys = [(said.year, said.area.pk, said.receipt_key) for said in rows]
    known, among = taken_receipts(keys), Counter(keys)
    return [
        _receipt(said, key in known, among[key] > 1) if key[2] else [] for said, key in zip(rows, keys, strict=True)
    ]


def taken_receipts(keys: Iterable[tuple[int, int, str]]) -> set[tuple[int, int, str]]:
    """Which receipts of the ledger are of the years and units of these (year, unit, key): one statement or none."""
    numbered = [key for key in keys if key[2]]
    if not numbered:
        return set()
    years, areas, _ = map(set, zip(*numbered, strict=True))
    found = Contribution.objects.exclude(receipt_key="").filter(year__in=years, area__in=areas)
    return set(found.values_list("year", "area_id", "receipt_key"))


def _receipt(said: Received, is_known: bool, is_twice: bool) -> list[Fault]:
    number = one_line(said.receipt)
    if is_known:
        return [Fault("receipt", DUPLICATE.format(number, said.area.name, said.year), "duplicate")]
    return [Fault("receipt", TWICE.format(number), "duplicate")] if is_twice else []


@transaction.atomic
def reverse(*, entry: Contribution, reason: str, by: User, on: dt.date | None = None) -> Contribution:
    """Cancel an entry by one of the same amount below zero, dated in the open year and counted against the entry's.

    Raises WrongState where it is cancelled already or cancels itself, money was spent from it, or the year is closed.
    """
    epochs.bump()
    stored, on = _locked(entry, by), on or timezone.localdate()
    _require_cancellable(stored)
    require_day(on, "on", since=stored.received_on)
    require_open(on.year, "on")
    if _spent(stored):
        raise WrongState("Đã chi từ khoản này. Huỷ các khoản chi trước.", code="spent")
    made = Contribution.objects.create(
        **(stamp(by) | {"is_illustrative": stored.is_illustrative or by.is_demo}),
        **{name: getattr(stored, name) for name in _MIRRORED},
        amount=-stored.amount,
        received_on=on,
        reverses=stored,
        reason=text(reason, "reason", _LONGEST_REASON, "Ghi lý do huỷ: ghi sai chỗ nào."),
    )
    data = {"number": stored.receipt, "area": stored.area.code, "amount": made.amount, "year": made.year}
    audit.record(
        by=by, action="money.reverse", subject=stored, area_path=place(stored.area), reason=made.reason, data=data
    )
    return made


def _require_cancellable(stored: Contribution) -> None:
    if stored.reverses_id:
        raise WrongState("Đây là khoản huỷ, không huỷ được nữa.", code="is_reversal")
    if Contribution.objects.filter(reverses=stored).exists():
        raise WrongState("Khoản này đã được huỷ.", code="reversed")


def _locked(entry: Contribution, by: User, permission: Permission = Permission.KEEP_LEDGER) -> Contribution:
    found = Contribution.objects.select_for_update(of=("self",)).select_related("area").filter(pk=entry.pk).first()
    if found is None:
        raise OutOfScope
    require_reach(by, found.area, permission)
    return found


@transaction.atomic
def confirm(*, entry: Contribution, by: User) -> Confirmation:
    """State that an entry was compared with its paper. Four eyes: not by who wrote it."""
    epochs.bump()
    stored = _locked(entry, by, Permission.CHECK_LEDGER)
    if Confirmation.objects.filter(pk=stored.pk).exists():
        raise WrongState("Khoản này đã được đối chiếu.", code="confirmed")
    if stored.recorded_by_id == by.pk:
        raise NotAllowed("Người ghi khoản này không tự đối chiếu; cần một người khác.", code="four_eyes")
    made = Confirmation.objects.create(contribution=stored, confirmed_by=by, confirmed_at=timezone.now())
    data = {"number": stored.receipt, "area": stored.area.code, "amount": stored.amount}
    audit.record(by=by, action="money.confirm", subject=stored, area_path=place(stored.area), data=data)
    return made


@transaction.atomic
def spend(
    *, entry: Contribution, amount: int, paid_on: dt.date, by: User, purpose: str = "", voucher: str = ""
) -> Disbursement:
    """Write what was spent of a contribution in money: never more than was received."""
    epochs.bump()
    stored = _locked(entry, by)
    _require_spendable(stored)
    require_amount(amount)
    require_day(paid_on, "paid_on", since=stored.received_on)
    require_open(paid_on.year, "paid_on")
    left = stored.amount - _spent(stored)
    if amount > left:
        raise Refused(f"Chỉ còn {dong(left)} của khoản này.", field="amount", code="more_than_received")
    made = Disbursement.objects.create(
        **stamp(by),
        contribution=stored,
        amount=amount,
        paid_on=paid_on,
        purpose=text(purpose, "purpose", 200),
        voucher=text(voucher, "voucher", 40),
    )
    data = {"number": made.voucher, "area": stored.area.code, "amount": amount, "entry": stored.pk}
    audit.record(by=by, action="money.spend", subject=made, area_path=place(stored.area), data=data)
    return made


def _require_spendable(stored: Contribution) -> None:
    if stored.kind != Contribution.Kind.MONEY:
        raise WrongState("Chỉ khoản tiền mới ghi chi.", code="not_money")
    if stored.reverses_id or Contribution.objects.filter(reverses=stored).exists():
        raise WrongState("Khoản này đã được huỷ, không chi được.", code="reversed")


def _spent(stored: Contribution) -> int:
    return stored.disbursements.aggregate(spent=Sum("amount"))["spent"] or 0


@transaction.atomic
def take_back(*, spent: Disbursement, reason: str, by: User, on: dt.date | None = None) -> Disbursement:
    """Cancel what was written as spent, by an entry of the same amount below zero."""
    epochs.bump()
    found = Disbursement.objects.select_related("contribution").filter(pk=spent.pk).first()
    if found is None:
        raise OutOfScope
    stored, on = _locked(found.contribution, by), on or timezone.localdate()
    if found.reverses_id or Disbursement.objects.filter(reverses=found).exists():
        raise WrongState("Khoản chi này đã được huỷ.", code="reversed")
    require_day(on, "on", since=found.paid_on)
    require_open(on.year, "on")
    made = Disbursement.objects.create(
        **stamp(by),
        contribution=stored,
        amount=-found.amount,
        paid_on=on,
        reverses=found,
        reason=text(reason, "reason", _LONGEST_REASON, "Ghi lý do huỷ khoản chi."),
    )
    data = {"number": found.voucher, "area": stored.area.code, "amount": made.amount, "entry": stored.pk}
    audit.record(
        by=by, action="money.take-back", subject=found, area_path=place(stored.area), reason=made.reason, data=data
    )
    return made
