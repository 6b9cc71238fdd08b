"""Writing the book of a commune: many rows at once, one corrected, one ended. Nothing is deleted."""

import datetime as dt
import re
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.errors import OutOfScope, Refused, Stale, WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.text import one_line
from communes.book import Kind, last_day, reached
from communes.models import Area, Village
from communes.models.book import BookRow
from communes.queries import path_of
from communes.rows import Fault
from communes.text import sort_key

_LONGEST_REASON = 300
_NOT_TOLD = {"id", "commune", "name_key", "sort_key", "written_by", "written_at", "version", "is_illustrative"}


@transaction.atomic
def add_rows(*, kind: Kind, commune: Area, rows: list[dict[str, Any]], by: User) -> list[BookRow]:
    """Write rows that were read from text (communes.rows): all of them, or none and every fault at once."""
    stored = _locked(commune, by)
    made, faults = _made(kind, stored, rows, by)
    if faults:
        _refuse(faults)
    saved = kind.model._default_manager.bulk_create(made)
    path = _path(stored)
    audit.record_many(
        audit.event(by=by, action="book.add", subject=row, area_path=path, data={"after": _told(row)}) for row in saved
    )
    return saved


def check_rows(*, kind: Kind, commune: Area, rows: list[dict[str, Any]], by: User) -> list[Fault]:
    """Everything that speaks against the rows; nothing is written."""
    if not reached(by, Permission.KEEP_BOOK, commune):
        raise OutOfScope()
    return _made(kind, commune, rows, by)[1]


@transaction.atomic
def correct_row(*, kind: Kind, row: BookRow, version: int, said: dict[str, Any], by: User) -> BookRow:
    """Correct one row; what stood there stays in the trail. Raises Stale where somebody else was first."""
    stored = _fetched(kind, row, version, by)
    before = _told(stored)
    made, faults = _made(kind, stored.commune, [said], by, instead_of=stored)
    if faults:
        _refuse(faults)
    for field in (*(column.field for column in kind.columns), "name_key", "sort_key", "valid_from"):
        setattr(stored, field, getattr(made[0], field))
    return _saved(stored, "book.correct", before, by)


@transaction.atomic
def end_row(*, kind: Kind, row: BookRow, version: int, on: dt.date, reason: str, by: User) -> BookRow:
    """Let a row end with a day: a village that was merged, a garden that is one no more."""
    stored = _fetched(kind, row, version, by)
    if stored.valid_to:
        raise WrongState(f"Dòng này đã kết thúc ngày {stored.valid_to:%d/%m/%Y}.", code="ended")
    reason = one_line(reason)[:_LONGEST_REASON]
    if not reason:
        raise Refused("Ghi lý do kết thúc.", field="reason", code="required")
    if on > timezone.localdate() or (stored.valid_from and on < stored.valid_from):
        raise Refused("Ngày kết thúc phải từ ngày bắt đầu đến hôm nay.", field="on", code="out_of_range")
    before = _told(stored)
    stored.valid_to, stored.end_reason = on, reason
    return _saved(stored, "book.end", before, by, reason)


def _saved(stored: BookRow, action: str, before: dict[str, Any], by: User, reason: str = "") -> BookRow:
    stored.version += 1
    stored.written_by, stored.written_at = by, timezone.now()
    stored.save()
    data = {"before": before, "after": _told(stored)}
    audit.record(by=by, action=action, subject=stored, area_path=_path(stored.commune), reason=reason, data=data)
    return stored


def _locked(commune: Area, by: User) -> Area:
    """The commune under lock: two officers who write the same row at once are told apart."""
    if not reached(by, Permission.KEEP_BOOK, commune):
        raise OutOfScope()
    return Area.objects.select_for_update().get(pk=commune.pk)


def _fetched(kind: Kind, row: BookRow, version: int, by: User) -> Any:
    _locked(row.commune, by)
    stored: Any = kind.model._default_manager.select_related("commune").get(pk=row.pk)
    if stored.version != version:
        message = "Người khác vừa sửa dòng này. Xem lại rồi sửa tiếp."
        raise Stale(message, field="name", version=stored.version, theirs=_told(stored))
    return stored


