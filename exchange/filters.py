"""Filters of the lists for other systems."""

from django_filters import CharFilter

from communes.filters import AREAS
from criteria.filters import PERIODS, SETS, UndatedFilterSet
from criteria.models import RollUp


class RollUpFilterSet(UndatedFilterSet):
    known = {"area": AREAS, "period": PERIODS, "set": SETS}

    area = CharFilter(field_name="area__code", label="Code of a district or the province.")
    period = CharFilter(field_name="period__code", label="Code of a period: 2024.")
    set = CharFilter(field_name="criteria_set__slug", label="Slug of a set of communes.")

    class Meta:
        model = RollUp
        fields: list[str] = []
