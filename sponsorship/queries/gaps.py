"""The gap board: unmet indicators of communes with the money asked, pledged and received, the unfunded first."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import Actor, granted_area_ids
from communes.models import Area, Level
from communes.queries import areas_within
from criteria.models import Indicator, Reading, Round, State, Verdict
from sponsorship.models import Need, Pledge
from sponsorship.queries import totals
from sponsorship.queries.places import places_of

PAGE = 60
TIER = "ntm"
Pair = tuple[int, int]


@dataclass(frozen=True)
class Gap:
    """An indicator that a commune does not meet. `asked` None: nobody said what it would take."""

    area: Area
    district: str
    indicator_id: int
    code: str
    name: str
    asked: int | None
    promised: int  # not yet received
    received: int

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

    round: Round | None
    gaps: list[Gap]
    after: str | None
    count: int
    communes: int
    missing: int


@dataclass(frozen=True)
class Filter:
    """What of the board is looked at; empty = all."""

    district: str = ""
    code: str = ""


def board(chosen: Filter | None = None, *, after: str = "", size: int = PAGE) -> Board:
    """Unmet indicators by the approved values of the last closed year: a constant number of statements."""
    chosen, found = chosen or Filter(), last_round()
    if found is None:
        return Board(None, [], None, 0, 0, 0)
    gaps = sorted(_gaps(found, chosen), key=lambda gap: gap.rank)
    start = next((place + 1 for place, gap in enumerate(gaps) if gap.key == after), 0) if after else 0
    shown = gaps[start : start + size]
    more = shown[-1].key if start + size < len(gaps) else None
    communes = len({gap.area.pk for gap in gaps})
    return Board(found, shown, more, len(gaps), communes, sum(gap.missing for gap in gaps))


def last_round() -> Round | None:
    """The last closed round of the communes' set of the first tier."""
    closed = Round.objects.filter(
        criteria_set__level=Level.COMMUNE, criteria_set__tier=TIER, closed_on__isnull=False, period__kind="year"
    )
    return closed.select_related("period", "criteria_set").order_by("-period__ends_on", "-pk").first()


def _gaps(found: Round, chosen: Filter) -> list[Gap]:
    unmet = _unmet(found, chosen)
    places = places_of(area_id for area_id, _ in unmet)
    year, money = found.period.year, totals.counted()
    asked, promised, received = _asked(year), _promised(year, money), _pairs(money.filter(year__gte=year))
    gaps = []
    for pair, (code, name) in unmet.items():
        district = places.district(pair[0], year)
        if chosen.district and (district is None or district.code != chosen.district):
            continue
        where = district.short_name if district else ""
        sums = asked.get(pair), promised.get(pair, 0), max(0, received.get(pair, 0))
        gaps.append(Gap(places.units[pair[0]], where, pair[1], code, name, *sums))
    return gaps


def _unmet(found: Round, chosen: Filter) -> dict[Pair, tuple[str, str]]:
    rows = Reading.objects.filter(assessment__round=found, verdict=Verdict.NOT_MET, state=State.APPROVED)
    if chosen.code:
        rows = rows.filter(input__indicator__code=chosen.code)
    said = rows.values_list(
        "assessment__area_id", "input__indicator_id", "input__indicator__code", "input__indicator__name"
    )
    return {(area_id, indicator_id): (code, name) for area_id, indicator_id, code, name in said}


def _pairs(rows: Any) -> dict[Pair, int]:
    keyed = rows.exclude(indicator=None).order_by().values_list("area_id", "indicator_id").annotate(Sum("amount"))
    return {(area_id, indicator_id): amount for area_id, indicator_id, amount in keyed}


def _asked(year: int) -> dict[Pair, int]:
    return _pairs(Need.objects.filter(year__gte=year))


def _promised(year: int, money: Any) -> dict[Pair, int]:
    """What of each promise has not come yet: one statement for the promises, one for what kept them."""
    kept = dict(money.exclude(pledge=None).order_by().values_list("pledge_id").annotate(Sum("amount")))
    open_pledges = Pledge.objects.filter(year__gte=year, withdrawn_at=None).exclude(indicator=None)
    left: dict[Pair, int] = defaultdict(int)
    for pk, area_id, indicator_id, amount in open_pledges.values_list("pk", "area_id", "indicator_id", "amount"):
        left[area_id, indicator_id] += max(0, amount - kept.get(pk, 0))
    return left


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
    if area is None or indicator is None or area_id not in kept_ids(user, [area]):
        raise OutOfScope
    year = timezone.localdate().year if area.valid_to is None else area.valid_to.year
    need = Need.objects.filter(area=area, indicator=indicator).order_by("-year").first()
    return Asking(area, indicator, need.year if need else year, need)


def kept_ids(user: Actor, areas: list[Area]) -> set[int]:
    """Of these units those whose ledger the person writes: a statement for each last day among them."""
    granted = granted_area_ids(user, Permission.KEEP_LEDGER)
    if not granted:
        return set()
    today = timezone.localdate()
    days = {min(today, area.valid_to) if area.valid_to else today for area in areas}
    ids = [area.pk for area in areas]
    return {pk for day in days for pk in areas_within(granted, day).filter(pk__in=ids).values_list("pk", flat=True)}


def is_key(text: str) -> bool:
    """Whether the text is the key of a row in addresses."""
    return bool(re.fullmatch(r"[0-9]{1,18}\.[0-9]{1,18}", text))
