"""One commune-level unit: its sets with why, its recognitions, and what it came from and became."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.scope import Actor
from communes.models import Area, AreaChange, Level
from communes.queries import placement_of
from criteria.models import Assessment, Reading, Recognition, Verdict
from criteria.queries.recognition import known_by
from criteria.rules.revocation import limbs_met
from reports.queries.explain import explain
from reports.queries.explained import Explanation
from reports.queries.holdings import TIER_ORDER, Ledger, ledger
from reports.queries.standpoint import Standpoint


class UnknownUnit(LookupError):
    """No such unit on that day."""


@dataclass(frozen=True)
class UnitState:
    """A unit in its sets of the period. `explanation` is the chosen set's; None without a round for the unit."""

    standpoint: Standpoint
    area: Area
    district: Area | None
    folders: list[Assessment]
    explanation: Explanation | None
    known: Ledger

    @property
    def chosen(self) -> Assessment | None:
        return self.explanation.assessment if self.explanation else None

    @cached_property
    def recognition(self) -> Recognition | None:
        """The recognition of the highest tier that it holds."""
        return self.known.up_to(self.standpoint.year).highest(self.area.pk)


@dataclass(frozen=True)
class UnitPage(UnitState):
    """What the page of a unit shows beside: its recognitions, and what it came from and became."""

    history: list[Recognition]
    came_from: list[AreaChange]
    became: list[AreaChange]

    @property
    def alarm(self) -> bool:
        """A tier held by decision that the approved values no longer meet."""
        return (
            self.explanation is not None
            and self.recognition is not None
            and self.explanation.criteria_set.tier == "ntm"
            and self.explanation.verdict == Verdict.NOT_MET
        )

    @property
    def revocation(self) -> list[dict[str, Any]]:
        """The limbs of revocation (Decision 18/2022, from the rulebook) that the approved values now meet."""
        if not self.alarm or self.explanation is None:
            return []
        failing = {row.criterion.code for row in self.explanation.rows if row.verdict == Verdict.NOT_MET}
        limbs = self.explanation.criteria_set.revocation.get("any_of", [])
        return limbs_met(limbs, failing=failing, total=self.explanation.total)


def find_unit(standpoint: Standpoint, code: str, *levels: str) -> Area:
    """The unit of these levels that bore the code on the standpoint's day: codes are re-used. Raises UnknownUnit."""
    unit = Area.objects.as_of(standpoint.units_on).filter(code=code, level__in=levels).first()
    if unit is None or standpoint.province is None:
        raise UnknownUnit(code)
    return unit


def unit_page(
    standpoint: Standpoint, code: str, user: Actor, *, tier: str = "", level: str = Level.COMMUNE
) -> UnitPage:
    """The page of a unit of `level`; about thirty queries, whatever the number of indicators. Raises UnknownUnit."""
    state = unit_state(standpoint, code, user, level, tier=tier)
    return UnitPage(
        **vars(state),
        history=_history(standpoint, state.area),
        came_from=_changes(state.area.changes_in.select_related("old")),
        became=_changes(state.area.changes_out.select_related("new")),
    )


def unit_state(standpoint: Standpoint, code: str, user: Actor, *levels: str, tier: str = "") -> UnitState:
    """The unit of one of the levels in its set of the tier, else of its lowest tier. Raises UnknownUnit."""
    area = find_unit(standpoint, code, *levels)
    placement = placement_of(area, standpoint.units_on)
    parent = placement.parent if placement else None
    folders = folders_of(standpoint, area)
    chosen = next((f for f in folders if f.round.criteria_set.tier == tier), folders[0] if folders else None)
    return UnitState(
        standpoint=standpoint,
        area=area,
        district=parent if parent and parent.level == Level.DISTRICT else None,
        folders=folders,
        explanation=explain(chosen, user) if chosen else None,
        known=ledger(standpoint.province, standpoint.as_of),
    )


def folders_of(standpoint: Standpoint, area: Area) -> list[Assessment]:
    """The unit's folders of the period, the lowest tier first."""
    illustrative = Reading.objects.filter(assessment=OuterRef("pk"), is_illustrative=True)
    rows = (
        Assessment.objects.filter(area=area, round__period=standpoint.period, attainment__isnull=False)
        .annotate(is_illustrative=Exists(illustrative))
        .select_related("round__criteria_set", "round__period", "round__province", "area", "attainment")
    )
    return sorted(rows, key=lambda row: (_rank(row.round.criteria_set.tier), row.pk))


def _rank(tier: str) -> int:
    return TIER_ORDER.index(tier) if tier in TIER_ORDER else len(TIER_ORDER)


def _history(standpoint: Standpoint, area: Area) -> list[Recognition]:
    rows = area.recognitions.filter(known_by(standpoint.as_of)).select_related("decision")
    return list(rows.order_by("counts_from", "result_year", "pk"))


def _changes(rows) -> list[AreaChange]:
    return [row for row in rows.order_by("effective_on", "pk") if not row.is_continuation]
