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
from sponsorship.actions.shared import place, require_amount, require_reach, stamp
from sponsorship.models import Arrears, Funding
from sponsorship.models.funding import MEASURES


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What an officer says: {line: {measure: đồng}}, arrears, and for each the version that was read (None: none)."""

    lines: dict[str, dict[str, int]]
    arrears: int | None = None
    versions: dict[str, int | None] = field(default_factory=dict)


ARREARS = "arrears"


@transaction.atomic
def record(*, area: Area, year: int, figures: Figures, by: User) -> int:
    """Write what differs; how many lines. Raises OutOfScope, Refused at `<line>-<measure>`, Stale."""
    epochs.bump()
    require_reach(by, area)
    known = {line.code for line in rulebook.lines_in(year)}
    if unknown := figures.lines.keys() - known:
        raise Refused("Năm này không có nguồn vốn đó.", field=min(unknown), code="unknown")
    stored = {row.line: row for row in Funding.objects.select_for_update(of=("self",)).filter(area=area, year=year)}
    written = 0
    for line, said in figures.lines.items():
        written += _line(area, year, line, said, stored.get(line), figures.versions.get(line), by)
    if figures.arrears is not None:
        written += _arrears(area, year, figures.arrears, figures.versions.get(ARREARS), by)
    return written


def _line(
    area: Area, year: int, line: str, said: dict[str, int], row: Funding | None, version: int | None, by: User
) -> int:
    amounts = {name: said.get(name, 0) for name in MEASURES}
    for name, amount in amounts.items():
        require_amount(amount, f"{line}-{name}", zero=True)
    if amounts["disbursed"] > amounts["mobilised"]:
        raise Refused("Giải ngân không được quá số huy động.", field=f"{line}-disbursed", code="more_than_mobilised")
    before = {name: getattr(row, name) for name in MEASURES} if row else dict.fromkeys(MEASURES, 0)
    if amounts == before:
        return 0
    _require_version(row, version, f"{line}-plan")
    row = row or Funding(area=area, year=year, line=line, version=-1)
    return _saved(row, amounts, "funding.set", {"number": line, "before": before, "after": amounts}, by)


def _arrears(area: Area, year: int, amount: int, version: int | None, by: User) -> int:
    require_amount(amount, ARREARS, zero=True)
    row = Arrears.objects.select_for_update(of=("self",)).filter(area=area, year=year).first()
    if row and row.amount == amount:
        return 0
    _require_version(row, version, ARREARS)
    before = row.amount if row else None
    row = row or Arrears(area=area, year=year, version=-1)
    return _saved(row, {"amount": amount}, "arrears.set", {"before": before, "after": amount}, by)


def _require_version(row: Any, version: int | None, field: str) -> None:
    if (row.version if row else None) != version:
        raise Stale("Người khác vừa ghi số này. Xem lại rồi sửa tiếp.", field=field)


def _saved(row: Any, said: dict[str, int], action: str, data: dict[str, Any], by: User) -> int:
    for name, value in {**said, **stamp(by), "version": row.version + 1}.items():
        setattr(row, name, value)
    row.save()
    data = {"area": row.area.code, "year": row.year, **data}
    audit.record(by=by, action=action, subject=row, area_path=place(row.area), data=data)
    return 1
