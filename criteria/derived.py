"""Values that the portal computes instead of a person: tiers below, ratios, shares of units recognised.

A derived reading is approved by the portal; `detail` says what it counts, for explanations.
Readings of a closed round are frozen and never touched.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from communes.models import Area, valid_on
from communes.queries import areas_within
from criteria.models import (
    Assessment,
    Attainment,
    CriteriaSet,
    Reading,
    Recognition,
    Round,
    State,
    StatedDenominator,
    Verdict,
)
from criteria.queries.recognition import in_force
from criteria.resolving import Resolver, resolver_for

_CHANGING = ("value", "not_applicable", "verdict", "threshold_id", "state", "detail", "is_illustrative")


@dataclass(frozen=True)
class Derived:
    """A computed value; illustrative where anything that it counts is."""

    value: Decimal | None
    not_applicable: bool = False
    detail: dict | None = None
    is_illustrative: bool = False


def refresh(reading_round: Round, assessments: list[Assessment], *, even_closed: bool = False) -> int:
    """Recompute the derived readings of the assessments; returns how many differed. A constant number of
    statements for communes; a few more for each district or province, of which there are few."""
    if not reading_round.is_open and not even_closed:
        return 0
    readings = list(
        Reading.objects.filter(assessment__in=assessments, input__derived__isnull=False).select_related(
            "input", "assessment__area"
        )
    )
    if not readings:
        return 0
    values = _values(reading_round, readings)
    resolver = resolver_for(reading_round)
    changed = [reading for reading in readings if _set(reading, values[reading.pk], resolver)]
    Reading.objects.bulk_update(
        changed,
        ["value", "not_applicable", "verdict", "threshold", "state", "detail", "origin", "version", "is_illustrative"],
        batch_size=200,
    )
    return len(changed)


def _set(reading: Reading, derived: Derived, resolver: Resolver) -> bool:
    """Put the computed value on the reading; whether anything differs from what is stored."""
    before = tuple(getattr(reading, name) for name in _CHANGING)
    reading.value, reading.not_applicable = derived.value, derived.not_applicable
    reading.detail, reading.state = derived.detail, State.APPROVED
    reading.is_illustrative = derived.is_illustrative
    reading.origin = Reading.Origin.DERIVED
    resolver.pin(reading)
    differs = before != tuple(getattr(reading, name) for name in _CHANGING)
    reading.version += differs
    return differs


def _values(reading_round: Round, readings: list[Reading]) -> dict[int, Derived]:
    """Computed values by reading id, kind by kind."""
    by_kind: dict[tuple, list[Reading]] = {}
    for reading in readings:
        rule = reading.input.rule
        by_kind.setdefault((rule["kind"], rule.get("set"), rule.get("input")), []).append(reading)
    found: dict[int, Derived] = {}
    for (kind, slug, code), group in by_kind.items():
        if kind == "attained":
            found |= _attained(reading_round, group, slug)
        elif kind == "ratio":
            found |= _ratio(reading_round, group, slug, code)
        else:
            found |= {reading.pk: _share(reading_round, reading) for reading in group}
    return found


def _attained(reading_round: Round, readings: list[Reading], slug: str) -> dict[int, Derived]:
    """Whether the same unit attains the set `slug` in the same period."""
    verdicts = dict(
        Attainment.objects.filter(
            assessment__area_id__in={reading.assessment.area_id for reading in readings},
            assessment__round__period=reading_round.period_id,
            assessment__round__criteria_set__slug=slug,
        ).values_list("assessment__area_id", "verdict")
    )
    words: dict[int | None, Decimal] = {Verdict.MET: Decimal(1), Verdict.NOT_MET: Decimal(0)}
    invented = _resting_on_generated(reading_round, {reading.assessment.area_id for reading in readings}, slug=slug)
    return {
        reading.pk: Derived(
            words.get(verdicts.get(reading.assessment.area_id)),
            detail={"set": slug},
            is_illustrative=reading.assessment.area_id in invented,
        )
        for reading in readings
    }


def _resting_on_generated(reading_round: Round, areas: Iterable, **criteria_set: str) -> set[int]:
    """Units among `areas` with an illustrative approved value in the given set and the round's period."""
    on_set = {f"assessment__round__criteria_set__{name}": value for name, value in criteria_set.items()}
    rows = Reading.objects.filter(
        is_illustrative=True,
        state=State.APPROVED,
        assessment__area__in=areas,
        assessment__round__period=reading_round.period_id,
        **on_set,
    )
    return set(rows.values_list("assessment__area_id", flat=True).distinct())


