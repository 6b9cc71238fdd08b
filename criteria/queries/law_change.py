"""What a change of the law changes: units that drop out of a standard, units that come in, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, QuerySet

from criteria.models import Assessment, Attainment, Input, Reading, State, Threshold, Verdict
from criteria.queries import wording

Standing = tuple[int, int]  # verdict of the set, criteria met
Measured = tuple[int, int | None]  # verdict of the value, id of its threshold


def concerned(input_ids: Iterable[int]) -> QuerySet[Reading]:
    """Values of these inputs in open rounds: all that a change of their thresholds may touch."""
    return Reading.objects.filter(input__in=set(input_ids), assessment__round__closed_on=None)


def units_of(reading_ids: Iterable[int]) -> Q:
    """Condition on Assessment: all folders of the units that the readings belong to, in their periods."""
    by_period: dict[int, set[int]] = defaultdict(set)
    rows = Reading.objects.filter(pk__in=list(reading_ids))
    for area_id, period_id in rows.values_list("assessment__area_id", "assessment__round__period_id").distinct():
        by_period[period_id].add(area_id)
    condition = Q(pk__in=[])
    for period_id, area_ids in sorted(by_period.items()):
        condition |= Q(round__period_id=period_id, area_id__in=sorted(area_ids))
    return condition


@dataclass(frozen=True)
class Snapshot:
    """Where the units of some readings stand: attainment by assessment id, values by reading id."""

    standings: dict[int, Standing]
    measured: dict[int, Measured]
    levels: dict[int, Threshold]


def snapshot(reading_ids: list[int]) -> Snapshot:
    """The stored results of the readings and of every folder of their units. Three queries and one for units."""
    folders = Assessment.objects.filter(units_of(reading_ids))
    rows = Attainment.objects.filter(assessment__in=folders).values_list("pk", "verdict", "criteria_met")
    readings = list(Reading.objects.filter(pk__in=reading_ids).values_list("pk", "verdict", "threshold_id"))
    return Snapshot(
        standings={pk: (verdict, met) for pk, verdict, met in rows},
        measured={pk: (verdict, threshold_id) for pk, verdict, threshold_id in readings},
        levels=Threshold.objects.in_bulk({threshold_id for *_, threshold_id in readings if threshold_id}),
    )


@dataclass(frozen=True)
class Change:
    """A unit whose standing in one set changes."""

    folder: Assessment
    before: Standing
    after: Standing
    why: str

    @property
    def verdicts(self) -> tuple[str, str]:
        return Verdict(self.before[0]).label, Verdict(self.after[0]).label

    @property
    def criteria_met(self) -> tuple[int, int]:
        return self.before[1], self.after[1]


@dataclass(frozen=True)
class Diff:
    """Everything that a change of one input's thresholds would change in open rounds."""

    concerned: int
    verdicts: dict[tuple[Verdict, Verdict], int] = field(default_factory=dict)  # approved values, before → after
    changes: list[Change] = field(default_factory=list)

    @property
    def drops_out(self) -> list[Change]:
        """Units that attain a set now and would not."""
        return [each for each in self.changes if each.before[0] == Verdict.MET != each.after[0]]

    @property
    def comes_in(self) -> list[Change]:
        """Units that do not attain a set now and would."""
        return [each for each in self.changes if each.after[0] == Verdict.MET != each.before[0]]

    @property
    def others(self) -> list[Change]:
        """Units whose standing changes without entering or leaving."""
        return [each for each in self.changes if (each.before[0] == Verdict.MET) == (each.after[0] == Verdict.MET)]


def difference(entry: Input, snapshots: Iterable[tuple[Snapshot, Snapshot]]) -> Diff:
    """Compare pairs of snapshots taken before and after; units of all pairs are apart from each other."""
    pairs = list(snapshots)
    standings = {
        pk: (stood, after.standings[pk])
        for before, after in pairs
        for pk, stood in before.standings.items()
        if after.standings[pk] != stood
    }
    measured = {
        pk: (_level(before, pk), _level(after, pk))
        for before, after in pairs
        for pk in before.measured
        if before.measured[pk] != after.measured[pk]
    }
    approved = set(Reading.objects.filter(pk__in=list(measured), state=State.APPROVED).values_list("pk", flat=True))
    moved = Counter(
        (Verdict(before.measured[pk][0]), Verdict(after.measured[pk][0]))
        for before, after in pairs
        for pk in before.measured
        if pk in approved and before.measured[pk][0] != after.measured[pk][0]
    )
    total = sum(len(before.measured) for before, _ in pairs)
    return Diff(total, dict(moved), _changes(entry, standings, measured))


def _level(taken: Snapshot, reading_id: int) -> Threshold | None:
    threshold_id = taken.measured[reading_id][1]
    return taken.levels[threshold_id] if threshold_id else None


def _changes(
    entry: Input,
    standings: dict[int, tuple[Standing, Standing]],
    measured: dict[int, tuple[Threshold | None, Threshold | None]],
) -> list[Change]:
    folders = Assessment.objects.filter(pk__in=list(standings)).select_related(
        "area", "round__criteria_set", "round__period"
    )
    readings = Reading.objects.filter(pk__in=list(measured), assessment__in=list(standings))
    reasons = {
        reading.assessment_id: _reason(entry, reading.value, measured[reading.pk])
        for reading in readings.order_by("pk")
    }
    ordered = folders.order_by("round__period__ends_on", "round__criteria_set__name", "area__name", "pk")
    below = "bộ tiêu chí mà bộ này dựa vào đổi kết quả"
    return [Change(folder, *standings[folder.pk], reasons.get(folder.pk, below)) for folder in ordered]


def _reason(entry: Input, value: Decimal | None, levels: tuple[Threshold | None, Threshold | None]) -> str:
    """10.1: 45 triệu đồng; mức ≥ 44 thành ≥ 46."""
    before, after = (wording.requirement(entry, level) for level in levels)
    return f"{entry.code}: {wording.shown(entry, value)}; mức {before} thành {after}"
