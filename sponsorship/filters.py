"""Filters over sponsors, assignments, pledges, money received and spent, and the funding of the programme."""

from django import forms
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter, NumberFilter

from communes.filters import AREAS, BOUNDS, CHOICE, DISTRICTS, ISO, NUMBER, KnownValuesFilterSet, YearFilter
from communes.text import search_key
from sponsorship import rulebook
from sponsorship.models import Contribution, Sponsor
from sponsorship.queries import naming
from sponsorship.queries.ledger import stood_in

LINES = [(line.code, line.name) for line in rulebook.rules().lines]


class IdFilter(NumberFilter):
    """The id of a row."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"min_value": 1, "max_value": 10**18, **kwargs})


class MoneyFilter(NumberFilter):
    """Whole đồng, below zero for what cancels an entry."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"min_value": -(10**18), "max_value": 10**18, **kwargs})


class OfUnits(KnownValuesFilterSet):
    """Rows of a unit and a year."""

    known = {"area": AREAS, "district": DISTRICTS}
    lookups = {"area": CHOICE, "year": NUMBER}

    year = YearFilter()
    area = CharFilter(field_name="area__code", label="Code of the unit that the money went to.")
    district = CharFilter(method="of_district", label="Units that stood in that district when the year began.")

    def of_district(self, queryset, name, value):
        return queryset.filter(stood_in(value))


class SponsorNamed(OfUnits):
    """Rows of a sponsor: who is not named cannot be told apart from the others."""

    lookups = {**OfUnits.lookups, "channel": CHOICE, "indicator": CHOICE, "amount": BOUNDS}

    amount = MoneyFilter(label="Whole đồng.")

    sponsor = IdFilter(method="of_sponsor", label="Id of a sponsor; none of one who is not named to the reader.")
    channel = ChoiceFilter(choices=Contribution.Channel.choices)
    indicator = CharFilter(field_name="indicator__code", label="Code of the indicator whose gap the money closes.")

    def of_sponsor(self, queryset, name, value):
        return queryset.filter(naming.may_name(self.request.user), sponsor=value)


class ContributionFilterSet(SponsorNamed):
    lookups = {**SponsorNamed.lookups, "kind": CHOICE, "sponsor_kind": CHOICE, "received_on": BOUNDS}

    received_on = DateFilter(input_formats=ISO, label="Day of receipt.")
    q = CharFilter(method="find", label="Part of what it was for; case and Vietnamese marks do not matter.")
    kind = ChoiceFilter(choices=Contribution.Kind.choices)
    sponsor_kind = ChoiceFilter(field_name="sponsor__kind", choices=Sponsor.Kind.choices)
    village = CharFilter(field_name="village__name", label="Name of a village.")
    criterion = CharFilter(field_name="criterion__code", label="Code of the criterion whose gap the money closes.")
    is_reversal = BooleanFilter(
        field_name="reverses", lookup_expr="isnull", exclude=True, label="Entries that cancel another one."
    )
    is_replacement = BooleanFilter(
        field_name="replaces", lookup_expr="isnull", exclude=True, label="Entries in place of a cancelled one."
    )

    def find(self, queryset, name, value):
        return queryset.filter(purpose_key__contains=search_key(value))


class PledgeFilterSet(SponsorNamed):
    is_withdrawn = BooleanFilter(field_name="withdrawn_at", lookup_expr="isnull", exclude=True)


class DisbursementFilterSet(KnownValuesFilterSet):
    known = {"area": AREAS}
    lookups = {"area": CHOICE, "year": NUMBER, "contribution": CHOICE, "paid_on": BOUNDS, "amount": BOUNDS}

    paid_on = DateFilter(input_formats=ISO, label="Day of payment.")
    amount = MoneyFilter(label="Whole đồng.")

    contribution = IdFilter(field_name="contribution_id", label="Id of the contribution.")
    year = YearFilter(field_name="contribution__year", label="Year of the contribution.")
    area = CharFilter(field_name="contribution__area__code", label="Code of the unit that the money went to.")


class SponsorFilterSet(KnownValuesFilterSet):
    lookups = {"kind": CHOICE}

    as_of = None
    q = CharFilter(method="find", label="Part of the name; case and Vietnamese marks do not matter.")
    kind = ChoiceFilter(choices=Sponsor.Kind.choices)

    def find(self, queryset, name, value):
        return queryset.filter(search_key__contains=search_key(value))


class AssignmentFilterSet(KnownValuesFilterSet):
    known = {"area": AREAS}

    sponsor = IdFilter(field_name="sponsor_id", label="Id of the sponsor.")
    area = CharFilter(field_name="areas__code", label="Code of a unit that it is for.", distinct=True)
    village = CharFilter(field_name="villages__name", label="Name of a village that it is for.", distinct=True)
    year = YearFilter(method="in_year", label="In force in that year.")

    def in_year(self, queryset, name, value):
        ended = queryset.filter(year_to__lt=value)
        return queryset.filter(year_from__lte=value).exclude(pk__in=ended.values("pk"))


class FundingFilterSet(OfUnits):
    lookups = {**OfUnits.lookups, "line": CHOICE}

    as_of = None
    line = ChoiceFilter(choices=LINES)


class ArrearsFilterSet(OfUnits):
    as_of = None
