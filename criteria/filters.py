"""Filters over law, values, results, recognition and plans: the same words in every list."""

import copy

from django.db.models import OuterRef, Q
from django_filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    DateFilter,
    IsoDateTimeFilter,
    NumberFilter,
    TypedChoiceFilter,
)

from communes.filters import (
    AREAS,
    BOUNDS,
    CHOICE,
    DISTRICTS,
    ISO,
    NUMBER,
    CountFilter,
    KnownValuesFilterSet,
    LookupFilterSet,
    YearFilter,
    standing_in,
)
from communes.models import Kind, Level, valid_on
from communes.text import search_key
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


class CriteriaSetFilterSet(LookupFilterSet):
    lookups = {"level": CHOICE, "tier": CHOICE, "slug": CHOICE}

    slug = CharFilter(label="Slug of a criteria set.")
    level = ChoiceFilter(choices=Level.choices)
    tier = CharFilter(label="Tier as in the rulebooks: ntm, advanced, model, …")
    as_of = DateFilter(method="in_force", input_formats=ISO, help_text="Only sets in force on that date.")

    def in_force(self, queryset, name, value):
        return queryset.filter(Q(effective_to=None) | Q(effective_to__gte=value), effective_from__lte=value)


class IndicatorFilterSet(UndatedFilterSet):
    known = {"set": SETS}
    lookups = {"set": CHOICE, "criterion": CHOICE, "code": CHOICE}

    set = CharFilter(field_name="criterion__criteria_set__slug", label="Slug of a criteria set.")
    criterion = CharFilter(field_name="criterion__code", label="Code of a criterion: 17.")
    code = CharFilter(label="Code of the indicator: 17.1.")
    region = CharFilter(method="keep", label="Show only the thresholds of that region and those of every region.")


class PeriodFilterSet(LookupFilterSet):
    lookups = {"year": NUMBER, "kind": CHOICE, "ends_on": BOUNDS}

    year = YearFilter()
    kind = ChoiceFilter(choices=Period.Kind.choices)
    ends_on = DateFilter(input_formats=ISO, label="Last day of the period.")


class RoundFilterSet(UndatedFilterSet):
    known = {"set": SETS, "period": PERIODS}
    lookups = {"set": CHOICE, "period": CHOICE, "year": NUMBER, "due_on": BOUNDS}

    year = YearFilter(field_name="period__year")
    due_on = DateFilter(input_formats=ISO, label="Day by which values are handed in.")
    period = CharFilter(field_name="period__code", label="Code of a period: 2024.")
    set = CharFilter(field_name="criteria_set__slug", label="Slug of a criteria set.")
    open = BooleanFilter(field_name="closed_on", lookup_expr="isnull", label="Whether values may still be entered.")


_OF_FOLDER = {"area", "kind", "level", "set", "period", "year"}


class FolderFilterSet(KnownValuesFilterSet):
    """What every list over assessments shares; `prefix` leads from its rows to the assessment."""

    known = {"area": AREAS, "district": DISTRICTS, "set": SETS, "period": PERIODS}
    lookups = {"area": CHOICE, "kind": CHOICE, "level": CHOICE, "set": CHOICE, "period": CHOICE, "year": NUMBER}
    prefix = ""

    as_of = DateFilter(method="existing", input_formats=ISO, help_text="Only units that exist on that date.")
    q = CharFilter(method="find", label="Part of the unit's name; case and Vietnamese marks do not matter.")
    area = CharFilter(field_name="area__code", label="Code of a unit.")
    district = CharFilter(method="of_district", label="Units of that district on the period's last day.")
    kind = ChoiceFilter(field_name="area__kind", choices=Kind.choices)
    level = ChoiceFilter(field_name="area__level", choices=Level.choices)
    set = CharFilter(field_name="round__criteria_set__slug", label="Slug of a criteria set.")
    period = CharFilter(field_name="round__period__code", label="Code of a period: 2024.")
    year = YearFilter(field_name="round__period__year")

    @classmethod
    def get_filters(cls):
        filters = super().get_filters()
        for name, found in filters.items():
            if name.partition("__")[0] in _OF_FOLDER:
                filters[name] = copy.copy(found)
                filters[name].field_name = f"{cls.prefix}{found.field_name}"
        return filters

    def existing(self, queryset, name, value):
        return queryset.filter(valid_on(value, f"{self.prefix}area__"))

    def find(self, queryset, name, value):
        return queryset.filter(**{f"{self.prefix}area__search_key__contains": search_key(value)})

    def of_district(self, queryset, name, value):
        end = OuterRef(f"{self.prefix}round__period__ends_on")
        return queryset.filter(standing_in(value, on=end, area_id=f"{self.prefix}area_id"))


