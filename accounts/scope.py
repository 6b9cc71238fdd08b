"""Who may do what, where. Nothing outside this app looks at a role.

Areas are answered as Area ids: the caller places them in the tree of the date it works on
(`communes.queries.areas_within`), so that a scope follows every change of territory at once.

Somebody who comes with a token may do what their appointments give and the token leaves (`narrow`): every function
here answers for both together.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import ApiToken, Appointment, Department, User
from accounts.roles import PERMITTED_BY, ROLES, AttachedTo, Permission, Role, Verb

Actor = User | AnonymousUser
Place = tuple[str, dt.date, dt.date]


@dataclass(frozen=True)
class Narrowing:
    """What a token leaves of its owner's rights: some permissions, and units at or below `area_id` (None: all)."""

    area_id: int | None
    permissions: frozenset[Permission]

    def __str__(self) -> str:
        return f"{self.area_id or ''}:{','.join(sorted(self.permissions))}"


def narrow(user: User, token: ApiToken) -> None:
    """Let this person, for this request, do no more than `token` leaves."""
    forget_appointments(user)
    left = frozenset[Permission]().union(*(PERMITTED_BY[Verb(verb)] for verb in token.verbs))
    user.__dict__["_narrowing"] = Narrowing(token.area_id, left)


def narrowing_of(user: Actor) -> Narrowing | None:
    """What the token of this request leaves, if any. It belongs to every key under which answers are kept."""
    return user.__dict__.get("_narrowing")


def appointments_of(user: Actor, on: dt.date | None = None) -> list[Appointment]:
    """Appointments in force on `on` (today by default); read once a request and kept on the person.

    With a token, those that ever reach into the token's area.
    """
    if not user.is_authenticated or not user.is_active:
        return []
    on = on or timezone.localdate()
    kept = user.__dict__.setdefault("_appointments", {})
    if on not in kept:
        held = list(user.appointments.in_force(on).select_related("area", "department"))
        kept[on] = [a for a in held if a.area_id is None or _shared(user, a.area_id) is not None]
    return kept[on]


def forget_appointments(user: Actor) -> None:
    """Read the appointments anew, and what follows from them: they were just changed."""
    for name in ("_appointments", "_places", "_shared"):
        user.__dict__.pop(name, None)


def kept_places(user: Actor) -> dict[frozenset[int], Any]:
    """Where the person's areas stand, kept as long as the appointments are: for one request."""
    return user.__dict__.setdefault("_places", {})


def has_permission(user: Actor, permission: Permission) -> bool:
    """Whether any appointment of today gives `permission`, wherever."""
    return any(_gives(user, a, permission) for a in appointments_of(user))


def roles_with(user: Actor, permission: Permission) -> set[Role]:
    """The roles through which the person holds `permission` today."""
    return {Role(a.role) for a in appointments_of(user) if _gives(user, a, permission)}


def granted_area_ids(user: Actor, permission: Permission, roles: set[Role] | None = None) -> set[int]:
    """Areas for which the person holds `permission` (everything below them included), through `roles` if given.

    With a token: the lower of the appointment's and the token's, where it stood below the other all its time.
    """
    found = appointed_area_ids(user, permission, roles)
    return found if token_area_id(user) is None else {pk for each in found for pk in _shared(user, each) or ()}


def granted_departments(user: Actor, permission: Permission) -> set[Department]:
    """Departments for which the person holds `permission`. None with a token of an area: a department is everywhere."""
    return set() if token_area_id(user) is not None else appointed_departments(user, permission)


def appointed_area_ids(user: Actor, permission: Permission, roles: set[Role] | None = None) -> set[int]:
    """As `granted_area_ids`, for a caller that narrows to `token_area_id` itself, by the dates of places."""
    return {
        a.area_id
        for a in appointments_of(user)
        if a.area_id and _gives(user, a, permission) and (roles is None or Role(a.role) in roles)
    }


def appointed_departments(user: Actor, permission: Permission) -> set[Department]:
    """As `granted_departments`, for a caller that narrows to `token_area_id` itself."""
    return {a.department for a in appointments_of(user) if a.department and _gives(user, a, permission)}


def token_area_id(user: Actor) -> int | None:
    """The area that the request's token is confined to."""
    narrowing = narrowing_of(user)
    return narrowing.area_id if narrowing else None


def attached_to(role: Role) -> AttachedTo:
    """What an appointment in `role` must name."""
    return ROLES[role].attached_to


def shared_places(one: list[Place], other: list[Place]) -> list[Place]:
    """What stands below a place of both, on the days that both hold."""
    found = []
    for path, start, stop in one:
        for above, since, until in other:
            lower = path if path.startswith(above) else above if above.startswith(path) else None
            if lower and max(start, since) <= min(stop, until):
                found.append((lower, max(start, since), min(stop, until)))
    return found


def places_of(area_ids: set[int]) -> dict[int, list[Place]]:
    """Where each of the areas stands or stood, with the first and last day."""
    found: dict[int, list[Place]] = {pk: [] for pk in area_ids}
    placements = apps.get_model("communes", "Placement").objects.filter(area_id__in=area_ids)
    for area_id, path, start, stop in placements.values_list("area_id", "path", "valid_from", "valid_to"):
        found[area_id].append((path, start or dt.date.min, stop or dt.date.max))
    return found


def _gives(user: Actor, appointment: Appointment, permission: Permission) -> bool:
    narrowing = narrowing_of(user)
    return permission in ROLES[Role(appointment.role)].permissions and (
        narrowing is None or permission in narrowing.permissions
    )


def _shared(user: Actor, area_id: int) -> frozenset[int] | None:
    """What an appointment's area shares with the token's: the lower of the two, where it always stood below.

    Empty: they met on some days only. None: never. Without a token of an area: the area itself.
    """
    narrowed = token_area_id(user)
    if narrowed is None or narrowed == area_id:
        return frozenset({area_id})
    kept = user.__dict__.setdefault("_shared", {})
    if area_id not in kept:
        found = places_of({area_id, narrowed})
        lower = [pk for pk, top in ((area_id, narrowed), (narrowed, area_id)) if _always_below(found[pk], found[top])]
        met = shared_places(found[area_id], found[narrowed])
        kept[area_id] = frozenset(lower[:1]) if met else None
    return kept[area_id]


def _always_below(places: list[Place], above: list[Place]) -> bool:
    return all(
        any(path.startswith(top) and since <= start and stop <= until for top, since, until in above)
        for path, start, stop in places
    )
