"""Tables that a person sent, and what may be sent and fetched now."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from accounts.errors import OutOfScope
from accounts.models import User
from communes.models import Area
from criteria.models import Import, Input, Round
from criteria.queries import desk
from criteria.workbooks import slots
from criteria.workbooks.slots import Slot
from files.sheets import address

PAGE = 40
MOST_SHOWN = 1000
_RELATED = ("round__period", "round__criteria_set", "job")
STEPS = ("đang đọc tệp", "đang kiểm tra", "đang ghi")
_LONG = ("staged", "faults", "notices")


@dataclass(frozen=True)
class Page:
    """A page of one's own imports, the latest first; `after` names the row that the next page starts behind."""

    imports: list[Import]
    after: str | None


@dataclass(frozen=True)
class Progress:
    """The step in hand, counted from 1, of so many."""

    step: int
    of: int = len(STEPS)

    @property
    def name(self) -> str:
        return STEPS[self.step - 1]

    @property
    def done(self) -> int:
        return self.step - 1


@dataclass(frozen=True)
class Offer:
    """A round that a table may be sent to, with the units and inputs that a workbook can be fetched for."""

    round: Round
    areas: list[Area]
    inputs: list[Input]


@dataclass(frozen=True)
class ShownFault:
    """A fault with the address that people use."""

    sheet: str
    address: str
    message: str


def mine(user: User, *, after: str = "", register: str = "") -> Page:
    """One's own imports into rounds, or into a register, behind the row with the id `after`."""
    rows = (
        Import.objects.filter(asked_by=user, register=register).select_related(*_RELATED).defer(*_LONG).order_by("-pk")
    )
    if re.fullmatch(r"\d{1,15}", after, re.ASCII):
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    return Page(found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else None)


def find(user: User, import_id: int) -> Import:
    """One's own import; OutOfScope for anybody else's."""
    found = Import.objects.filter(pk=import_id, asked_by=user).select_related(*_RELATED).defer("staged").first()
    if found is None:
        raise OutOfScope
    return found


def progress(found: Import) -> Progress | None:
    """Which of the steps its job is at; None where nothing is being done."""
    if found.job is None or found.job.is_finished:
        return None
    read, checked = found.job.done > 0, found.state == Import.State.READY
    return Progress(3 if checked else 2 if read else 1)


def shown_faults(found: Import) -> list[ShownFault]:
    """The first faults; the rest stand in the file that is given back."""
    return [ShownFault(name, address(row, column), said) for name, row, column, said in found.faults[:MOST_SHOWN]]


def offers(user: User) -> list[Offer]:
    """Open rounds with units that the person fills in: a constant number of statements."""
    rounds = desk.my_work(user).rounds
    inputs: dict[int, list[Input]] = defaultdict(list)
    sets = [work.round.criteria_set_id for work in rounds]
    for entry in slots.inputs_of_sets(sets).filter(derived__isnull=True):
        inputs[entry.indicator.criterion.criteria_set_id].append(entry)
    return [
        Offer(work.round, [folder.assessment.area for folder in work.folders], inputs[work.round.criteria_set_id])
        for work in rounds
    ]


def to_fill(user: User, *, round_id: int, area_code: str = "", input_code: str = "") -> tuple[Round, list[Slot]]:
    """The values for a workbook, of one unit or input where named. OutOfScope where the person may enter none."""
    related = ("period", "criteria_set", "province")
    opened = Round.objects.select_related(*related).filter(pk=round_id, closed_on=None).first()
    if opened is None:
        raise OutOfScope
    named: dict[str, Any] = {"assessment__area__code": area_code, "input__code": input_code}
    wanted = {name: value for name, value in named.items() if value}
    found = slots.slots_of(slots.enterable(user, opened).filter(**wanted), opened)
    if not found:
        raise OutOfScope
    return opened, found