class AssessmentFilterSet(FolderFilterSet):
    """Folders."""


class AttainmentFilterSet(FolderFilterSet):
    prefix = "assessment__"
    lookups = {
        **FolderFilterSet.lookups,
        "verdict": CHOICE,
        "criteria_met": NUMBER,
        "criteria_failing": NUMBER,
        "criteria_undetermined": NUMBER,
        "computed_at": BOUNDS,
        "epoch": BOUNDS,
    }

    as_of = DateFilter(
        method="existing", input_formats=ISO, help_text="Only units that exist on that date, recognised by that date."
    )
    verdict = TypedChoiceFilter(choices=_words(Verdict), coerce=VERDICTS.get)
    criteria_met = CountFilter()
    criteria_failing = CountFilter()
    criteria_undetermined = CountFilter()
    computed_at = IsoDateTimeFilter()
    epoch = CountFilter(label="Number of the write that computed the result.")
    official = BooleanFilter(
        field_name="assessment__round__closed_on", lookup_expr="isnull", exclude=True, label="Of closed rounds only."
    )


class ReadingFilterSet(FolderFilterSet):
    prefix = "assessment__"
    lookups = {
        **FolderFilterSet.lookups,
        "assessment": CHOICE,
        "criterion": CHOICE,
        "indicator": CHOICE,
        "input": CHOICE,
        "state": CHOICE,
        "verdict": CHOICE,
        "value": BOUNDS,
        "approved_at": BOUNDS,
    }

    assessment = CountFilter(field_name="assessment_id", label="Id of a folder.")
    criterion = CharFilter(field_name="input__indicator__criterion__code", label="Code of a criterion: 17.")
    indicator = CharFilter(field_name="input__indicator__code", label="Code of an indicator: 17.1.")
    input = CharFilter(field_name="input__code", label="Code of an input: 17.1.a.")
    state = TypedChoiceFilter(choices=_words(State), coerce=STATES.get)
    verdict = TypedChoiceFilter(choices=_words(Verdict), coerce=VERDICTS.get)
    value = NumberFilter(max_digits=16)
    approved_at = IsoDateTimeFilter()


class RecognitionFilterSet(KnownValuesFilterSet):
    known = {"area": AREAS, "district": DISTRICTS}
    lookups = {"area": CHOICE, "level": CHOICE, "tier": CHOICE, "year": NUMBER, "counts_from": BOUNDS}

    q = CharFilter(method="find", label="Part of the unit's name; case and Vietnamese marks do not matter.")
    counts_from = DateFilter(input_formats=ISO, label="Day from which it counts.")

    area = CharFilter(field_name="area__code", label="Code of a unit.")
    district = CharFilter(method="of_district", label="Units that stood in that district when recognised.")
    level = ChoiceFilter(field_name="area__level", choices=Level.choices)
    tier = CharFilter(label="ntm, advanced, model, completed, urban-civilised, …")
    act = ChoiceFilter(choices=Recognition.Act.choices)
    year = YearFilter(field_name="result_year", label="Year of the result.")

    def find(self, queryset, name, value):
        return queryset.filter(area__search_key__contains=search_key(value))

    def of_district(self, queryset, name, value):
        dated = standing_in(value, on=OuterRef("counts_from"), area_id="area_id")
        return queryset.filter(Q(dated) | Q(standing_in(value, area_id="area_id"), counts_from=None))


class TargetFilterSet(KnownValuesFilterSet):
    known = {"area": AREAS}
    lookups = {"area": CHOICE, "year": NUMBER, "measure": CHOICE}

    year = YearFilter()
    area = CharFilter(field_name="area__code", label="Code of the unit whose plan it is.")
    measure = CharFilter()
