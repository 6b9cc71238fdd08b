"""Runs the steps of the seed once each; what was done stands in the audit trail, so nothing is done twice."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.models import AuditEvent
from communes import epochs
from communes.models import Area
from criteria.models import CriteriaSet
from reports.seed import files
from reports.seed.areas import UnknownArea
from reports.seed.areas import province as the_province

ACTION = "seed.step"


class NotReady(LookupError):
    """What the seed stands on is not in the database yet."""


@dataclass(frozen=True)
class Step:
    """One subject of the seed. `load` writes it and returns how many rows it wrote."""

    name: str
    load: Callable[[Area], int]


@dataclass(frozen=True)
class Done:
    """What became of a step: how many rows in how many seconds; `rows` is None where it was there before."""

    name: str
    rows: int | None
    seconds: float = 0.0


def loaded_steps() -> dict[str, str]:
    """Names of the steps in the database, with the fingerprint of the data that filled them."""
    events = AuditEvent.objects.filter(subject_type=Area._meta.label_lower, action=ACTION)
    return {data["step"]: data["checksum"] for data in events.values_list("data", flat=True)}


def run(steps: tuple[Step, ...]) -> Iterator[Done]:
    """Run what is missing, each step in a transaction of its own with its audit event and its epoch.

    Raises NotReady without territory or law.
    """
    present = loaded_steps()
    if all(step.name in present for step in steps):
        yield from (Done(step.name, None) for step in steps)
        return
    province = _ready_province()
    for step in steps:
        yield Done(step.name, None) if step.name in present else _run(step, province)


def _ready_province() -> Area:
    try:
        found = the_province()
    except UnknownArea as missing:
        raise NotReady(str(missing)) from missing
    if not CriteriaSet.objects.filter(allows_rounds=True).exists():
        raise NotReady("The law is not loaded: run `manage.py load_law` first.")
    return found


@transaction.atomic
def _run(step: Step, province: Area) -> Done:
    started = time.monotonic()
    rows = step.load(province)
    audit.record(
        by=None,
        action=ACTION,
        subject=province,
        data={"step": step.name, "rows": rows, "checksum": files.checksum()},
    )
    epochs.bump(province.code)
    return Done(step.name, rows, time.monotonic() - started)
