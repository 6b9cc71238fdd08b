"""What every action of the register does: hold the product under lock, within scope, and tell its trail."""

from typing import Any

from accounts import audit
from accounts.errors import OutOfScope, Stale
from accounts.models import User
from accounts.roles import Permission
from communes import epochs
from communes.book import last_paths
from communes.models import Area
from ocop.models import Product
from ocop.queries.scope import reaches

STALE = "Người khác vừa sửa sản phẩm này. Xem lại rồi sửa tiếp."


def held(
    product_id: int, by: User, permission: Permission = Permission.KEEP_OCOP, version: int | None = None
) -> Product:
    """The product under lock; absent outside the scope, Stale where somebody else was first."""
    found = Product.objects.select_for_update(of=("self",)).select_related("area", "producer").filter(pk=product_id)
    stored = found.first()
    if stored is None or not reaches(by, permission, stored.area):
        raise OutOfScope
    if version is not None and stored.version != version:
        raise Stale(STALE, field="name", version=stored.version)
    return stored


def place_of(area: Area) -> str:
    """Where the unit stands, or stood last."""
    return last_paths([area]).get(area.pk, "")


def tell(action: str, subject: Any, area: Area, by: User, *, reason: str = "", **data: Any) -> None:
    """One record in the trail, and the data counter."""
    audit.record(by=by, action=action, subject=subject, area_path=place_of(area), reason=reason, data=data)
    epochs.bump()
