"""What people say to each other about one value: added, never changed; settled and opened again."""

import re
import uuid

from django.db import transaction
from django.utils import timezone

from accounts.errors import NotAllowed, Refused
from accounts.models import User
from accounts.roles import Permission
from criteria.actions.beside import seen, tell
from criteria.models import Comment, Reading, Thread
from criteria.queries.panel import is_open
from criteria.queries.scope import readings_in_scope

LONGEST = 2000
MOST_MENTIONS = 5
READ_ONLY = "Bạn xem được trao đổi này, không ghi ý kiến."
_MENTION = re.compile(r"(?<!\S)@([\w.+-]*\w)")


@transaction.atomic
def comment(*, reading_id: int, text: str, by: User, key: uuid.UUID | None = None) -> Comment:
    """Say something about a value; the talk is open again. `key` names the sending: sent twice, it is said once.

    People named as @username are reminded. Raises OutOfScope, NotAllowed, WrongState (closed), Refused.
    """
    reading = _to_talk_about(reading_id, by)
    said = text.strip()
    if not said:
        raise Refused("Ghi nội dung rồi gửi.", field="text", code="required")
    if len(said) > LONGEST:
        raise Refused(f"Tối đa {LONGEST} ký tự.", field="text", code="too_long")
    thread, _ = Thread.objects.get_or_create(reading=reading)
    mentioned = _mentioned(said, reading)
    added, is_new = Comment.objects.get_or_create(
        by=by, key=key or uuid.uuid4(), defaults={"thread": thread, "text": said, "at": timezone.now()}
    )
    if is_new:
        added.mentioned.set(mentioned)
        Thread.objects.filter(pk=thread.pk).update(resolved_by=None, resolved_at=None)
        tell(reading, by, "thread.comment", comment=added.pk)
    return added


@transaction.atomic
def resolve(*, reading_id: int, by: User, text: str = "", key: uuid.UUID | None = None) -> Thread:
    """State that the talk is settled, after a last `text` if there is one. The value itself stays where it is.

    Settled already, nothing changes. Raises as `comment` does; Refused where nothing was said yet.
    """
    if text.strip():
        comment(reading_id=reading_id, text=text, by=by, key=key)
    reading = _to_talk_about(reading_id, by)
    thread = Thread.objects.filter(reading=reading).first()
    if thread is None and reading.returned_at is None:
        raise Refused("Chưa có trao đổi nào để đánh dấu.", field="thread", code="nothing_said")
    thread = thread or Thread(reading=reading)
    if is_open(reading, thread):
        thread.resolved_by, thread.resolved_at = by, timezone.now()
        thread.save()
        tell(reading, by, "thread.resolve")
    return thread


def _to_talk_about(reading_id: int, by: User) -> Reading:
    reading = seen(reading_id, by)
    if not readings_in_scope(by, Permission.COMMENT).filter(pk=reading.pk).exists():
        raise NotAllowed(READ_ONLY, field="text")
    return reading


def _mentioned(text: str, reading: Reading) -> list[User]:
    """The people named, each of whom may see the value; a name that is nobody's and one out of scope answer alike."""
    names = list(dict.fromkeys(_MENTION.findall(text)))
    if len(names) > MOST_MENTIONS:
        raise Refused(f"Nhắc tối đa {MOST_MENTIONS} người mỗi lần.", field="text", code="too_many_mentions")
    people = {person.username: person for person in User.objects.filter(username__in=names, is_active=True)}
    for name in names:
        person = people.get(name)
        if person is None or not readings_in_scope(person, Permission.SEE_DRAFTS).filter(pk=reading.pk).exists():
            raise Refused(f"Không có ai tên @{name} được xem giá trị này.", field="text", code="unknown_person")
    return [people[name] for name in names]
