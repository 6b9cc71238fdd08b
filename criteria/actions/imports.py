"""Tables of a round or of a register: taken in, read, confirmed, cancelled. Reading and writing are jobs."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import audit, jobs
from accounts.errors import OutOfScope, Refused, WrongState
from accounts.models import Job, User
from criteria.actions.readings.shared import require_open
from criteria.collector import without_collector
from criteria.models import Import, Round
from criteria.queries.uploads import left_this_year
from criteria.workbooks import applying, reading, registers, storing
from criteria.workbooks.checking import Outcome
from criteria.workbooks.registers import Checked
from criteria.workbooks.slots import enterable
from files import Refusal
from files.kinds import Kind, kind_of

READ, APPLY = "import_read", "import_apply"
MOST_FAULTS = 20_000
ONLY_TABLES = "Chỉ nhận bảng .xlsx hoặc .csv."
NOT_WHOLE = "Bảng còn ô không nhận được. Sửa rồi tải lên lại, hoặc chọn chỉ nhập phần đúng."
NOTHING_TO_WRITE = "Không có gì để nhập."
ENDED = "Lần nhập này đã kết thúc."
NOT_READY = "Bảng chưa đọc xong."
UNCONFIRMED = "Quá {} ngày không ai xác nhận nên bảng được bỏ. Gửi lại nếu còn cần."
LOST = "Bạn không còn được nhập một số đơn vị trong bảng. Tải tệp lên lại."
_WAITING = (Import.State.READ, Import.State.READY)
_RELATED = ("round__period", "round__criteria_set", "round__province", "asked_by")


class _Stopped(Exception):
    """Somebody gave the table up while it was being written."""


def upload(*, round_id: int, name: str, chunks: Iterable[bytes], by: User) -> Import:
    """Keep a sent file and ask for its reading.

    Raises OutOfScope, WrongState (closed), Refused at the field `file` (size, what is left of the year, kind).
    """
    return _take(name, chunks, by, round=_round(round_id, by))


def upload_to(*, register: str, name: str, chunks: Iterable[bytes], by: User) -> Import:
    """Keep a file that was sent to a register, and ask for its reading. Raises as `upload`."""
    registers.of(register).require(by)
    return _take(name, chunks, by, register=register)


def _take(name: str, chunks: Iterable[bytes], by: User, **goal: Any) -> Import:
    stored = storing.store(chunks, left=left_this_year(by))
    try:
        kind = _kind(stored, name)
        with transaction.atomic():
            _require_room(stored.size, by)
            made = Import.objects.create(
                **goal,
                asked_by=by,
                asked_at=timezone.now(),
                file_name=_shown_name(name),
                stored_as=stored.name,
                kind=kind,
                sha256=stored.sha256,
                size=stored.size,
            )
            _ask(made, READ, by)
            audit.record(by=by, action="import.upload", subject=made, data=_told(made) | {"sha256": stored.sha256})
    except Exception:
        storing.forget(stored.name)
        raise
    return made


def _told(made: Import) -> dict[str, Any]:
    return {"name": made.file_name, "register": made.register} if made.register else {}


def _require_room(size: int, by: User) -> None:
    """Counted again one upload at a time: two that came together may not both fit."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if size > (left := left_this_year(by)):
        raise storing.year_full(left)


def _round(round_id: int, by: User) -> Round:
    opened = Round.objects.select_related("period", "criteria_set", "province").filter(pk=round_id).first()
    if opened is None or not enterable(by, opened).exists():
        raise OutOfScope
    require_open(opened)
    return opened


def _kind(stored: storing.Stored, name: str) -> Kind:
    try:
        kind = kind_of(storing.path_of(stored.name), name)
    except Refusal as refusal:
        raise Refused(refusal.message, field="file", code=refusal.code) from refusal
    if kind not in (Kind.XLSX, Kind.CSV):
        raise Refused(ONLY_TABLES, field="file", code="extension")
    return kind


