"""Filters over contributions."""

from django.db.models import Exists, F, OuterRef, Q
from django_filters import CharFilter, ChoiceFilter

from communes.filters import AREAS, DISTRICTS, KnownValuesFilterSet, YearFilter
from communes.models import Placement
from sponsorship.models import Contribution


class ContributionFilterSet(KnownValuesFilterSet):
    known = {"area": AREAS, "district": DISTRICTS}

    year = YearFilter()
    channel = ChoiceFilter(choices=Contribution.Channel.choices)
    area = CharFilter(field_name="area__code", label="Code of the unit that the money went to.")
    district = CharFilter(method="of_district", label="Units that stood in that district when the year began.")

    def of_district(self, queryset, name, value):
        begun = Q(valid_from=None) | Q(valid_from__year__lt=F("_year"))
        begun |= Q(valid_from__year=F("_year"), valid_from__month=1, valid_from__day=1)
        open_still = Q(valid_to=None) | Q(valid_to__year__gte=F("_year"))
        placements = Placement.objects.annotate(_year=OuterRef("year")).filter(
            begun, open_still, area_id=OuterRef("area_id"), path__contains=f"/{value}/"
        )
        return queryset.filter(Exists(placements))
