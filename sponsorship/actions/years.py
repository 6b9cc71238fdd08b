"""Closing a year of the ledger with its published total, and reopening it with a reason."""

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from communes import epochs
from sponsorship.actions.shared import require_anywhere, text
from sponsorship.models import Contribution, YearClosing


@transaction.atomic
def close(*, year: int, by: User) -> YearClosing:
    """Publish the year's total as it stands; entries of the year are refused from here on. Raises WrongState."""
    # First: every entry bumps the same counter before it is written, so none slips in between.
    epochs.bump()
    require_anywhere(by, Permission.CLOSE_LEDGER)
    if year > timezone.localdate().year:
        raise Refused("Năm này chưa tới.", field="year", code="future")
    if YearClosing.objects.filter(year=year, reopened_at=None).exists():
        raise WrongState(f"Năm {year} đã chốt.", field="year", code="closed_year")
    found = Contribution.objects.filter(year=year).aggregate(published=Sum("amount"), through=Max("pk"))
    if found["through"] is None:
        raise Refused(f"Năm {year} chưa có khoản nào.", field="year", code="empty")
    made = YearClosing.objects.create(
        year=year, published=found["published"], through=found["through"], closed_by=by, closed_at=timezone.now()
    )
    data = {"number": str(year), "published": made.published}
    audit.record(by=by, action="money.close-year", subject=made, data=data)
    return made


@transaction.atomic
def reopen(*, year: int, reason: str, by: User) -> YearClosing:
    """Let the year be written again: what was entered against it meanwhile counts in its total. Raises WrongState."""
    epochs.bump()
    require_anywhere(by, Permission.CLOSE_LEDGER)
    found = YearClosing.objects.select_for_update().filter(year=year, reopened_at=None).first()
    if found is None:
        raise WrongState(f"Năm {year} chưa chốt.", field="year", code="open_year")
    found.reopen_reason = text(reason, "reason", 300, "Ghi lý do mở lại năm.")
    found.reopened_by, found.reopened_at = by, timezone.now()
    found.save(update_fields=["reopen_reason", "reopened_by", "reopened_at"])
    data = {"number": str(year), "published": found.published}
    audit.record(by=by, action="money.reopen-year", subject=found, reason=found.reopen_reason, data=data)
    return found
