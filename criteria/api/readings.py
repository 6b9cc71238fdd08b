"""Values and folders over the API, and the steps that a person takes with them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from accounts.errors import Stale
from accounts.scope import Actor
from communes.lists import Listing
from communes.shapes import Beside, Load
from criteria.actions import readings as steps
from criteria.api.serializers import AssessmentSerializer, ReadingSerializer
from criteria.filters import AssessmentFilterSet, ReadingFilterSet
from criteria.models import Assessment, Reading
from criteria.queries.folders import Progress, progress_of, with_progress
from criteria.queries.scope import steps_open_to, visible_readings
from criteria.rules import numbers

YES, NO = "Đạt", "Chưa đạt"
_PATH = ("assessment__area", "assessment__round__period", "assessment__round__criteria_set", "threshold")


def _version() -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text="The version that the value had when it was read."
    )


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}], "nullable": True})
class TypedField(serializers.Field):
    """What is entered, as the text that an officer would type.

    A JSON number is that number and is never read the Vietnamese way; a text is ("1.234,5", "95,5 %", "Đạt");
    null empties the value.
    """

    default_error_messages = {"invalid": "Gửi một số, một chuỗi, true, false hoặc null."}

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, bool):
            return YES if data else NO
        if isinstance(data, int | float):
            return numbers.typed(Decimal(str(data)))
        if isinstance(data, str):
            return data
        return self.fail("invalid")

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return (True, "") if data is None else super().validate_empty_values(data)


class EntrySerializer(serializers.Serializer):
    """A value to enter."""

    value = TypedField()
    version = _version()
    note = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class ReasonSerializer(serializers.Serializer):
    """Why a value goes back."""

    reason = serializers.CharField(allow_blank=True, max_length=5000)
    version = _version()


class StepSerializer(serializers.Serializer):
    """Which version the step is taken with; without one, the stored one."""

    version = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class ReadingDetailSerializer(ReadingSerializer):
    """A value with the steps that this person could take now."""

    open_steps = serializers.SerializerMethodField()

    class Meta(ReadingSerializer.Meta):
        fields = [*ReadingSerializer.Meta.fields, "open_steps"]

    def get_open_steps(self, reading: Reading) -> list[str]:
        return sorted(steps_open_to(self.context["request"].user, reading))


def _understood(serializer_class: type[serializers.Serializer], request) -> dict[str, Any]:
    asked = serializer_class(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data


def _versions(request, pk: int) -> dict[int, int]:
    """The version that the person saw, by the value's id; empty where none is named."""
    asked = _understood(StepSerializer, request)
    return {pk: asked["version"]} if "version" in asked else {}


