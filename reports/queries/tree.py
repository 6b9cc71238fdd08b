"""The explanation tree: province → district → commune → criterion → indicator, each node with why it stands so.

A node is a unit in one of its sets, one of its criteria, or one of its indicators; what fails comes first everywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from accounts.scope import Actor
from communes.models import Area, Level
from criteria.models import Assessment, Evidence, Recognition, Verdict
from reports.queries.commune import UnitState, unit_state
from reports.queries.course import Course, courses_of
from reports.queries.explained import CriterionRow, IndicatorRow, Value
from reports.queries.holdings import Holdings
from reports.queries.money import gap_of
from reports.queries.results import Result, results
from reports.queries.standpoint import Standpoint
from reports.queries.units import Unit, territory_on
from sponsorship.queries.gaps import Gap

_NTM = ("ntm", "completed", "urban-civilised")
_ORDER = {Verdict.NOT_MET: 0, Verdict.UNDETERMINED: 1, Verdict.MET: 2, Verdict.NOT_APPLICABLE: 3}


class UnknownNode(LookupError):
    """The set has no such criterion or indicator."""


@dataclass(frozen=True)
class Member:
    """A unit below, as a share counts it: what it holds by decision, and its own result by criteria."""

    area: Area
    recognition: Recognition | None
    result: Result | None
    holds: bool

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.result.verdict) if self.result else Verdict.UNDETERMINED


@dataclass(frozen=True)
class Lower:
    """A value that the portal takes from another set of the same unit."""

    name: str
    tier: str


@dataclass(frozen=True)
class Node(UnitState):
    """What a node's page shows. `criterion` and `indicator` are None above them."""

    criterion: CriterionRow | None = None
    indicator: IndicatorRow | None = None
    members: list[Member] = field(default_factory=list)
    lower: list[Lower] = field(default_factory=list)
    evidence: dict[int, list[Evidence]] = field(default_factory=dict)
    courses: dict[int, Course] = field(default_factory=dict)
    money: Gap | None = None

    @property
    def kind(self) -> str:
        """unit, criterion or indicator."""
        return "indicator" if self.indicator else "criterion" if self.criterion else "unit"

    @property
    def tier(self) -> str:
        return self.explanation.criteria_set.tier if self.explanation else ""

    @property
    def verdict(self) -> Verdict:
        found = self.indicator or self.criterion or self.explanation
        return Verdict(found.verdict) if found else Verdict.UNDETERMINED

    @property
    def missing_members(self) -> list[Member]:
        return [member for member in self.members if not member.holds]

    @property
    def values(self) -> list[tuple[Value, list[Evidence], Course | None]]:
        """The values of the indicator, each with its evidence and its course."""
        values = self.indicator.values if self.indicator else []
        found = ((value, value.reading.pk if value.reading else 0) for value in values)
        return [(value, self.evidence.get(pk, []), self.courses.get(value.entry.pk)) for value, pk in found]

    @property
    def sees_evidence(self) -> bool:
        """Whether the reader may see evidence and persons of this node."""
        return any(value.in_scope for value in self.indicator.values) if self.indicator else False


def node(
    standpoint: Standpoint, code: str, user: Actor, *, tier: str = "", criterion: str = "", indicator: str = ""
) -> Node:
    """A node of the tree; the number of statements does not grow with units, criteria or values.

    Raises UnknownUnit, or UnknownNode for a criterion or an indicator that the set does not have.
    """
    levels = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
    found = Node(**vars(unit_state(standpoint, code, user, *levels, tier=tier)))
    if criterion:
        found = _at_criterion(found, criterion, indicator)
    values = _values_of(found)
    # A share counts what was decided by the closing of its round.
    closed_on = found.chosen.round.closed_on if found.criterion and found.chosen else None
    held = found.known.known_by(closed_on).up_to(standpoint.year)
    found = replace(found, lower=_lower(values, found.folders), members=_members(found, values, held))
    return _with_detail(found) if found.indicator else found


def _at_criterion(found: Node, criterion: str, indicator: str) -> Node:
    rows = found.explanation.every if found.explanation else []
    row = next((row for row in rows if row.criterion.code == criterion), None)
    if row is None:
        raise UnknownNode(criterion)
    below = next((each for each in row.indicators if each.indicator.code == indicator), None) if indicator else None
    if indicator and below is None:
        raise UnknownNode(indicator)
    return replace(found, criterion=row, indicator=below)


def _values_of(found: Node) -> list[Value]:
    """The values that the node speaks of: of its indicator, of its criterion, of every criterion."""
    if found.indicator:
        return found.indicator.values
    rows = [found.criterion] if found.criterion else found.explanation.every if found.explanation else []
    return [value for row in rows for indicator in row.indicators for value in indicator.values]


def _lower(values: Iterable[Value], folders: list[Assessment]) -> list[Lower]:
    """The other sets that values of the node are taken from."""
    by_slug = {folder.round.criteria_set.slug: folder.round.criteria_set for folder in folders}
    sets = (by_slug.get(value.rule.get("set", "")) for value in values)
    return list(dict.fromkeys(Lower(found.name, found.tier) for found in sets if found))


def _members(found: Node, values: list[Value], held: Holdings) -> list[Member]:
    """The units below: those that a share counts on a node of one criterion, every one next below on a unit's node."""
    if found.area.level == Level.COMMUNE:
        return []
    shares = [value.rule for value in values if value.rule.get("kind") == "share"]
    if found.criterion and not shares:
        return []
    standpoint = found.standpoint
    below = _below(found.area, standpoint)
    if not found.criterion:
        below = [unit for unit in below if unit.area.level == Level.DISTRICT] or below
    kinds = {kind for rule in shares for kind in rule["member_kinds"]} if found.criterion else None
    tiers = tuple(dict.fromkeys(rule["tier"] for rule in shares)) if found.criterion else _NTM
    inside = [unit.area for unit in below if kinds is None or unit.area.kind in kinds]
    rows = results([standpoint.period] if standpoint.period else [], area__in=inside)
    by_unit = {row.area_id: row for row in rows if row.tier in tiers}
    members = [
        Member(area, held.highest(area.pk), by_unit.get(area.pk), any(held.has(area.pk, tier) for tier in tiers))
        for area in inside
    ]
    return sorted(members, key=lambda member: (member.holds, _ORDER[member.verdict], member.area.sort_key))


def _below(area: Area, standpoint: Standpoint) -> list[Unit]:
    """The province's districts and communes, or the communes of one district."""
    territory = territory_on(standpoint.province, standpoint.units_on)[standpoint.units_on]
    if area.level == Level.DISTRICT:
        return [unit for unit in territory.communes if unit.district and unit.district.pk == area.pk]
    return [*territory.districts, *territory.communes]


def _with_detail(found: Node) -> Node:
    """An indicator with its evidence (for who may see it), its course over the periods, and its money."""
    assert found.indicator is not None
    assert found.explanation is not None
    seen = [value.reading.pk for value in found.indicator.values if value.in_scope and value.reading]
    evidence: dict[int, list[Evidence]] = {}
    for row in Evidence.objects.filter(reading__in=seen, removed_at=None).select_related("file").order_by("pk"):
        evidence.setdefault(row.reading_id, []).append(row)
    return replace(
        found,
        evidence=evidence,
        courses=courses_of(found.standpoint, found.area, found.explanation.criteria_set, found.indicator.values),
        money=gap_of(found.area, found.indicator.indicator) if found.area.level == Level.COMMUNE else None,
    )
