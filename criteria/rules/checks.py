"""What a rulebook must say beyond its shape: levels, codes, counts, and references between sets."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Any

from criteria.rules import ranges
from criteria.rules.documents import Document, Fault, Place

ROLES = {"criteria": "criterion", "conditions": "condition", "recognition_conditions": "recognition"}
LEVELS = ("threshold", "by_region", "by_year", "by_group")
Data = dict[str, Any]


def criteria_of(data: Data) -> Iterator[tuple[Place, str, Data]]:
    """Every criterion and condition: its place in the file, its role, what it says."""
    for key, role in ROLES.items():
        for n, criterion in enumerate(data.get(key, [])):
            yield (key, n), role, criterion


def indicators_of(data: Data) -> Iterator[tuple[Place, Data]]:
    """Every indicator with its place."""
    for place, _, criterion in criteria_of(data):
        for n, indicator in enumerate(criterion["indicators"]):
            yield (*place, "indicators", n), indicator


def entries_of(data: Data) -> Iterator[tuple[Place, Data, Data]]:
    """Every input: its place, what it says, and its indicator (itself, or the one it is a sub-condition of)."""
    for place, indicator in indicators_of(data):
        yield place, indicator, indicator
        for n, entry in enumerate(indicator.get("sub_conditions", [])):
            yield (*place, "sub_conditions", n), entry, indicator


def summed(data: Data) -> set[str]:
    """The codes of every total and every part."""
    stated = [(entry["code"], *entry["parts"]["codes"]) for _, entry, _ in entries_of(data) if "parts" in entry]
    return {code for codes in stated for code in codes}


def levels_of(entry: Data) -> Iterator[tuple[Place, dict[str, str], Decimal | int | bool | None]]:
    """Every level of an input, known or not: its place, its key (region, group, year), its value."""
    if "threshold" in entry:
        yield ("threshold",), {}, entry["threshold"]
    for region, level in entry.get("by_region", {}).items():
        yield ("by_region", region), {"region": region}, level
    for group, level in entry.get("by_group", {}).items():
        yield ("by_group", group), {"group": group}, level
    for year, regions in entry.get("by_year", {}).items():
        for region, level in regions.items():
            yield ("by_year", year, region), {"year": year, "region": region}, level


def one(document: Document) -> Iterator[Fault]:
    """Faults of one rulebook that has passed the schema."""
    yield from _codes(document)
    for place, entry, indicator in entries_of(document.data):
        yield from _entry(document, place, entry, indicator)
    yield from _sub_conditions(document)
    yield from _sums(document)
    yield from _references_within(document)
    yield from _counts(document)
    if document.data["effective_to"] and document.data["effective_to"] < document.data["effective_from"]:
        yield document.fault(("effective_to",), "effective_to lies before effective_from")


def _codes(document: Document) -> Iterator[Fault]:
    criteria = [(place, criterion["code"]) for place, _, criterion in criteria_of(document.data)]
    entries = [(place, entry["code"]) for place, entry, _ in entries_of(document.data)]
    for named, found in (("criterion", criteria), ("indicator or sub-condition", entries)):
        seen: set[str] = set()
        for place, code in found:
            if code in seen:
                yield document.fault((*place, "code"), f"code {code!r} is used by another {named} of the set")
            seen.add(code)


def _entry(document: Document, place: Place, entry: Data, indicator: Data) -> Iterator[Fault]:
    code = entry["code"]
    if (entry["value_type"] == "boolean") != (entry["operator"] == "is_true"):
        yield document.fault((*place, "operator"), f"{code}: is_true goes with boolean, >= and <= with numbers")
        return
    stated = [key for key in LEVELS if key in entry]
    if len(stated) != 1:
        yield document.fault(place, f"{code}: missing threshold; say one of {', '.join(LEVELS)} (null = not known)")
        return
    if entry.get("threshold", 0) is None and not indicator.get("set_by_province"):
        yield document.fault(
            (*place, "threshold"), f"{code}: missing threshold; null alone needs set_by_province: true"
        )
    if stated[0] in ("by_region", "by_year") and "default_region" not in document.data:
        yield document.fault((*place, stated[0]), f"{code}: {stated[0]} needs default_region in the set")
    for at, _, level in levels_of(entry):
        if reason := _level_fault(level, entry):
            yield document.fault((*place, *at), f"{code}: {reason}")


def _level_fault(level: Decimal | int | bool | None, entry: Data) -> str | None:
    if level is None:
        return None
    if entry["value_type"] == "boolean":
        return None if level is True else "the level of a yes/no requirement is true or null"
    if isinstance(level, bool):
        return "the level must be a number"
    if "derived" not in entry and ranges.fault(Decimal(level), entry["value_type"]):
        return f"{level} cannot be a {entry['value_type']}"
    return None


def _sub_conditions(document: Document) -> Iterator[Fault]:
    for place, indicator in indicators_of(document.data):
        subs = indicator.get("sub_conditions", [])
        for n, entry in enumerate(subs):
            if not entry["code"].startswith(f"{indicator['code']}."):
                at = (*place, "sub_conditions", n, "code")
                yield document.fault(at, f"{entry['code']}: a sub-condition's code starts with {indicator['code']}.")
        alternatives = Counter(entry.get("alternative") for entry in subs)
        for n, entry in enumerate(subs):
            if "alternative" in entry and alternatives[entry["alternative"]] < 2:
                at = (*place, "sub_conditions", n, "alternative")
                yield document.fault(at, f"alternative {entry['alternative']!r} has only one member")


def _sums(document: Document) -> Iterator[Fault]:
    """Sums of what is no input of the set, is not entered, is measured otherwise, or stands in a circle."""
    known = {entry["code"]: entry for _, entry, _ in entries_of(document.data)}
    stands_on: dict[str, set[str]] = {}
    for place, entry, _ in entries_of(document.data):
        if "parts" not in entry:
            continue
        stands_on[entry["code"]] = set(entry["parts"]["codes"])
        for n, code in enumerate(entry["parts"]["codes"]):
            if reason := _part_fault(entry, known.get(code)):
                yield document.fault((*place, "parts", "codes", n), f"{entry['code']}: {code!r} {reason}")
        if reason := _total_fault(entry):
            yield document.fault((*place, "parts"), f"{entry['code']}: {reason}")
    try:
        TopologicalSorter(stands_on).prepare()
    except CycleError as error:
        yield document.fault((), f"sums stand on each other in a circle: {' → '.join(error.args[1])}")


def _part_fault(total: Data, part: Data | None) -> str | None:
    if part is None:
        return "is no input of the set"
    if "derived" in part:
        return "is computed by the portal and cannot be a part"
    same = all(total.get(key, "") == part.get(key, "") for key in ("value_type", "unit"))
    return None if same else "is not of the same value_type and unit"


def _total_fault(total: Data) -> str | None:
    if total["value_type"] == "boolean":
        return "yes/no has no parts"
    return "a value computed by the portal has no parts" if "derived" in total else None


def _references_within(document: Document) -> Iterator[Fault]:
    data = document.data
    known = {criterion["code"] for criterion in data["criteria"]}
    named: list[tuple[Place, list[str]]] = [(("incomplete_criteria",), data.get("incomplete_criteria", []))]
    named += [(("groups", n, "criteria"), group["criteria"]) for n, group in enumerate(data.get("groups", []))]
    for n, rule in enumerate(data.get("revocation", {}).get("any_of", [])):
        named.append((("revocation", "any_of", n, "including_one_of"), rule.get("including_one_of", [])))
    for place, codes in named:
        for code in codes:
            if code not in known:
                yield document.fault(place, f"no criterion {code!r} in the set")


def _counts(document: Document) -> Iterator[Fault]:
    """A set may list less than it declares, but it must then say where it is incomplete."""
    data, declared = document.data, document.data["declared"]
    criteria, indicators = listed(data)
    for what, count in (("criteria", criteria), ("indicators", indicators)):
        if declared[what] is not None and count > declared[what]:
            yield document.fault(("declared", what), f"{count} {what} listed, {declared[what]} declared")
    if not data["complete"]:
        return
    if declared["criteria"] is not None and criteria < declared["criteria"]:
        reason = f"{criteria} of {declared['criteria']} criteria listed: the set must say complete: false"
        yield document.fault(("declared", "criteria"), reason)
    incomplete = data.get("incomplete_criteria", [])
    if declared["indicators"] is not None and indicators < declared["indicators"] and not incomplete:
        reason = f"{indicators} of {declared['indicators']} indicators listed: name the criteria that may lack one"
        yield document.fault(("declared", "indicators"), f"{reason} under incomplete_criteria")
    for place, _, criterion in criteria_of(data):
        if not criterion["indicators"] and criterion["code"] not in incomplete:
            yield document.fault(place, f"criterion {criterion['code']} has no indicator and is not incomplete")


def listed(data: Data) -> tuple[int, int]:
    """How many criteria and indicators the file lists; conditions are not counted."""
    return len(data["criteria"]), sum(len(criterion["indicators"]) for criterion in data["criteria"])


def together(documents: list[Document]) -> Iterator[Fault]:
    """Faults between rulebooks: versions that overlap, references to what does not exist or in a circle."""
    yield from _versions(documents)
    yield from _circles(documents)
    for document in documents:
        for place, entry, _ in entries_of(document.data):
            if "derived" in entry and (found := _derived_fault(entry["derived"], documents)):
                key, reason = found
                yield document.fault((*place, "derived", key), f"{entry['code']}: {reason}")


def _versions(documents: list[Document]) -> Iterator[Fault]:
    for n, document in enumerate(documents):
        for other in documents[:n]:
            mine, theirs = document.data, other.data
            if mine["slug"] != theirs["slug"]:
                continue
            if mine["version"] == theirs["version"]:
                yield document.fault(("version",), f"version {mine['version']} is also in {other.path.name}")
            elif _overlap(mine, theirs):
                reason = f"the dates overlap version {theirs['version']} in {other.path.name}"
                yield document.fault(("effective_from",), reason)


def _overlap(mine: Data, theirs: Data) -> bool:
    last = dt.date.max.isoformat()
    return bool(
        mine["effective_from"] <= (theirs["effective_to"] or last)
        and theirs["effective_from"] <= (mine["effective_to"] or last)
    )


def _circles(documents: list[Document]) -> Iterator[Fault]:
    stands_on: dict[str, set[str]] = {document.data["slug"]: set() for document in documents}
    for document in documents:
        for _, entry, _ in entries_of(document.data):
            if named := entry.get("derived", {}).get("set"):
                stands_on[document.data["slug"]].add(named)
    try:
        TopologicalSorter(stands_on).prepare()
    except CycleError as error:
        circle = error.args[1]
        at = next(document for document in documents if document.data["slug"] in circle)
        yield at.fault(("slug",), f"sets stand on each other in a circle: {' → '.join(circle)}")


def _derived_fault(rule: Data, documents: Iterable[Document]) -> tuple[str, str] | None:
    """The key of the rule that names what does not exist, and the reason."""
    if rule["kind"] == "share":
        wanted = set(rule["member_kinds"])
        tiers = {d.data["tier"] for d in documents if wanted & set(d.data["kinds"])}
        return None if rule["tier"] in tiers else ("tier", f"no set grants tier {rule['tier']!r} to {sorted(wanted)}")
    named = [d for d in documents if d.data["slug"] == rule["set"]]
    if not named:
        return "set", f"no set {rule['set']!r}"
    codes = {entry["code"] for d in named for _, entry, _ in entries_of(d.data)}
    return None if rule.get("input") in (None, *codes) else ("input", f"no input {rule['input']!r} in {rule['set']}")
