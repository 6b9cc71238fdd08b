"""The gap board: unmet indicators of communes with the money asked, pledged and received, the unfunded first.

A commune that merged is followed to its successor: what it lacked stands there, beside the money of both.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet, Subquery, Sum, Value
from django.utils import timezone

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import Actor, granted_area_ids
from communes.book import last_day, reached
from communes.models import Area, Level
from criteria.models import Indicator, Reading, Round, State, Verdict
from sponsorship.models import Contribution, Need, Pledge
from sponsorship.queries.heirs import Heirs
from sponsorship.queries.places import Places, places_of
from sponsorship.queries.pledges import left_of
from sponsorship.queries.years import Years, closings

PAGE = 60
TIER = "ntm"
Pair = tuple[int, int]


@dataclass(frozen=True)
class Gap:
    """An indicator that a commune does not meet. `asked` None: nobody said what it would take.

    `origins` are the units in which it was found unmet: others than the commune where that came later.
    """

    area: Area
    origins: tuple[Area, ...]
    district: str
    indicator_id: int
    code: str
    name: str
    asked: int | None
    promised: int  # not yet received
    received: int

    @property
    def merged(self) -> list[Area]:
        """The units that the commune came from, where it was found unmet in them; not one of its own name alone."""
        old = [unit for unit in self.origins if unit.pk != self.area.pk]
        return [] if [unit.name for unit in old] == [self.area.name] else old

    @property
    def key(self) -> str:
        return f"{self.area.pk}.{self.indicator_id}"

    @property
    def missing(self) -> int:
        return max(0, (self.asked or 0) - self.received - self.promised)

    @property
    def rank(self) -> tuple[int, int, str, str, int]:
        """The unfunded first, then what lacks most; what was not asked for after that; what is covered last."""
        if self.missing:
            place = 0 if not self.received and not self.promised else 1
        else:
            place = 2 if self.asked is None else 3
        return place, -self.missing, self.area.sort_key, self.code, self.indicator_id

    def share(self, amount: int) -> int:
        """Per cent of what is asked, for a bar."""
        return min(100, amount * 100 // self.asked) if self.asked else 0

    @property
    def received_share(self) -> int:
        return self.share(self.received)

    @property
    def promised_share(self) -> int:
        return self.share(self.received + self.promised) - self.received_share


@dataclass(frozen=True)
class Board:
    """A page of the board with its sums; `after` names the row that the next page starts behind."""

    year: int | None
    gaps: list[Gap]
    after: str | None
    count: int
    communes: int
    missing: int
    places: Places


@dataclass(frozen=True)
class Filter:
    """What of the board is looked at; empty = all."""

    district: str = ""
    code: str = ""
    area: str = ""


def board(
    chosen: Filter | None = None,
    *,
    after: str = "",
    size: int = PAGE,
    years: Years | None = None,
    places: Places | None = None,
) -> Board:
    """Unmet indicators by the approved values of the last closed year: at most five statements."""
    chosen = chosen or Filter()
    unmet = _unmet(chosen)
    heirs = Heirs()
    places = places or places_of({pk for row in unmet for pk in (row.area_id, heirs.of(row.area_id))})
    year = unmet[0].year if unmet else timezone.localdate().year
    money = _money(year, (years or closings()), heirs)
    gaps = sorted(_gaps(unmet, chosen, heirs, places, money), key=lambda gap: gap.rank)
    start = next((place + 1 for place, gap in enumerate(gaps) if gap.key == after), 0) if after else 0
    shown = gaps[start : start + size]
    more = shown[-1].key if start + size < len(gaps) else None
    communes, missing = len({gap.area.pk for gap in gaps}), sum(gap.missing for gap in gaps)
    return Board(year if unmet else None, shown, more, len(gaps), communes, missing, places)


@dataclass(frozen=True)
class Unmet:
    """A value of the last closed year that does not meet its threshold."""

    area_id: int
    indicator_id: int
    code: str
    name: str
    year: int


def _unmet(chosen: Filter) -> list[Unmet]:
    rows = Reading.objects.filter(assessment__round=_last_round(), verdict=Verdict.NOT_MET, state=State.APPROVED)
    if chosen.code:
        rows = rows.filter(input__indicator__code=chosen.code)
    indicator = ("input__indicator_id", "input__indicator__code", "input__indicator__name")
    year = "assessment__round__period__year"
    said = rows.order_by("assessment__area__sort_key", "assessment__area_id", "input__indicator__slot")
    found = dict.fromkeys(Unmet(*row) for row in said.values_list("assessment__area_id", *indicator, year))
    return list(found)


def _last_round() -> Subquery:
    """The last closed round of the communes' set of the first tier."""
    closed = Round.objects.filter(
        criteria_set__level=Level.COMMUNE, criteria_set__tier=TIER, closed_on__isnull=False, period__kind="year"
    )
    return Subquery(closed.order_by("-period__ends_on", "-pk").values("pk")[:1])


