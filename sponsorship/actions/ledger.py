"""The ledger: money received, cancelled by a reversing entry, replaced, compared by a second person."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.text import one_line, search_key
from communes import epochs
from sponsorship import checks
from sponsorship.actions.shared import (
    place,
    refuse,
    require_day,
    require_open,
    require_reach,
    stamp,
    text,
)
from sponsorship.checks import Fault, Received
from sponsorship.models import Confirmation, Contribution, Pledge
from sponsorship.queries.years import closed_years

LONGEST_REASON = 300
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
    if said.replaces:
        _require_cancelled(locked(said.replaces, by))
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


def _require_cancelled(stored: Contribution) -> None:
    """What is replaced was cancelled first: a year never counts both."""
    if stored.reverses_id or not Contribution.objects.filter(reverses=stored).exists():
        raise WrongState("Huỷ khoản ghi sai trước, rồi ghi lại cho đúng.", code="not_cancelled")


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
        "replaces_id": said.replaces.pk if said.replaces else None,
        "given_on": said.given_on,
        "amount": int(worth),
        "quantity": said.quantity,
        "unit": said.unit,
        "rate": said.rate,
        "rate_basis": one_line(said.rate_basis),
        "purpose": one_line(said.purpose),
        "purpose_key": search_key(said.purpose)[:240],
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
        **({"entry": columns["replaces_id"]} if columns.get("replaces_id") else {}),
    }


def receipt_faults(rows: Sequence[Received]) -> list[list[Fault]]:
    """For each row whether its receipt number stands in the ledger or twice among the rows: one statement."""
    keys = [(said.year, said.area.pk, said.receipt_key) for said in rows]
    known, among = taken_receipts(keys), Counter(keys)
    # A number is taken for good, but what replaces a cancelled entry has the same paper.
    return [
        _receipt(said, key in known if said.replaces is None else known.get(key, False), among[key] > 1)
        if key[2]
        else []
        for said, key in zip(rows, keys, strict=True)
    ]


def taken_receipts(keys: Iterable[tuple[int, int, str]]) -> dict[tuple[int, int, str], bool]:
    """The receipts of the years and units of these (year, unit, key): whether an entry of the number still counts.

    One statement or none.
    """
    numbered = [key for key in keys if key[2]]
    if not numbered:
        return {}
    years, areas, _ = map(set, zip(*numbered, strict=True))
    found = Contribution.objects.exclude(receipt_key="").filter(year__in=years, area__in=areas)
    known: dict[tuple[int, int, str], bool] = {}
    for year, area_id, key, cancelled_by in found.values_list("year", "area_id", "receipt_key", "reversed_by"):
        known[year, area_id, key] = known.get((year, area_id, key), False) or cancelled_by is None
    return known


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
    stored, on = locked(entry, by), on or timezone.localdate()
    _require_cancellable(stored)
    require_day(on, "on", since=stored.received_on)
    require_open(on.year, "on")
    if spent_of(stored):
        raise WrongState("Đã chi từ khoản này. Huỷ các khoản chi trước.", code="spent")
    made = Contribution.objects.create(
        **(stamp(by) | {"is_illustrative": stored.is_illustrative or by.is_demo}),
        **{name: getattr(stored, name) for name in _MIRRORED},
        amount=-stored.amount,
        received_on=on,
        reverses=stored,
        reason=text(reason, "reason", LONGEST_REASON, "Ghi lý do huỷ: ghi sai chỗ nào."),
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


def locked(entry: Contribution, by: User, permission: Permission = Permission.KEEP_LEDGER) -> Contribution:
    found = Contribution.objects.select_for_update(of=("self",)).select_related("area").filter(pk=entry.pk).first()
    if found is None:
        raise OutOfScope
    require_reach(by, found.area, permission)
    return found


def spent_of(stored: Contribution) -> int:
    return stored.disbursements.aggregate(spent=Sum("amount"))["spent"] or 0


@transaction.atomic
def confirm(*, entry: Contribution, by: User) -> Confirmation:
    """State that an entry was compared with its paper. Four eyes: not by who wrote it."""
    epochs.bump()
    stored = locked(entry, by, Permission.CHECK_LEDGER)
    if Confirmation.objects.filter(pk=stored.pk).exists():
        raise WrongState("Khoản này đã được đối chiếu.", code="confirmed")
    if stored.recorded_by_id == by.pk:
        raise NotAllowed("Người ghi khoản này không tự đối chiếu; cần một người khác.", code="four_eyes")
    made = Confirmation.objects.create(contribution=stored, confirmed_by=by, confirmed_at=timezone.now())
    data = {"number": stored.receipt, "area": stored.area.code, "amount": stored.amount}
    audit.record(by=by, action="money.confirm", subject=stored, area_path=place(stored.area), data=data)
    return made
