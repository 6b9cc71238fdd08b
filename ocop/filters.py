"""Filters over products."""

import datetime as dt

from django.db.models import Q
from django_filters import CharFilter, ChoiceFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from communes.filters import AREAS, CHOICE, DISTRICTS, KnownValuesFilterSet, YearFilter, standing_in
from communes.text import search_key
from ocop.models import Producer, Product
from ocop.queries.products import exported_to, proposed, rated_in
from ocop.rules.rulesets import rules_on

VALIDITY = [(value, value) for value in ("valid", "ending", "expired", "none")]
STARS = [(str(stars), f"{stars} sao") for stars in range(1, 6)]


@extend_schema_field(OpenApiTypes.INT)
class StarsFilter(ChoiceFilter):
    """Stars of the rating that holds: no column of the product."""


class ProductFilterSet(KnownValuesFilterSet):
    known = {"area": AREAS, "district": DISTRICTS}
    lookups = {
        "area": CHOICE,
        "group": CHOICE,
        "producer_kind": CHOICE,
        "code": CHOICE,
        "stars": (*CHOICE, "gte", "lte"),
    }

    code = CharFilter(label="Code of a product.")
    q = CharFilter(method="find", label="Part of the product's or the producer's name.")
    stars = StarsFilter(choices=STARS, label="Stars held on that date.")
    proposed_stars = ChoiceFilter(method="of_proposal", choices=STARS, label="Stars proposed by that date.")
    group = ChoiceFilter(choices=Product.Group.choices)
    producer_kind = ChoiceFilter(field_name="producer__kind", choices=Producer.Kind.choices)
    validity = ChoiceFilter(
        method="of_validity",
        choices=VALIDITY,
        label="How the certificate stands on that date: valid, ending (within the days of notice), expired, none.",
    )
    year = YearFilter(method="of_year", label="Year of the result of a rating.")
    market = CharFilter(method="of_market", min_length=2, max_length=2, label="Exported to: ISO 3166-1 alpha-2.")
    area = CharFilter(field_name="area__code", label="Code of a unit.")
    district = CharFilter(method="of_district", label="Units that stood in that district.")

    def find(self, queryset, name, value):
        key = search_key(value)
        return queryset.filter(search_key__contains=key) | queryset.filter(producer__search_key__contains=key)

    def of_validity(self, queryset, name, value):
        soon = self.on + dt.timedelta(days=rules_on(self.on).notice_days)
        conditions = {
            "valid": Q(expires_on__gt=soon) | Q(expires_on=None, stars__isnull=False),
            "ending": Q(expires_on__range=(self.on, soon)),
            "expired": Q(expires_on__lt=self.on),
            "none": Q(stars=None),
        }
        return queryset.filter(conditions[value])

    def of_proposal(self, queryset, name, value):
        return queryset.filter(proposed(int(value), self.on))

    def of_year(self, queryset, name, value):
        return queryset.filter(rated_in(int(value), self.on))

    def of_market(self, queryset, name, value):
        return queryset.filter(exported_to(value.upper(), self.on))

    def of_district(self, queryset, name, value):
        return queryset.filter(standing_in(value, area_id="area_id"))
