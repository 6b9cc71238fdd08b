"""Numbers follow the order of commits: two sessions, scripted, on a real PostgreSQL."""

import threading
import time

import pytest
from django.db import connection, transaction

from communes.models import Epoch
from criteria.models import Recognition
from exchange.models import Change
from exchange.queries import changes
from tests.proof.sessions import PATIENCE, Session

pytestmark = [pytest.mark.django_db(transaction=True)]


class Pair:
    """Two sessions, each with a transaction open that has written; they are let commit one by one."""

    def __init__(self, area) -> None:
        self.area, self.sessions = area, {}

    def write(self, name: str, many: int = 1) -> Session:
        """A session that writes so many public rows and then waits before its commit."""
        session = self.sessions.setdefault(name, Session(name))
        written = threading.Event()

        def work() -> None:
            Recognition.objects.bulk_create(
                Recognition(area=self.area, tier=f"of-{name}", act="granted", confidence="verified")
                for _ in range(many)
            )
            written.set()

        session.begin(work)
        for _ in range(2):
            session.allow_next()
        assert written.wait(PATIENCE)
        return session

    def commit(self, session: Session) -> None:
        session.allow_next()
        until = time.monotonic() + PATIENCE
        while session.is_inside and time.monotonic() < until:
            time.sleep(0.002)
        assert session.fault is None

    def close(self) -> None:
        for session in self.sessions.values():
            session.stop()


@pytest.fixture
def pair(area):
    pair = Pair(area("444"))
    yield pair
    pair.close()


def _seen(since: int) -> list[tuple[int, str]]:
    return [(line.seq, line.summary["tier"]) for line in changes.page(since=since).lines]


@pytest.mark.postgresql
def test_who_writes_first_and_commits_last_is_numbered_last(pair):
    begin = changes.watermark().last_seq
    first = pair.write("first", many=3)
    second = pair.write("second", many=2)
    assert _seen(begin) == []
    pair.commit(second)
    # A reader who comes now has seen both numbers, and never finds another row among them.
    assert _seen(begin) == [(begin + 1, "of-second"), (begin + 2, "of-second")]
    assert changes.watermark().last_seq == begin + 2
    pair.commit(first)
    assert _seen(begin + 2) == [(begin + n, "of-first") for n in (3, 4, 5)]


@pytest.mark.postgresql
def test_what_is_rolled_back_leaves_no_gap(pair):
    begin = changes.watermark().last_seq
    waiting = pair.write("kept")

    with transaction.atomic():
        Recognition.objects.create(area=pair.area, tier="undone", act="granted", confidence="verified")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # numbered, and undone all the same
        transaction.set_rollback(True)
    pair.commit(waiting)
    assert _seen(begin) == [(begin + 1, "of-kept")]


@pytest.mark.postgresql
def test_many_writers_and_a_reader_who_never_misses_or_doubles(area):
    """Eight writers commit in whatever order; a reader reads on all the while from where it was."""
    begin, district = changes.watermark().last_seq, area("444")
    faults: list[BaseException] = []

    def write(name: int) -> None:
        try:
            for n in range(25):
                with transaction.atomic():
                    for _ in range(n % 3 + 1):
                        Recognition.objects.create(area=district, tier="race", act="granted", confidence="verified")
                    Epoch.objects.filter(province_code=f"none-{name}").update(value=1)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for writer in writers:
        writer.start()
    seen: list[int] = []
    while any(writer.is_alive() for writer in writers) or changes.watermark().last_seq > begin + len(seen):
        page = changes.page(since=begin + len(seen), limit=20)
        seen += [line.seq for line in page.lines]
        assert page.until == begin + len(seen)
    assert faults == []
    assert seen == list(range(begin + 1, begin + 1 + len(seen)))
    assert len(seen) == Recognition.objects.filter(tier="race").count() == Change.objects.filter(seq__gt=begin).count()


@pytest.mark.sqlite
def test_on_sqlite_a_row_is_numbered_by_the_only_writer_and_what_is_undone_leaves_no_gap(area):
    begin = changes.watermark().last_seq
    same = {"area": area("444"), "act": "granted", "confidence": "verified"}
    with transaction.atomic():
        undone = transaction.savepoint()
        Recognition.objects.create(tier="undone", **same)
        transaction.savepoint_rollback(undone)
        Recognition.objects.create(tier="kept", **same)
    assert _seen(begin) == [(begin + 1, "kept")]
