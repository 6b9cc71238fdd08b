"""Pinning a threshold to a value and giving its verdict: the one place where readings meet the law."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from communes.models import Area, Classification
from criteria.models import CriteriaSet, Input, Reading, Threshold, Verdict
from criteria.rules import thresholds, verdicts
from criteria.statements import Ids, run

_CLASSES = """
    SELECT area_id, scheme, value FROM communes_classification
    WHERE (valid_from IS NULL OR valid_from <= %(on)s) AND (valid_to IS NULL OR valid_to >= %(on)s) AND area_id {ids}
"""


# The rules' word as the model has it.
_STORED = {each: Verdict(int(each)) for each in verdicts.Verdict}


def verdict_sql(value: str, not_applicable: str, operator: str, level: str) -> str:
    """The same verdict (criteria.rules.verdicts) as an SQL expression over four columns."""
    return f"""CASE
        WHEN {not_applicable} THEN {Verdict.NOT_APPLICABLE:d}
        WHEN {value} IS NULL OR {level} IS NULL THEN {Verdict.UNDETERMINED:d}
        WHEN {operator} = '{Input.Operator.AT_MOST}' AND {value} <= {level} THEN {Verdict.MET:d}
        WHEN {operator} <> '{Input.Operator.AT_MOST}' AND {value} >= {level} THEN {Verdict.MET:d}
        ELSE {Verdict.NOT_MET:d} END"""


class Resolver:
    """Thresholds and classes needed to resolve readings of one set in one period: two queries in all."""

    def __init__(
        self,
        *,
        criteria_set: CriteriaSet,
        province_id: int,
        year: int,
        on: dt.date,
        area_ids: Iterable[int] | None = None,
        input_ids: Iterable[int] | None = None,
    ) -> None:
        self.criteria_set, self.province_id, self.year, self.on = criteria_set, province_id, year, on
        self._rows: dict[int, list[Threshold]] = defaultdict(list)
        # Few classes share thousands of values: each is looked for once.
        self._picked: dict[tuple[int, str, str], Threshold | None] = {}
        known = Threshold.objects.order_by("id")
        if input_ids is None:
            known = known.filter(input__indicator__criterion__criteria_set=criteria_set)
        else:
            known = known.filter(input_id__in=input_ids)
        for row in known:
            self._rows[row.input_id].append(row)
        units = Ids.every() if area_ids is None else Ids.of(area_ids)
        self._classes = {(area, scheme): value for area, scheme, value in run(_CLASSES, units, on=on)[1]}

    def region_of(self, area_id: int) -> str:
        """The region whose column applies to the unit: its own class, else the set's default."""
        return self._classes.get((area_id, Classification.Scheme.REGION), self.criteria_set.default_region)

    def group_of(self, area_id: int) -> str:
        """The group whose column applies to the unit, where a text tells groups of communes apart; else empty."""
        return self._classes.get((area_id, Classification.Scheme.COMMUNE_GROUP), "")

    def one_of_each_kind(self, area_ids: Iterable[int]) -> list[int]:
        """Units that together meet every threshold that any of `area_ids` meets: hundreds are of few kinds."""
        return list({(self.region_of(pk), self.group_of(pk)): pk for pk in area_ids}.values())

    def applies(self, entry: Input, area_id: int) -> bool:
        """Whether the unit has to answer this input at all (some hold in certain regions only)."""
        return not entry.regions or self.region_of(area_id) in entry.regions

    def threshold_for(self, entry: Input, area_id: int) -> Threshold | None:
        """The threshold that binds the unit; None = chưa có ngưỡng."""
        region = self.region_of(area_id)
        group = self.group_of(area_id)
        key = entry.pk, region, group
        if key not in self._picked:
            self._picked[key] = self._pick(entry, region, group)
        return self._picked[key]

    def _pick(self, entry: Input, region: str, group: str) -> Threshold | None:
        return thresholds.pick(
            self._rows.get(entry.pk, []),
            region=region,
            group=group,
            year=self.year,
            on=self.on,
            province_id=self.province_id,
        )

    def resolve(
        self, entry: Input, area_id: int, value: Decimal | None, not_applicable: bool
    ) -> tuple[Verdict, Threshold | None]:
        """The verdict of a value and the threshold it was measured against."""
        found = self.threshold_for(entry, area_id)
        verdict = verdicts.resolve(value, not_applicable, entry.operator, found.value if found else None)
        return _STORED[verdict], found

    def pin(self, reading: Reading) -> None:
        """Set verdict and threshold of an unsaved change; `reading.input` and `.assessment` must be loaded."""
        reading.verdict, reading.threshold = self.resolve(
            reading.input, reading.assessment.area_id, reading.value, reading.not_applicable
        )


def resolver_for(reading_round, area: Area | None = None, area_ids: Iterable[int] | None = None) -> Resolver:
    """The resolver of a round (of one unit, or of some, if given)."""
    return Resolver(
        criteria_set=reading_round.criteria_set,
        province_id=reading_round.province_id,
        year=reading_round.period.year,
        on=reading_round.period.ends_on,
        area_ids=[area.pk] if area else area_ids,
    )


def resolver_of_value(reading: Reading) -> Resolver:
    """The resolver of one value: it reads the levels of that input and the classes of that unit only."""
    opened = reading.assessment.round
    return Resolver(
        criteria_set=opened.criteria_set,
        province_id=opened.province_id,
        year=opened.period.year,
        on=opened.period.ends_on,
        area_ids=[reading.assessment.area_id],
        input_ids=[reading.input_id],
    )
