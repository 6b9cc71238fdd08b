"""P7 to P10: approvals beside their floors, on whichever database the process is."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from bench import approvals, cells, services
from bench.country import Form, rounds_of
from bench.measure import Figure, Group, Seconds, against, ms, percentile
from bench.timing import WARM_UP, Pair, in_turn, seconds
from criteria.models import State

SINGLE = {"full": 300, "small": 100}
BULK = {"full": 1000, "small": 200}
SEEN = {"full": 40, "small": 15}
_FOLDERS, _ANEW = 10, 30


class Approvals:
    """P7, P8, P9 and P10: what they use is appraised before, and approved again after, untimed."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.people = approvals.writers()
        self.found = approvals.candidates()
        self.single: Seconds = []

    def one(self) -> dict[str, Figure]:
        """P7: in turn with the UPDATE of another such row."""
        count = SINGLE[self.group.scale] + WARM_UP
        mine = approvals.one_of_each_folder(self.found, 2 * count + _ANEW)
        approvals.put_back(mine)
        by, anew = self.people[0], [mine.pop() for _ in range(_ANEW)]
        pair = Pair(
            lambda _: (
                approvals.one_by_one(mine[::2], by, approvals.approve_one),
                approvals.one_by_one(mine[1::2], by, approvals.update_one),
            )
        )
        self.single, floor = in_turn(pair, count - WARM_UP)
        asked_anew = [seconds(partial(approvals.approve_as_stranger, each, by)) for each in anew]
        approvals.put_back([*mine, *anew], State.APPROVED)
        notes = {
            "p95 ms": ms(percentile(self.single, 0.95)),
            "p99 ms": ms(percentile(self.single, 0.99)),
            "with the person's appointments read anew ms": ms(median(asked_anew)),
        }
        return {"P7": against(self.single, floor, **notes)}

    def cell(self) -> dict[str, Figure]:
        """P7-cell: the grid's own request, session and rights included, in turn with an approval (P7)."""
        count = SINGLE[self.group.scale] + WARM_UP
        typed = approvals.spread(approvals.candidates(cells.of_one_district()), count + 1)
        approved = [each for each in approvals.spread(self.found, 3 * count) if each not in set(typed)][:count]
        approvals.put_back(typed, State.DRAFT)
        approvals.put_back(approved)
        saving = cells.Saving(typed)
        pair = Pair(lambda _: (saving.one, approvals.one_by_one(approved, self.people[0], approvals.approve_one)))
        times, floor = in_turn(pair, count - WARM_UP)
        saving.put_back()
        approvals.put_back([*typed, *approved], State.APPROVED)
        notes: dict[str, object] = {"statements": saving.statements, "p95 ms": ms(percentile(times, 0.95))}
        return {"P7-cell": against(times, floor, **notes)}

    def crowd(self) -> dict[str, Figure]:
        """P8: four writers in one commune, commune after commune; deadlocks that reached the caller are counted."""
        if not self.single:
            self.one()
        crowd = approvals.Crowd(self.people)
        for folder in approvals.largest_folders(self.found, _FOLDERS):
            approvals.put_back(folder)
            crowd.approve(folder)
            approvals.put_back(folder, State.APPROVED)
        value, floor = percentile(crowd.seconds, 0.99), median(self.single)
        notes: dict[str, object] = {"deadlocks": crowd.deadlocks, "p50 ms": ms(median(crowd.seconds))}
        figure = Figure(ms(value), ms(floor), round(value / floor, 2), len(crowd.seconds), notes=notes)
        if crowd.deadlocks:
            figure.fault = f"{crowd.deadlocks} deadlocks reached the caller"
        return {"P8": figure}

    def many(self) -> dict[str, Figure]:
        """P9: the same values at once and one by one, in turn; beside them as many single-row UPDATEs."""
        mine = [reading_id for reading_id, _ in self.found[: BULK[self.group.scale]]]
        by = self.people[0]

        def form(call: Callable[[], None]) -> Form:
            return lambda: approvals.put_back(mine), call

        forms = {
            "at once": form(lambda: approvals.approve(mine, by)),
            "singly": form(lambda: approvals.for_each(mine, by, approvals.approve_one)),
            "updates": form(lambda: approvals.for_each(mine, by, approvals.update_one)),
        }
        times = rounds_of(forms, self.group.rounds)
        approvals.put_back(mine, State.APPROVED)
        beside = round(median(times["at once"]) / median(times["updates"]), 3)
        notes = {"values": len(mine), "beside as many single-row UPDATEs": beside}
        return {"P9": against(times["at once"], times["singly"], **notes)}

    def seen(self, name: str = "P10") -> dict[str, Figure]:
        """P10: the portal's own Celery worker on its own broker; the mark is gone when the roll-up is committed."""
        mine = approvals.one_of_each_folder(self.found, SEEN[self.group.scale])
        approvals.put_back(mine)
        with services.celery_worker(Path(os.environ["DATA_DIR"]) / "worker.log"):
            times = [approvals.until_visible(each, self.people[0]) for each in mine][1:]
        approvals.put_back(mine, State.APPROVED)
        notes: dict[str, object] = {"p50 s": round(median(times), 3), "most s": round(max(times), 3)}
        return {name: Figure(value=round(percentile(times, 0.95), 3), rounds=len(times), notes=notes)}
