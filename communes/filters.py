"""Filters over territory, and the date that a list stands on."""

import datetime as dt

from django.utils import timezone
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet
from rest_framework.exceptions import ErrorDetail, ValidationError

from communes.models import Area, Kind, Level
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
