"""Files that prove a value: attached, taken away with a reason, taken over from the period before."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from criteria.actions import taking
from criteria.actions.readings.shared import CLOSED, WRONG_ROLE
from criteria.models import Evidence, Reading, State, StoredFile
from criteria.procedure import Step
from criteria.queries.carrying import standing, to_carry
from criteria.queries.history import previous_of, with_previous
from criteria.queries.scope import may_take, readings_in_scope
from files.receiving import Received

LOCKED = "Giá trị đã nộp, minh chứng giữ nguyên. Cần được trả lại để sửa."
KINDS = ("pdf", "jpeg", "png", "xlsx", "docx")
LONGEST_REASON = 300


def attach(*, reading_id: int, received: Received, by: User) -> Evidence:
    """Keep a file that was sent as evidence of a value. The same bytes sent again are answered with what is there.

    The content is looked into before anything is locked; the row is written when the file is in its place.
    Raises OutOfScope, NotAllowed, WrongState (closed, submitted), Refused (size, kind, content, number), NoSpace.
    """
    reading = _editable(reading_id, by)
    taking.require_whole(received)
    if twin := _twin(reading, received.sha256):
        return twin
    _require_number(standing(reading).count() + 1)
    return taking.keep(received, KINDS, by, lambda kept: _written(reading_id, received, kept, by))


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
    wanted = list(to_carry(by, reading, previous_of([reading]).get(reading.pk)).select_related("file").order_by("pk"))
    if not wanted:
        raise WrongState("Kỳ trước không có minh chứng nào chưa lấy.", field="files")
    _require_number(standing(reading).count() + len(wanted))
    made = [_added(reading, each.file, each.name, each.sent_sha256, by, source=each) for each in wanted]
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


def _twin(reading: Reading, sha256: str) -> Evidence | None:
    return standing(reading).filter(sent_sha256=sha256).select_related("file").first()


def _require_number(number: int) -> None:
    if number > settings.EVIDENCE_PER_VALUE:
        raise Refused(f"Một giá trị có nhiều nhất {settings.EVIDENCE_PER_VALUE} tệp.", field="files", code="too_many")


@transaction.atomic
def _written(reading_id: int, received: Received, kept: taking.Kept, by: User) -> Evidence:
    """The rows, under lock of the value and of the person whose year is counted."""
    reading = _editable(reading_id, by)
    _lock(reading)
    if twin := _twin(reading, received.sha256):
        return twin
    _require_number(standing(reading).count() + 1)
    stored = taking.stored(kept, by)
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


def _tell(evidence: Evidence, what: str, by: User, reason: str = "") -> None:
    data = {"reading": evidence.reading_id, "name": evidence.name, "sha256": evidence.sent_sha256}
    audit.record(by=by, action=f"evidence.{what}", subject=evidence, reason=reason, data=data)
