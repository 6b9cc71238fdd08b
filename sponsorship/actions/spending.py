"""Money spent of a contribution: never more than was received, taken back by an entry below zero."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import OutOfScope, Refused, WrongState
from accounts.models import User
from communes import epochs
from communes.templatetags.vietnamese import dong
from sponsorship.actions.ledger import LONGEST_REASON, locked, spent_of
from sponsorship.actions.shared import place, require_amount, require_day, require_open, stamp, text
from sponsorship.models import Contribution, Disbursement


@transaction.atomic
def spend(
    *, entry: Contribution, amount: int, paid_on: dt.date, by: User, purpose: str = "", voucher: str = ""
) -> Disbursement:
    """Write what was spent of a contribution in money: never more than was received."""
    epochs.bump()
    stored = locked(entry, by)
    _require_spendable(stored)
    require_amount(amount)
    require_day(paid_on, "paid_on", since=stored.happened_on)
    require_open(paid_on.year, "paid_on")
    left = stored.amount - spent_of(stored)
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


@transaction.atomic
def take_back(*, spent: Disbursement, reason: str, by: User, on: dt.date | None = None) -> Disbursement:
    """Cancel what was written as spent, by an entry of the same amount below zero."""
    epochs.bump()
    found = Disbursement.objects.select_related("contribution").filter(pk=spent.pk).first()
    if found is None:
        raise OutOfScope
    stored, on = locked(found.contribution, by), on or timezone.localdate()
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
        reason=text(reason, "reason", LONGEST_REASON, "Ghi lý do huỷ khoản chi."),
    )
    data = {"number": found.voucher, "area": stored.area.code, "amount": made.amount, "entry": stored.pk}
    audit.record(
        by=by, action="money.take-back", subject=found, area_path=place(stored.area), reason=made.reason, data=data
    )
    return made
