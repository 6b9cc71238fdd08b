"""Where the communes of products stand: their last district, the units that hold them today."""

from collections.abc import Iterable

from django.db.models import Q

from communes.models import Area, Level, Placement


def districts_of(area_ids: Iterable[int] | None = None) -> dict[int, Area]:
    """The district that each unit stood in last, by the unit's id: one statement. Units that never did are left out."""
    rows = Placement.objects.filter(parent__level=Level.DISTRICT).select_related("parent")
    if area_ids is not None:
        rows = rows.filter(area_id__in=set(area_ids))
    ordered = sorted(rows, key=lambda row: (row.valid_from is not None, row.valid_from))
    return {row.area_id: row.parent for row in ordered if row.parent}


def inside(district: str) -> Q:
    """Condition on products: their commune stood in the district of that code last."""
    return Q(area_id__in=[area_id for area_id, parent in districts_of().items() if parent.code == district])
