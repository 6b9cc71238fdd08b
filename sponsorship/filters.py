"""Filters over contributions."""

from django_filters import BooleanFilter, CharFilter, ChoiceFilter

from communes.filters import AREAS, DISTRICTS, KnownValuesFilterSet, YearFilter
from sponsorship.models import Contribution, Sponsor
from sponsorship.queries.ledger import stood_in


class ContributionFilterSet(KnownValuesFilterSet):
    known = {"area": AREAS, "district": DISTRICTS}

    year = YearFilter()
    channel = ChoiceFilter(choices=Contribution.Channel.choices)
    kind = ChoiceFilter(choices=Contribution.Kind.choices)
    sponsor_kind = ChoiceFilter(field_name="sponsor__kind", choices=Sponsor.Kind.choices)
    area = CharFilter(field_name="area__code", label="Code of the unit that the money went to.")
    district = CharFilter(method="of_district", label="Units that stood in that district when the year began.")
    criterion = CharFilter(field_name="criterion__code", label="Code of the criterion whose gap the money closes.")
    indicator = CharFilter(field_name="indicator__code", label="Code of the indicator whose gap the money closes.")
    is_reversal = BooleanFilter(
        field_name="reverses", lookup_expr="isnull", exclude=True, label="Entries that cancel another one."
    )

    def of_district(self, queryset, name, value):
        return queryset.filter(stood_in(value))