class ReadingViewSet(Listing):
    """Approved values for everybody; values on their way for those within whose scope they stand."""

    queryset = Reading.objects.none()
    filterset_class = ReadingFilterSet
    lookup_value_regex = "[0-9]{1,18}"
    orderings = {
        "id": "pk",
        "area": "assessment__area__code",
        "period": "assessment__round__period__ends_on",
        "input": "input__code",
        "value": "value",
        "state": "state",
        "verdict": "verdict",
        "entered_at": "entered_at",
        "approved_at": "approved_at",
    }

    def get_queryset(self):
        return visible_readings(self.request.user).select_related("input__indicator__criterion", *_PATH)

    def get_serializer_class(self):
        return ReadingDetailSerializer if self.detail else ReadingSerializer

    def beside(self) -> dict[str, Beside]:
        return {"open_steps": Beside(("pk",), self._open_steps)} if self.detail else {}

    def _open_steps(self, keys):
        """The steps open to the reader; one without any step to take needs no look at the value."""
        if not self.request.user.is_authenticated:
            return lambda pk: []
        found = self.get_queryset().in_bulk([pk for (pk,) in keys])
        return lambda pk: sorted(steps_open_to(self.request.user, found[pk]))

    @extend_schema(request=EntrySerializer, responses=ReadingDetailSerializer)
    def partial_update(self, request, pk=None):
        """Enter a value."""
        asked = _understood(EntrySerializer, request)
        typed = {"text": asked["value"], "version": asked["version"], "note": asked.get("note")}
        try:
            steps.record(reading_id=int(pk), by=request.user, **typed)
        except Stale as stale:
            stale.details["mine"] = request.data["value"]  # as it was sent, a number as a number
            raise
        return self._stored(pk)

    @extend_schema(request=ReasonSerializer, responses=ReadingDetailSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request, pk=None):
        """Return a value to whoever entered it, with a reason."""
        steps.return_reading(reading_id=int(pk), by=request.user, **_understood(ReasonSerializer, request))
        return self._stored(pk)

    @extend_schema(request=ReasonSerializer, responses=ReadingDetailSerializer)
    @action(detail=True, methods=["post"])
    def unlock(self, request, pk=None):
        """Open an approved value again, with a reason."""
        steps.unlock(reading_id=int(pk), by=request.user, **_understood(ReasonSerializer, request))
        return self._stored(pk)

    @extend_schema(request=StepSerializer, responses=ReadingDetailSerializer)
    @action(detail=True, methods=["post"])
    def appraise(self, request, pk=None):
        """Appraise a value of the person's own department's criteria."""
        steps.appraise(reading_ids=[int(pk)], by=request.user, versions=_versions(request, int(pk)))
        return self._stored(pk)

    @extend_schema(request=StepSerializer, responses=ReadingDetailSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk=None):
        """Approve a value; the unit's own attainment is right when this answers."""
        steps.approve(reading_ids=[int(pk)], by=request.user, versions=_versions(request, int(pk)))
        return self._stored(pk)

    def _stored(self, pk: str) -> Response:
        """The value as it stands after the step."""
        reading = self.get_queryset().filter(pk=pk).first()
        if reading is None:
            raise NotFound
        return Response(self.get_serializer(reading).data)


PROGRESS = {"readings": "total", "by_state": "by_state", "state": "state", "is_illustrative": "is_illustrative"}


class ProgressOf:
    """How far a page's folders are, read once however many fields tell of it."""

    def __init__(self, user: Actor) -> None:
        self._user = user
        self._known: Mapping[int, Progress] | None = None

    def read(self, part: str) -> Load:
        """What gives a folder that part of its progress."""

        def load(keys: list[tuple]) -> Callable[[int], Any]:
            if self._known is None:
                self._known = progress_of([pk for (pk,) in keys], user=self._user)
            known = self._known
            return lambda pk: getattr(known[pk], part)

        return load


class AssessmentViewSet(Listing):
    """Folders: one a unit, set and period. Counts are of the values that the reader may see."""

    queryset = Assessment.objects.select_related("area", "round__period", "round__criteria_set")
    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilterSet
    lookup_value_regex = "[0-9]{1,18}"

    orderings = {
        "id": "pk",
        "area": "area__code",
        "name": "area__sort_key",
        "period": "round__period__ends_on",
        "set": "round__criteria_set__slug",
    }

    def beside(self) -> dict[str, Beside]:
        told = ProgressOf(self.request.user)
        return {name: Beside(("pk",), told.read(part)) for name, part in PROGRESS.items()}

    def get_object(self):
        return with_progress(super().get_object(), user=self.request.user)

    @extend_schema(request=None, responses=AssessmentSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request, pk=None):
        """Submit every filled value of the folder; one that was returned goes along once it was changed or answered."""
        steps.submit(assessment_id=int(pk), by=request.user)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses=AssessmentSerializer)
    @action(detail=True, methods=["post"])
    def verify(self, request, pk=None):
        """Verify every submitted value of the folder."""
        steps.verify(assessment_id=int(pk), by=request.user)
        return Response(self.get_serializer(self.get_object()).data)


def register(router: BaseRouter) -> None:
    """Addresses of values and folders."""
    router.register("readings", ReadingViewSet, basename="reading")
    router.register("assessments", AssessmentViewSet, basename="assessment")
