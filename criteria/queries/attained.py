"""What stands beside results on a page of the API: the masks as codes, tiers by decision, what they stand on."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Max
from django.utils.timezone import localtime

from criteria.models import Criterion, Reading, State
from criteria.queries.recognition import holding, year_of

MASKS = {
    "failing": Criterion.Role.CRITERION,
    "undetermined": Criterion.Role.CRITERION,
    "conditions_failing": Criterion.Role.CONDITION,
    "conditions_undetermined": Criterion.Role.CONDITION,
    "recognition_failing": Criterion.Role.RECOGNITION,
    "recognition_undetermined": Criterion.Role.RECOGNITION,
}
HELD = ("tier", "act", "result_year", "counts_from", "is_dated", "is_illustrative")


class Codes:
    """The criteria of a page's sets by role, read once however many masks are asked for."""

    def __init__(self) -> None:
        self._bits: dict[tuple[int, str], list[tuple[int, str]]] | None = None

    def of(self, role: str) -> Callable[[list[tuple]], Callable[[int, int], list[str]]]:
        """What names the bits of a mask: (mask, set) → codes in the order of the law."""
        return partial(self._load, role)

    def _load(self, role: str, keys: list[tuple]) -> Callable[[int, int], list[str]]:
        bits, known = self._of({set_id for _, set_id in keys}), {}

        def named(mask: int, set_id: int) -> list[str]:
            if (mask, set_id) not in known:
                known[mask, set_id] = [code for bit, code in bits[set_id, role] if mask >> bit & 1]
            return known[mask, set_id]

        return named

    def _of(self, sets: set[int]) -> dict[tuple[int, str], list[tuple[int, str]]]:
        if self._bits is None:
            self._bits = defaultdict(list)
            listed = Criterion.objects.filter(criteria_set__in=sets).order_by("bit")
            for set_id, role, bit, code in listed.values_list("criteria_set", "role", "bit", "code"):
                self._bits[set_id, role].append((bit, code))
        return self._bits


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


def watermarks(keys: list[tuple]) -> Callable[[int], dt.datetime | None]:
    """Folder → when the latest of the values that its result stands on was approved."""
    approved = Reading.objects.filter(assessment__in=[pk for (pk,) in keys], state=State.APPROVED)
    latest = approved.order_by().values_list("assessment").annotate(Max("approved_at"))
    return {pk: at and localtime(at) for pk, at in latest}.get
