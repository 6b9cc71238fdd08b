"""Filters over territory, and the date that a list stands on."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet, NumberFilter
from rest_framework.exceptions import ErrorDetail, ValidationError

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


def refusal(field: str, message: str, code: str = "invalid") -> ValidationError:
    """The error of one parameter, to be raised."""
    return ValidationError({field: [ErrorDetail(message, code=code)]})


class AsOfFilterSet(FilterSet):
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
    kind = ChoiceFilter(choices=[kind for kind in Kind.choices if kind[0] in ("thanh_pho", "thi_xa", "huyen")])


class CommuneFilterSet(AreaFilterSet):
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
        super().__init__(*args, min_value=1900, max_value=2200, **kwargs)


class KnownValuesFilterSet(AsOfFilterSet):
    """A filter set that refuses codes nobody ever used, instead of answering an empty list.

    `known` tells for a filter which rows and which field of them its values come from.
    """

    known: dict[str, tuple[QuerySet, str]] = {}

    def filter_queryset(self, queryset):
        for name, (rows, field) in self.known.items():
            value = self.form.cleaned_data.get(name)
            if value and not rows.filter(**{field: value}).exists():
                raise refusal(name, f"Không có {rows.model._meta.verbose_name} mã “{value}”.", "unknown")
        return super().filter_queryset(queryset)


AREAS = (Area.objects.all(), "code")
DISTRICTS = (Area.objects.filter(level=Level.DISTRICT), "code")


def standing_in(district: str, *, area_id: str, on: Any = None) -> Exists:
    """Condition: the unit of `area_id` stood in the district of that code on the date expression `on`, or ever."""
    placements = Placement.objects.filter(area_id=OuterRef(area_id), path__contains=f"/{district}/")
    return Exists(placements if on is None else placements.filter(valid_on(on)))
