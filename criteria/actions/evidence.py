"""Evidence of a value: attached, taken over from the period before, taken away; only while the value is entered."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from accounts.errors import NoSpace, NotAllowed, OutOfScope, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from criteria.actions.beside import seen, tell
from criteria.actions.readings.shared import WRONG_ROLE
from criteria.models import Evidence, Reading, State, StoredFile
from criteria.procedure import Step
from criteria.queries import history
from criteria.queries.scope import may_take, readings_in_scope
from criteria.rules.evidence import limits
from files import Refusal, intake, storage
from files.kinds import Kind
from files.names import shown_name
from files.storage import Incoming
from files.uploads import Received

FIELD = "files"
LONGEST_REASON = 300
LOCKED = "Giá trị đã nộp. Cần được trả lại hoặc mở khoá để sửa minh chứng."
NOTHING_BEFORE = "Kỳ trước không có minh chứng để lấy lại."


def attach(*, reading_id: int, received: Received, by: User) -> Evidence:
    """Keep a file as evidence of a value. The same content again answers with what is there already.

    Raises OutOfScope, NotAllowed, WrongState, Refused (the file, a quota), NoSpace. The file is opened before the
    transaction begins: nobody waits at a lock for a picture to be drawn.
    """
    with transaction.atomic():
        _to_change(reading_id, by)
    kind, incoming = _examined(received)
    try:
        with transaction.atomic():
            return _attached(_to_change(reading_id, by, lock_person=True), received, kind, incoming, by)
    except Refusal as refusal:
        raise _as_refused(refusal) from refusal
    finally:
        storage.discard(incoming.path)


def _attached(reading: Reading, received: Received, kind: Kind, incoming: Incoming, by: User) -> Evidence:
    already = _standing(reading).filter(file__sha256=incoming.sha256).first()
    if already:
        return already
    _require_room(reading, 1)
    _require_quota(by, incoming.size)
    name = shown_name(received.name or "")
    # In place before the row: should this transaction fail, the file is one that no row tells of.
    file = StoredFile.objects.create(
        name=storage.keep(incoming),
        shown_name=name,
        kind=kind.value,
        size=incoming.size,
        sha256=incoming.sha256,
        uploaded_by=by,
        uploaded_at=timezone.now(),
        is_illustrative=by.is_demo,
    )
    added = Evidence.objects.create(reading=reading, file=file, added_by=by, added_at=file.uploaded_at)
    tell(reading, by, "evidence.attach", file=name, size=file.size, sha256=file.sha256)
    return added


@transaction.atomic
def carry_forward(*, reading_id: int, by: User) -> int:
    """Take over the evidence of the period before, by reference; returns how many were not here yet.

    Raises as `attach` does; Refused where there is nothing to take over.
    """
    reading = _to_change(reading_id, by)
    earlier = _before(reading, by)
    if not earlier:
        raise Refused(NOTHING_BEFORE, field=FIELD, code="nothing_before")
    here = set(_standing(reading).values_list("file__sha256", flat=True))
    wanted = [each for each in earlier if each.file.sha256 not in here]
    _require_room(reading, len(wanted))
    now = timezone.now()
    Evidence.objects.bulk_create(
        Evidence(reading=reading, file=each.file, added_by=by, added_at=now, is_carried=True) for each in wanted
    )
    if wanted:
        names = [each.file.shown_name for each in wanted]
        tell(reading, by, "evidence.carry", file=", ".join(names), from_reading=earlier[0].reading_id)
    return len(wanted)


@transaction.atomic
def remove(*, reading_id: int, evidence_id: int, reason: str, by: User) -> Evidence:
    """Take one file away from a value, with a reason. The row and the file stay. Taken away twice is once."""
    reading = _to_change(reading_id, by)
    found = Evidence.objects.filter(pk=evidence_id, reading=reading).select_related("file").first()
    if found is None:
        raise OutOfScope
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Refused(f"Ghi lý do gỡ tệp, tối đa {LONGEST_REASON} ký tự.", field="reason", code="required")
    if found.removed_at is None:
        found.removed_by, found.removed_at, found.removal_reason = by, timezone.now(), reason.strip()
        found.save(update_fields=["removed_by", "removed_at", "removal_reason"])
        tell(reading, by, "evidence.remove", reason=found.removal_reason, file=found.file.shown_name)
    return found


def _to_change(reading_id: int, by: User, *, lock_person: bool = False) -> Reading:
    """The value, locked, where the person may change its evidence now."""
    if lock_person:  # the person's quota is counted once at a time
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
    reading = seen(reading_id, by)
    if not may_take(by, Step.ENTER, reading):
        raise NotAllowed(WRONG_ROLE, field=FIELD)
    if reading.input.derived:
        raise WrongState("Giá trị này do hệ thống tính, không cần minh chứng.", field=FIELD, code="derived")
    if reading.state not in (State.DRAFT, State.RETURNED):
        raise WrongState(LOCKED, field=FIELD, code="locked")
    return reading


def _examined(received: Received) -> tuple[Kind, Incoming]:
    """Kind and content of what was sent, or why it is not taken."""
    try:
        if received.fault or received.incoming is None:
            raise received.fault or Refusal("Tệp rỗng. Chọn tệp khác.", code="empty")
        kind, incoming = intake.examined(received.incoming, received.name or "", megapixels=limits().megapixels)
    except Refusal as refusal:
        raise _as_refused(refusal) from refusal
    if kind.value not in limits().kinds:
        storage.discard(incoming.path)
        taken = ", ".join(each.upper() for each in limits().kinds)
        raise Refused(f"Minh chứng chỉ nhận {taken}.", field=FIELD, code="kind")
    return kind, incoming


def _as_refused(refusal: Refusal) -> Refused:
    kind = NoSpace if refusal.code == "no_space" else Refused
    return kind(refusal.message, field=FIELD, code=refusal.code)


def _standing(reading: Reading) -> QuerySet[Evidence]:
    return Evidence.objects.filter(reading=reading, removed_at=None).select_related("file").order_by("pk")


def _before(reading: Reading, by: User) -> list[Evidence]:
    """Evidence of the same value in the period before, as far as the person may see it."""
    rows = list(history.with_previous(Reading.objects.filter(pk=reading.pk)))
    earlier = history.previous_of(rows).get(reading.pk)
    if earlier is None or not readings_in_scope(by, Permission.SEE_DRAFTS).filter(pk=earlier.pk).exists():
        return []
    return list(_standing(earlier))


def _require_room(reading: Reading, more: int) -> None:
    if _standing(reading).count() + more > limits().per_value:
        raise Refused(
            f"Mỗi giá trị tối đa {limits().per_value} tệp. Gỡ tệp không cần nữa rồi thêm.", field=FIELD, code="too_many"
        )


def _require_quota(by: User, size: int) -> None:
    """Bytes that the person sent in this calendar year, whether they still stand anywhere or not."""
    begins = timezone.make_aware(dt.datetime(timezone.localdate().year, 1, 1))  # noqa: DTZ001
    sent = StoredFile.objects.filter(uploaded_by=by, uploaded_at__gte=begins).aggregate(sent=Sum("size"))["sent"] or 0
    if sent + size > limits().bytes_per_year:
        raise Refused(
            f"Năm nay bạn đã tải lên {sent >> 20} MB, tối đa {limits().bytes_per_year >> 20} MB. Báo văn phòng tỉnh.",
            field=FIELD,
            code="quota",
        )