def _shown_name(name: str) -> str:
    """The name as a label only: no folder, no control characters, not too long."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in bare if char.isprintable())[-200:]


def _ask(made: Import, kind: str, by: User, **more: bool) -> None:
    made.job = jobs.ask(kind=kind, arguments={"import": made.pk, **more}, by=by)
    made.save(update_fields=["job"])


@transaction.atomic
def apply(*, import_id: int, only_good: bool, by: User) -> Import:
    """Ask that the table be written: all of it, or (an act of its own) only what was accepted.

    Raises OutOfScope, WrongState (not ready, closed), Refused (faults left, nothing to write).
    """
    found = _locked(import_id, by)
    if found.state != Import.State.READY:
        raise WrongState(NOT_READY if found.state == Import.State.READ else ENDED)
    if found.round:
        require_open(found.round)
    if found.faults and not only_good:
        raise Refused(NOT_WHOLE, code="faults")
    if not found.to_write:
        raise Refused(NOTHING_TO_WRITE, code="nothing")
    if found.job is None or found.job.kind != APPLY or found.job.is_finished:
        _ask(found, APPLY, by, only_good=only_good)
    return found


def cancel(*, import_id: int, by: User) -> Import:
    """Give the table up before it is written. Raises OutOfScope, WrongState where it has ended.

    The job is told first, by itself: one that is writing hears of it before it commits, and writes nothing.
    """
    told = Import.objects.filter(pk=import_id, asked_by=by).values_list("job_id", flat=True).first()
    if told:
        jobs.cancel(told)
    return _cancelled(import_id, by)


@transaction.atomic
def _cancelled(import_id: int, by: User) -> Import:
    found = _locked(import_id, by)
    if found.state not in _WAITING:
        raise WrongState(ENDED)
    _end(found, Import.State.CANCELLED)
    audit.record(by=by, action="import.cancel", subject=found)
    return found


def expire() -> int:
    """Give up tables that nobody confirmed for IMPORT_CONFIRM_DAYS; how many. Their files go as those of any other."""
    days = settings.IMPORT_CONFIRM_DAYS
    waiting = Import.objects.filter(state__in=_WAITING, asked_at__lt=timezone.now() - dt.timedelta(days=days))
    return sum(_expired(pk, UNCONFIRMED.format(days)) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _expired(import_id: int, reason: str) -> bool:
    found = _locked(import_id)
    if found.state not in _WAITING or (found.job is not None and not found.job.is_finished):
        return False
    _end(found, Import.State.CANCELLED, reason)
    audit.record(by=None, action="import.expire", subject=found)
    return True


def _locked(import_id: int, by: User | None = None) -> Import:
    """The import under lock; absent where it is not `by`'s own."""
    mine = Import.objects.filter(pk=import_id) if by is None else Import.objects.filter(pk=import_id, asked_by=by)
    found = mine.select_for_update(of=("self",)).select_related(*_RELATED, "job").defer("staged").first()
    if found is None:
        raise OutOfScope
    return found


def _end(found: Import, state: Import.State, reason: str = "") -> None:
    found.state, found.reason, found.finished_at = state, reason, timezone.now()
    found.staged = []
    found.save(update_fields=["state", "reason", "finished_at", "staged", "applied"])


@without_collector()
def read_file(job: Job) -> None:
    """The file into plain cells, or the reason why not, kept beside it for the step: nobody waits meanwhile."""
    found = Import.objects.only("stored_as", "kind", "state").filter(pk=job.arguments["import"]).first()
    if found is None or job.marks or found.state != Import.State.READ:
        return
    try:
        read: dict[str, Any] = {"sheets": reading.sheets_of(storing.path_of(found.stored_as), found.kind)}
    except Refusal as refusal:
        read = {"refused": refusal.message}
    storing.keep_text(_cells_name(found), json.dumps(read, ensure_ascii=False))


@jobs.step_of(READ, before=read_file)
@without_collector()
def read_step(job: Job) -> bool:
    """The file has been read; then the cells against the stored values: two steps, stopped between."""
    found = _locked(job.arguments["import"])
    if found.state != Import.State.READ:
        storing.forget(_cells_name(found))
        return False
    job.total = 2
    if not job.marks:
        job.marks, job.done = {"read": True}, 1
        return True
    try:
        _check(found)
        job.done = 2
    except Refused as refused:
        _end(found, Import.State.REFUSED, refused.message)
    storing.forget(_cells_name(found))
    return False


def _cells_name(found: Import) -> str:
    return f"{found.stored_as}.json"


def _check(found: Import) -> None:
    read = json.loads(storing.path_of(_cells_name(found)).read_text(encoding="utf-8"))
    if "refused" in read:
        raise Refused(read["refused"], field="file", code="unreadable")
    if found.round:
        found.round, outcome = reading.check(read["sheets"], found.round, found.asked_by)
        _keep(found, outcome)
    else:
        _keep(found, registers.of(found.register).check(read["sheets"], found.asked_by))


def _keep(found: Import, outcome: Outcome | Checked) -> None:
    """The outcome beside the import, ready to be confirmed."""
    for name in ("new", "changed", "unchanged", "refused", "conflicts"):
        setattr(found, name, getattr(outcome, name))
    found.staged = outcome.rows
    found.faults = [[f.sheet, f.row, f.column, f.message] for f in outcome.faults[:MOST_FAULTS]]
    found.notices = outcome.notices
    found.state = Import.State.READY
    found.save()


@jobs.step_of(APPLY)
@without_collector()
def apply_step(job: Job) -> bool:
    """Write everything in one transaction; the requester's rights are looked at again. One that is told to stop
    while it writes leaves nothing behind.
    """
    found = _locked(job.arguments["import"])
    if found.state != Import.State.READY or (found.faults and not job.arguments["only_good"]):
        return False
    job.total = 1
    by = found.asked_by
    try:
        with transaction.atomic():
            if not by.is_active:
                raise OutOfScope(LOST)
            found.applied = _write(found, by)
            if jobs.is_stopped(job):
                raise _Stopped
    except _Stopped:
        return True
    except OutOfScope:
        _end(found, Import.State.REFUSED, LOST)
        return False
    except Refused as refused:
        _end(found, Import.State.REFUSED, refused.message)
        return False
    _end(found, Import.State.APPLIED)
    job.done = 1
    audit.record(by=by, action="import.apply", subject=found, data=_told(found) | {"values": found.applied})
    return False


def _write(found: Import, by: User) -> int:
    if found.round:
        return applying.write(found.staged, opened=found.round, by=by, source=found.file_name)
    return registers.of(found.register).write(found.staged, by=by, source=found.file_name)
