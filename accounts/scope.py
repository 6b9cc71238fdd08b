"""Who may do what, where. Nothing outside this app looks at a role.

Areas are answered as Area ids: the caller places them in the tree of the date it works on
(`communes.queries.areas_within`), so that a scope follows every change of territory at once.
"""

import datetime as dt
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Appointment, Department, User
from accounts.roles import ROLES, AttachedTo, Permission, Role

Actor = User | AnonymousUser


def appointments_of(user: Actor, on: dt.date | None = None) -> list[Appointment]:
    """Appointments in force on `on` (today by default); read once a request and kept on the person."""
    if not user.is_authenticated or not user.is_active:
        return []
    on = on or timezone.localdate()
    kept = user.__dict__.setdefault("_appointments", {})
    if on not in kept:
        kept[on] = list(user.appointments.in_force(on).select_related("area", "department"))
    return kept[on]


def forget_appointments(user: Actor) -> None:
    """Read the appointments anew, and what follows from them: they were just changed."""
    user.__dict__.pop("_appointments", None)
    user.__dict__.pop("_places", None)


def kept_places(user: Actor) -> dict[frozenset[int], Any]:
    """Where the person's areas stand, kept as long as the appointments are: for one request."""
    return user.__dict__.setdefault("_places", {})


def has_permission(user: Actor, permission: Permission) -> bool:
    """Whether any appointment of today gives `permission`, wherever."""
    return any(permission in ROLES[Role(a.role)].permissions for a in appointments_of(user))


def roles_with(user: Actor, permission: Permission) -> set[Role]:
    """The roles through which the person holds `permission` today."""
    return {Role(a.role) for a in appointments_of(user) if permission in ROLES[Role(a.role)].permissions}


def granted_area_ids(user: Actor, permission: Permission, roles: set[Role] | None = None) -> set[int]:
    """Areas for which the person holds `permission` (everything below them included), through `roles` if given."""
    return {
        a.area_id
        for a in appointments_of(user)
        if a.area_id and permission in ROLES[Role(a.role)].permissions and (roles is None or Role(a.role) in roles)
    }


def granted_departments(user: Actor, permission: Permission) -> set[Department]:
    """Departments for which the person holds `permission`."""
    return {
        a.department for a in appointments_of(user) if a.department and permission in ROLES[Role(a.role)].permissions
    }


def attached_to(role: Role) -> AttachedTo:
    """What an appointment in `role` must name."""
    return ROLES[role].attached_to
