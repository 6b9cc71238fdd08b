"""Filters over territory, and the date that a list stands on."""

import copy
import datetime as dt
from collections.abc import Container
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django_filters import BaseInFilter, CharFilter, ChoiceFilter, DateFilter, Filter, FilterSet, NumberFilter

from communes.asked import refusal
from communes.models import Area, Kind, Level, Placement, valid_on
from communes.queries import areas_within
from communes.text import search_key

ISO = ["%Y-%m-%d"]
AS_OF = "The date that the list stands on (YYYY-MM-DD); today when absent."


def date_asked(request) -> dt.date:
    """The date of `as_of=`, else today. Raises ValidationError naming the parameter."""
    asked = request.query_params.get("as_of")
    if not asked:
        return timezone.localdate()
    try:
        return dt.date.fromisoformat(asked)
    except ValueError:
        raise refusal("as_of", "Ngày phải có dạng NĂM-THÁNG-NGÀY, ví dụ 2024-02-21.") from None


BOUNDS = ("gt", "gte", "lt", "lte")
_IN = ("in",)
NUMBER, CHOICE = (*BOUNDS, *_IN), _IN


class LookupFilterSet(FilterSet):
    """Filters that are also asked with a lookup: `lookups = {"year": NUMBER}` → year__gte=2022, year__in=2022,2023."""

    lookups: dict[str, tuple[str, ...]] = {}
    base_filters: dict[str, Filter]

    def __init__(self, data=None, *args, **kwargs):
        """Only the filters that are asked: copying and drawing up the others costs more than a small answer."""
        if data is not None:
            every: dict[str, Filter] = getattr(self, "base_filters")  # noqa: B009  (made by the metaclass)
            self.base_filters = {name: each for name, each in every.items() if name in data}
        super().__init__(data, *args, **kwargs)

    @classmethod
    def get_filters(cls):
        filters = super().get_filters()
        for name, expressions in cls.lookups.items():
            filters |= {f"{name}__{each}": _with_lookup(filters[name], each) for each in expressions}
        return filters


def _with_lookup(plain: Filter, expression: str) -> Filter:
    if expression != "in":
        found = copy.deepcopy(plain)
        found.lookup_expr = expression
        return found
    several = type(f"{type(plain).__name__}In", (BaseInFilter, type(plain)), {})
    return several(
        field_name=plain.field_name,
        lookup_expr="in",
        method=plain.method,
        label="Several, separated by commas.",
        **{name: value for name, value in plain.extra.items() if name not in ("required", "help_text")},
    )


class AsOfFilterSet(LookupFilterSet):
    """A list that stands on a date: the view reads it by `date_asked`, this names it in the contract."""

    as_of = DateFilter(method="keep", input_formats=ISO, help_text=AS_OF)

    @property
    def on(self) -> dt.date:
        return self.form.cleaned_data.get("as_of") or timezone.localdate()

    def keep(self, queryset, name, value):
        return queryset


class AreaFilterSet(AsOfFilterSet):
    q = CharFilter(method="find", label="Part of the name; case and Vietnamese marks do not matter.")

    class Meta:
        model = Area
        fields: list[str] = []

    def find(self, queryset, name, value):
        return queryset.filter(search_key__contains=search_key(value))


class DistrictFilterSet(AreaFilterSet):
    lookups = {"code": CHOICE, "kind": CHOICE}

    code = CharFilter(label="Code of the unit.")
    kind = ChoiceFilter(choices=[kind for kind in Kind.choices if kind[0] in ("thanh_pho", "thi_xa", "huyen")])


class CommuneFilterSet(AreaFilterSet):
    lookups = {"code": CHOICE, "kind": CHOICE}

    code = CharFilter(label="Code of the unit.")
    kind = ChoiceFilter(choices=[kind for kind in Kind.choices if kind[0] in ("xa", "phuong", "thi_tran", "dac_khu")])
    district = CharFilter(method="inside", label="Code of a district that exists on that date.")

    def inside(self, queryset, name, value):
        district = Area.objects.as_of(self.on).filter(level=Level.DISTRICT, code=value).first()
        if district is None:
            raise refusal(name, f"Không có đơn vị cấp huyện mã {value} vào ngày {self.on:%d/%m/%Y}.", "unknown_area")
        return queryset.filter(id__in=areas_within([district.pk], self.on).values("id"))


class YearFilter(NumberFilter):
    """A calendar year."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"min_value": 1900, "max_value": 2200, **kwargs})


class CountFilter(NumberFilter):
    """A whole number from 0 on."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"min_value": 0, "max_value": 10**18, **kwargs})


# A code of another level finds rows here too: it is always looked at.
_LOOSE = ("district",)


class KnownValuesFilterSet(AsOfFilterSet):
    """A filter set that refuses codes nobody ever used, instead of answering an empty list.

    `known` tells for a filter which rows and which field of them its values come from.
    """

    known: dict[str, tuple[QuerySet, str]] = {}
    # A list that has rows needs no look at a code that they were all found by.
    only_if_empty = False

    def filter_queryset(self, queryset):
        self.refuse_unknown("__in")
        self.refuse_unknown("", _LOOSE if self.only_if_empty else self.known)
        return super().filter_queryset(queryset)

    def refuse_unknown(self, lookup: str = "", names: Container[str] | None = None) -> None:
        """Raises what names a code that nobody ever used, of all such filters or of `names`."""
        for name, (rows, field) in self.known.items():
            if names is not None and name not in names:
                continue
            said = self.form.cleaned_data.get(f"{name}{lookup}")
            values = [said] if isinstance(said, str) and said else said or []
            known = set(rows.filter(**{f"{field}__in": values}).values_list(field, flat=True)) if values else set()
            if unknown := [value for value in values if value not in known]:
                kind = rows.model._meta.verbose_name
                raise refusal(f"{name}{lookup}", f"Không có {kind} mã “{', '.join(unknown)[:200]}”.", "unknown")


AREAS = (Area.objects.all(), "code")
DISTRICTS = (Area.objects.filter(level=Level.DISTRICT), "code")


def standing_in(district: str, *, area_id: str, on: Any = None) -> Exists:
    """Condition: the unit of `area_id` stood in the district of that code on the date expression `on`, or ever."""
    placements = Placement.objects.filter(area_id=OuterRef(area_id), path__contains=f"/{district}/")
    return Exists(placements if on is None else placements.filter(valid_on(on)))
