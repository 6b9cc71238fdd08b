"""Writes about people. Each is one transaction with its audit event; `by=None` is the portal's own command line."""

import datetime as dt
import unicodedata
from typing import Any

from axes.utils import reset as forget_failed_sign_ins
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, Refused, WrongState
from accounts.models import ApiToken, Appointment, Department, User
from accounts.passwords import checked, normalised, one_time_password
from accounts.roles import ROLES, AttachedTo, Permission, Role
from accounts.scope import attached_to, forget_appointments, has_permission
from accounts.text import search_key
from accounts.validators import username_validator

MANAGING_ROLES = [role for role, spec in ROLES.items() if Permission.MANAGE_PEOPLE in spec.permissions]
ATTACHMENT_NEEDED = {
    AttachedTo.COMMUNE: "Vai trò này cần một đơn vị cấp xã.",
    AttachedTo.DISTRICT: "Vai trò này cần một đơn vị cấp huyện.",
    AttachedTo.PROVINCE: "Vai trò này cần đơn vị cấp tỉnh.",
    AttachedTo.DEPARTMENT: "Vai trò này cần một sở, ngành.",
}


@transaction.atomic
def create_person(
    *, username: str, display_name: str, by: User | None, password: str | None = None
) -> tuple[User, str]:
    """A new account and its password. Without `password`, a one-time one that must be changed at sign-in.

    Raises Refused at `username`, `display_name` or `password`.
    """
    _may_manage(by)
    name = unicodedata.normalize("NFC", " ".join(display_name.split()))
    person = User(username=_new_username(username), display_name=name, must_change_password=password is None)
    if not name or len(name) > 150:
        raise Refused("Nhập họ tên hoặc chức danh, dài nhất 150 ký tự.", field="display_name")
    person.search_key = search_key(f"{person.username} {name}")
    text = one_time_password() if password is None else checked(password, user=person, field="password")
    person.set_password(text)
    person.save()
    _record(by, "person.create", person, username=person.username, display_name=name)
    return person, text


@transaction.atomic
def appoint(
    *,
    user: User,
    role: str,
    valid_from: dt.date,
    by: User | None,
    area: Any = None,
    department: Department | None = None,
    valid_to: dt.date | None = None,
) -> Appointment:
    """Give `user` a role for an area or a department, from–to (both days included).

    Raises Refused at `area`, `department`, `valid_to` or `role` (the same appointment already holds).
    """
    _may_manage(by)
    person = _locked(user)
    wanted = Appointment(user=person, role=Role(role), area=area, department=department, appointed_by=by)
    wanted.valid_from, wanted.valid_to = valid_from, valid_to
    _check_attachment(wanted)
    if valid_to and valid_to < valid_from:
        raise Refused("Ngày cuối phải từ ngày bắt đầu trở đi.", field="valid_to")
    if _overlapping(wanted).exists():
        raise Refused("Người này đã có đúng phân công đó trong khoảng ngày trùng nhau.", field="role")
    wanted.save()
    forget_appointments(user)
    _record(by, "person.appoint", person, **_told(wanted))
    return wanted


@transaction.atomic
def end_appointment(*, appointment: Appointment, on: dt.date, by: User | None) -> None:
    """Let an appointment end with the day `on`, which still counts. One that starts later is withdrawn.

    What others do on its behalf ends with it. Raises Refused at `on`; NotAllowed when nobody could manage people
    afterwards.
    """
    _may_manage(by)
    _end(appointment, on, by)


def _end(appointment: Appointment, on: dt.date, by: User | None, **told: Any) -> None:
    person = _locked(appointment.user)
    held = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if held.valid_to and on > held.valid_to:
        raise Refused("Phân công này đã có ngày cuối sớm hơn.", field="on")
    if held.role in MANAGING_ROLES:
        _keep_a_manager(on=max(on + dt.timedelta(days=1), timezone.localdate()), without=models.Q(pk=held.pk))
    still = models.Q(valid_to=None) | models.Q(valid_to__gt=on)
    for delegation in held.delegations.filter(still).select_related("user").order_by("pk"):
        _end(delegation, on, by)
    before = _told(held)
    if on < held.valid_from:
        held.delete()
        _record(by, "person.withdraw-appointment", person, **before, **told)
    else:
        held.valid_to = on
        held.save(update_fields=["valid_to"])
        _record(by, "person.end-appointment", person, **before, ended_on=on.isoformat(), **told)
    forget_appointments(appointment.user)


