"""Talking about one value: a comment, and saying that what was asked is done."""

import re

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
MOST_NAMES = 5
CLOSED = "Kỳ này đã chốt: trao đổi chỉ còn để đọc. Cần mở lại kỳ để ghi tiếp."
NOT_A_SPEAKER = "Bạn xem được trao đổi này nhưng không ghi được."

# A name stands by itself: what follows a letter is an address of mail.
_NAME = re.compile(r"(?<!\S)@([\w.+-]*\w)")


@transaction.atomic
def comment(*, reading_id: int, text: str, by: User) -> Remark:
    """Add a comment; a thread that was done is open again. The same words sent twice in a row stand once.

    Who is named as @username is asked: under "Việc của tôi" until answered.
    Raises OutOfScope, NotAllowed (reads only), WrongState (closed), Refused (nothing or too much
    written, a name of nobody).
    """
    reading = _fetch(reading_id, by)
    said = _readable(text)
    named = _named(said, reading)
    last = Remark.objects.filter(reading=reading).order_by("-pk").first()
    if last and (last.kind, last.text, last.by_id) == (Remark.Kind.COMMENT, said, by.pk):
        return last
    added = _added(reading, Remark.Kind.COMMENT, said, by)
    added.mentioned.set(named)
    return added


@transaction.atomic
def resolve(*, reading_id: int, mark: str, by: User) -> Remark:
    """Say that what the thread asks for is done. `mark` names the last line that the person saw.

    Raises OutOfScope, NotAllowed, Stale (somebody wrote since), WrongState (closed, nothing is open).
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
    reading = (
        Reading.objects.select_for_update(no_key=True, of=("self",))
        .select_related("assessment__round")
        .get(pk=reading_id)
    )
    if not reading.assessment.round.is_open:
        raise WrongState(CLOSED, field="text", code="round_closed")
    return reading


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


def _named(text: str, reading: Reading) -> list[User]:
    """The people named, each of whom may see the value. A name of nobody and one out of scope answer alike."""
    names = list(dict.fromkeys(_NAME.findall(text)))
    if len(names) > MOST_NAMES:
        raise Refused(f"Nhắc nhiều nhất {MOST_NAMES} người một lần.", field="text", code="too_many_names")
    people = {person.username: person for person in User.objects.filter(username__in=names, is_active=True)}
    for name in names:
        if name not in people or not _sees(people[name], reading):
            raise Refused(f"Không có ai tên @{name} được xem giá trị này.", field="text", code="unknown_name")
    return [people[name] for name in names]


def _sees(person: User, reading: Reading) -> bool:
    return readings_in_scope(person, Permission.SEE_DRAFTS).filter(pk=reading.pk).exists()


def _added(reading: Reading, kind: Remark.Kind, text: str, by: User) -> Remark:
    remark = Remark.objects.create(reading=reading, kind=kind, text=text, by=by, at=timezone.now())
    data = {"reading": reading.pk, "text": text}
    audit.record(by=by, action=f"thread.{kind.value}", subject=remark, data=data)
    return remark
