"""What the addresses of tests/office/statements.yaml are filled with: one row of each kind that the tables hold.

To be imported after Django.
"""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from communes.models import Area, Level, Placement
from criteria.models import Decision, Input, Reading, Round, State
from ocop.models import Product
from sponsorship.models import Contribution, Sponsor

YEAR, SET = "2024", "commune-ntm-2021-2025"
_USUAL = {"commune": "18502", "district": "444"}  # Hà Linh of Hương Khê, where the seed has them


def places() -> dict[str, object]:
    """Name → the key of a row; a kind that the tables do not hold is left out, and so are its addresses."""
    opened = Round.objects.get(period__code=YEAR, criteria_set__slug=SET, province__code=settings.PROVINCE_CODE)
    values = Reading.objects.filter(assessment__round=opened)
    commune = _unit(opened, Level.COMMUNE)
    found = {
        "round": opened.pk,
        "province": settings.PROVINCE_CODE,
        "commune": commune,
        "district": _unit(opened, Level.DISTRICT),
        "input": _first(
            Input.objects.filter(indicator__criterion__criteria_set=opened.criteria_set, derived__isnull=True)
        ),
        "value": _first(values.filter(assessment__area__code=commune)),
        "waiting": _first(values.filter(state=State.APPRAISED)),
        "decision": _first(Decision.objects.exclude(number="")),
        "product": _first(Product.objects.all(), "code"),
        "sponsor": _first(Sponsor.objects.all()),
        "entry": _first(Contribution.objects.all()),
    }
    return {name: key for name, key in found.items() if key is not None}


def _unit(opened: Round, level: str) -> str | None:
    inside = Placement.objects.filter(path__startswith=f"/{settings.PROVINCE_CODE}/").values("area_id")
    units = Area.objects.as_of(opened.period.ends_on).filter(pk__in=inside, level=level)
    return _USUAL[level] if units.filter(code=_USUAL[level]).exists() else _first(units, "code")


def _first(rows: QuerySet[Any], field: str = "pk") -> Any:
    return rows.order_by("pk").values_list(field, flat=True).first()
