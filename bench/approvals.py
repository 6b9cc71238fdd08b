"""Approvals on the generated country: one, many writers, a thousand at once, and how soon the province shows them."""

import multiprocessing
import time
from collections.abc import Callable, Iterable
from itertools import islice, zip_longest
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

from django.db import connection, connections, transaction
from django.db.utils import OperationalError

from accounts.models import User
from accounts.scope import forget_appointments
from bench.dataset.loading import WRITERS
from bench.places import PROVINCE
from communes.models import Area
from criteria import engine
from criteria.actions import readings
from criteria.models import DirtyScope, Reading, State, Verdict

YEAR, SET = "2024", "commune-ntm-2021-2025"
_UPDATE_ONE = """
    UPDATE criteria_reading SET state = %s, version = version + 1, approved_by_id = %s, approved_at = now()
    WHERE id = %s
"""
_PATIENCE = 30
_FORK = multiprocessing.get_context("fork")


def writers() -> list[User]:
    """The officers who approve."""
    return list(User.objects.filter(username__startswith="bench-writer-").order_by("username"))[:WRITERS]


def candidates(district: Area | None = None) -> list[tuple[int, int]]:
    """(reading id, folder id) of approved values of the province's (or one district's) communes, folder by folder."""
    found = Reading.objects.filter(
        assessment__round__province__code=PROVINCE,
        assessment__round__period__code=YEAR,
        assessment__round__criteria_set__slug=SET,
        state=State.APPROVED,
        verdict=Verdict.MET,
        input__derived__isnull=True,
    )
    if district:
        found = found.filter(assessment__area__placements__parent=district)
    return list(found.order_by("assessment_id", "id").values_list("id", "assessment_id"))


def spread(found: list[tuple[int, int]], count: int) -> list[int]:
    """`count` ids of all kinds of values, unit after unit."""
    every = max(1, len(found) // count)
    return [reading_id for reading_id, _ in found[::every]][:count]


def one_of_each_folder(found: list[tuple[int, int]], count: int) -> list[int]:
    """`count` ids such that neighbours are of different folders."""
    folders: dict[int, list[int]] = {}
    for reading_id, folder_id in found:
        folders.setdefault(folder_id, []).append(reading_id)
    turns = (reading_id for turn in zip_longest(*folders.values()) for reading_id in turn if reading_id)
    return list(islice(turns, count))


def largest_folders(found: list[tuple[int, int]], count: int) -> list[list[int]]:
    """The folders with the most values, as lists of reading ids."""
    folders: dict[int, list[int]] = {}
    for reading_id, folder_id in found:
        folders.setdefault(folder_id, []).append(reading_id)
    return sorted(folders.values(), key=len, reverse=True)[:count]


def put_back(ids: Iterable[int], state: State = State.APPRAISED) -> None:
    """Bring values before the province again (or approve them all), attainment included; not timed."""
    ids = list(ids)
    with transaction.atomic():
        chosen = Reading.objects.filter(pk__in=ids)
        chosen.update(state=state)
        pairs = chosen.values_list("assessment__area_id", "assessment__round__period_id").distinct()
        engine.recompute(engine.folders(engine.units(pairs)))
    DirtyScope.objects.all().delete()  # nobody works here: the marks of untimed steps would grow


def approve(ids: list[int], by: User) -> None:
    """The action, as a request calls it: the person's appointments were read when the request began."""
    readings.approve(reading_ids=ids, by=by)


def approve_as_stranger(reading_id: int, by: User) -> None:
    """One value, with the person's appointments read anew."""
    forget_appointments(by)
    approve([reading_id], by)


def approve_one(reading_id: int, by: User) -> None:
    """One value, one commit."""
    approve([reading_id], by)


def for_each(ids: list[int], by: User, call: Callable[[int, User], None]) -> None:
    """One after another, each its own commit."""
    for reading_id in ids:
        call(reading_id, by)


def one_by_one(ids: list[int], by: User, call: Callable[[int, User], None]) -> Callable[[], None]:
    """A call that takes the next id each time."""
    left = iter(ids)
    return lambda: call(next(left), by)


def update_one(reading_id: int, by: User) -> None:
    """The floor of an approval: one row, its own commit, the same connection."""
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE_ONE, [State.APPROVED, by.pk, reading_id])


class Crowd:
    """Several writers, each a process with a connection of its own as web workers are, approve one folder at once."""

    def __init__(self, people: list[User]) -> None:
        self.people = people
        self.seconds: list[float] = []
        self.deadlocks = 0

    def approve(self, ids: list[int]) -> None:
        """Each takes its share of the values, one by one."""
        connections.close_all()  # a connection does not survive the fork
        barrier, told = _FORK.Barrier(len(self.people)), _FORK.SimpleQueue()
        shares = [ids[number :: len(self.people)] for number in range(len(self.people))]
        workers = [
            _FORK.Process(target=_work, args=(person, share, barrier, told))
            for person, share in zip(self.people, shares, strict=True)
        ]
        for worker in workers:
            worker.start()
        for _ in workers:
            seconds, deadlocks = told.get()
            self.seconds += seconds
            self.deadlocks += deadlocks
        for worker in workers:
            worker.join()


def _work(person: User, ids: list[int], barrier: Barrier, told: SimpleQueue) -> None:
    """What one writer does: the seconds of each approval, and how many deadlocks reached it.

    The first opens the connection and plans its statements, as a web worker did long before: it is not timed.
    """
    seconds, deadlocks = [], 0
    approve_one(ids[0], person)
    barrier.wait()
    for reading_id in ids[1:]:
        began = time.perf_counter()
        try:
            approve_one(reading_id, person)
        except OperationalError as fault:
            if "deadlock" not in str(fault):
                raise
            deadlocks += 1
        seconds.append(time.perf_counter() - began)
    told.put((seconds, deadlocks))


def until_visible(reading_id: int, by: User) -> float:
    """Seconds from the approval's commit until the province's roll-up holds it."""
    approve_one(reading_id, by)
    began = time.perf_counter()
    marks = DirtyScope.objects.filter(area__level="province")
    while marks.exists():
        if time.perf_counter() - began > _PATIENCE:
            return float(_PATIENCE)
        time.sleep(0.005)
    return time.perf_counter() - began
