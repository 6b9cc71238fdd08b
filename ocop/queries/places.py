"""Where the communes of products stand: their last district, the units that hold them today."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q

from communes.models import Area, Level, Placement


def districts_of(area_ids: Iterable[int] | None = None) -> dict[int, Area]:
    """Unit → the district that it stood in last, of the province without `area_ids`: one statement. Some never did."""
    rows = Placement.objects.filter(parent__level=Level.DISTRICT).select_related("parent")
    own = {"path__startswith": f"/{settings.PROVINCE_CODE}/"}
    rows = rows.filter(**own if area_ids is None else {"area_id__in": set(area_ids)})
    ordered = sorted(rows, key=lambda row: (row.valid_from is not None, row.valid_from))
    return {row.area_id: row.parent for row in ordered if row.parent}


def inside(district: str) -> Q:
    """Condition on products: their commune stood in the district of that code last."""
    return Q(area_id__in=[area_id for area_id, parent in districts_of().items() if parent.code == district])
