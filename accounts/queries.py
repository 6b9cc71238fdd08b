"""Reads about people: the list, one person with history, and the places an appointment may name."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone

from accounts.audit import history_of
from accounts.models import Appointment, AuditEvent, User
from accounts.roles import AttachedTo, Role
from accounts.scope import attached_to
from accounts.text import search_key

PAGE_SIZE = 50
HISTORY_SIZE = 100
CANDIDATES = 30

EVENT_LABELS = {
    "person.create": "Tạo tài khoản",
    "person.appoint": "Phân công",
    "person.end-appointment": "Kết thúc phân công",
    "person.withdraw-appointment": "Huỷ phân công",
    "person.take-over": "Nhận bàn giao",
    "person.delegate": "Nhận uỷ quyền",
    "person.suspend": "Tạm dừng tài khoản",
    "person.reinstate": "Mở lại tài khoản",
    "person.reset-password": "Đặt lại mật khẩu",
    "person.change-password": "Đổi mật khẩu",
    "person.remove-demo": "Gỡ tài khoản minh hoạ",
    "token.issue": "Cấp mã truy cập API",
    "token.rotate": "Đổi mã truy cập API",
    "token.end": "Kết thúc mã truy cập API",
}


@dataclass(frozen=True)
class PeoplePage:
    """One page of people in the order of usernames; `next_after` is the key of the following page, or empty.

    Each person carries `current_appointments`.
    """

    people: Sequence[User]
    next_after: str


def people_page(*, search: str = "", after: str = "", size: int = PAGE_SIZE) -> PeoplePage:
    """People whose name or username contains every word of `search`, marks aside, after the key `after`."""
    held = Appointment.objects.in_force(timezone.localdate()).select_related("area", "department").order_by("pk")
    found = User.objects.prefetch_related(Prefetch("appointments", held, to_attr="current_appointments"))
    for word in search_key(search).split():
        found = found.filter(search_key__contains=word)
    rows = list(found.filter(username__gt=after).order_by("username")[: size + 1])
    return PeoplePage(people=rows[:size], next_after=rows[size - 1].username if len(rows) > size else "")


def appointments_with_state(person: User) -> list[tuple[Appointment, str]]:
    """Every appointment, latest first, with how it stands today: `current`, `coming` or `ended`."""
    today = timezone.localdate()
    rows = person.appointments.select_related("area", "department", "on_behalf_of__user")
    return [(row, _standing(row, today)) for row in rows.order_by("-valid_from", "-pk")]


def delegations_of(person: User) -> list[tuple[Appointment, str]]:
    """What others do in this person's place, latest first, with how it stands today."""
    rows = Appointment.objects.filter(on_behalf_of__user=person).select_related("area", "department", "user")
    return [(row, _standing(row, timezone.localdate())) for row in rows.order_by("-valid_from", "-pk")]


def people_named(text: str) -> list[User]:
    """Active people whom `text` (a username or words of a name) may mean; a whole username or name beats a part."""
    key = search_key(text)
    if not key:
        return []
    found = User.objects.filter(is_active=True)
    for word in key.split():
        found = found.filter(search_key__contains=word)
    rows = list(found.order_by("username")[:CANDIDATES])
    whole = [each for each in rows if key in (each.username, search_key(each.display_name))]
    return whole or rows


def history(person: User) -> list[tuple[AuditEvent, str, str]]:
    """The latest events about one person, newest first: event, what was done, and on what."""
    events = history_of(person).order_by("-id")[:HISTORY_SIZE]
    return [(event, EVENT_LABELS.get(event.action, event.action), _in_words(event.data)) for event in events]


def areas_named(text: str, *, role: str) -> list[models.Model]:
    """Units that `text` (a code or a part of a name) may mean, of the level that `role` is attached to.

    Ended units are among them: earlier periods still have work. A whole name or code beats a part of one.
    """
    key, level = search_key(text), attached_to(Role(role))
    if not key or level in (AttachedTo.DEPARTMENT, AttachedTo.NOTHING):
        return []
    area_model: Any = Appointment._meta.get_field("area").related_model
    of_level = area_model.objects.filter(level=level.value)
    found = list(of_level.filter(Q(code=key) | Q(search_key__contains=key)).order_by("sort_key", "id")[:CANDIDATES])
    whole = [area for area in found if key in (area.code, search_key(area.name), search_key(area.short_name))]
    return whole or found


def _standing(appointment: Appointment, today: dt.date) -> str:
    if appointment.valid_from > today:
        return "coming"
    return "ended" if appointment.valid_to and appointment.valid_to < today else "current"


def _in_words(data: dict[str, Any]) -> str:
    role = data.get("role")
    if not role:
        return data.get("name", "") if "hint" in data else ""
    label = Role(role).label if role in Role.values else role
    return f"{label}, {data['place']}" if data.get("place") else label
