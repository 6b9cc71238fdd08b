"""Loading rulebooks: every file is checked first, then all go in together or none does."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat

from accounts import audit
from communes import epochs
from communes.models import LEVEL_OF_KIND, Kind
from criteria.models import CriteriaSet, Criterion, Indicator, Input, LeadDepartment, Round, Threshold
from criteria.models.law import WORD_BITS
from criteria.rules import checks, documents
from criteria.rules.checks import Data
from criteria.rules.documents import SETS, Document, Fault

_BATCH = 500
_CONFIRMATION = ("confirmed_by", "confirmed_at", "legal_reference", "confidence")
_OLD = "~"  # stands before the codes of criteria that are being replaced


class LawRefused(Exception):
    """Some rulebook is wrong; nothing was changed. `faults` says where."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Outcome:
    slug: str
    version: int
    state: str  # added, replaced, amended (end of validity, notes), unchanged


def load(directory: Path = SETS) -> list[Outcome]:
    """Load every *.yaml of `directory`; sets whose text did not change are not written.

    Raises LawRefused with all faults found. A set in use (it has rounds) cannot change: it gets a new version.
    """
    law = _checked(sorted(directory.glob("*.yaml")))
    with transaction.atomic():
        stored = {(row.slug, row.version): row for row in CriteriaSet.objects.select_for_update()}
        changed = [document for document in law if _differs(document, stored.get(_key(document)))]
        elsewhere = [row for key, row in stored.items() if key not in map(_key, law)]
        faults = [fault for document in changed for fault in _overlaps(document, elsewhere)]
        faults += [fault for document in changed for fault in _in_use(document, stored.get(_key(document)))]
        if faults:
            raise LawRefused(faults)
        outcomes = {document.path: _write(document, stored.get(_key(document))) for document in changed}
        if outcomes:
            epochs.bump()
    return [outcomes.get(document.path) or Outcome(*_key(document), "unchanged") for document in law]


def _checked(paths: list[Path]) -> list[Document]:
    """The documents of all files, or LawRefused: shapes first, then what they say, then how they fit together."""
    read = [documents.read(path) for path in paths]
    law = [document for document, _ in read]
    faults = [fault for _, found in read for fault in found]
    faults = faults or [fault for document in law for fault in (*checks.one(document), *_kinds(document))]
    faults = faults or list(checks.together(law))
    if faults:
        raise LawRefused(faults)
    return law


def _kinds(document: Document) -> list[Fault]:
    """Kinds that do not belong to the set's level."""
    level, kinds = document.data["level"], document.data["kinds"]
    return [
        document.fault(("kinds",), f"{kind} is not a unit of level {level}")
        for kind in kinds
        if LEVEL_OF_KIND[Kind(kind)] != level
    ]


def _key(document: Document) -> tuple[str, int]:
    return document.data["slug"], document.data["version"]


def _differs(document: Document, row: CriteriaSet | None) -> bool:
    return row is None or row.checksum != document.checksum or _header_of(row) != _header(document)


def _header(document: Document) -> tuple[dt.date | None, list[str]]:
    """What may change in a set that is in use: its last day and the notes."""
    last = document.data["effective_to"]
    return dt.date.fromisoformat(last) if last else None, document.data.get("notes", [])


def _header_of(row: CriteriaSet) -> tuple[dt.date | None, list[str]]:
    return row.effective_to, row.notes


def _in_use(document: Document, row: CriteriaSet | None) -> list[Fault]:
    """Why a stored set cannot be replaced: rounds stand on it, or levels that the province entered would be lost."""
    if row is None or row.checksum == document.checksum:
        return []
    slug, version = _key(document)
    if Round.objects.filter(criteria_set=row).exists():
        reason = f"{slug} version {version} has rounds and cannot change: add a new version"
        return [document.fault(("version",), reason)]
    entries = {entry["code"] for _, entry, _ in checks.entries_of(document.data)}
    overrides = _overrides(row).exclude(input__code__in=entries)
    lost = overrides.order_by("input__code").values_list("input__code", flat=True).distinct()
    return [document.fault((), f"{code} is gone, but the province has entered its threshold") for code in lost]


def _overlaps(document: Document, elsewhere: list[CriteriaSet]) -> list[Fault]:
    """Versions in the database, without a file here, whose dates meet those of the document."""
    data = document.data
    return [
        document.fault(("effective_from",), f"the dates overlap version {row.version} in the database")
        for row in elsewhere
        if row.slug == data["slug"]
        and row.effective_from.isoformat() <= (data["effective_to"] or "9999-12-31")
        and (row.effective_to is None or data["effective_from"] <= row.effective_to.isoformat())
    ]


