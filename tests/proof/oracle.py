"""The law read over raw rows in plain Python, written apart from the engine: what every stored result must be.

Knows nothing of Django, SQL or the engine's modules. Rows are plain mappings (tests/proof/facts.py reads them).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

UNDETERMINED, MET, NOT_MET, NOT_APPLICABLE = range(4)
APPROVED = 5
WORD = 60
FOUR_DECIMALS = Decimal("0.0001")
PREFIX = {"criterion": "", "condition": "conditions_", "recognition": "recognition_"}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """Raw rows of one province in one period."""

    year: int
    ends_on: dt.date
    today: dt.date
    province: int
    units: dict[int, Row]  # kind, parent, region, group
    sets: dict[int, Row]  # slug, tier, default_region, level
    criteria: dict[int, Row]  # set, role, bit, is_complete
    inputs: dict[int, Row]  # criterion, slot, operator, rule, alternative
    thresholds: dict[int, Row]  # input, province, region, group, year, value, valid_from, valid_to
    folders: dict[int, Row]  # unit, set, closed_on
    readings: dict[int, Row]  # folder, input, value, not_applicable, state, threshold
    recognitions: list[Row]  # unit, tier, act, result_year, counts_from
    stated: list[Row]  # unit, kind, value


@dataclass
class Result:
    """What the law makes of one folder."""

    attainment: dict[str, int]
    words: dict[int, tuple[int, int]]
    verdicts: dict[int, int]  # by reading id
    derived: dict[int, tuple[Decimal | None, bool]] = field(default_factory=dict)  # value, not applicable
    details: dict[int, dict[str, Any]] = field(default_factory=dict)


def measure(value: Decimal | None, not_applicable: bool, operator: str, level: Decimal | None) -> int:
    """One value against one level."""
    if not_applicable:
        return NOT_APPLICABLE
    if value is None or level is None:
        return UNDETERMINED
    return MET if (value <= level if operator == "<=" else value >= level) else NOT_MET


def worst(verdicts: Iterable[int]) -> int:
    """One failing fails all; one open leaves all open; what does not apply does not count."""
    found = list(verdicts)
    if NOT_MET in found:
        return NOT_MET
    return UNDETERMINED if UNDETERMINED in found else MET


class Law:
    """Everything that follows from the facts."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._results: dict[int, Result] = {}

    @cached_property
    def _readings_of(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for key, row in self.facts.readings.items():
            found.setdefault(row["folder"], []).append(key)
        return found

    def level(self, reading: Row) -> Decimal | None:
        """The level that binds: the one that holds now; in a closed round, the one that held at its closing."""
        row = self.facts.thresholds.get(self.pinned(reading))
        return row["value"] if row else None

    def pinned(self, reading: Row) -> int | None:
        """The row that the value must be measured against."""
        folder = self.facts.folders[reading["folder"]]
        return reading["threshold"] if folder["closed_on"] else self.threshold(reading["input"], folder)

    def threshold(self, input_id: int, folder: Row) -> int | None:
        """The province's before the nation's, then the more particular by year, group, region, then the later."""
        facts, unit = self.facts, self.facts.units[folder["unit"]]
        mine = {
            "province": facts.province,
            "year": facts.year,
            "group": unit["group"],
            "region": unit["region"] or facts.sets[folder["set"]]["default_region"],
        }
        left = {
            key: row
            for key, row in facts.thresholds.items()
            if row["input"] == input_id
            and all(not row[name] or row[name] == wanted for name, wanted in mine.items())
            and (row["valid_from"] or dt.date.min) <= facts.ends_on <= (row["valid_to"] or dt.date.max)
        }
        for name in mine:
            left = {key: row for key, row in left.items() if row[name]} or left
        return max(left, key=lambda key: left[key]["valid_from"] or dt.date.min, default=None)

    def result(self, folder_id: int) -> Result:
        """Verdicts, masks, counts and derived values of a folder."""
        if folder_id not in self._results:
            self._results[folder_id] = self._result(folder_id)
        return self._results[folder_id]

    def _result(self, folder_id: int) -> Result:
        result = Result({}, {}, {})
        slots: dict[tuple[int, int], list[int]] = {}
        for key in self._readings_of.get(folder_id, []):
            row = self.facts.readings[key]
            entry = self.facts.inputs[row["input"]]
            verdict = self._verdict(key, row, entry, result)
            counts = verdict if row["state"] == APPROVED or entry["rule"] else UNDETERMINED
            slots.setdefault((entry["criterion"], entry["slot"]), []).append(counts)
        indicators = {place: worst(found) for place, found in slots.items()}
        for (_, slot), verdict in indicators.items():
            if verdict in (NOT_MET, UNDETERMINED):
                failing, open_ = result.words.get(slot // WORD, (0, 0))
                bit = 1 << slot % WORD
                result.words[slot // WORD] = (failing | bit * (verdict == NOT_MET), open_ | bit * (verdict != NOT_MET))
        result.attainment = self._attainment(self.facts.folders[folder_id]["set"], indicators)
        return result

    def _verdict(self, key: int, row: Row, entry: Row, result: Result) -> int:
        value, not_applicable = row["value"], row["not_applicable"]
        if entry["rule"] and not self.facts.folders[row["folder"]]["closed_on"]:
            value, not_applicable, result.details[key] = self._computed(row, entry["rule"])
        if entry["rule"]:
            result.derived[key] = (value, not_applicable)
        result.verdicts[key] = measure(value, not_applicable, entry["operator"], self.level(row))
        return result.verdicts[key]

    def _attainment(self, set_id: int, indicators: dict[tuple[int, int], int]) -> dict[str, int]:
        found = {f"{prefix}{name}": 0 for prefix in PREFIX.values() for name in ("failing", "undetermined")}
        counts: Counter[int] = Counter()
        for key, criterion in self.facts.criteria.items():
            if criterion["set"] != set_id:
                continue
            verdict = worst(verdict for (of, _), verdict in indicators.items() if of == key)
            if verdict == MET and not criterion["is_complete"]:
                verdict = UNDETERMINED
            prefix, bit = PREFIX[criterion["role"]], 1 << criterion["bit"]
            found[f"{prefix}failing"] |= bit * (verdict == NOT_MET)
            found[f"{prefix}undetermined"] |= bit * (verdict == UNDETERMINED)
            counts[verdict] += criterion["role"] == "criterion"
        fails, is_open = (found[name] or found[f"conditions_{name}"] for name in ("failing", "undetermined"))
        totals = {"met": counts[MET], "failing": counts[NOT_MET], "undetermined": counts[UNDETERMINED]}
        found |= {f"criteria_{name}": count for name, count in totals.items()}
        return found | {"verdict": NOT_MET if fails else UNDETERMINED if is_open else MET}

    def _computed(self, row: Row, rule: Row) -> tuple[Decimal | None, bool, dict[str, Any]]:
        unit = self.facts.folders[row["folder"]]["unit"]
        if rule["kind"] == "share":
            return self._share(unit, rule)
        below = self._folder_of(unit, rule["set"])
        if below is None:
            return None, False, {}
        if rule["kind"] == "attained":
            value = {MET: Decimal(1), NOT_MET: Decimal(0)}.get(self.result(below).attainment["verdict"])
            return value, False, {}
        return self._ratio(below, rule["input"]), False, {}

    def _folder_of(self, unit: int, slug: str) -> int | None:
        for key, folder in self.facts.folders.items():
            if folder["unit"] == unit and self.facts.sets[folder["set"]]["slug"] == slug:
                return key
        return None

    def _ratio(self, below: int, code: str) -> Decimal | None:
        for key in self._readings_of[below]:
            row = self.facts.readings[key]
            if self.facts.inputs[row["input"]]["code"] == code and row["state"] == APPROVED:
                level = self.level(row)
                if row["value"] is not None and level:
                    return (row["value"] * 100 / level).quantize(FOUR_DECIMALS, ROUND_HALF_UP)
        return None

    def members(self, unit: int, kinds: Iterable[str]) -> set[int]:
        """Units of these kinds at or below a unit."""
        below, found = {unit}, set()
        while below:
            found |= below
            below = {key for key, row in self.facts.units.items() if row["parent"] in found} - found
        return {key for key in found if self.facts.units[key]["kind"] in kinds}

    def holds(self, unit: int, tier: str, *, by: dt.date, up_to_year: int | None = None) -> bool:
        """Whether a decision known by that date gave the tier, and none since took it away."""
        mine = [row for row in self.facts.recognitions if (row["unit"], row["tier"]) == (unit, tier)]
        known = [row for row in mine if row["counts_from"] <= by]
        ended = [row["counts_from"] for row in known if row["act"] == "revoked"]
        given = [
            row["counts_from"]
            for row in known
            if row["act"] != "revoked" and (up_to_year is None or row["result_year"] <= up_to_year)
        ]
        return any(all(end < start for end in ended) for start in given)

    def _share(self, unit: int, rule: Row) -> tuple[Decimal | None, bool, dict[str, Any]]:
        members = self.members(unit, rule["member_kinds"])
        if not members:
            return None, True, {"registered": 0}
        held = sum(self.holds(key, rule["tier"], by=self.facts.today, up_to_year=self.facts.year) for key in members)
        attained = sum(
            self.facts.sets[folder["set"]]["tier"] == rule["tier"] and self.result(key).attainment["verdict"] == MET
            for key, folder in self.facts.folders.items()
            if folder["unit"] in members
        )
        stated = [
            row["value"] for row in self.facts.stated if [row["kind"]] == rule["member_kinds"] and row["unit"] == unit
        ]
        base = stated[-1] if stated else len(members)
        detail = {
            "recognised": held,
            "attained": attained,
            "registered": len(members),
            "stated": (stated or [None])[-1],
        }
        return (Decimal(held) * 100 / base).quantize(FOUR_DECIMALS), False, detail

    def roll_up(self, unit: int, set_id: int) -> dict[str, Any]:
        """Counts over the communes of a unit in one set."""
        inside = self.members(unit, self.facts.sets[set_id]["kinds"])
        found = [
            self.result(key).attainment
            for key, folder in self.facts.folders.items()
            if folder["set"] == set_id and folder["unit"] in inside
        ]
        verdicts, met = Counter(row["verdict"] for row in found), Counter(row["criteria_met"] for row in found)
        return {
            "members": len(found),
            "attained": verdicts[MET],
            "failing": verdicts[NOT_MET],
            "undetermined": verdicts[UNDETERMINED],
            "criteria_met": sum(row["criteria_met"] for row in found),
            "by_criteria_met": {str(count): units for count, units in met.items()},
        }
