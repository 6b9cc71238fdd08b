"""The procedure as data: which roles take which step, by level and date (rulebooks/procedure.yaml)."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from accounts.roles import Permission, Role
from criteria.models import State

_FILE = Path(__file__).parent / "rulebooks" / "procedure.yaml"


class Step(StrEnum):
    """A step on a value, named as its permission is."""

    ENTER = "enter"
    VERIFY = "verify"
    APPRAISE = "appraise"
    APPROVE = "approve"


# Which step leads out of which state, and where to.
LEADS_TO = {Step.VERIFY: State.VERIFIED, Step.APPRAISE: State.APPRAISED, Step.APPROVE: State.APPROVED}


@dataclass(frozen=True)
class Procedure:
    level: str
    starts_on: dt.date
    ends_on: dt.date
    roles: dict[Step, frozenset[Role]]

    def state_before(self, step: Step) -> State:
        """The state a value must be in for `step`; a step the level does not have is skipped."""
        if step is Step.APPROVE and Step.APPRAISE in self.roles:
            return State.APPRAISED
        if step in (Step.APPROVE, Step.APPRAISE) and Step.VERIFY in self.roles:
            return State.VERIFIED
        return State.SUBMITTED

    def step_after(self, state: int) -> Step | None:
        """The step that a value in `state` waits for; None when it is with the person who enters, or done."""
        for step in (Step.VERIFY, Step.APPRAISE, Step.APPROVE):
            if step in self.roles and self.state_before(step) == state:
                return step
        return None


def _read(entry: dict) -> Procedure:
    roles = {Step(step): frozenset(Role(role) for role in names) for step, names in entry["steps"].items()}
    return Procedure(entry["level"], entry.get("from", dt.date.min), entry.get("until", dt.date.max), roles)


@cache
def procedures() -> tuple[Procedure, ...]:
    """All procedures, as the file lists them."""
    return tuple(_read(entry) for entry in yaml.safe_load(_FILE.read_text())["procedures"])


def procedure_for(level: str, on: dt.date) -> Procedure:
    """The procedure for units of `level` in a period that ends on `on`; LookupError where the law knows none."""
    for candidate in procedures():
        if candidate.level == level and candidate.starts_on <= on <= candidate.ends_on:
            return candidate
    raise LookupError(f"no procedure for {level} on {on}")


PERMISSION = {
    Step.ENTER: Permission.ENTER,
    Step.VERIFY: Permission.VERIFY,
    Step.APPRAISE: Permission.APPRAISE,
    Step.APPROVE: Permission.APPROVE,
}