def _refuse(faults: list[Fault]) -> None:
    single = len(faults) == 1 and not faults[0].line
    message = faults[0].message if single else f"{len(faults)} chỗ không ghi được; chưa ghi gì."
    raise Refused(message, field=faults[0].field if single else "rows", code="rows", faults=faults)


def _path(commune: Area) -> str:
    return path_of([commune.pk], last_day(commune)).get(commune.pk, "")


def _told(row: BookRow) -> dict[str, Any]:
    """A row as the trail tells it."""
    fields = [field for field in row._meta.concrete_fields if field.name not in _NOT_TOLD]
    said = {field.name: getattr(row, field.attname) for field in fields}
    return {
        name: value if isinstance(value, int | str) or value is None else str(value) for name, value in said.items()
    }


def _made(
    kind: Kind, commune: Area, rows: list[dict[str, Any]], by: User, instead_of: BookRow | None = None
) -> tuple[list[Any], list[Fault]]:
    """Unsaved rows, and what speaks against them: two statements, whatever their number."""
    open_rows: Any = kind.model._default_manager.filter(commune=commune, valid_to=None)
    known = {_identity(row) for row in (open_rows.exclude(pk=instead_of.pk) if instead_of else open_rows)}
    villages = {
        row.name_key: row
        for row in Village.objects.filter(commune=commune).order_by(F("valid_to").asc(nulls_last=True), "pk")
    }
    made, faults = [], []
    for said in rows:
        wrong = _wrong_days(said, commune) + _wrong_village(said, villages)
        row = None if wrong else _row(kind, commune, said, villages, by)
        if row is not None and _identity(row) in known:
            wrong = [Fault("name", f"{row.name} đã có trong sổ.", "", said.get("line", 0))]
        elif row is not None:
            known.add(_identity(row))
            made.append(row)
        faults += wrong
    return made, faults


def _row(kind: Kind, commune: Area, said: dict[str, Any], villages: dict[str, Village], by: User) -> Any:
    fields = {column.field: said.get(column.field) for column in kind.columns}
    if "village" in fields:
        fields["village"] = villages.get(_key(fields["village"])) if fields["village"] else None
    if "year" in fields:
        # It counts in the whole of its year; in a merged commune from that commune's first day.
        fields["valid_from"] = max(dt.date(said["year"], 1, 1), commune.valid_from or dt.date.min)
    return kind.model(
        **fields,
        commune=commune,
        name_key=_key(said["name"]),
        sort_key=_sort_key(said["name"]),
        written_by=by,
        written_at=timezone.now(),
        is_illustrative=by.is_demo,
    )


def _sort_key(name: str) -> str:
    """In Vietnamese order, and Thôn 2 before Thôn 10."""
    return sort_key(re.sub("[0-9]+", lambda found: found[0].zfill(5), name))


def _key(name: str) -> str:
    return one_line(name).casefold()[:120]


def _identity(row: Any) -> tuple[Any, ...]:
    """What makes a row the same as another: its name; for a garden, whose owner may have two, all of it."""
    if hasattr(row, "area_m2"):
        return (row.name_key, row.village_id, row.year, row.area_m2)
    return (row.name_key,)


def _wrong_days(said: dict[str, Any], commune: Area) -> list[Fault]:
    last, line = last_day(commune), said.get("line", 0)
    start = said.get("valid_from")
    if start and not (commune.valid_from or dt.date.min) <= start <= last:
        known = f"từ {commune.valid_from:%d/%m/%Y} " if commune.valid_from else ""
        return [Fault("valid_from", f"{commune.name} chỉ có {known}đến {last:%d/%m/%Y}.", "Từ ngày", line)]
    year = said.get("year")
    if year and year > last.year:
        return [Fault("year", f"không được sau năm {last.year}.", "Năm được công nhận", line)]
    return []


def _wrong_village(said: dict[str, Any], villages: dict[str, Village]) -> list[Fault]:
    name = said.get("village")
    if not name or _key(name) in villages:
        return []
    return [Fault("village", f"chưa có thôn “{name}” trong sổ thôn.", "Thôn", said.get("line", 0))]
