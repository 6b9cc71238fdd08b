"""What every step of a life stands on: how it is taken, and what the raw rows alone say before it."""

from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from django.db import transaction

from accounts.errors import Refused
from criteria.models import Assessment, Attainment, Reading, Round, State
from tests.proof.oracle import Facts
from tests.proof.world import World

WITH_ENTERER = (State.DRAFT, State.RETURNED)
COMMITTED, CRASHED_BEFORE = "committed", "crashed and replayed"


class Crash(Exception):
    """The process ends before its commit."""


class Life:
    """A world and its raw rows; a step is allowed or not by these alone."""

    steps: Counter[str]
    world: World
    facts: Facts
    frozen: dict[int, list[tuple]]

    # How a step is taken

    def _take(self, name: str, step: Callable[[], Any], *, allowed: bool, how: str = COMMITTED) -> None:
        self._count(f"{name}, {how if allowed else 'refused'}")
        before = None if allowed and how == COMMITTED else self.world.stored()
        if how == CRASHED_BEFORE:
            self._crash(step)
            assert self.world.stored() == before, f"{name} crashed before its commit and left something behind"
        taken = self._done(step)
        assert taken == allowed, f"{name} was {'accepted' if taken else 'refused'}"
        if not taken:
            assert self.world.stored() == before, f"{name} was refused and changed something"

    def _count(self, name: str) -> None:
        type(self).steps[name] += 1

    @staticmethod
    def _done(step: Callable[[], Any]) -> bool:
        try:
            step()
        except Refused:
            return False
        return True

    @staticmethod
    def _crash(step: Callable[[], Any]) -> None:
        with suppress(Crash, Refused), transaction.atomic():
            step()
            raise Crash

    # What the raw rows say

    @property
    def _rows(self) -> Collection[dict[str, Any]]:
        return self.facts.readings.values()

    def _is_enterable(self, row: dict[str, Any]) -> bool:
        return row["state"] in WITH_ENTERER and not self._rule(row) and self._is_open(row)

    def _is_open(self, row: dict[str, Any]) -> bool:
        return self.facts.folders[row["folder"]]["closed_on"] is None

    def _rule(self, row: dict[str, Any]) -> Any:
        return self.facts.inputs[row["input"]]["rule"]

    def _one(self, number: int, *, at: tuple[int, ...] | None = None) -> tuple[int, dict[str, Any]]:
        """A reading: any at all, or one that stands at one of the states where there is any."""
        keys = sorted(self.facts.readings)
        entered = [key for key in keys if not self._rule(self.facts.readings[key])]
        standing = [key for key in entered if at is None or self.facts.readings[key]["state"] in at]
        chosen = (keys if number % 7 == 0 else standing or keys)[number // 7 % len(standing or keys)]
        return chosen, self.facts.readings[chosen]

    def _of_folder(self, number: int, state: int) -> tuple[Assessment, list[int]]:
        """A folder, one that has values at the state where there is any, and the ids of these values."""
        found: dict[int, list[int]] = {key: [] for key in sorted(self.facts.folders)}
        for key, row in sorted(self.facts.readings.items()):
            if row["state"] == state:
                found[row["folder"]].append(key)
        keys = [key for key, ids in found.items() if ids] or list(found)
        if number % 9 == 0:
            keys = list(found)
        chosen = keys[number // 9 % len(keys)]
        return Assessment.objects.select_related("area", "round").get(pk=chosen), found[chosen]

    def _on_its_way(self, number: int) -> Assessment:
        """A folder with values that somebody entered and nobody approved yet, where there is any."""
        found = sorted(
            {
                row["folder"]
                for row in self.facts.readings.values()
                if row["state"] < State.APPROVED and self._is_open(row) and (row["value"] is not None)
            }
        ) or sorted(self.facts.folders)
        return Assessment.objects.select_related("area", "round").get(pk=found[number % len(found)])

    def _area(self, row: dict[str, Any]) -> Any:
        return Assessment.objects.select_related("area").get(pk=row["folder"]).area

    def _is_province(self, row: dict[str, Any]) -> bool:
        return self.facts.folders[row["folder"]]["unit"] == self.world.province.pk

    def _round(self, number: int, *, is_open: bool) -> Round:
        """A round that is open (closed), or any where there is none such."""
        rounds = [Round.objects.get(pk=each.pk) for each in self.world.rounds]
        chosen = [each for each in rounds if each.is_open == is_open] or rounds
        return chosen[number % len(chosen)]

    def _rows_of(self, round_id: int) -> list[tuple]:
        readings = Reading.objects.filter(assessment__round=round_id).order_by("pk").values_list()
        return [*readings, *Attainment.objects.filter(assessment__round=round_id).order_by("pk").values_list()]
