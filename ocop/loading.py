"""Loading the rulebooks of the programme: every file is checked first, then all go in together or none does."""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts import audit
from communes import epochs
from criteria.law_loading import LawRefused
from criteria.rules import documents
from criteria.rules.documents import Document, Fault
from ocop.models import ProductSet, RatingRound, RuleSet
from ocop.rules import checks
from ocop.rules.rulesets import RULEBOOKS, SETS

_SCHEMA = RULEBOOKS / "schema.json"
# What decides how many stars a sheet gives: confirmed by an officer, fixed once a council has concluded under it.
_SCORING = ("parts", "bands", "minimums")


def load(directory: Path = SETS) -> dict[str, str]:
    """Load every *.yaml of `directory` and the product sets; what became of each, by its name.

    Raises LawRefused with all faults found and then changes nothing.
    """
    law = _checked(sorted(directory.glob("*.yaml")), _SCHEMA)
    faults = [fault for document in law for fault in checks.one(document)] or list(checks.together(law))
    if faults:
        raise LawRefused(faults)
    products = _checked([RULEBOOKS / "product-sets.yaml"], RULEBOOKS / "product-sets.schema.json")[0]
    with transaction.atomic():
        stored = {row.slug: row for row in RuleSet.objects.select_for_update()}
        _require_unused(law, stored)
        outcomes = {document.data["slug"]: _write(document, stored) for document in law}
        outcomes["product-sets"] = _write_product_sets(products.data)
        if set(outcomes.values()) != {"unchanged"}:
            epochs.bump()
    return outcomes


def _checked(paths: list[Path], schema: Path) -> list[Document]:
    read = [documents.read(path, schema) for path in paths]
    faults = [fault for _, found in read for fault in found]
    if faults:
        raise LawRefused(faults)
    return [document for document, _ in read]


def _require_unused(law: list[Document], stored: dict[str, RuleSet]) -> None:
    used = set(RatingRound.objects.filter(entries__concluded_at__isnull=False).values_list("rule_set", flat=True))
    faults = [
        document.fault(("bands",), f"{slug} has concluded results: its scoring cannot change, add a rule set")
        for document in law
        if (slug := document.data["slug"]) in used
        and slug in stored
        and stored[slug].bands_checksum != _digest({key: document.data[key] for key in _SCORING})
    ]
    if faults:
        raise LawRefused(faults)


def _digest(data: dict[str, Any]) -> str:
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _write(document: Document, stored: dict[str, RuleSet]) -> str:
    data = document.data
    row = stored.get(data["slug"]) or RuleSet(slug=data["slug"])
    checksum, scoring = _digest(data), _digest({key: data[key] for key in _SCORING})
    if row.checksum == checksum:
        return "unchanged"
    state = "replaced" if row.pk else "added"
    before = row.checksum
    if row.bands_checksum != scoring:
        # What was confirmed is not what stands there now.
        row.bands_confirmed_by, row.bands_confirmed_at, row.bands_reference = None, None, ""
    row.name, row.confidence = data["name"], data["confidence"]
    row.effective_from = dt.date.fromisoformat(data["effective_from"])
    row.effective_to = dt.date.fromisoformat(data["effective_to"]) if data["effective_to"] else None
    row.checksum, row.bands_checksum = checksum, scoring
    row.save()
    change = {"slug": row.slug, "before": before, "after": checksum}
    audit.record(by=None, action="ocop.rules", subject=row, data=change)
    return state


def _write_product_sets(data: dict[str, Any]) -> str:
    faults = _repeated(data)
    if faults:
        raise LawRefused(faults)
    stored = {row.number: row for row in ProductSet.objects.all()}
    changed = []
    for said in data["sets"]:
        row = stored.get(said["number"]) or ProductSet(number=said["number"])
        fields = {"name": said["name"], "group": said["group"], "subgroup": said["subgroup"]}
        fields["confidence"] = data["confidence"]
        if row.pk is None or any(getattr(row, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(row, name, value)
            changed.append(row)
    ProductSet.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["name", "group", "subgroup", "confidence"],
    )
    return "replaced" if changed else "unchanged"


def _repeated(data: dict[str, Any]) -> list[Fault]:
    numbers = [said["number"] for said in data["sets"]]
    return [
        Fault("product-sets.yaml", 1, f"set {number} is there twice")
        for number in sorted(set(numbers))
        if numbers.count(number) > 1
    ]
