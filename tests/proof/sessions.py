"""Two sessions with connections of their own, taken through their transactions part by part in a given order."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.errors import Refused
from criteria import engine

BEFORE_THE_LOCK, THE_WORK, THE_COMMIT, ALL = range(4)
PATIENCE = 20.0


class Session:
    """A thread that does one transaction after another; each part of one waits until it is allowed."""

    def __init__(self, name: str) -> None:
        self.name, self.process = name, 0
        self._turn = threading.Condition()
        self._operation: Callable[[], Any] | None = None
        self.allowed = self.done = ALL
        self.is_inside = self.is_over = False
        self.refused: Refused | None = None
        self.fault: BaseException | None = None
        self.thread = threading.Thread(target=self._live, name=f"session {name}", daemon=True)
        self.thread.start()

    def begin(self, operation: Callable[[], Any]) -> None:
        """A transaction to come; nothing of it is done before its first part is allowed."""
        with self._turn:
            self._operation, self.refused, self.fault = operation, None, None
            self.allowed = self.done = BEFORE_THE_LOCK

    def allow_next(self) -> None:
        with self._turn:
            self.allowed += 1
            self._turn.notify_all()

    def stop(self) -> None:
        with self._turn:
            self.is_over = True
            self._turn.notify_all()
        self.thread.join(PATIENCE)

    def came_to_the_lock(self) -> None:
        """Called in this session's thread before the engine's lock; only the first one of a transaction counts."""
        if self.done == BEFORE_THE_LOCK:
            self._pause_before(THE_WORK)

    def _pause_before(self, part: int) -> None:
        with self._turn:
            self.done = part
            if not self._turn.wait_for(lambda: self.allowed > part or self.is_over, PATIENCE):
                raise TimeoutError(f"Session {self.name} was forgotten before part {part}.")

    def _live(self) -> None:
        while self._is_wanted():
            try:
                self._transact()
            except Refused as refused:
                self.refused = refused
            except BaseException as fault:  # raised again by the test, in its own thread
                self.fault = fault
            with self._turn:
                self.is_inside, self.done, self.allowed = False, ALL, ALL
        connection.close()

    def _is_wanted(self) -> bool:
        with self._turn:
            self._turn.wait_for(lambda: self.allowed > self.done or self.is_over)
            return not self.is_over

    def _transact(self) -> None:
        with transaction.atomic():
            self.is_inside = True
            if connection.vendor == "postgresql":
                self.process = connection.connection.info.backend_pid
            self._operation()
            self._pause_before(THE_COMMIT)


class Stage:
    """Plays orders such as "AABABB": whose part is next."""

    def __init__(self) -> None:
        self.a, self.b = Session("A"), Session("B")
        self._of_thread = {each.thread.ident: each for each in (self.a, self.b)}
        self.take_lock = engine.lock

    def lock(self, *units: Any, **values: Any) -> Any:
        """Stands in for `engine.lock`: a session stops before it until its next part is allowed."""
        if session := self._of_thread.get(threading.get_ident()):
            session.came_to_the_lock()
        return self.take_lock(*units, **values)

    def close(self) -> None:
        self.a.stop()
        self.b.stop()

    def play(self, order: str, first: Callable[[], Any], second: Callable[[], Any]) -> list[Refused]:
        """Both transactions in this order of parts, to their ends; what was refused. Any other fault is raised."""
        self.a.begin(first)
        self.b.begin(second)
        for name in order:
            (self.a if name == "A" else self.b).allow_next()
            self._settle()
        self._settle(to_the_end=True)
        for each in (self.a, self.b):
            if each.fault:
                raise each.fault
        return [each.refused for each in (self.a, self.b) if each.refused]

    def _settle(self, *, to_the_end: bool = False) -> None:
        """Wait until each session has done what it is allowed to, or waits for the other one; seen twice over."""
        until, seen = time.monotonic() + PATIENCE, 0
        while seen < 2:
            rests = [self._rests(self.a, self.b, to_the_end), self._rests(self.b, self.a, to_the_end)]
            seen = seen + 1 if all(rests) else 0
            if not all(rests):
                time.sleep(0.0005)
            if time.monotonic() > until:
                pytest.fail(f"stuck: A {vars(self.a)}, B {vars(self.b)}")

    @staticmethod
    def _rests(session: Session, other: Session, to_the_end: bool) -> bool:
        if session.done >= session.allowed:
            return True
        return not to_the_end and _waits(session, other)


def _waits(session: Session, other: Session) -> bool:
    """Whether the database holds the session up: for a row, or on SQLite for the only writer's place."""
    if connection.vendor != "postgresql":
        return not session.is_inside and other.is_inside
    if not session.is_inside:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [session.process])
        return cursor.fetchone()[0]
