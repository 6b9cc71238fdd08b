"""What changed between two years, indicator by indicator of the communes, and why: the value, or the threshold."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from communes.models import Area
from criteria.models import Period, Reading, State, Verdict
from criteria.queries import wording
from reports.queries.dashboard import tiers_of
from reports.queries.results import Result, results
from reports.queries.standpoint import Standpoint
from reports.queries.units import Territory

SHOWN = 100
Key = tuple[int, int]  # unit id, slot of the indicator


@dataclass(frozen=True)
class Change:
    """An indicator of a unit that holds no longer, or holds now; with the value that decides it, then and now."""

    area: Area
    district: Area | None
    now: Reading
    before: Reading | None

    @property
    def gained(self) -> bool:
        return self.now.verdict == Verdict.MET

    @property
    def why(self) -> str:
        """The value moved, the threshold moved, or the value came only now."""
        shown = wording.shown_reading(self.now)
        if self.before is None or self.before.state != State.APPROVED or self.before.value is None:
            return f"kỳ trước chưa có giá trị được duyệt, nay {shown}"
        said = f"{wording.shown_reading(self.before)} → {shown}"
        then, now = (wording.requirement(row.input, row.threshold) for row in (self.before, self.now))
        return f"{said}; mức đạt chuẩn {then} → {now}" if then != now else f"{said}, cần {now}"


@dataclass(frozen=True)
class Changes:
    """`lost` and `gained` count every change; `rows` are the first of them, losses first."""

    before: Period
    now: Period
    lost: int
    gained: int
    opened: int
    by_indicator: list[tuple[str, str, int, int]]
    rows: list[Change]


def changes(standpoint: Standpoint, territory: Territory) -> Changes | None:
    """From the year before to the page's own, in the set of the first tier. Two statements and one for the values."""
    years = standpoint.yearly[-2:]
    if len(years) < 2:
        return None
    before, now = years
    found = results(years, round__criteria_set__level="commune", round__criteria_set__tier=tiers_of("commune")[0])
    then = {(row.area_id, row.criteria_set_id): row for row in found if row.period_id == before.pk}
    pairs = [
        (then[key], row)
        for row in found
        if row.period_id == now.pk and (key := (row.area_id, row.criteria_set_id)) in then
    ]
    lost = [(new.area_id, slot) for old, new in pairs for slot in new.failing_slots if slot in _holding(old, new)]
    gained = [
        (new.area_id, slot)
        for old, new in pairs
        for slot in old.failing_slots
        if slot not in new.failing_slots and slot not in new.open_slots
    ]
    opened = sum(len(set(new.open_slots) - set(old.open_slots)) for old, new in pairs)
    rows, names = _rows(lost, gained, territory, before, now)
    counted = [Counter(slot for _, slot in keys) for keys in (lost, gained)]
    by_indicator = [(*names[slot], counted[0][slot], counted[1][slot]) for slot in sorted(names)]
    return Changes(before, now, len(lost), len(gained), opened, by_indicator, rows)


def _holding(old: Result, new: Result) -> set[int]:
    """The slots that fail now and neither failed nor were open before."""
    return set(new.failing_slots) - set(old.failing_slots) - set(old.open_slots)


def _rows(
    lost: list[Key], gained: list[Key], territory: Territory, before: Period, now: Period
) -> tuple[list[Change], dict[int, tuple[str, str]]]:
    """The changes with their values, and code and name of their indicators by slot."""
    units = {unit.area.pk: unit for unit in territory.communes}
    wanted = [*lost, *gained]
    readings = Reading.objects.filter(
        assessment__round__period__in=(before, now),
        assessment__round__criteria_set__level="commune",
        assessment__round__criteria_set__tier=tiers_of("commune")[0],
        assessment__area__in={area_id for area_id, _ in wanted},
        input__indicator__slot__in={slot for _, slot in wanted},
    ).select_related("input__indicator", "threshold", "assessment__round")
    values: dict[Key, list[Reading]] = defaultdict(list)
    for row in readings:
        values[row.assessment.area_id, row.input.indicator.slot].append(row)
    found = []
    for keys, verdict in ((lost, Verdict.NOT_MET), (gained, Verdict.MET)):
        for key in keys[:SHOWN]:
            decisive, unit = _decisive(values[key], now, verdict), units.get(key[0])
            if decisive and unit:
                of_before = (row for row in values[key] if row.assessment.round.period_id == before.pk)
                earlier = next((row for row in of_before if row.input_id == decisive.input_id), None)
                found.append(Change(unit.area, unit.district, decisive, earlier))
    named = {row.input.indicator.slot: row.input.indicator for rows in values.values() for row in rows}
    kept = {slot for _, slot in wanted}
    return found, {slot: (row.code, row.name) for slot, row in named.items() if slot in kept}


def _decisive(values: list[Reading], now: Period, verdict: Verdict) -> Reading | None:
    """The approved value of the indicator that has the verdict."""
    of = (row for row in values if row.assessment.round.period_id == now.pk)
    return next((row for row in of if row.state == State.APPROVED and row.verdict == verdict), None)