@transaction.atomic
def hand_over(*, appointment: Appointment, to: User, on: dt.date, by: User | None) -> Appointment:
    """Let `to` hold the appointment from the day `on`; its holder keeps it until the day before.

    What waits at the desk goes with the place: values sent back to the holder are the successor's to mend.
    Raises Refused at `to` or `on`.
    """
    _may_manage(by)
    _lock_both(appointment.user, to)
    held = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if held.on_behalf_of_id:
        raise Refused("Đây là uỷ quyền, không bàn giao được. Kết thúc rồi uỷ quyền cho người khác.", field="to")
    if held.valid_to and on > held.valid_to:
        raise Refused("Phân công này đã có ngày cuối sớm hơn ngày bàn giao.", field="on")
    if on <= held.valid_from:
        raise Refused("Ngày bàn giao phải sau ngày bắt đầu giữ vai trò.", field="on")
    wanted = _same_place(held, to, by)
    wanted.valid_from, wanted.valid_to = on, held.valid_to
    _begin(wanted, "person.take-over", by, predecessor=str(appointment.user))
    _end(appointment, on - dt.timedelta(days=1), by, successor=str(to))
    return wanted


@transaction.atomic
def delegate(*, appointment: Appointment, to: User, valid_from: dt.date, valid_to: dt.date, by: User) -> Appointment:
    """Let `to` act in the appointment's place for a while, beside its holder. By the holder or by an administrator.

    Four eyes go by person: whoever took a step takes no further one, in whatever name.
    Raises Refused at `to`, `valid_from` or `valid_to`; NotAllowed for what cannot be lent.
    """
    if by.pk != appointment.user_id:
        _may_manage(by)
    _lock_both(appointment.user, to)
    held = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if held.on_behalf_of_id or held.role in MANAGING_ROLES:
        raise NotAllowed("Vai trò này không uỷ quyền tiếp cho người khác được.", field="to")
    _check_span(held, valid_from, valid_to)
    wanted = _same_place(held, to, by)
    wanted.valid_from, wanted.valid_to, wanted.on_behalf_of = valid_from, valid_to, held
    _begin(wanted, "person.delegate", by, for_person=str(appointment.user))
    return wanted


@transaction.atomic
def recall(*, delegation: Appointment, by: User) -> None:
    """End a delegation at once: by its giver, its taker or an administrator. WrongState for any other appointment."""
    held = Appointment.objects.select_related("on_behalf_of").get(pk=delegation.pk)
    if held.on_behalf_of is None:
        raise WrongState("Đây không phải là uỷ quyền.")
    if by.pk not in (held.user_id, held.on_behalf_of.user_id):
        _may_manage(by)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    if held.valid_to and held.valid_to <= yesterday:
        raise WrongState("Uỷ quyền này đã kết thúc.")
    _end(delegation, yesterday, by)


