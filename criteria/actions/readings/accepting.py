"""Taking a step on very many values at once, each as it was on screen."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction

from accounts.errors import OutOfScope, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from criteria import engine
from criteria.actions.readings.shared import require_open
from criteria.actions.readings.stepping import advance, hand_in
from criteria.engine import Folder
from criteria.models import State
from criteria.procedure import Step
from criteria.queries.held import Held, held
from criteria.queries.scope import reach
from criteria.statements import Ids

# A transaction each: officers who enter meanwhile wait for one batch at most, not for all of them.
BATCH = 1000


@dataclass
class Accepted:
    """What became of the values: how many moved, which were no longer as on screen, how many are the person's own."""

    moved: int = 0
    changed: list[int] = field(default_factory=list)
    own: int = 0
    stopped: str = ""  # why the rest was not taken, where the round was closed in the midst

    def add(self, more: "Accepted") -> None:
        self.moved, self.own = self.moved + more.moved, self.own + more.own
        self.changed += more.changed


def accept(*, step: Step, versions: dict[int, int], by: User) -> Accepted:
    """Take `step` on every value still in the version given, except those that the person handled before.

    ENTER stands for handing in what was entered, one's own values included. Each batch is taken whole or not at all.
    Raises Refused or OutOfScope where the first one is not taken.
    """
    done = Accepted()
    for some in _batches(versions):
        try:
            done.add(_accept_batch(step, some, by))
        except Refused as refused:
            if not done.moved:
                raise
            done.stopped = refused.message
            break
    return done


def _batches(versions: dict[int, int]) -> Iterator[dict[int, int]]:
    ordered = sorted(versions.items())
    for start in range(0, len(ordered), BATCH):
        yield dict(ordered[start : start + BATCH])


@transaction.atomic
def _accept_batch(step: Step, versions: dict[int, int], by: User) -> Accepted:
    mine = reach(by, Permission.SEE_DRAFTS)
    units = engine.lock(engine.UNITS_OF_READINGS, Ids.of(versions))
    values = held(versions)
    if len(values) != len(versions) or not all(mine.holds(value) for value in values):
        raise OutOfScope()
    changed = [value.pk for value in values if value.version != versions[value.pk]]
    same = [value for value in values if value.version == versions[value.pk]]
    if step is Step.ENTER:
        return Accepted(_hand_in(same, units, by) if same else 0, changed)
    taken = [value for value in same if not value.was_handled_by(by)]
    moved = advance(taken, units, step, by) if taken else 0
    return Accepted(moved, changed, len(same) - len(taken))


def _hand_in(values: list[Held], units: list[Folder], by: User) -> int:
    """All of the values are handed in, or none: unlike those of a whole folder, each was named."""
    for value in values:
        require_open(value)
        if value.state != State.DRAFT:
            raise WrongState(f"Giá trị {value.code} {State(value.state).label}, không nộp được.", field="state")
        if value.is_derived or (value.value is None and not value.not_applicable):
            raise WrongState(f"Giá trị {value.code} chưa có gì để nộp.", field="state")
    return hand_in(values, units, by)
