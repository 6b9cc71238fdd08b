"""What stands beside results on a page of the API: the masks as codes, tiers by decision, what they stand on."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db.models import OuterRef, Subquery

from criteria.models import CriteriaSet, Criterion, Reading, State
from criteria.queries.recognition import holding, year_of

MASKS = {
    "failing": Criterion.Role.CRITERION,
    "undetermined": Criterion.Role.CRITERION,
    "conditions_failing": Criterion.Role.CONDITION,
    "conditions_undetermined": Criterion.Role.CONDITION,
    "recognition_failing": Criterion.Role.RECOGNITION,
    "recognition_undetermined": Criterion.Role.RECOGNITION,
}
_GROUND = ("basis", "amendment")
HELD = ("tier", "act", "result_year", "counts_from", "is_dated", "is_illustrative")


def numbers_of(legal_basis: list[dict[str, Any]]) -> list[str]:
    """The decisions that a set stands on and that amended it, by number; the set's own address tells the rest."""
    return [text["number"] for text in legal_basis if text.get("kind") in _GROUND and text.get("number")]


class Law:
    """The criteria and decisions of a page's sets, read once however many fields tell of them."""

    def __init__(self) -> None:
        self._known: dict[int, dict[str, list[tuple[int, str]]]] | None = None
        self._bases: dict[int, list[str]] = {}

    def codes(self, role: str, keys: list[tuple]) -> Callable[[int, int], list[str]]:
        """What names the bits of a mask: (mask, set) → codes of criteria of the role, in the order of the law."""
        self._read({set_id for _, set_id in keys})
        known, named = self._known or {}, {}

        def of(mask: int, set_id: int) -> list[str]:
            if not mask:
                return []
            if (mask, set_id) not in named:
                named[mask, set_id] = [code for bit, code in known[set_id][role] if mask >> bit & 1]
            return named[mask, set_id]

        return of

    def bases(self, keys: list[tuple]) -> Callable[[int], list[str]]:
        """Set → the decisions that it stands on."""
        self._read({pk for (pk,) in keys})
        return self._bases.__getitem__

    def _read(self, sets: set[int]) -> None:
        if self._known is not None:
            return
        self._known = defaultdict(lambda: defaultdict(list))
        columns = ("pk", "legal_basis", "criteria__role", "criteria__bit", "criteria__code")
        for pk, basis, role, bit, code in (
            CriteriaSet.objects.filter(pk__in=sets).order_by("criteria__bit").values_list(*columns)
        ):
            self._bases[pk] = numbers_of(basis) if pk not in self._bases else self._bases[pk]
            self._known[pk][role].append((bit, code))


def held_tiers(as_of: dt.date | None) -> Callable[[list[tuple]], Callable[[int, int], list[dict[str, Any]]]]:
    """(unit, year) → the tiers that it holds by decision, by results up to the year."""

    def load(keys: list[tuple]) -> Callable[[int, int], list[dict[str, Any]]]:
        found: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
        rows = holding(decided_by=as_of).filter(area__in={area for area, _ in keys})
        for area, *columns in rows.order_by("counts_from", "id").values_list("area", *HELD):
            held = dict(zip(HELD, columns, strict=True))
            found[area].append((year_of(held["result_year"], held["counts_from"]), held))
        return lambda area, year: [held for since, held in found.get(area, ()) if since <= year]

    return load


def latest_approval() -> Subquery:
    """When the latest value that a result stands on was approved, for rows with the folder's key.

    Empty where nobody approved: figures that were taken over as they were.
    """
    approved = Reading.objects.filter(assessment=OuterRef("pk"), state=State.APPROVED, approved_at__isnull=False)
    return Subquery(approved.order_by("-approved_at").values("approved_at")[:1])
