"""Registers beside the rounds that take tables in the same way: sent, read by a job, looked at, written by a job.

An app that has one declares it when it starts; nothing here knows which there are.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from accounts.errors import OutOfScope
from accounts.models import User
from criteria.workbooks.table import Fault


@dataclass
class Checked:
    """What came of the check of a table. `rows` are JSON-ready: what `write` takes when the person has confirmed."""

    rows: list[Any] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    conflicts: int = 0

    @property
    def refused(self) -> int:
        """Rows with a fault."""
        return len({(fault.sheet, fault.row) for fault in self.faults})


class Write(Protocol):
    def __call__(self, rows: list[Any], *, by: User, source: str) -> int:
        """Write all rows or none, in the caller's transaction; how many. Raises OutOfScope and Refused."""


@dataclass(frozen=True, kw_only=True)
class Register:
    """A register: its words, who may send it a table, how one is checked and written, where one is sent and read."""

    code: str
    name: str
    noun: str
    require: Callable[[User], None]
    check: Callable[[list[dict[str, Any]], User], Checked]
    write: Write
    sent_at: str
    kept_at: str


_declared: dict[str, Register] = {}


def declare(register: Register) -> Register:
    """Make a register known under its code."""
    _declared[register.code] = register
    return register


def of(code: str) -> Register:
    """The register of that code; absent where no app has declared it."""
    if code not in _declared:
        raise OutOfScope
    return _declared[code]
