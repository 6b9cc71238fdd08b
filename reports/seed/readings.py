"""The generated readings of 2023: approved, marked as illustrative, measured by the rules of the actions."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Q

from communes.models import Area
from criteria import engine
from criteria.models import Input, Reading, Round, State
from criteria.resolving import resolver_for
from reports.seed import files
from reports.seed.profiles import Profiles
from reports.seed.values import value_for

_WRITTEN = [
    "value",
    "not_applicable",
    "verdict",
    "threshold",
    "state",
    "version",
    "origin",
    "source",
    "is_illustrative",
]


def load(province: Area) -> int:
    """Fill every round of the year and bring attainment up to date; returns how many values."""
    plan = files.document("readings.yaml")
    rounds = Round.objects.filter(province=province, period__code=str(plan["period"]))
    generators: dict[str, Generator] = {}
    for opened in rounds.select_related("criteria_set", "period").order_by("criteria_set__slug"):
        generators[opened.criteria_set.slug] = Generator(plan, opened, generators)
    written = sum(generator.fill() for generator in generators.values())
    engine.recompute(engine.folders(Q(round__in=rounds)))
    return written


class Generator:
    """Puts values on the readings of one round. `others` are the generators of all sets, by slug."""

    def __init__(self, plan: dict[str, Any], opened: Round, others: dict[str, "Generator"]) -> None:
        self._plan, self._opened, self._others = plan, opened, others
        self._slug = opened.criteria_set.slug
        inputs = (
            Input.objects.filter(indicator__criterion__criteria_set=opened.criteria_set)
            .select_related("indicator__criterion")
            .prefetch_related("indicator__inputs")
        )
        self._inputs = {entry.pk: entry for entry in inputs}
        self._by_code = {entry.code: entry for entry in inputs}
        self._resolver = resolver_for(opened)
        self._profiles = Profiles(plan, opened, list(inputs))
        self._failing: dict[str, set[str]] = {}
        self._fixed = next((entry for entry in plan["fixed"] if entry["set"] == self._slug), None)
        self._shared = [entry for entry in plan["same"] if self._slug in entry["sets"]]

    def fill(self) -> int:
        """Write every value that a person would have entered; returns how many."""
        entered = Reading.objects.filter(assessment__round=self._opened, input__derived__isnull=True)
        readings = list(entered.select_related("assessment__area").order_by("id"))
        for reading in readings:
            reading.input = self._inputs[reading.input_id]
            self._set(reading)
        store(readings, _WRITTEN)
        return len(readings)

    def _set(self, reading: Reading) -> None:
        area = reading.assessment.area
        if self._profiles.applies(reading.input, area.code):
            reading.value = self._value(reading.input, area)
        else:
            reading.not_applicable = True
        self._resolver.pin(reading)
        reading.state = State.APPROVED if reading.value is not None or reading.not_applicable else State.DRAFT
        reading.version += 1
        reading.origin, reading.source = Reading.Origin.GENERATED, self._plan["source"]
        reading.is_illustrative = True

    def _value(self, entry: Input, area: Area) -> Decimal | None:
        if self._fixed:
            return _fixed_value(self._fixed, entry)
        for shared in self._shared:
            codes = next((row for row in shared["inputs"] if row[shared["sets"].index(self._slug)] == entry.code), None)
            if codes:
                return self._leading_value(shared["sets"], codes, area)
        return self.generated(entry.code, area)

    def _leading_value(self, slugs: list[str], codes: list[str], area: Area) -> Decimal | None:
        """One fact, one value: made for the highest set whose tier the unit holds, else for the first."""
        held = [slug for slug in slugs if self._others[slug].holds(area)]
        leader = held[-1] if held else slugs[0]
        return self._others[leader].generated(codes[slugs.index(leader)], area)

    def holds(self, area: Area) -> bool:
        """Whether the unit holds the tier of this set."""
        return area.code in self._profiles.holding

    def generated(self, code: str, area: Area) -> Decimal | None:
        """The value of the input `code` for the unit: the same whenever it is asked."""
        entry = self._by_code[code]
        if area.code not in self._failing:
            self._failing[area.code] = self._profiles.failing(area.code)
        meets = entry.indicator.code not in self._failing[area.code]
        asked = self._asked(entry, area)
        return value_for(entry, asked, meets=meets, key=(self._slug, area.code, code))

    def _asked(self, entry: Input, area: Area) -> Decimal | None:
        """What the value has to reach: the threshold, and more where a higher tier stands on it."""
        found, lifted = self._resolver.threshold_for(entry, area.pk), self._plan["lifted"]
        if found is None:
            return None
        lifts = (self._slug, entry.code) == (lifted["set"], lifted["input"])
        if lifts and self._others[lifted["holding"]].holds(area):
            return found.value * Decimal(str(lifted["factor"]))
        return found.value


def _fixed_value(fixed: dict[str, Any], entry: Input) -> Decimal | None:
    if "met" in fixed:
        return Decimal(entry.code in fixed["met"])
    value = fixed["values"].get(entry.code)
    return None if value is None else Decimal(str(value))


def store(readings: Iterable[Reading], fields: list[str]) -> None:
    """Write `fields` of rows that exist: one statement a batch, many times quicker than an update row by row."""
    Reading.objects.bulk_create(
        readings, update_conflicts=True, unique_fields=["id"], update_fields=fields, batch_size=1000
    )