def _overrides(row: CriteriaSet) -> QuerySet[Threshold]:
    """Levels that the province entered."""
    return Threshold.objects.filter(input__indicator__criterion__criteria_set=row, province__isnull=False)


def _write(document: Document, row: CriteriaSet | None) -> Outcome:
    """Write one set and its audit record. The row itself stays, so that what refers to it still does."""
    before = row.checksum if row else ""
    state = "added" if row is None else "amended" if before == document.checksum else "replaced"
    row = row or CriteriaSet(slug=document.data["slug"], version=document.data["version"])
    _fill(row, document)
    row.save()
    if state != "amended":
        Criterion.objects.filter(criteria_set=row).update(code=Concat(Value(_OLD), F("code")))
        _write_contents(row, document.data)
        _carry_over(row)
    change = {"version": row.version, "before": before, "after": row.checksum}
    audit.record(by=None, action=f"law.{state}", subject=row, data=change)
    return Outcome(row.slug, row.version, state)


def _fill(row: CriteriaSet, document: Document) -> None:
    data = document.data
    for name in ("level", "kinds", "tier", "name", "effective_from", "confidence", "legal_basis"):
        setattr(row, name, data[name])
    row.declared_criteria, row.declared_indicators = data["declared"]["criteria"], data["declared"]["indicators"]
    row.listed_criteria, row.listed_indicators = checks.listed(data)
    row.allows_rounds = data["complete"]
    row.default_region = data.get("default_region", "")
    row.revocation = data.get("revocation", {})
    row.effective_to, row.notes = _header(document)
    row.checksum = document.checksum


def _write_contents(row: CriteriaSet, data: Data) -> None:
    """Criteria, indicators, inputs and known thresholds: one statement for each kind."""
    found = list(checks.criteria_of(data))
    bits: Counter[str] = Counter()
    criteria = [_criterion(row, data, role, said, bits) for _, role, said in found]
    Criterion.objects.bulk_create(criteria, batch_size=_BATCH)
    say_incomplete(row)
    indicators: list[Indicator] = []
    inputs: list[Input] = []
    summed = checks.summed(data)
    thresholds: list[Threshold] = []
    for criterion, (_, _, said) in zip(criteria, found, strict=True):
        for n, indicator in enumerate(said["indicators"]):
            indicators.append(_indicator(criterion, n, len(indicators), indicator))
            for m, entry in enumerate([indicator, *indicator.get("sub_conditions", [])]):
                inputs.append(_input(indicators[-1], m, entry, entry["code"] in summed))
                thresholds += _thresholds(inputs[-1], entry, indicator, _reference(data))
    Indicator.objects.bulk_create(indicators, batch_size=_BATCH)
    Input.objects.bulk_create(inputs, batch_size=_BATCH)
    Threshold.objects.bulk_create(thresholds, batch_size=_BATCH)


def say_incomplete(row: CriteriaSet) -> None:
    """Keep on the set which of its criteria can never be met, by role."""
    masks = {f"incomplete_{role}_mask": 0 for role in Criterion.Role.values}
    for criterion in row.criteria.filter(is_complete=False).exclude(code__startswith=_OLD):
        masks[f"incomplete_{criterion.role}_mask"] |= 1 << criterion.bit
    CriteriaSet.objects.filter(pk=row.pk).update(**masks)


def _criterion(row: CriteriaSet, data: Data, role: str, said: Data, bits: Counter[str]) -> Criterion:
    """`bits` counts the criteria of each role so far."""
    group: Data = next((group for group in data.get("groups", []) if said["code"] in group["criteria"]), {})
    bits[role] += 1
    return Criterion(
        criteria_set=row,
        code=said["code"],
        name=said["name"],
        role=role,
        bit=bits[role] - 1,
        group_code=group.get("code", "") if role == Criterion.Role.CRITERION else "",
        group_name=group.get("name", "") if role == Criterion.Role.CRITERION else "",
        is_complete=data["complete"] and said["code"] not in data.get("incomplete_criteria", []),
        is_placeholder=said.get("placeholder", False),
        confidence=said["confidence"],
        source=said.get("source", ""),
    )


