"""Writing the territory of the register files into the database: only what differs, in one transaction."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from accounts import audit
from communes import epochs, registers
from communes.models import LEVEL_OF_KIND, Area, AreaChange, Placement
from communes.text import search_key, sort_key
from communes.units import Key, Territory, Unit

UNITS = Path(__file__).resolve().parent / "data" / "units"


@dataclass
class Outcome:
    """How many rows the files tell of, and how many were written."""

    units: int = 0
    placements: int = 0
    changes: int = 0
    created: int = 0
    updated: int = 0
    deleted: int = 0

    @property
    def is_changed(self) -> bool:
        return bool(self.created or self.updated or self.deleted)


def load(folder: Path = UNITS) -> Outcome:
    """Make the database equal to the files of `folder`; raises registers.WrongRow and then changes nothing.

    Units that the files do not name are left alone.
    """
    territory = registers.read(folder)
    if not any(code == settings.PROVINCE_CODE for code, _ in territory.units):
        raise registers.WrongRow(registers.INDEX, f"no register names the province {settings.PROVINCE_CODE}")
    outcome = Outcome(len(territory.units), len(territory.positions), len(territory.changes))
    with transaction.atomic():
        areas = _write_units(territory, outcome)
        ids = {key: area.pk for key, area in areas.items()}
        named = Placement.objects.filter(area_id__in=ids.values())
        _write(outcome, named, _placements(territory, ids), identity=("area_id", "valid_from"))
        told = AreaChange.objects.filter(old_id__in=ids.values())
        _write(outcome, told, _changes(territory, ids), identity=("old_id", "new_id", "effective_on"))
        if outcome.is_changed:
            _tell(areas, outcome)
    return outcome


def _tell(areas: dict[Key, Area], outcome: Outcome) -> None:
    province = next(area for key, area in areas.items() if key[0] == settings.PROVINCE_CODE)
    path = f"/{province.code}/"
    audit.record(by=None, action="territory.load", subject=province, area_path=path, data=asdict(outcome))
    epochs.bump(province.code)


def _write_units(territory: Territory, outcome: Outcome) -> dict[Key, Area]:
    rows = (_area(unit) for unit in territory.units.values())
    _write(outcome, Area.objects.order_by(), rows, identity=("code", "valid_from"), deletes=False)
    stored = {(area.code, area.valid_from): area for area in Area.objects.order_by()}
    return {key: stored[key] for key in territory.units}


def _area(unit: Unit) -> Area:
    return Area(
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        level=LEVEL_OF_KIND[unit.kind],
        kind=unit.kind,
        valid_from=unit.span.start,
        valid_to=unit.span.end,
        confidence=unit.confidence,
        search_key=search_key(unit.name),
        sort_key=sort_key(f"{unit.short_name} {unit.name}"),
    )


def _placements(territory: Territory, ids: dict[Key, int]) -> Iterable[Placement]:
    for position in territory.positions:
        yield Placement(
            area_id=ids[position.unit],
            parent_id=ids[position.parent] if position.parent else None,
            path=position.path,
            valid_from=position.span.start,
            valid_to=position.span.end,
        )


def _changes(territory: Territory, ids: dict[Key, int]) -> Iterable[AreaChange]:
    for change in territory.changes:
        yield AreaChange(
            old_id=ids[change.old],
            new_id=ids[change.new] if change.new else None,
            change=change.change,
            effective_on=change.effective_on,
            is_partial=change.is_partial,
            legal_basis=change.legal_basis,
            confidence=change.confidence,
            note=change.note,
        )


def _write(
    outcome: Outcome,
    stored: models.QuerySet[Any],
    rows: Iterable[models.Model],
    *,
    identity: tuple[str, ...],
    deletes: bool = True,
) -> None:
    """Create, update and (with `deletes`) delete so that `stored` equals `rows`, matched by `identity`."""
    model = stored.model
    names = [f.attname for f in model._meta.concrete_fields if not f.primary_key]
    before = {_values(row, identity): row for row in stored}
    new, differing = [], []
    for row in rows:
        known = before.pop(_values(row, identity), None)
        if known is None:
            new.append(row)
        elif _values(known, names) != _values(row, names):
            row.pk = known.pk
            differing.append(row)
    if deletes and before:
        model.objects.filter(pk__in=[row.pk for row in before.values()]).delete()
        outcome.deleted += len(before)
    model.objects.bulk_create(new, batch_size=200)
    model.objects.bulk_update(differing, names, batch_size=100)
    outcome.created += len(new)
    outcome.updated += len(differing)


def _values(row: models.Model, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)
