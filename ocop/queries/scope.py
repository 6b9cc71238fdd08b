"""Which products a person reaches: those of the units in scope, and of the units that these came from."""

from collections import defaultdict

from django.db.models import F

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import Actor, granted_area_ids
from communes.models import Area, AreaChange, Placement
from communes.queries import under
from ocop.models import Product


def area_ids(user: Actor, permission: Permission) -> set[int]:
    """Units at or below the person's own at any time, with everything that became part of them: three statements."""
    granted = granted_area_ids(user, permission)
    if not granted:
        return set()
    paths = set(Placement.objects.filter(area_id__in=granted).values_list("path", flat=True))
    inside = set(Placement.objects.filter(under(paths)).values_list("area_id", flat=True))
    return with_predecessors(inside)


def with_predecessors(ids: set[int]) -> set[int]:
    """The units and all that became part of them."""
    return set().union(*each_with_predecessors(ids).values())


def each_with_predecessors(ids: set[int]) -> dict[int, set[int]]:
    """Each of the units with all that became part of it: one statement."""
    came_from: dict[int, list[int]] = defaultdict(list)
    changes = AreaChange.objects.filter(new__isnull=False).exclude(old=F("new"))
    for old, new in changes.values_list("old_id", "new_id"):
        came_from[new].append(old)
    return {pk: _back_from(pk, came_from) for pk in ids}


def _back_from(pk: int, came_from: dict[int, list[int]]) -> set[int]:
    found, queue = {pk}, [pk]
    while queue:
        fresh = [old for old in came_from[queue.pop()] if old not in found]
        found.update(fresh)
        queue += fresh
    return found


def reaches(user: Actor, permission: Permission, area: Area) -> bool:
    """Whether the unit, or what it became part of, is in the person's scope."""
    return area.pk in area_ids(user, permission)


def kept_product(user: Actor, code: str, permission: Permission = Permission.KEEP_OCOP) -> Product:
    """The product, for somebody who holds the permission there; any other is absent."""
    related = ("producer", "area", "product_set", "standing", "photo")
    found = Product.objects.select_related(*related).filter(code=code).first()
    if found is None or not reaches(user, permission, found.area):
        raise OutOfScope
    return found