def _lock_both(one: User, other: User) -> None:
    """In one order, so that two who hand over to each other do not wait for ever."""
    pks = {one.pk, other.pk}
    if len(pks) == 1:
        raise Refused("Chọn một người khác người đang giữ vai trò.", field="to")
    people = list(User.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    if not all(person.is_active for person in people if person.pk == other.pk):
        raise Refused("Tài khoản của người nhận đang tạm dừng.", field="to")


def _same_place(held: Appointment, to: User, by: User | None) -> Appointment:
    return Appointment(user=to, role=held.role, area=held.area, department=held.department, appointed_by=by)


def _begin(wanted: Appointment, action: str, by: User | None, **told: Any) -> None:
    if _overlapping(wanted).exists():
        raise Refused("Người nhận đã có đúng phân công đó trong khoảng ngày trùng nhau.", field="to")
    wanted.save()
    forget_appointments(wanted.user)
    _record(by, action, wanted.user, **_told(wanted), **told)


def _check_span(held: Appointment, valid_from: dt.date, valid_to: dt.date) -> None:
    if valid_from < timezone.localdate():
        raise Refused("Uỷ quyền bắt đầu từ hôm nay trở đi.", field="valid_from")
    if valid_to < valid_from:
        raise Refused("Ngày cuối phải từ ngày bắt đầu trở đi.", field="valid_to")
    if valid_from < held.valid_from:
        raise Refused("Phân công này chưa bắt đầu vào ngày đó.", field="valid_from")
    if held.valid_to and valid_to > held.valid_to:
        raise Refused("Uỷ quyền phải kết thúc trước hoặc cùng ngày với phân công.", field="valid_to")


@transaction.atomic
def suspend(*, user: User, by: User | None) -> None:
    """Stop an account: its sessions and API tokens end at once, and do not come back with it.

    Raises NotAllowed for oneself and for the last administrator, WrongState when it is suspended already.
    """
    _may_manage(by)
    person = _locked(user)
    if by is not None and by.pk == person.pk:
        raise NotAllowed("Bạn không thể tạm dừng tài khoản của chính mình.")
    if not person.is_active:
        raise WrongState("Tài khoản này đã tạm dừng.")
    if person.appointments.in_force(timezone.localdate()).filter(role__in=MANAGING_ROLES).exists():
        _keep_a_manager(on=timezone.localdate(), without=models.Q(user=person))
    person.is_active = False
    _end_access(person)
    person.save(update_fields=["is_active", "session_generation"])
    _record(by, "person.suspend", person)


@transaction.atomic
def reinstate(*, user: User, by: User | None) -> None:
    """Open a suspended account again, with the password it had. Raises WrongState when it is open."""
    _may_manage(by)
    person = _locked(user)
    if person.is_active:
        raise WrongState("Tài khoản này đang hoạt động.")
    person.is_active = True
    person.save(update_fields=["is_active"])
    _record(by, "person.reinstate", person)


@transaction.atomic
def reset_password(*, user: User, by: User | None) -> str:
    """A one-time password, returned this once only; sessions, API tokens and a lock-out of the person end."""
    _may_manage(by)
    person = _locked(user)
    if by is not None and by.pk == person.pk:
        raise NotAllowed("Bạn đổi mật khẩu của chính mình ở trang Đổi mật khẩu.")
    text = one_time_password()
    person.set_password(text)
    person.must_change_password = True
    _end_access(person)
    person.save(update_fields=["password", "must_change_password", "session_generation"])
    forget_failed_sign_ins(username=person.username)
    _record(by, "person.reset-password", person)
    return text


@transaction.atomic
def change_own_password(*, user: User, old: str, new: str) -> None:
    """The person's own change; every session (the caller renews its own) and API token ends.

    Raises Refused at `old` or `new`.
    """
    person = _locked(user)
    if not person.check_password(normalised(old)):
        raise Refused("Mật khẩu hiện tại chưa đúng.", field="old")
    if normalised(new) == normalised(old):
        raise Refused("Mật khẩu mới phải khác mật khẩu hiện tại.", field="new")
    person.set_password(checked(new, user=person, field="new"))
    person.must_change_password = False
    _end_access(person)
    person.save(update_fields=["password", "must_change_password", "session_generation"])
    _record(person, "person.change-password", person)
    for name in ("password", "must_change_password", "session_generation"):
        setattr(user, name, getattr(person, name))


def _may_manage(by: User | None) -> None:
    if by is not None and not has_permission(by, Permission.MANAGE_PEOPLE):
        raise NotAllowed("Chỉ quản trị được làm việc này.")


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _new_username(text: str) -> str:
    username = text.strip().lower()
    try:
        username_validator(username)
    except ValidationError as fault:
        raise Refused(str(fault.message), field="username") from fault
    if User.objects.filter(username=username).exists():
        raise Refused("Tên đăng nhập này đã có người dùng.", field="username")
    return username


def _check_attachment(wanted: Appointment) -> None:
    needed = attached_to(Role(wanted.role))
    level = wanted.area.level if wanted.area else None
    if needed is AttachedTo.DEPARTMENT:
        right = wanted.department is not None and level is None
    else:
        right = wanted.department is None and level == (None if needed is AttachedTo.NOTHING else needed.value)
    if not right:
        message = ATTACHMENT_NEEDED.get(needed, "Vai trò này không gắn với đơn vị hay sở, ngành nào.")
        raise Refused(message, field="department" if needed is AttachedTo.DEPARTMENT else "area")


def _overlapping(wanted: Appointment) -> models.QuerySet[Appointment]:
    same = Appointment.objects.filter(
        user=wanted.user, role=wanted.role, area=wanted.area, department=wanted.department
    ).filter(models.Q(valid_to=None) | models.Q(valid_to__gte=wanted.valid_from))
    return same.filter(valid_from__lte=wanted.valid_to) if wanted.valid_to else same


def _keep_a_manager(*, on: dt.date, without: models.Q) -> None:
    # Lock first and count in a second statement: two administrators removing each other meet here.
    managing = Appointment.objects.filter(role__in=MANAGING_ROLES)
    list(managing.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not managing.in_force(on).filter(user__is_active=True).exclude(without).exists():
        raise NotAllowed("Đây là quản trị cuối cùng: phải có người quản trị khác trước đã.")


def _end_access(person: User) -> None:
    person.session_generation += 1
    ApiToken.objects.filter(user=person).delete()


def _told(appointment: Appointment) -> dict[str, Any]:
    place = appointment.department or appointment.area
    return {
        "role": appointment.role,
        "place": str(place) if place else "",
        "area_id": appointment.area_id,
        "department_id": appointment.department_id,
        "valid_from": appointment.valid_from.isoformat(),
        "valid_to": appointment.valid_to.isoformat() if appointment.valid_to else None,
    }


def _record(by: User | None, action: str, person: User, **data: Any) -> None:
    audit.record(by=by, action=action, subject=person, data=data)
