"""Stated sums of a folder's values: read, checked, and put into words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple, Protocol

from accounts.errors import Refused
from criteria.models import Assessment, Input, Reading
from criteria.queries import wording
from criteria.rules import sums
from criteria.rules.sums import Amount, Broken, Sum

HOW_TO_MEND = "Sửa cả nhóm thì xoá trống một ô trước."


class Valued(Protocol):
    """A value with its input and its folder: a reading, or a slot of an import."""

    pk: int
    input: Input
    assessment: Assessment
    value: Decimal | None
    not_applicable: bool


class Fault(NamedTuple):
    """A stated sum of a folder that does not add up: the values it is about, and what to tell of it."""

    values: list[Valued]
    message: str


def require(folders: dict[int, int], *, field: str) -> None:
    """Refused where a stated sum that one of the values (value → its folder) takes part in does not add up, as they
    stand now: one statement for all of them.
    """
    rows = Reading.objects.filter(assessment__in=set(folders.values()), input__in_sum=True)
    refuse(rows.select_related("input", "assessment"), folders, field=field)


def refuse(values: Iterable[Valued], touched: Collection[int], *, field: str) -> None:
    """Refused where a sum that one of the values `touched` takes part in does not add up; all of them are named."""
    found = [each for each in faults(values) if any(value.pk in touched for value in each.values)]
    if found:
        raise Refused(" ".join(each.message for each in found), field=field, code="sum")


def faults(values: Iterable[Valued]) -> list[Fault]:
    """The stated sums that do not add up, folder by folder."""
    folders: dict[int, dict[str, Valued]] = defaultdict(dict)
    for value in values:
        if value.input.in_sum:
            folders[value.assessment.pk][value.input.code] = value
    return [fault for folder in folders.values() for fault in _of_folder(folder)]


def _of_folder(folder: dict[str, Valued]) -> Iterator[Fault]:
    stated = [Sum.stated(code, value.input.parts) for code, value in folder.items() if value.input.parts]
    amounts = {code: Amount(value.value, value.not_applicable) for code, value in folder.items()}
    for each in sums.broken(stated, amounts):
        yield Fault([folder[code] for code in each.sum.codes], _message(each, folder[each.sum.total].input))


def _message(found: Broken, entry: Input) -> str:
    """Tổng không khớp: 1.2 + 1.3 = 100%, còn 1.1 là 120%; lệch 20 điểm %."""
    added, total = wording.shown(entry, found.parts), wording.shown(entry, found.total)
    difference = wording.difference(entry, found.difference)
    parts = " + ".join(found.sum.parts)
    if found.sum.rule == sums.EQUAL:
        said = f"Tổng không khớp: {parts} = {added}, còn {entry.code} là {total}; lệch {difference}."
    else:
        said = f"Các phần vượt tổng: {parts} = {added}, còn {entry.code} là {total}; vượt {difference}."
    return f"{said} {HOW_TO_MEND}"
