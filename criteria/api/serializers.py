"""How values, folders and results are shown: words instead of the database's numbers."""

from typing import Any

from rest_framework import serializers

from communes.api import AreaNameSerializer, ShownSerializer
from criteria.models import Assessment, Attainment, Reading, State, Threshold, Verdict


class WordField(serializers.ChoiceField):
    """An integer choice of the database by its lower-case name."""

    def __init__(self, words: Any, **kwargs: Any) -> None:
        self.words = words
        super().__init__(choices=[(word.name.lower(), word.label) for word in words], read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        return self.words(value).name.lower()


class PinnedThresholdSerializer(ShownSerializer):
    """The threshold that the verdict was resolved against."""

    class Meta:
        model = Threshold
        fields = ["value", "region", "group", "year", "legal_reference", "confidence", "is_illustrative"]


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
    return_reason = serializers.SerializerMethodField()

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

    def get_return_reason(self, reading: Reading) -> str:
        """Only while the value is with whom it was returned to."""
        return reading.return_reason if reading.state == State.RETURNED else ""


class FolderSerializer(ShownSerializer):
    """What names an assessment."""

    area = AreaNameSerializer(read_only=True)
    round = serializers.IntegerField(source="round_id", read_only=True)
    period = serializers.CharField(source="round.period.code", read_only=True)
    set = serializers.CharField(source="round.criteria_set.slug", read_only=True)

    class Meta:
        model = Assessment
        fields = ["id", "area", "round", "period", "set"]


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


class AttainmentSerializer(ShownSerializer):
    """What the approved values of a unit amount to, with the tiers that it holds by decision beside it."""

    assessment = serializers.IntegerField(source="assessment_id", read_only=True)
    area = AreaNameSerializer(source="assessment.area", read_only=True)
    period = serializers.CharField(source="assessment.round.period.code", read_only=True)
    set = serializers.CharField(source="assessment.round.criteria_set.slug", read_only=True)
    criteria_total = serializers.SerializerMethodField()
    failing = serializers.ListField(child=serializers.CharField(), source="codes.failing", read_only=True)
    undetermined = serializers.ListField(child=serializers.CharField(), source="codes.undetermined", read_only=True)
    conditions_failing = serializers.ListField(
        child=serializers.CharField(), source="codes.conditions_failing", read_only=True
    )
    conditions_undetermined = serializers.ListField(
        child=serializers.CharField(), source="codes.conditions_undetermined", read_only=True
    )
    recognition_failing = serializers.ListField(
        child=serializers.CharField(), source="codes.recognition_failing", read_only=True
    )
    recognition_undetermined = serializers.ListField(
        child=serializers.CharField(), source="codes.recognition_undetermined", read_only=True
    )
    verdict = WordField(Verdict)
    verdict_name = serializers.CharField(source="get_verdict_display", read_only=True)
    recognised = HeldTierSerializer(many=True, source="held", read_only=True)
    is_illustrative = serializers.BooleanField(read_only=True)

    class Meta:
        model = Attainment
        fields = [
            "assessment",
            "area",
            "period",
            "set",
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
            "epoch",
            "computed_at",
            "is_illustrative",
        ]

    def get_criteria_total(self, row: Attainment) -> int:
        return row.criteria_met + row.criteria_failing + row.criteria_undetermined
