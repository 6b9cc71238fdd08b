"""Giving up what is older than the portal keeps."""

import datetime as dt
from itertools import takewhile

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from exchange.models import Change, Delivery, Feed

_AT_ONCE = 20_000


def prune_changes() -> int:
    """Cut off changes older than FEED_KEEP_DAYS; whoever still needs one is told to begin anew. Returns how many."""
    before, gone = timezone.now() - dt.timedelta(days=settings.FEED_KEEP_DAYS), 0
    while some := _cut(before):
        gone += some
    return gone


@transaction.atomic
def _cut(before: dt.datetime) -> int:
    """Some of them, the oldest first; how many."""
    oldest = Change.objects.order_by("seq").values_list("seq", "at")[:_AT_ONCE]
    old = [seq for seq, _ in takewhile(lambda row: row[1] < before, oldest)]
    if not old:
        return 0
    gone = Change.objects.filter(seq__lte=old[-1]).delete()[0]
    # Last: whoever commits meanwhile waits for this row.
    Feed.objects.filter(pk=1).update(pruned_to=old[-1])
    return gone


def prune_deliveries() -> int:
    """Remove deliveries that ended and are older than DELIVERIES_KEEP_DAYS; how many."""
    before = timezone.now() - dt.timedelta(days=settings.DELIVERIES_KEEP_DAYS)
    return Delivery.objects.exclude(state=Delivery.State.WAITING).filter(made_at__lt=before).delete()[0]
