"""Shares of units that hold a tier: conditions of districts and of the province, computed from decisions.

A share states what it counts: units recognised in force, units that attain by criteria, the register's number of
units, and the published denominator where one differs.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from communes.models import Area, valid_on
from communes.queries import areas_within
from criteria.models import Attainment, Reading, Recognition, Round, State, StatedDenominator, Verdict
from criteria.queries.recognition import in_force
from criteria.resolving import Resolver, resolver_for

_CHANGING = ("value", "not_applicable", "verdict", "threshold_id", "state", "detail", "is_illustrative")
_STORED = ("value", "not_applicable", "verdict", "threshold", "state", "detail", "is_illustrative", "origin", "version")


@dataclass(frozen=True)
class Share:
    """A computed share in percent; illustrative where anything that it counts is."""

    value: Decimal | None
    not_applicable: bool = False
    detail: dict[str, Any] | None = None
    is_illustrative: bool = False


def refresh(reading_round: Round, readings: list[Reading]) -> int:
    """Recompute the given share readings of one round; returns how many differed. A few statements a reading."""
    resolver = resolver_for(reading_round)
    changed = [reading for reading in readings if _set(reading, _share(reading_round, reading), resolver)]
    Reading.objects.bulk_update(changed, _STORED, batch_size=200)
    return len(changed)


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


def _share(reading_round: Round, reading: Reading) -> Share:
    """Share of the members recognised in force, with the share by criteria and both denominators beside it.

    Counts results up to the period's year as decided by the day the round was closed (today while it is open).
    """
    rule, area, period = reading.input.rule, reading.assessment.area, reading_round.period
    members = areas_within([area.pk], period.ends_on).filter(kind__in=rule["member_kinds"])
    registered = members.count()
    if not registered:
        return Share(None, not_applicable=True, detail={"registered": 0})
    decided_by = reading_round.closed_on or timezone.localdate()
    recognised = in_force(tier=rule["tier"], on=period.ends_on, up_to_year=period.year, decided_by=decided_by)
    held = recognised.filter(pk__in=members.values("pk")).count()
    attained = _attained_members(members, reading_round, rule["tier"])
    stated = _stated(area, rule["member_kinds"], period.ends_on)
    base = stated["value"] if stated else registered
    detail = {
        "recognised": held,
        "attained": attained,
        "registered": registered,
        "stated": stated,
        "decided_by": decided_by.isoformat(),
    }
    grants = Recognition.objects.filter(tier=rule["tier"], area__in=members, is_illustrative=True)
    invented = grants.exists() or _resting_on_generated(reading_round, members, tier=rule["tier"])
    value = (Decimal(held) / base * 100).quantize(Decimal("0.0001"))
    return Share(value, detail=detail, is_illustrative=invented)


def _attained_members(members: Iterable[Area], reading_round: Round, tier: str) -> int:
    """How many members attain the tier by criteria in the period."""
    return Attainment.objects.filter(
        verdict=Verdict.MET,
        assessment__area__in=members,
        assessment__round__period=reading_round.period_id,
        assessment__round__criteria_set__tier=tier,
    ).count()


def _stated(area: Area, kinds: list[str], on: dt.date) -> dict[str, Any] | None:
    """The published denominator that holds on the date, where one differs from the register."""
    if len(kinds) != 1:
        return None
    row = StatedDenominator.objects.filter(valid_on(on), area=area, kind=kinds[0]).order_by("-id").first()
    return {"value": row.value, "source": row.source} if row else None


def _resting_on_generated(reading_round: Round, members: Iterable[Area], *, tier: str) -> bool:
    """Whether a member has an illustrative approved value in the tier's set and the round's period."""
    return Reading.objects.filter(
        is_illustrative=True,
        state=State.APPROVED,
        assessment__area__in=members,
        assessment__round__period=reading_round.period_id,
        assessment__round__criteria_set__tier=tier,
    ).exists()