def _indicator(criterion: Criterion, ordinal: int, slot: int, said: Data) -> Indicator:
    """`slot` counts the indicators through the whole set: its place in the masks."""
    printed = [f"Văn bản ghi “{said['required_text']}” ở cột mức."] if "required_text" in said else []
    return Indicator(
        criterion=criterion,
        code=said["code"],
        name=said["name"],
        ordinal=ordinal,
        slot=slot,
        may_not_apply=said.get("may_not_apply", False),
        set_by_province=said.get("set_by_province", False),
        is_numbered=said.get("numbered", True),
        is_placeholder=said.get("placeholder", False),
        confidence=said["confidence"],
        name_confidence=said.get("name_confidence") or said["confidence"],
        source=said.get("source", ""),
        notes=printed + said.get("notes", []),
    )


def _input(indicator: Indicator, ordinal: int, said: Data, in_sum: bool) -> Input:
    return Input(
        indicator=indicator,
        code=said["code"],
        name=said["name"],
        ordinal=ordinal,
        value_type=said["value_type"],
        unit=said.get("unit", ""),
        operator=said["operator"],
        required_grade=said.get("required_grade", ""),
        regions=said.get("regions", []),
        may_not_apply=said.get("may_not_apply", False),
        alternative=said.get("alternative", ""),
        derived=said.get("derived"),
        parts=said.get("parts"),
        in_sum=in_sum,
        confidence=said["confidence"],
        word=indicator.slot // WORD_BITS,
        indicator_mask=1 << indicator.slot % WORD_BITS,
        **{f"{indicator.criterion.role}_mask": 1 << indicator.criterion.bit},
    )


def _reference(data: Data) -> str:
    """The decision that the set stands on: "318/QĐ-TTg, Phụ lục I"."""
    basis = data["legal_basis"][0]
    return ", ".join(basis[key] for key in ("number", "annex") if key in basis)


def _thresholds(entry: Input, said: Data, indicator: Data, reference: str) -> list[Threshold]:
    """One row for each known level; a level that is not known leaves no row."""
    confidence = said.get("by_region_confidence", {})
    otherwise = confidence.get("other", said["confidence"])
    return [
        Threshold(
            input=entry,
            region=key.get("region", ""),
            group=key.get("group", ""),
            year=int(key["year"]) if "year" in key else None,
            value=Decimal(level),
            legal_reference=said.get("legal_reference", reference),
            confidence=confidence.get(key.get("region"), otherwise),
            source=said.get("source") or indicator.get("source") or "",
        )
        for _, key, level in checks.levels_of(said)
        if level is not None
    ]


def _carry_over(row: CriteriaSet) -> None:
    """Move what people entered (provincial thresholds, confirmations, lead departments) to the new rows and drop
    the old ones."""
    mine = list(Criterion.objects.filter(criteria_set=row))
    old = [criterion for criterion in mine if criterion.code.startswith(_OLD)]
    new = {criterion.code: criterion for criterion in mine if not criterion.code.startswith(_OLD)}
    if old:
        _move_thresholds(row, Input.objects.filter(indicator__criterion__in=new.values()))
        _move_leads(old, new)
        Criterion.objects.filter(pk__in=[criterion.pk for criterion in old]).delete()


def _move_thresholds(row: CriteriaSet, fresh: QuerySet[Input]) -> None:
    inputs = {entry.code: entry for entry in fresh}
    overrides = list(_overrides(row).select_related("input"))
    for override in overrides:
        override.input = inputs[override.input.code]
    Threshold.objects.bulk_update(overrides, ["input"], batch_size=_BATCH)
    for level in Threshold.objects.filter(
        input__indicator__criterion__criteria_set=row, province=None, confirmed_by__isnull=False
    ).select_related("input"):
        Threshold.objects.filter(
            input=inputs.get(level.input.code),
            province=None,
            region=level.region,
            group=level.group,
            year=level.year,
            value=level.value,
        ).update(**{name: getattr(level, name) for name in _CONFIRMATION})


def _move_leads(old: list[Criterion], new: dict[str, Criterion]) -> None:
    kept = []
    for lead in LeadDepartment.objects.filter(criterion__in=old).select_related("criterion"):
        if successor := new.get(lead.criterion.code.removeprefix(_OLD)):
            lead.criterion = successor
            kept.append(lead)
    LeadDepartment.objects.bulk_update(kept, ["criterion"], batch_size=_BATCH)
