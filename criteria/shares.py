"""Shares of units that hold a tier: conditions of districts and of the province, computed from decisions.

A share states what it counts: units recognised in force, units that attain by criteria, the register's number of
units, and the published denominator where one differs. Any number of districts of one round take the same statements.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from communes.models import Placement, valid_on
from criteria.models import Assessment, Reading, Recognition, Round, State, StatedDenominator, Verdict
from criteria.queries.recognition import in_force, known_by
from criteria.resolving import Resolver, resolver_for

_CHANGING = ("value", "not_applicable", "verdict", "threshold_id", "state", "detail", "is_illustrative")
_STORED = ("value", "not_applicable", "verdict", "threshold", "state", "detail", "is_illustrative", "origin", "version")
_RELATED = ("input", "assessment__round__period", "assessment__round__criteria_set")


@dataclass(frozen=True)
class Share:
    """A computed share in percent; illustrative where anything that it counts is."""

    value: Decimal | None
    not_applicable: bool = False
    detail: dict[str, Any] | None = None
    is_illustrative: bool = False


def refresh(input_ids: Iterable[int], folder_ids: Iterable[int], *, even_closed: bool = False) -> list[int]:
    """Recompute the readings of these inputs in the folders (of open rounds only); the folders where one differed."""
    changed = stale(input_ids, folder_ids, even_closed=even_closed)
    Reading.objects.bulk_update(changed, _STORED, batch_size=200)
    return [reading.assessment_id for reading in changed]


def stale(input_ids: Iterable[int], folder_ids: Iterable[int], *, even_closed: bool = False) -> list[Reading]:
    """The readings that differ from what is computed now, with the computed share on them; nothing is written."""
    wanted = list(input_ids)
    if not wanted:
        return []
    readings = Reading.objects.filter(input__in=wanted, assessment__in=list(folder_ids)).select_related(*_RELATED)
    if not even_closed:
        readings = readings.filter(assessment__round__closed_on=None)
    by_round: dict[Round, list[Reading]] = defaultdict(list)
    for reading in readings.order_by("pk"):
        by_round[reading.assessment.round].append(reading)
    return [reading for reading_round, found in by_round.items() for reading in _changed(reading_round, found)]


def _changed(reading_round: Round, readings: list[Reading]) -> list[Reading]:
    resolver = resolver_for(reading_round)
    counting = _Counting(reading_round, {reading.assessment.area_id for reading in readings})
    return [reading for reading in readings if _set(reading, counting.share(reading), resolver)]


def _set(reading: Reading, share: Share, resolver: Resolver) -> bool:
    """Put the share on the reading; whether anything differs from what is stored."""
    before = tuple(getattr(reading, name) for name in _CHANGING)
    reading.value, reading.not_applicable = share.value, share.not_applicable
    reading.detail, reading.is_illustrative = share.detail, share.is_illustrative
    reading.state, reading.origin = State.APPROVED, Reading.Origin.DERIVED
    resolver.pin(reading)
    differs = before != tuple(getattr(reading, name) for name in _CHANGING)
    reading.version += differs
    return differs


class _Counting:
    """Who counts in one round: the members of its units, and which of them hold or attain a tier."""

    def __init__(self, reading_round: Round, area_ids: set[int]) -> None:
        self.period, self.on = reading_round.period, reading_round.period.ends_on
        # Results up to the period's year, as decided by the day the round was closed (today while it is open).
        self.decided_by = reading_round.closed_on or timezone.localdate()
        self._kinds, self._members = self._territory(area_ids)
        self._stated: dict[tuple[int, str], StatedDenominator] = {}
        for row in StatedDenominator.objects.filter(valid_on(self.on), area__in=area_ids).order_by("id"):
            self._stated[row.area_id, row.kind] = row
        self.recognised, self.attained, self.invented = (
            cache(self._recognised),
            cache(self._attained),
            cache(self._invented),
        )

    def _territory(self, area_ids: set[int]) -> tuple[dict[int, str], dict[int, set[int]]]:
        """The kind of every unit on the period's last day, and the units at or below each of `area_ids`."""
        placed = Placement.objects.filter(valid_on(self.on), valid_on(self.on, "area__"))
        rows = list(placed.values_list("area_id", "area__kind", "path"))
        at = {path: area_id for area_id, _, path in rows if area_id in area_ids}
        members: dict[int, set[int]] = defaultdict(set)
        for area_id, _, path in rows:
            for above in _upwards(path):
                if above in at:
                    members[at[above]].add(area_id)
        return {area_id: kind for area_id, kind, _ in rows}, members

    def share(self, reading: Reading) -> Share:
        """Share of the members recognised in force, with the share by criteria and both denominators beside it."""
        rule, area_id = reading.input.rule, reading.assessment.area_id
        members = {pk for pk in self._members[area_id] if self._kinds[pk] in rule["member_kinds"]}
        if not members:
            return Share(None, not_applicable=True, detail={"registered": 0})
        held = len(members & self.recognised(rule["tier"]))
        stated = self._published(area_id, rule["member_kinds"])
        detail = {
            "recognised": held,
            "attained": len(members & self.attained(rule["tier"])),
            "registered": len(members),
            "stated": stated,
            "decided_by": self.decided_by.isoformat(),
        }
        value = (Decimal(held) / (stated["value"] if stated else len(members)) * 100).quantize(Decimal("0.0001"))
        return Share(value, detail=detail, is_illustrative=bool(members & self.invented(rule["tier"])))

    def _recognised(self, tier: str) -> set[int]:
        found = in_force(tier=tier, on=self.on, up_to_year=self.period.year, decided_by=self.decided_by)
        return set(found.values_list("pk", flat=True))

    def _attained(self, tier: str) -> set[int]:
        """Units that attain the tier by criteria in the period."""
        return set(self._folders(tier).filter(attainment__verdict=Verdict.MET).values_list("area_id", flat=True))

    def _invented(self, tier: str) -> set[int]:
        """Units of which a grant of the tier, or an approved value in its set, is illustrative."""
        generated = Reading.objects.filter(assessment=OuterRef("pk"), is_illustrative=True, state=State.APPROVED)
        values = self._folders(tier).filter(Exists(generated)).values_list("area_id", flat=True)
        grants = Recognition.objects.filter(known_by(None), tier=tier, is_illustrative=True)
        return {*values, *grants.values_list("area_id", flat=True)}

    def _folders(self, tier: str) -> QuerySet[Assessment]:
        return Assessment.objects.filter(round__period=self.period, round__criteria_set__tier=tier)

    def _published(self, area_id: int, kinds: list[str]) -> dict[str, Any] | None:
        """The published denominator that holds on the date, where one differs from the register."""
        row = self._stated.get((area_id, kinds[0])) if len(kinds) == 1 else None
        return {"value": row.value, "source": row.source} if row else None


def _upwards(path: str) -> list[str]:
    """/42/444/18502/ → /42/, /42/444/, /42/444/18502/."""
    codes = path.strip("/").split("/")
    return [f"/{'/'.join(codes[: n + 1])}/" for n in range(len(codes))]
