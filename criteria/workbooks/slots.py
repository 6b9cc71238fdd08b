"""The stored values that a person may enter in a round, as light rows: thousands are read at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from accounts.models import User
from criteria.models import Assessment, Input, Reading, Round
from criteria.procedure import PERMISSION, Step, procedure_for
from criteria.queries.scope import readings_in_scope


@dataclass(slots=True)
class Slot:
    """One value's place. It answers as a reading does where verdict and plausibility are resolved."""

    pk: int
    input_id: int
    area_id: int
    area_code: str
    assessment: Assessment
    input: Input
    value: Decimal | None
    not_applicable: bool
    state: int
    version: int
    origin: str
    note: str
    flags: int = 0  # what looks wrong about a value that is about to be written


def enterable(user: User, opened: Round) -> QuerySet[Reading]:
    """The round's values that the person may enter (state and derived ones apart)."""
    try:
        steps = procedure_for(opened.criteria_set.level, opened.period.ends_on).roles
    except LookupError:
        return Reading.objects.none()
    roles = steps.get(Step.ENTER, frozenset())
    return readings_in_scope(user, PERMISSION[Step.ENTER], set(roles)).filter(assessment__round=opened)


def slots_of(readings: QuerySet[Reading], opened: Round, entries: Iterable[Input] | None = None) -> list[Slot]:
    """These readings of the round as slots: three statements however many; two where the set's inputs are at hand."""
    rows = readings.order_by("assessment_id", "input_id").values_list(
        "pk", "assessment_id", "input_id", "value", "not_applicable", "state", "version", "origin", "note"
    )
    return _made(list(rows), opened, inputs_of(opened) if entries is None else entries)


def _made(rows: list[tuple], opened: Round, entries: Iterable[Input]) -> list[Slot]:
    folders = Assessment.objects.select_related("area").in_bulk({row[1] for row in rows})
    for folder in folders.values():
        folder.round = opened
    inputs = {entry.pk: entry for entry in entries}
    units = {pk: (folder.area_id, folder.area.code, folder) for pk, folder in folders.items()}
    return [Slot(row[0], row[2], *units[row[1]], inputs[row[2]], *row[3:]) for row in rows if row[2] in inputs]


def inputs_of(opened: Round) -> list[Input]:
    """The inputs of the round's set, in the order of the law."""
    return list(inputs_of_sets([opened.criteria_set_id]))


def inputs_of_sets(set_ids: Iterable[int]) -> QuerySet[Input]:
    """The inputs of these sets, in the order of the law."""
    found = Input.objects.filter(indicator__criterion__criteria_set__in=list(set_ids))
    order = ("indicator__criterion__bit", "indicator__ordinal", "ordinal", "pk")
    return found.select_related("indicator__criterion").order_by(*order)


def by_code(slots: Iterable[Slot]) -> dict[tuple[int, str], Slot]:
    """The slots by unit and input code."""
    return {(slot.area_id, slot.input.code): slot for slot in slots}
