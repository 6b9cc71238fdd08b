"""Filters over law, values, results, recognition and plans: the same words in every list."""

from django.db.models import OuterRef, Q
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter, FilterSet, NumberFilter

from communes.filters import AREAS, DISTRICTS, ISO, KnownValuesFilterSet, YearFilter, standing_in
from communes.models import Kind, Level, valid_on
from criteria.models import CriteriaSet, Period, Recognition, State, Verdict

STATES = {state.name.lower(): state for state in State}
VERDICTS = {verdict.name.lower(): verdict for verdict in Verdict}
SETS = (CriteriaSet.objects.all(), "slug")
PERIODS = (Period.objects.all(), "code")


def _words(choices) -> list[tuple[str, str]]:
    return [(choice.name.lower(), choice.label) for choice in choices]


class UndatedFilterSet(KnownValuesFilterSet):
    """A list that no date moves."""

    as_of = None


class CriteriaSetFilterSet(FilterSet):
    level = ChoiceFilter(choices=Level.choices)
    tier = CharFilter(label="Tier as in the rulebooks: ntm, advanced, model, …")
    as_of = DateFilter(method="in_force", input_formats=ISO, help_text="Only sets in force on that date.")

    def in_force(self, queryset, name, value):
        return queryset.filter(Q(effective_to=None) | Q(effective_to__gte=value), effective_from__lte=value)


class IndicatorFilterSet(UndatedFilterSet):
    known = {"set": SETS}

    set = CharFilter(field_name="criterion__criteria_set__slug", label="Slug of a criteria set.")
    criterion = CharFilter(field_name="criterion__code", label="Code of a criterion: 17.")
    code = CharFilter(label="Code of the indicator: 17.1.")
    region = CharFilter(method="keep", label="Show only the thresholds of that region and those of every region.")


class PeriodFilterSet(FilterSet):
    year = YearFilter()
    kind = ChoiceFilter(choices=Period.Kind.choices)


class RoundFilterSet(UndatedFilterSet):
    known = {"set": SETS, "period": PERIODS}

    period = CharFilter(field_name="period__code", label="Code of a period: 2024.")
    set = CharFilter(field_name="criteria_set__slug", label="Slug of a criteria set.")
    open = BooleanFilter(field_name="closed_on", lookup_expr="isnull", label="Whether values may still be entered.")


class FolderFilterSet(KnownValuesFilterSet):
    """What every list over assessments shares; `prefix` leads from its rows to the assessment."""

    known = {"area": AREAS, "district": DISTRICTS, "set": SETS, "period": PERIODS}
    prefix = ""

    as_of = DateFilter(method="existing", input_formats=ISO, help_text="Only units that exist on that date.")
    area = CharFilter(method="of_area", label="Code of a unit.")
    district = CharFilter(method="of_district", label="Units of that district on the period's last day.")
    kind = ChoiceFilter(method="of_kind", choices=Kind.choices)
    set = CharFilter(method="of_set", label="Slug of a criteria set.")
    period = CharFilter(method="of_period", label="Code of a period: 2024.")

    def existing(self, queryset, name, value):
        return queryset.filter(valid_on(value, f"{self.prefix}area__"))

    def of_area(self, queryset, name, value):
        return queryset.filter(**{f"{self.prefix}area__code": value})

    def of_kind(self, queryset, name, value):
        return queryset.filter(**{f"{self.prefix}area__kind": value})

    def of_set(self, queryset, name, value):
        return queryset.filter(**{f"{self.prefix}round__criteria_set__slug": value})

    def of_period(self, queryset, name, value):
        return queryset.filter(**{f"{self.prefix}round__period__code": value})

    def of_district(self, queryset, name, value):
        end = OuterRef(f"{self.prefix}round__period__ends_on")
        return queryset.filter(standing_in(value, on=end, area_id=f"{self.prefix}area_id"))

    def of_verdict(self, queryset, name, value):
        return queryset.filter(verdict=VERDICTS[value])


class AssessmentFilterSet(FolderFilterSet):
    """Folders."""


class AttainmentFilterSet(FolderFilterSet):
    prefix = "assessment__"

    as_of = DateFilter(
        method="existing", input_formats=ISO, help_text="Only units that exist on that date, recognised by that date."
    )
    verdict = ChoiceFilter(method="of_verdict", choices=_words(Verdict))


class ReadingFilterSet(FolderFilterSet):
    prefix = "assessment__"

    assessment = NumberFilter(field_name="assessment_id")
    criterion = CharFilter(field_name="input__indicator__criterion__code", label="Code of a criterion: 17.")
    indicator = CharFilter(field_name="input__indicator__code", label="Code of an indicator: 17.1.")
    input = CharFilter(field_name="input__code", label="Code of an input: 17.1.a.")
    state = ChoiceFilter(method="of_state", choices=_words(State))
    verdict = ChoiceFilter(method="of_verdict", choices=_words(Verdict))

    def of_state(self, queryset, name, value):
        return queryset.filter(state=STATES[value])


class RecognitionFilterSet(KnownValuesFilterSet):
    known = {"area": AREAS, "district": DISTRICTS}

    area = CharFilter(field_name="area__code", label="Code of a unit.")
    district = CharFilter(method="of_district", label="Units that stood in that district when recognised.")
    level = ChoiceFilter(field_name="area__level", choices=Level.choices)
    tier = CharFilter(label="ntm, advanced, model, completed, urban-civilised, …")
    act = ChoiceFilter(choices=Recognition.Act.choices)
    year = YearFilter(field_name="result_year", label="Year of the result.")

    def of_district(self, queryset, name, value):
        dated = standing_in(value, on=OuterRef("counts_from"), area_id="area_id")
        return queryset.filter(Q(dated) | Q(standing_in(value, area_id="area_id"), counts_from=None))


class TargetFilterSet(KnownValuesFilterSet):
    known = {"area": AREAS}

    year = YearFilter()
    area = CharFilter(field_name="area__code", label="Code of the unit whose plan it is.")
    measure = CharFilter()
