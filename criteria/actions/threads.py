"""Talking about one value: a comment, and saying that what was asked is done."""

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, Refused, Stale, WrongState
from accounts.models import User
from accounts.roles import Permission
from criteria.models import Reading, Remark
from criteria.queries.panel import may_speak, thread_of
from criteria.queries.scope import readings_in_scope

LONGEST = 2000
NOT_A_SPEAKER = "Bạn xem được trao đổi này nhưng không ghi được."


@transaction.atomic
def comment(*, reading_id: int, text: str, by: User) -> Remark:
    """Add a comment; a thread that was done is open again. The same words sent twice in a row stand once.

    Raises OutOfScope, NotAllowed (reads only), Refused (nothing or too much written).
    """
    reading = _fetch(reading_id, by)
    said = _readable(text)
    last = Remark.objects.filter(reading=reading).order_by("-pk").first()
    if last and (last.kind, last.text, last.by_id) == (Remark.Kind.COMMENT, said, by.pk):
        return last
    return _added(reading, Remark.Kind.COMMENT, said, by)


@transaction.atomic
def resolve(*, reading_id: int, mark: str, by: User) -> Remark:
    """Say that what the thread asks for is done. `mark` names the last line that the person saw.

    Raises OutOfScope, NotAllowed, Stale (somebody wrote since), WrongState (nothing is open).
    """
    reading = _fetch(reading_id, by)
    thread = thread_of(reading)
    if not thread.is_open:
        raise WrongState("Không có trao đổi nào đang mở.", field="thread")
    if thread.mark != mark:
        raise Stale("Vừa có ý kiến mới. Đọc rồi đánh dấu lại.", field="thread")
    return _added(reading, Remark.Kind.RESOLVED, "", by)


def _fetch(reading_id: int, by: User) -> Reading:
    """The value under lock, for somebody who works with it; absent outside the scope."""
    seen = readings_in_scope(by, Permission.SEE_DRAFTS).filter(pk=reading_id)
    if not seen.exists():
        raise OutOfScope
    if not may_speak(by, reading_id):
        raise NotAllowed(NOT_A_SPEAKER, field="text")
    return Reading.objects.select_for_update(no_key=True).get(pk=reading_id)


def _readable(text: str) -> str:
    """The text without what cannot be read; Refused where it is empty or too long."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    said = "".join(char for char in lines if char == "\n" or char.isprintable()).strip()
    if not said:
        raise Refused("Ghi nội dung trước khi gửi.", field="text", code="required")
    if len(said) > LONGEST:
        over = len(said) - LONGEST
        raise Refused(f"Dài quá {LONGEST} ký tự. Bớt {over} ký tự.", field="text", code="too_long")
    return said


def _added(reading: Reading, kind: Remark.Kind, text: str, by: User) -> Remark:
    remark = Remark.objects.create(reading=reading, kind=kind, text=text, by=by, at=timezone.now())
    data = {"reading": reading.pk, "text": text}
    audit.record(by=by, action=f"thread.{kind.value}", subject=remark, data=data)
    return remark