def _gaps(unmet: list[Unmet], chosen: Filter, heirs: Heirs, places: Places, money: dict[Pair, "Money"]) -> list[Gap]:
    together: dict[Pair, list[Unmet]] = defaultdict(list)
    for row in unmet:
        together[heirs.of(row.area_id), row.indicator_id].append(row)
    gaps = []
    for pair, rows in together.items():
        districts = [places.district(row.area_id, row.year) for row in rows]
        if chosen.district and chosen.district not in {district.code for district in districts if district}:
            continue
        area, origins = places.units[pair[0]], tuple(places.units[row.area_id] for row in rows)
        if chosen.area and chosen.area not in {unit.code for unit in (area, *origins)}:
            continue
        where = ", ".join(dict.fromkeys(district.short_name for district in districts if district))
        found = money.get(pair, Money())
        sums = found.asked, found.promised, max(0, found.received)
        gaps.append(Gap(area, origins, where, pair[1], rows[0].code, rows[0].name, *sums))
    return gaps


ASKED, PROMISED, RECEIVED = "asked", "promised", "received"


@dataclass
class Money:
    """What was asked for an indicator, promised and not yet received, and received."""

    asked_by: dict[int, int] = field(default_factory=dict)
    heir: int = 0
    promised: int = 0
    received: int = 0

    @property
    def asked(self) -> int | None:
        """What the commune of today asks; before it said anything, what those asked that it came from."""
        return self.asked_by.get(self.heir, sum(self.asked_by.values()) if self.asked_by else None)


def _money(year: int, years: Years, heirs: Heirs) -> dict[Pair, Money]:
    """All money for indicators from a year on, by the commune of today: one statement."""
    counted = Contribution.objects.exclude(years.later)
    asked = _parts(Need.objects.filter(year__gte=year), ASKED, Sum("amount"))
    received = _parts(counted.filter(year__gte=year), RECEIVED, Sum("amount"))
    found: dict[Pair, Money] = defaultdict(Money)
    for area_id, indicator_id, what, amount in asked.union(received, _promised(year, counted), all=True):
        heir = heirs.of(area_id)
        sums = found[heir, indicator_id]
        sums.heir = heir
        if what == ASKED:
            sums.asked_by[area_id] = amount
        elif what == PROMISED:
            sums.promised += amount
        else:
            sums.received += amount
    return found


def _parts(rows: QuerySet[Any], what: str, amount: Any) -> Any:
    keyed = rows.exclude(indicator=None).order_by().values_list("area_id", "indicator_id", Value(what))
    return keyed.annotate(part=amount)


def _promised(year: int, counted: QuerySet[Contribution]) -> Any:
    """What of each promise has not come yet."""
    return _parts(Pledge.objects.filter(year__gte=year, withdrawn_at=None), PROMISED, left_of(counted))


@dataclass(frozen=True)
class Asking:
    """An indicator of a commune, and what the commune asks for it from a year on."""

    area: Area
    indicator: Indicator
    year: int
    need: Need | None


def asking(user: User, area_id: int, indicator_id: int) -> Asking:
    """For somebody who writes the commune's ledger; absent for anybody else."""
    area = Area.objects.filter(pk=area_id, level=Level.COMMUNE).first()
    indicator = Indicator.objects.select_related("criterion").filter(pk=indicator_id).first()
    if area is None or indicator is None or not reached(user, Permission.KEEP_LEDGER, area):
        raise OutOfScope
    year = timezone.localdate().year if area.valid_to is None else area.valid_to.year
    need = Need.objects.filter(area=area, indicator=indicator).order_by("-year").first()
    return Asking(area, indicator, need.year if need else year, need)


def asked_by(user: Actor, board: Board) -> dict[str, int]:
    """For the rows whose ledger the person writes, by their key: the unit that asks, today's before an ended one."""
    granted = granted_area_ids(user, Permission.KEEP_LEDGER)
    if not granted:
        return {}
    above, found = places_of(granted), {}
    for gap in board.gaps:
        for unit in (gap.area, *gap.origins):
            if board.places.within(unit.pk, above, last_day(unit)):
                found[gap.key] = unit.pk
                break
    return found


def is_key(text: str) -> bool:
    """Whether the text is the key of a row in addresses."""
    return bool(re.fullmatch(r"[0-9]{1,18}\.[0-9]{1,18}", text))
