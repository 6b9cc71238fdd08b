"""Files that prove a value: attached, taken away with a reason, taken over from the period before."""

import threading
from base64 import b64decode
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

import files
from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from criteria.actions.readings.shared import CLOSED, WRONG_ROLE
from criteria.models import Evidence, Reading, State, StoredFile
from criteria.procedure import Step
from criteria.queries.history import previous_of, with_previous
from criteria.queries.scope import may_take, readings_in_scope
from files import child, kinds, pdfs, storage
from files.receiving import FULL, NO_SPACE, TOO_BIG, Received

LOCKED = "Giá trị đã nộp, minh chứng giữ nguyên. Cần được trả lại để sửa."
ALLOWED = "Chỉ nhận tệp PDF, JPEG, PNG, XLSX, DOCX."
NO_ROOM = "Máy chủ hết chỗ lưu, tệp chưa được lưu. Báo quản trị rồi gửi lại."
LONGEST_REASON = 300
_MEGABYTE = 1024 * 1024
_PICTURES = ("jpeg", "png")
_SECONDS = 30
# Large pictures take much memory: so many at a time in this process, the others wait.
_FEW_AT_ONCE = threading.BoundedSemaphore(2)


class NoSpace(Refused):
    """The disk of the server is full."""

    status = 507
    default_code = "no_space"


def attach(*, reading_id: int, received: Received, by: User) -> Evidence:
    """Keep a file that was sent as evidence of a value. The same bytes sent again are answered with what is there.

    The content is looked into before anything is locked; the row is written when the file is in its place.
    Raises OutOfScope, NotAllowed, WrongState (closed, submitted), Refused (size, kind, content, number), NoSpace.
    """
    reading = _editable(reading_id, by)
    _require_whole(received)
    if twin := _twin(reading, received.sha256):
        return twin
    _require_room(reading, received.size, by)
    try:
        kind = _looked_into(received)
        key = storage.keep(received.path)
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoSpace(NO_ROOM, field="files") from error
    try:
        made = _written(reading_id, received, key, kind, by)
    except Refused:
        storage.discard(key)
        raise
    # After any other fault nobody knows whether the rows were committed: the file stays, `collect_files` will tell.
    if made.file.key != key:
        storage.discard(key)
    return made


@transaction.atomic
def remove(*, evidence_id: int, reason: str, by: User) -> Evidence:
    """Take one file away from its value, with a reason; the file itself stays in the store.

    Raises OutOfScope, NotAllowed, WrongState (closed, submitted, gone already), Refused (no reason).
    """
    found = Evidence.objects.filter(pk=evidence_id).first()
    if found is None:
        raise OutOfScope
    _lock(_editable(found.reading_id, by))
    said = " ".join(reason.split())
    if not said or len(said) > LONGEST_REASON:
        raise Refused(f"Ghi lý do gỡ tệp, nhiều nhất {LONGEST_REASON} ký tự.", field=f"reason-{evidence_id}")
    found.refresh_from_db()
    if found.removed_at:
        raise WrongState("Tệp này đã được gỡ.", field="files")
    found.removed_by, found.removed_at, found.removal_reason = by, timezone.now(), said
    found.save(update_fields=["removed_by", "removed_at", "removal_reason"])
    _tell(found, "remove", by, reason=said)
    return found


@transaction.atomic
def carry_forward(*, reading_id: int, by: User) -> list[Evidence]:
    """Let the files of the period before stand for this value too; those that already do are left out.

    Raises OutOfScope, NotAllowed, WrongState (closed, submitted, nothing to take over), Refused (too many).
    """
    reading = _editable(reading_id, by)
    _lock(reading)
    earlier = _of_the_period_before(reading, by)
    here = set(_standing(reading).values_list("sent_sha256", flat=True))
    wanted = {each.sent_sha256: each for each in earlier if each.sent_sha256 not in here}
    if not wanted:
        raise WrongState("Kỳ trước không có minh chứng nào chưa lấy.", field="files")
    _require_number(len(here) + len(wanted))
    made = [_added(reading, each.file, each.name, each.sent_sha256, by, source=each) for each in wanted.values()]
    for each in made:
        _tell(each, "carry", by)
    return made


def _editable(reading_id: int, by: User) -> Reading:
    """The value, while its evidence may still be changed by this person; absent outside the scope."""
    seen = readings_in_scope(by, Permission.SEE_DRAFTS).filter(pk=reading_id)
    reading = with_previous(seen).select_related("assessment__area", "assessment__round__period", "input").first()
    if reading is None:
        raise OutOfScope
    if not may_take(by, Step.ENTER, reading):
        raise NotAllowed(WRONG_ROLE, field="files")
    if not reading.assessment.round.is_open:
        raise WrongState(CLOSED, field="files", code="round_closed")
    if reading.input.derived or reading.state not in (State.DRAFT, State.RETURNED):
        raise WrongState(LOCKED, field="files")
    return reading


def _lock(reading: Reading) -> None:
    """Hold the value and see that it is still with the person who enters: it may have been submitted meanwhile."""
    state = Reading.objects.select_for_update(no_key=True).filter(pk=reading.pk).values_list("state", flat=True).get()
    if state not in (State.DRAFT, State.RETURNED):
        raise WrongState(LOCKED, field="files")


