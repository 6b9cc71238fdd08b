"""What waits: certificates that end soon, those that have ended, upgrades on their way, producers that stopped."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from ocop.models import CertificateReminder, Entry, Product, Rating
from ocop.queries.scope import area_ids
from ocop.rules.rulesets import rules_on

PAGE = 50
QUEUES = {
    "sap-het-han": "Sắp hết hạn",
    "can-danh-gia-lai": "Cần đánh giá lại",
    "nang-hang": "Nâng hạng",
    "ngung": "Chủ thể ngừng",
}


@dataclass(frozen=True)
class Queue:
    """A page of one queue, with the numbers of all. `after`: the id that the next page starts behind."""

    slug: str
    title: str
    products: list[Any]
    after: int | None
    counts: dict[str, int]
    on: dt.date
    notice_days: int

    @property
    def tabs(self) -> list[tuple[str, str, int]]:
        return [(slug, title, self.counts[slug]) for slug, title in QUEUES.items()]


def _conditions(on: dt.date) -> dict[str, Q]:
    soon = on + dt.timedelta(days=rules_on(on).notice_days)
    works = Q(producer__stopped_on=None)
    rising = Entry.objects.filter(
        product_id=OuterRef("pk"), kind=Rating.Kind.UPGRADE, state__in=(Entry.State.SCORING, Entry.State.CONCLUDED)
    )
    return {
        "sap-het-han": works & Q(standing__expires_on__range=(on, soon)),
        "can-danh-gia-lai": works & Q(standing__expires_on__lt=on),
        "nang-hang": works & (Q(Exists(_proposals(on))) | Q(Exists(rising))),
        "ngung": Q(producer__stopped_on__isnull=False, standing__expires_on__gte=on),
    }


def _proposals(on: dt.date) -> QuerySet[Rating]:
    """Proposals of more stars than the product holds, of an outer product."""
    return Rating.objects.filter(
        product_id=OuterRef("pk"), status=Rating.Status.PROPOSED, stars__gt=OuterRef("standing__stars")
    )


def queue(user: User, slug: str, after: int | None = None) -> Queue:
    """Products of the person's units that wait in the queue, the nearest end first."""
    mine = area_ids(user, Permission.KEEP_OCOP) | area_ids(user, Permission.RATE_OCOP)
    if slug not in QUEUES or not mine:
        raise OutOfScope
    on = timezone.localdate()
    conditions = _conditions(on)
    held = Product.objects.filter(area_id__in=mine, standing__isnull=False)
    found = held.filter(conditions[slug]).annotate(ends=F("standing__expires_on"))
    start = held.filter(pk=after).values("standing__expires_on", "pk").first() if after else None
    if start:
        found = found.filter(ends__gte=start["standing__expires_on"])
        found = found.exclude(ends=start["standing__expires_on"], pk__lte=start["pk"])
    last = CertificateReminder.objects.filter(rating_id=OuterRef("standing_id")).order_by("-sent_at")
    shown = found.select_related("producer", "area", "standing").annotate(
        reminded_at=Subquery(last.values("sent_at")[:1]),
        proposed_stars=Subquery(_proposals(on).order_by("-stars").values("stars")[:1]),
    )
    rows: list[Any] = list(shown.order_by("ends", "pk")[: PAGE + 1])
    for row in rows:
        row.days_left = (row.ends - on).days if row.ends else None
    counts = held.aggregate(**{f"n{n}": Count("pk", filter=each) for n, each in enumerate(conditions.values())})
    return Queue(
        slug=slug,
        title=QUEUES[slug],
        products=rows[:PAGE],
        after=rows[PAGE - 1].pk if len(rows) > PAGE else None,
        counts={name: counts[f"n{n}"] for n, name in enumerate(QUEUES)},
        on=on,
        notice_days=rules_on(on).notice_days,
    )
