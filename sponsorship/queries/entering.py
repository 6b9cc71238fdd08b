"""What an officer may choose from when writing the ledger: units, sponsors, indicators and open pledges."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission
from accounts.scope import granted_area_ids
from accounts.text import one_line, search_key
from communes.book import day_for
from communes.models import Area, Level, Village, valid_on
from communes.queries import areas_within
from criteria.models import CriteriaSet, Indicator
from sponsorship.models import Pledge, Sponsor
from sponsorship.queries.gaps import TIER
from sponsorship.queries.sponsors import known_to

MOST_OFFERED = 400


def day_of(user: User) -> dt.date:
    """Today, or the last day of the person's units where all of them have ended."""
    return day_for(user)


def units(user: User, on: dt.date) -> QuerySet[Area]:
    """The units of a day whose ledger the person writes."""
    return areas_within(granted_area_ids(user, Permission.KEEP_LEDGER), on).order_by("sort_key", "pk")


def unit_named(user: User, text: str, on: dt.date) -> list[Area]:
    """Units of that day by their code, full name or name without its kind."""
    key = search_key(text)
    return [
        unit
        for unit in units(user, on).filter(Q(code=one_line(text)) | Q(search_key__contains=key))
        if key in (unit.code, search_key(unit.name), search_key(unit.short_name))
    ]


def villages_named(area: Area, text: str, on: dt.date) -> list[Village]:
    """Villages of a unit on a day by their name, marks or no marks; one with the very marks comes alone."""
    standing = Village.objects.filter(valid_on(on), commune=area)
    key, exact = search_key(text), one_line(text).casefold()
    found = [village for village in standing if search_key(village.name) == key]
    return [village for village in found if village.name.casefold() == exact] or found


def villages_of(area_id: int) -> list[Village]:
    """Every village of a unit, ended ones too, to narrow the list by."""
    return list(Village.objects.filter(commune=area_id).order_by("sort_key", "pk"))


def villages(user: User, on: dt.date) -> QuerySet[Village]:
    """Villages to choose from: of the units of a day whose ledger the person writes, the first few hundred."""
    standing = Village.objects.filter(valid_on(on), commune__in=units(user, on).order_by())
    return standing.select_related("commune").order_by("commune__sort_key", "sort_key", "pk")[:MOST_OFFERED]


def sponsors(user: User) -> QuerySet[Sponsor]:
    """Sponsors to choose from."""
    return known_to(user).order_by("search_key", "pk")[:MOST_OFFERED]


def sets_of_communes() -> QuerySet[CriteriaSet]:
    """The communes' sets of the first tier, newest first."""
    sets = CriteriaSet.objects.filter(level=Level.COMMUNE, tier=TIER, allows_rounds=True)
    return sets.order_by("-effective_from", "-version")


def indicators(on: dt.date) -> QuerySet[Indicator]:
    """The indicators of the communes' set of a day."""
    begun = Q(effective_from__lte=on) & (Q(effective_to=None) | Q(effective_to__gte=on))
    found = sets_of_communes().filter(begun).first() or sets_of_communes().first()
    return Indicator.objects.filter(criterion__criteria_set=found).select_related("criterion").order_by("slot")


def indicator_named(text: str, on: dt.date) -> Indicator | None:
    """The indicator whose code the text begins with: "17.1 Nước sạch" → 17.1."""
    code = one_line(text).partition(" ")[0]
    return indicators(on).filter(code=code).first()


def open_pledge(user: User, pk: int) -> Pledge | None:
    """A pledge that still stands, for a unit whose ledger the person writes."""
    found = Pledge.objects.select_related("sponsor", "area", "indicator").filter(pk=pk, withdrawn_at=None).first()
    if found is None:
        return None
    day = min(timezone.localdate(), found.area.valid_to or dt.date.max)
    return found if units(user, day).filter(pk=found.area_id).exists() else None
