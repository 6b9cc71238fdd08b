"""The funding of the programme: a unit's figures of a year, written together with what stood there before."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.errors import Refused, Stale
from accounts.models import User
from communes import epochs
from communes.models import Area
from sponsorship import rulebook
from sponsorship.actions.shared import place, refuse, require_amount, require_reach, stamp
from sponsorship.checks import Fault
from sponsorship.models import Arrears, Funding
from sponsorship.models.funding import MEASURES


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What an officer says: {line: {measure: đồng}}, arrears, and for each the version that was read (None: none)."""

    lines: dict[str, dict[str, int]]
    arrears: int | None = None
    versions: dict[str, int | None] = field(default_factory=dict)


ARREARS = "arrears"
CHANGED = "Người khác vừa ghi số này."


@transaction.atomic
def record(*, area: Area, year: int, figures: Figures, by: User) -> int:
    """Write what differs; how many lines.

    Raises OutOfScope; Refused with every fault at `<line>-<measure>`; Stale where a line was written since it was
    read, with what stands there now in `theirs`: nothing of the sheet is written then.
    """
    epochs.bump()
    require_reach(by, area)
    known = {line.code for line in rulebook.lines_in(year)}
    if unknown := figures.lines.keys() - known:
        raise Refused("Năm này không có nguồn vốn đó.", field=min(unknown), code="unknown")
    stored: dict[str, Any] = {
        row.line: row for row in Funding.objects.select_for_update(of=("self",)).filter(area=area, year=year)
    }
    said = {line: {name: amounts.get(name, 0) for name in MEASURES} for line, amounts in figures.lines.items()}
    if figures.arrears is not None:
        stored[ARREARS] = Arrears.objects.select_for_update(of=("self",)).filter(area=area, year=year).first()
        said[ARREARS] = {"amount": figures.arrears}
    changed = {line: amounts for line, amounts in said.items() if amounts != amounts_of(line, stored.get(line))}
    refuse([fault for line, amounts in changed.items() for fault in _faults(line, amounts)])
    _require_versions({line: stored.get(line) for line in changed}, figures.versions)
    for line, amounts in changed.items():
        _write(stored.get(line) or _empty(area, year, line), line, amounts, by)
    return len(changed)


def amounts_of(line: str, row: Any) -> dict[str, int]:
    """The figures of a stored line or of the arrears; nothing where none are stored."""
    return {name: getattr(row, name, 0) for name in (("amount",) if line == ARREARS else MEASURES)}


def _faults(line: str, amounts: dict[str, int]) -> list[Fault]:
    fields = {name: line if line == ARREARS else f"{line}-{name}" for name in amounts}
    found = [fault for name, amount in amounts.items() for fault in _amount(fields[name], amount)]
    if line != ARREARS and amounts["disbursed"] > amounts["mobilised"]:
        found.append(Fault(fields["disbursed"], "Giải ngân không được quá số huy động.", "more_than_mobilised"))
    return found


def _amount(field: str, amount: int) -> list[Fault]:
    try:
        require_amount(amount, field, zero=True)
    except Refused as refused:
        return [Fault(field, refused.message, refused.code)]
    return []


def _require_versions(rows: dict[str, Any], versions: dict[str, int | None]) -> None:
    stale = {line: row for line, row in rows.items() if (row.version if row else None) != versions.get(line)}
    if stale:
        faults = [Fault(line if line == ARREARS else f"{line}-plan", CHANGED, "stale") for line in stale]
        raise Stale(CHANGED, field=faults[0].field, faults=faults, theirs=stale)


def _empty(area: Area, year: int, line: str) -> Any:
    if line == ARREARS:
        return Arrears(area=area, year=year, version=-1)
    return Funding(area=area, year=year, line=line, version=-1)


def _write(row: Any, line: str, amounts: dict[str, int], by: User) -> None:
    before = amounts_of(line, row if row.pk else None)
    for name, value in {**amounts, **stamp(by), "version": row.version + 1}.items():
        setattr(row, name, value)
    row.save()
    told = {"area": row.area.code, "year": row.year}
    if line == ARREARS:
        action, told = "arrears.set", {**told, "before": before["amount"], "after": amounts["amount"]}
    else:
        action, told = "funding.set", {**told, "number": line, "before": before, "after": amounts}
    audit.record(by=by, action=action, subject=row, area_path=place(row.area), data=told)
