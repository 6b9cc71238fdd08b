"""How values, folders and results are shown: words instead of the database's numbers."""

import datetime as dt
from typing import Any

from rest_framework import serializers

from communes.api import AreaNameSerializer, ShownSerializer
from communes.shapes import Computed
from criteria.models import Assessment, Attainment, Reading, State, Threshold, Verdict


class WordField(serializers.ChoiceField):
    """An integer choice of the database by its lower-case name."""

    def __init__(self, words: Any, **kwargs: Any) -> None:
        self.words = words
        super().__init__(choices=[(word.name.lower(), word.label) for word in words], read_only=True, **kwargs)

    @property
    def shown(self) -> dict[Any, str]:
        """The database's numbers as words."""
        return {word: word.name.lower() for word in self.words}

    def to_representation(self, value: Any) -> str:
        return self.words(value).name.lower()


class PinnedThresholdSerializer(ShownSerializer):
    """The threshold that the verdict was resolved against."""

    class Meta:
        model = Threshold
        fields = ["value", "region", "group", "year", "legal_reference", "confidence", "is_illustrative"]


def reason_to_show(reason: str, state: int) -> str:
    """Why a value was returned, while it is with whom it was returned to."""
    return reason if state == State.RETURNED else ""


class ReadingSerializer(ShownSerializer):
    """One value of one unit in one period; yes/no values are 1 and 0. `detail` is what a derived value counts."""

    area = AreaNameSerializer(source="assessment.area", read_only=True)
    period = serializers.CharField(source="assessment.round.period.code", read_only=True)
    set = serializers.CharField(source="assessment.round.criteria_set.slug", read_only=True)
    criterion = serializers.CharField(source="input.indicator.criterion.code", read_only=True)
    indicator = serializers.CharField(source="input.indicator.code", read_only=True)
    input = serializers.CharField(source="input.code", read_only=True)
    name = serializers.CharField(source="input.name", read_only=True)
    value_type = serializers.CharField(source="input.value_type", read_only=True)
    unit = serializers.CharField(source="input.unit", read_only=True)
    operator = serializers.CharField(source="input.operator", read_only=True)
    verdict = WordField(Verdict)
    verdict_name = serializers.CharField(source="get_verdict_display", read_only=True)
    state = WordField(State)
    state_name = serializers.CharField(source="get_state_display", read_only=True)
    threshold = PinnedThresholdSerializer(read_only=True, allow_null=True)
    detail = serializers.DictField(read_only=True, allow_null=True)
    return_reason = serializers.SerializerMethodField()
    computed = {"return_reason": Computed(("return_reason", "state"), reason_to_show)}

    class Meta:
        model = Reading
        fields = [
            "id",
            "assessment",
            "area",
            "period",
            "set",
            "criterion",
            "indicator",
            "input",
            "name",
            "value",
            "not_applicable",
            "value_type",
            "unit",
            "operator",
            "threshold",
            "verdict",
            "verdict_name",
            "state",
            "state_name",
            "version",
            "origin",
            "detail",
            "note",
            "source",
            "return_reason",
            "entered_at",
            "approved_at",
            "is_illustrative",
        ]
        brief = ["id", "area", "period", "input", "value", "state"]

    def get_return_reason(self, reading: Reading) -> str:
        """Only while the value is with whom it was returned to."""
        return reason_to_show(reading.return_reason, reading.state)


class FolderSerializer(ShownSerializer):
    """What names an assessment."""

    area = AreaNameSerializer(read_only=True)
    round = serializers.IntegerField(source="round_id", read_only=True)
    period = serializers.CharField(source="round.period.code", read_only=True)
    set = serializers.CharField(source="round.criteria_set.slug", read_only=True)

    class Meta:
        model = Assessment
        fields = ["id", "area", "round", "period", "set"]
        brief = ["id", "area", "period", "set"]


class StateCountsSerializer(serializers.Serializer):
    """Values by state, of those that the reader may see."""

    draft = serializers.IntegerField()
    returned = serializers.IntegerField()
    submitted = serializers.IntegerField()
    verified = serializers.IntegerField()
    appraised = serializers.IntegerField()
    approved = serializers.IntegerField()


