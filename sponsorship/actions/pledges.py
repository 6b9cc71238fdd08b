"""What was promised, and what communes ask for."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import OutOfScope, Refused, Stale, WrongState
from accounts.models import User
from communes import epochs
from communes.models import Area, Level
from communes.templatetags.vietnamese import dong
from criteria.models import Indicator
from sponsorship import rulebook
from sponsorship.actions.shared import place, require_amount, require_day, require_open, require_reach, stamp, text
from sponsorship.models import Channel, Need, Pledge, Sponsor


@transaction.atomic
def pledge(
    *,
    sponsor: Sponsor,
    area: Area,
    channel: str,
    pledged_on: dt.date,
    amount: int,
    by: User,
    indicator: Indicator | None = None,
    purpose: str = "",
) -> Pledge:
    """Record a promise. It counts in no total; contributions that keep it name it."""
    epochs.bump()
    require_reach(by, area)
    require_amount(amount)
    require_day(pledged_on, "pledged_on")
    require_open(pledged_on.year, "pledged_on")
    if channel not in Channel.values or not rulebook.channel(channel).holds_on(pledged_on):
        raise Refused("Chọn kênh dùng vào ngày đó.", field="channel", code="not_on_that_day")
    made = Pledge.objects.create(
        **stamp(by),
        sponsor=sponsor,
        area=area,
        channel=channel,
        year=pledged_on.year,
        pledged_on=pledged_on,
        amount=amount,
        purpose=text(purpose, "purpose", 200),
        indicator=indicator,
        criterion_id=indicator.criterion_id if indicator else None,
    )
    data = {"area": area.code, "amount": amount, "year": made.year, "sponsor": sponsor.pk}
    audit.record(by=by, action="pledge.make", subject=made, area_path=place(area), data=data)
    return made


@transaction.atomic
def withdraw(*, pledge: Pledge, reason: str, by: User) -> Pledge:
    """The promise is no more: it stays readable with the reason. Money already received stays."""
    epochs.bump()
    stored = Pledge.objects.select_for_update(of=("self",)).select_related("area").filter(pk=pledge.pk).first()
    if stored is None:
        raise OutOfScope
    require_reach(by, stored.area)
    if stored.withdrawn_at:
        raise WrongState("Cam kết này đã được rút.", code="withdrawn")
    stored.withdrawal_reason = text(reason, "reason", 300, "Ghi lý do rút cam kết.")
    stored.withdrawn_by, stored.withdrawn_at = by, timezone.now()
    stored.save(update_fields=["withdrawal_reason", "withdrawn_by", "withdrawn_at"])
    data = {"area": stored.area.code, "amount": stored.amount}
    audit.record(
        by=by,
        action="pledge.withdraw",
        subject=stored,
        area_path=place(stored.area),
        reason=stored.withdrawal_reason,
        data=data,
    )
    return stored


@transaction.atomic
def ask(
    *, area: Area, indicator: Indicator, year: int, amount: int, by: User, version: int | None = None, note: str = ""
) -> Need:
    """Say how much money a commune needs to close the gap of an indicator. Raises Stale where another was first."""
    epochs.bump()
    require_reach(by, area)
    require_amount(amount, zero=True)
    if area.level != Level.COMMUNE:
        raise Refused("Nhu cầu vốn ghi theo xã.", field="area", code="level")
    stored = Need.objects.select_for_update(of=("self",)).filter(area=area, indicator=indicator, year=year).first()
    if (stored.version if stored else None) != version:
        now = dong(stored.amount) if stored else "chưa có số nào"
        message = f"Người khác vừa ghi nhu cầu này, hiện nay: {now}. Gửi lại là thay số này."
        raise Stale(message, field="amount", version=stored.version if stored else None)
    before = stored.amount if stored else None
    need = stored or Need(area=area, indicator=indicator, year=year)
    need.amount, need.note = amount, text(note, "note", 200)
    need.version = need.version + 1 if stored else 0
    for name, value in stamp(by).items():
        setattr(need, name, value)
    need.save()
    data = {"area": area.code, "number": indicator.code, "before": before, "after": amount}
    audit.record(by=by, action="need.set", subject=need, area_path=place(area), data=data)
    return need