def _standing(reading: Reading):
    return Evidence.objects.filter(reading=reading, removed_at=None)


def _twin(reading: Reading, sha256: str) -> Evidence | None:
    return _standing(reading).filter(sent_sha256=sha256).select_related("file").first()


def _require_whole(received: Received) -> None:
    if received.fault == NO_SPACE:
        raise NoSpace(NO_ROOM, field="files")
    most = settings.EVIDENCE_FILE_BYTES
    if received.fault == TOO_BIG or received.size > most:
        raise Refused(f"Tệp lớn quá {most // _MEGABYTE} MB.", field="files", code="too_big")
    if not received.size:
        raise Refused("Tệp rỗng.", field="files", code="empty")


def _require_room(reading: Reading, size: int, by: User) -> None:
    """Limits of a value and of a person in a year."""
    _require_number(_standing(reading).count() + 1)
    this_year = StoredFile.objects.filter(stored_by=by, stored_at__year=timezone.localdate().year)
    sent, most = this_year.aggregate(sent=Sum("size"))["sent"] or 0, settings.EVIDENCE_YEAR_BYTES
    if sent + size > most:
        raise Refused(f"Năm nay bạn đã gửi gần đủ {most // _MEGABYTE} MB, không gửi thêm được.", field="files")


def _require_number(number: int) -> None:
    if number > settings.EVIDENCE_PER_VALUE:
        raise Refused(f"Một giá trị có nhiều nhất {settings.EVIDENCE_PER_VALUE} tệp.", field="files", code="too_many")


def picture_kind(received: Received) -> str:
    """The kind of a sent photograph, written anew in its place. Raises Refused at the field `photo`, NoSpace."""
    try:
        _require_whole(received)
        kind = _looked_into(received)
    except NoSpace:
        raise
    except Refused as refusal:
        raise Refused(refusal.message, field="photo", code=refusal.code) from refusal
    if kind not in _PICTURES:
        raise Refused("Chỉ nhận ảnh JPEG hoặc PNG.", field="photo", code="kind")
    return kind


def _looked_into(received: Received) -> str:
    """The kind of the file, once its content holds; a picture is written anew in its place."""
    try:
        kind = str(kinds.kind_of(received.path, received.name))
        if kind not in (*_PICTURES, "pdf", "xlsx", "docx"):
            raise Refused(ALLOWED, field="files", code="kind")
        if kind == "pdf":
            _require_open_pdf(received.path)
        if kind in _PICTURES:
            _write_anew(received.path, kind)
    except files.Refusal as refusal:
        raise Refused(str(refusal), field="files", code="content") from refusal
    return kind


def _require_open_pdf(path: Path) -> None:
    if pdfs.is_cut(path):
        raise Refused("Tệp PDF thiếu phần cuối. Mở thử rồi gửi lại.", field="files", code="content")
    if pdfs.is_locked(path):
        raise Refused("Tệp PDF có mật khẩu. Bỏ mật khẩu rồi gửi lại.", field="files", code="content")


def _write_anew(path: Path, kind: str) -> None:
    """Put the picture, written anew by the child, in the place of what was sent."""
    with _FEW_AT_ONCE:
        said = child.call("files.images:anew", path, kind, seconds=_SECONDS, memory=settings.EVIDENCE_MEMORY)
    picture = b64decode(said)
    if len(picture) > settings.EVIDENCE_FILE_BYTES:
        raise Refused("Ảnh lớn quá. Giảm cỡ ảnh rồi gửi lại.", field="files", code="too_big")
    path.write_bytes(picture)


@transaction.atomic
def _written(reading_id: int, received: Received, key: str, kind: str, by: User) -> Evidence:
    """The rows, under lock of the value and of the person whose year is counted."""
    reading = _editable(reading_id, by)
    _lock(reading)
    if twin := _twin(reading, received.sha256):
        return twin
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    path = storage.path_of(key)
    size = path.stat().st_size
    _require_room(reading, size, by)
    stored = StoredFile.objects.create(
        key=key, kind=kind, size=size, sha256=storage.digest(path), stored_by=by, stored_at=timezone.now()
    )
    made = _added(reading, stored, received.name, received.sha256, by)
    _tell(made, "attach", by)
    return made


def _added(
    reading: Reading, file: StoredFile, name: str, sha256: str, by: User, source: Evidence | None = None
) -> Evidence:
    return Evidence.objects.create(
        reading=reading,
        file=file,
        name=name,
        sent_sha256=sha256,
        added_by=by,
        added_at=timezone.now(),
        carried_from=source,
        is_illustrative=by.is_demo or (source is not None and source.is_illustrative),
    )


def _of_the_period_before(reading: Reading, by: User) -> list[Evidence]:
    """Evidence of the same value in the period before, where this person may see that one too."""
    earlier = previous_of([reading]).get(reading.pk)
    if earlier is None or not readings_in_scope(by, Permission.SEE_DRAFTS).filter(pk=earlier.pk).exists():
        return []
    return list(_standing(earlier).select_related("file").order_by("pk"))


def _tell(evidence: Evidence, what: str, by: User, reason: str = "") -> None:
    data = {"reading": evidence.reading_id, "name": evidence.name, "sha256": evidence.sent_sha256}
    audit.record(by=by, action=f"evidence.{what}", subject=evidence, reason=reason, data=data)