class AssessmentSerializer(FolderSerializer):
    """A folder. `state` is the least advanced among its values; null where the reader may not see them all."""

    readings = serializers.IntegerField(source="progress.total", read_only=True)
    by_state = StateCountsSerializer(source="progress.by_state", read_only=True)
    state = serializers.ChoiceField(
        choices=[(state.name.lower(), state.label) for state in State],
        source="progress.state",
        read_only=True,
        allow_null=True,
    )
    due_on = serializers.DateField(source="round.due_on", read_only=True)
    is_open = serializers.BooleanField(source="round.is_open", read_only=True)
    computed = {"is_open": Computed(("round__closed_on",), lambda day: day is None)}
    is_illustrative = serializers.BooleanField(source="progress.is_illustrative", read_only=True)

    class Meta(FolderSerializer.Meta):
        fields = [
            *FolderSerializer.Meta.fields,
            "due_on",
            "is_open",
            "readings",
            "by_state",
            "state",
            "is_illustrative",
        ]


class HeldTierSerializer(serializers.Serializer):
    """A tier held by decision: another fact than attainment by criteria."""

    tier = serializers.CharField()
    act = serializers.CharField()
    result_year = serializers.IntegerField(allow_null=True)
    counts_from = serializers.DateField(allow_null=True)
    is_dated = serializers.BooleanField()
    is_illustrative = serializers.BooleanField()


STATUS = [("official", "chính thức"), ("provisional", "tạm tính")]


def status_of(closed_on: dt.date | None) -> str:
    """Whether the figures of a round may still change."""
    return "official" if closed_on else "provisional"


def _codes() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), read_only=True)


class AttainmentSerializer(ShownSerializer):
    """What the approved values of a unit amount to, with the tiers that it holds by decision beside it."""

    assessment = serializers.IntegerField(source="assessment_id", read_only=True)
    area = AreaNameSerializer(source="assessment.area", read_only=True)
    period = serializers.CharField(source="assessment.round.period.code", read_only=True)
    territory_on = serializers.DateField(
        source="assessment.round.period.ends_on", read_only=True, help_text="The day whose territory it stands on."
    )
    set = serializers.CharField(source="assessment.round.criteria_set.slug", read_only=True)
    set_version = serializers.IntegerField(source="assessment.round.criteria_set.version", read_only=True)
    legal_basis = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Numbers of the decisions; their texts: criteria-sets/.",
    )
    criteria_total = serializers.IntegerField(read_only=True)
    failing = _codes()
    undetermined = _codes()
    conditions_failing = _codes()
    conditions_undetermined = _codes()
    recognition_failing = _codes()
    recognition_undetermined = _codes()
    verdict = WordField(Verdict)
    verdict_name = serializers.CharField(source="get_verdict_display", read_only=True)
    recognised = HeldTierSerializer(many=True, read_only=True)
    status = serializers.ChoiceField(
        choices=STATUS, read_only=True, help_text="Official once the round is closed: the period's figures are final."
    )
    epoch = serializers.IntegerField(
        read_only=True, help_text="The run: number of the write (an approval or a job) that computed it."
    )
    input_watermark = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When the latest of its values was approved; null: taken over."
    )
    is_illustrative = serializers.BooleanField(read_only=True)
    computed = {
        "criteria_total": Computed(
            ("criteria_met", "criteria_failing", "criteria_undetermined"), lambda *parts: sum(parts)
        ),
        "status": Computed(("assessment__round__closed_on",), status_of),
    }

    class Meta:
        model = Attainment
        brief = ["assessment", "area", "period", "set", "criteria_met", "criteria_total", "verdict", "status"]
        fields = [
            "assessment",
            "area",
            "period",
            "territory_on",
            "set",
            "set_version",
            "legal_basis",
            "criteria_total",
            "criteria_met",
            "criteria_failing",
            "criteria_undetermined",
            "failing",
            "undetermined",
            "conditions_failing",
            "conditions_undetermined",
            "recognition_failing",
            "recognition_undetermined",
            "verdict",
            "verdict_name",
            "recognised",
            "status",
            "epoch",
            "computed_at",
            "input_watermark",
            "is_illustrative",
        ]
