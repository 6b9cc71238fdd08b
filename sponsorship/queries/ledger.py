"""The ledger as lists and pages read it: contributions with what became of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from accounts.scope import Actor
from communes.models import Area, Placement
from communes.paging import DayPlace
from communes.text import search_key
from sponsorship import rulebook
from sponsorship.models import Contribution, Disbursement, Sponsor
from sponsorship.queries import naming
from sponsorship.queries.places import Places, places_of
from sponsorship.queries.years import Years, closings

PAGE, BATCH = 50, 1000
RELATED = (
    *("sponsor", "area", "village", "indicator", "criterion", "confirmation", "pledge"),
    *("reverses", "reversed_by", "replaces"),
)


_PAID = Disbursement.objects.filter(contribution=OuterRef("pk")).order_by().values("contribution")
SPENT = Coalesce(Subquery(_PAID.annotate(sum=Sum("amount")).values("sum")), Value(0), output_field=BigIntegerField())


def contributions_for(user: Actor) -> QuerySet[Contribution]:
    """Every contribution; `may_name` tells whether this person may read the name of its sponsor."""
    rows = Contribution.objects.select_related("sponsor", "area", "village", "indicator", "criterion")
    return naming.named_for(rows, user)


@dataclass(frozen=True)
class Filter:
    """Which entries are looked at; empty = all."""

    year: int | None = None
    channel: str = ""
    kind: str = ""
    source: str = ""
    district: str = ""
    area: int | None = None
    village: int | None = None
    sponsor: int | None = None
    criterion: str = ""
    state: str = ""
    text: str = ""


STATES = {
    "chua-doi-chieu": "Chưa đối chiếu",
    "huy": "Đính chính: huỷ, bị huỷ, ghi thay",
    "sau-chot": "Ghi sau khi chốt năm",
}


@dataclass(frozen=True)
class Line:
    """An entry with what it is shown with."""

    entry: Contribution
    name: str
    district: str
    spent: int
    is_later: bool

    @property
    def channel(self) -> str:
        return rulebook.channel(self.entry.channel).short

    @property
    def pledged(self) -> int | None:
        return self.entry.pledge.amount if self.entry.pledge else None


@dataclass(frozen=True)
class Listed:
    """A page of the ledger with its own sums; `after` names the row that the next page starts behind."""

    lines: list[Line]
    after: str | None

    @property
    def amount(self) -> int:
        return sum(line.entry.amount for line in self.lines)

    @property
    def spent(self) -> int:
        return sum(line.spent for line in self.lines)


def listed(
    user: Actor,
    chosen: Filter,
    after: DayPlace | None = None,
    *,
    size: int = PAGE,
    years: Years | None = None,
    places: Places | None = None,
) -> Listed:
    """Entries, newest first, behind `after`: a constant number of statements, one where the rest is at hand."""
    rows = matching(user, chosen)
    if after:
        rows = rows.filter(_behind(after))
    found = list(rows.select_related(*RELATED).annotate(spent=SPENT).order_by("-day", "-pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Listed(lines_of(found[:size], years, places), str(DayPlace(last.day, last.pk)) if last else None)


def every(user: Actor, chosen: Filter) -> Iterator[Any]:
    """All entries of the filter, newest first, read page by page: however many, few are held at a time."""
    rows, after = matching(user, chosen).order_by("-day", "-pk"), None
    while True:
        found = list((rows.filter(_behind(after)) if after else rows)[:BATCH])
        yield from found
        if len(found) < BATCH:
            return
        after = DayPlace(found[-1].day, found[-1].pk)


def _behind(after: DayPlace) -> Q:
    return Q(day__lt=after.day) | Q(day=after.day, pk__lt=after.pk)


def lines_of(rows: list[Any], years: Years | None = None, places: Places | None = None) -> list[Line]:
    """Rows of `contributions_for` with what was spent of them, as lines: two statements, none where both are known."""
    places = places or places_of(row.area_id for row in rows)
    known = (years or closings()).closings
    return [
        Line(
            row,
            naming.shown_name(row),
            _short(places.district(row.area_id, row.year), row.area),
            row.spent,
            row.year in known and row.pk > known[row.year].through,
        )
        for row in rows
    ]


def _short(district: Area | None, unit: Area) -> str:
    return district.short_name if district and district.pk != unit.pk else ""


def matching(user: Actor, chosen: Filter) -> QuerySet[Any]:
    """The entries that the filter lets through, as this person may read them."""
    rows = contributions_for(user)
    exact = {
        "year": chosen.year,
        "channel": chosen.channel,
        "kind": chosen.kind,
        "sponsor__kind": chosen.source,
        "area": chosen.area,
        "village": chosen.village,
        "criterion__code": chosen.criterion,
    }
    rows = rows.filter(**{field: value for field, value in exact.items() if value})
    if chosen.sponsor:
        # Who is not named cannot be told apart from the others either.
        rows = rows.filter(naming.may_name(user), sponsor=chosen.sponsor)
    if chosen.district:
        rows = rows.filter(stood_in(chosen.district))
    if chosen.text:
        rows = rows.filter(_found(chosen.text, user))
    return _in_state(rows, chosen.state)


def stood_in(district: str) -> Exists:
    """Condition: the unit stood in that district when the entry's year began."""
    begun = Q(valid_from=None) | Q(valid_from__year__lt=F("_year"))
    begun |= Q(valid_from__year=F("_year"), valid_from__month=1, valid_from__day=1)
    open_still = Q(valid_to=None) | Q(valid_to__year__gte=F("_year"))
    placements = Placement.objects.annotate(_year=OuterRef("year")).filter(
        begun, open_still, area_id=OuterRef("area_id"), path__contains=f"/{district}/"
    )
    return Exists(placements)


def _found(text: str, user: Actor) -> Q:
    """Part of what it was for, or of the name of a unit or a sponsor, marks or no marks.

    A sponsor only where it may be named.
    """
    key = search_key(text)
    # Names are looked up once, not for each entry.
    sponsors = Sponsor.objects.filter(search_key__contains=key).values("pk")
    areas = Area.objects.filter(search_key__contains=key).order_by().values("pk")
    return Q(purpose_key__contains=key) | Q(area__in=areas) | (Q(sponsor__in=sponsors) & naming.may_name(user))


def _in_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    if state == "chua-doi-chieu":
        return rows.filter(confirmation=None)
    if state == "huy":
        cancelling = Contribution.objects.filter(reverses__isnull=False)
        cancelled = Q(pk__in=cancelling.values("pk")) | Q(pk__in=cancelling.values("reverses"))
        return rows.filter(cancelled | Q(replaces__isnull=False))
    if state == "sau-chot":
        return rows.filter(closings().later)
    return rows
