"""Stored rows against the oracle: communes at once, districts and the province unless the job has them to do."""

from typing import Any

from criteria.models import Attainment, DirtyScope, RollUp
from tests.proof.oracle import APPROVED, Facts, Law
from tests.proof.world import World

_COUNTS = ("members", "attained", "failing", "undetermined", "criteria_met", "by_criteria_met")
COMMUNE_KINDS = {"xa", "thi_tran"}


def faults(world: World, facts: Facts | None = None) -> list[str]:
    """Where what is stored is not what the law says; empty is right. `facts` where they were just read."""
    facts = facts or world.facts()
    law, waiting = Law(facts), _waiting(world)
    right = [key for key, folder in facts.folders.items() if folder["unit"] not in waiting]
    found = [fault for key in right for fault in _reading_faults(key, facts, law)]
    return found + _attainment_faults(right, facts, law) + _roll_up_faults(world, facts, law, waiting)


def _waiting(world: World) -> set[int]:
    """Units whose rows may be late: those that the job was told of."""
    return set(DirtyScope.objects.filter(period=world.period).values_list("area_id", flat=True))


def _reading_faults(folder_id: int, facts: Facts, law: Law) -> list[str]:
    found, result = [], law.result(folder_id)
    for key, verdict in result.verdicts.items():
        row = facts.readings[key]
        where = f"reading {_name(key, facts)}"
        if row["verdict"] != verdict:
            found.append(f"{where}: verdict {row['verdict']}, the law says {verdict}")
        if row["threshold"] != law.pinned(row):
            found.append(f"{where}: level {row['threshold']}, the law says {law.pinned(row)}")
        if key in result.derived:
            stored = (row["value"], row["not_applicable"], row["state"])
            if stored != (*result.derived[key], APPROVED):
                found.append(f"{where}: {stored}, the law says {result.derived[key]}")
            if (told := _detail(row["detail"])) != result.details.get(key, told) and "registered" in told:
                found.append(f"{where}: counts {told}, the law says {result.details[key]}")
    return found


def _detail(detail: dict[str, Any] | None) -> dict[str, Any]:
    """The counts of a share; its stated denominator as the number only."""
    kept = {name: value for name, value in (detail or {}).items() if name not in ("decided_by", "stated")}
    if "recognised" in kept:
        kept["stated"] = detail["stated"]["value"] if detail["stated"] else None
    return kept


def _attainment_faults(right: list[int], facts: Facts, law: Law) -> list[str]:
    rows = {row["assessment_id"]: row for row in Attainment.objects.filter(pk__in=right).values()}
    found = []
    for key in right:
        expected = law.result(key)
        stored = {name: rows[key][name] for name in expected.attainment}
        if stored != expected.attainment:
            found.append(f"folder {_folder(key, facts)}: {stored}, the law says {expected.attainment}")
        words = {int(word): tuple(masks) for word, masks in rows[key]["indicators"].items()}
        if words != expected.words:
            found.append(f"indicators {_folder(key, facts)}: {words}, the law says {expected.words}")
    return found


def _roll_up_faults(world: World, facts: Facts, law: Law, waiting: set[int]) -> list[str]:
    rows = {
        (row.area_id, row.criteria_set_id): {name: getattr(row, name) for name in _COUNTS}
        for row in RollUp.objects.filter(period=world.period, area__in=facts.units)
    }
    sets = [key for key, row in facts.sets.items() if COMMUNE_KINDS & set(row["kinds"])]
    return [
        f"roll-up of {unit}, {facts.sets[each]['slug']}: {rows.get((unit.pk, each))}, the law says {expected}"
        for unit in (*world.districts, world.province)
        if unit.pk not in waiting
        for each in sets
        for expected in [law.roll_up(unit.pk, each)]
        if rows.get((unit.pk, each)) != expected
    ]


def _folder(key: int, facts: Facts) -> str:
    folder = facts.folders[key]
    return f"{facts.sets[folder['set']]['slug']} of unit {folder['unit']}"


def _name(key: int, facts: Facts) -> str:
    row = facts.readings[key]
    return f"{facts.inputs[row['input']]['code']} in {_folder(row['folder'], facts)}"