def _ratio(reading_round: Round, readings: list[Reading], slug: str, code: str) -> dict[int, Derived]:
    """An approved value of another set as a percentage of the threshold that binds it there."""
    bases = Reading.objects.filter(
        assessment__area_id__in={reading.assessment.area_id for reading in readings},
        assessment__round__period=reading_round.period_id,
        assessment__round__criteria_set__slug=slug,
        input__code=code,
        state=State.APPROVED,
        value__isnull=False,
        threshold__isnull=False,
    ).select_related("assessment", "threshold")
    found = {base.assessment.area_id: base for base in bases}
    return {reading.pk: _percentage(found.get(reading.assessment.area_id)) for reading in readings}


def _percentage(base: Reading | None) -> Derived:
    """The approved value `base` as a percentage of its threshold; no value where either is missing or zero."""
    if base is None or base.value is None or base.threshold is None or not base.threshold.value:
        return Derived(None)
    value, level = base.value, base.threshold.value
    return Derived(
        (value / level * 100).quantize(Decimal("0.0001")),
        detail={"value": str(value), "of": str(level)},
        is_illustrative=base.is_illustrative or base.threshold.is_illustrative,
    )


def _share(reading_round: Round, reading: Reading) -> Derived:
    """Share of the members recognised in force, with the share by criteria and both denominators beside it.

    Counts results up to the period's year as decided by the day the round was closed (today while it is open).
    """
    rule, area, period = reading.input.rule, reading.assessment.area, reading_round.period
    members = areas_within([area.pk], period.ends_on).filter(kind__in=rule["member_kinds"])
    registered = members.count()
    if not registered:
        return Derived(None, not_applicable=True, detail={"registered": 0})
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
    invented = grants.exists() or bool(_resting_on_generated(reading_round, members, tier=rule["tier"]))
    value = (Decimal(held) / base * 100).quantize(Decimal("0.0001"))
    return Derived(value, detail=detail, is_illustrative=invented)


def _attained_members(members: Iterable[Area], reading_round: Round, tier: str) -> int:
    """How many members attain the tier by criteria in the period."""
    return Attainment.objects.filter(
        verdict=Verdict.MET,
        assessment__area__in=members,
        assessment__round__period=reading_round.period_id,
        assessment__round__criteria_set__tier=tier,
    ).count()


def _stated(area: Area, kinds: list[str], on) -> dict | None:
    """The published denominator that holds on the date, where one differs from the register."""
    if len(kinds) != 1:
        return None
    row = StatedDenominator.objects.filter(valid_on(on), area=area, kind=kinds[0]).order_by("-id").first()
    return {"value": row.value, "source": row.source} if row else None


def in_order(sets: Iterable[CriteriaSet]) -> list[CriteriaSet]:
    """Sets such that whatever one stands on comes before it (NTM, advanced, model)."""
    by_slug = {found.slug: found for found in sets}
    needs = {slug: _stands_on(found) & by_slug.keys() for slug, found in by_slug.items()}
    ordered: list[CriteriaSet] = []
    while needs:
        ready = sorted(slug for slug, below in needs.items() if not below)
        if not ready:
            raise ValueError(f"Sets stand on each other in a circle: {sorted(needs)}")
        ordered += [by_slug[slug] for slug in ready]
        needs = {slug: below - set(ready) for slug, below in needs.items() if slug not in ready}
    return ordered


def standing_on(criteria_set: CriteriaSet) -> set[str]:
    """Slugs of the set itself and of every set that stands on it, directly or not."""
    below = {
        found.slug: _stands_on(found) for found in CriteriaSet.objects.prefetch_related("criteria__indicators__inputs")
    }
    reached = {criteria_set.slug}
    while more := {slug for slug, needs in below.items() if needs & reached} - reached:
        reached |= more
    return reached


def _stands_on(criteria_set: CriteriaSet) -> set[str]:
    rules = [
        entry.derived
        for criterion in criteria_set.criteria.all()
        for indicator in criterion.indicators.all()
        for entry in indicator.inputs.all()
        if entry.derived
    ]
    return {rule["set"] for rule in rules if rule["kind"] in ("attained", "ratio")}
