"""Reminding units of what is still to be handed in."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from accounts import audit
from accounts.errors import OutOfScope, Refused
from accounts.models import User
from accounts.roles import Permission
from criteria.actions.readings import CLOSED
from criteria.models import Assessment, Round, State
from criteria.models.reminders import Reminder
from criteria.queries.scope import assessments_in_scope


@transaction.atomic
def remind(*, reading_round: Round, assessment_ids: Iterable[int], by: User, note: str = "") -> int:
    """Remind units of the round; returns how many. Those handed in, or reminded today already, are passed over.

    Only whoever may return values of the unit reminds it: OutOfScope for any other.
    """
    wanted = set(assessment_ids)
    # Whoever reminds next waits here, and then finds who was reminded already.
    if not Round.objects.select_for_update().get(pk=reading_round.pk).is_open:
        raise Refused(CLOSED, field="round", code="round_closed")
    mine = assessments_in_scope(by, Permission.RETURN).filter(round=reading_round, pk__in=wanted)
    if not wanted or mine.count() != len(wanted):
        raise OutOfScope()
    now, today = timezone.now(), timezone.localdate()
    owed = Count("readings", filter=Q(readings__state__lt=State.SUBMITTED, readings__input__derived__isnull=True))
    rows = [
        Reminder(assessment_id=pk, sent_by=by, sent_at=now, sent_on=today, missing=missing, note=note)
        for pk, missing in Assessment.objects.filter(pk__in=mine.values("pk"))
        .annotate(owed=owed)
        .filter(owed__gt=0)
        .exclude(reminders__sent_on=today)
        .order_by("pk")
        .values_list("pk", "owed")
    ]
    Reminder.objects.bulk_create(rows)
    sent = [row.assessment_id for row in rows]
    audit.record(by=by, action="round.remind", subject=reading_round, reason=note, data={"folders": sent})
    return len(rows)
