"""Values and folders over the API, and the steps that a person takes with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import GenericViewSet

from accounts import idempotency
from accounts.errors import Stale
from criteria.actions import readings as steps
from criteria.api.bulk import InBulk
from criteria.api.preconditions import IF_MATCH, ExactObjects, Unconditional, etag_of
from criteria.api.serializers import AssessmentSerializer, ReadingSerializer
from criteria.api.typed import TypedField
from criteria.filters import AssessmentFilterSet, ReadingFilterSet
from criteria.models import Assessment, Reading
from criteria.queries.folders import with_progress
from criteria.queries.scope import steps_open_to, visible_readings

_WRITE = [IF_MATCH, idempotency.PARAMETER]
_PATH = ("assessment__area", "assessment__round__period", "assessment__round__criteria_set", "threshold")


def _version() -> serializers.IntegerField:
    return serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        help_text="The version that the value had when it was read; may be left out where If-Match is sent.",
    )


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
    """Which version the step is taken with."""

    version = _version()


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


class ReadingViewSet(
    InBulk,
    idempotency.Repeatable,
    ExactObjects,
    mixins.ListModelMixin,
    GenericViewSet,
):
    """Approved values for everybody; values on their way for those within whose scope they stand."""

    queryset = Reading.objects.none()
    filterset_class = ReadingFilterSet
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        return visible_readings(self.request.user).select_related("input__indicator__criterion", *_PATH)

    def get_serializer_class(self):
        return ReadingDetailSerializer if self.detail else ReadingSerializer

    @extend_schema(request=EntrySerializer, responses=ReadingDetailSerializer, parameters=_WRITE)
    def partial_update(self, request, pk=None):
        """Enter a value."""
        asked = _understood(EntrySerializer, request)
        with self._as_seen(int(pk), asked) as version:
            try:
                steps.record(
                    reading_id=int(pk), text=asked["value"], version=version, note=asked.get("note"), by=request.user
                )
            except Stale as stale:
                stale.details["mine"] = request.data["value"]  # as it was sent, a number as a number
                raise
        return self._stored(pk)

    @extend_schema(request=ReasonSerializer, responses=ReadingDetailSerializer, parameters=_WRITE)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request, pk=None):
        """Return a value to whoever entered it, with a reason."""
        asked = _understood(ReasonSerializer, request)
        with self._as_seen(int(pk), asked) as version:
            steps.return_reading(reading_id=int(pk), reason=asked["reason"], version=version, by=request.user)
        return self._stored(pk)

    @extend_schema(request=ReasonSerializer, responses=ReadingDetailSerializer, parameters=_WRITE)
    @action(detail=True, methods=["post"])
    def unlock(self, request, pk=None):
        """Open an approved value again, with a reason."""
        asked = _understood(ReasonSerializer, request)
        with self._as_seen(int(pk), asked) as version:
            steps.unlock(reading_id=int(pk), reason=asked["reason"], version=version, by=request.user)
        return self._stored(pk)

    @extend_schema(request=StepSerializer, responses=ReadingDetailSerializer, parameters=_WRITE)
    @action(detail=True, methods=["post"])
    def appraise(self, request, pk=None):
        """Appraise a value of the person's own department's criteria."""
        with self._as_seen(int(pk), _understood(StepSerializer, request)) as version:
            steps.appraise(reading_ids=[int(pk)], versions={int(pk): version}, by=request.user)
        return self._stored(pk)

    @extend_schema(request=StepSerializer, responses=ReadingDetailSerializer, parameters=_WRITE)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk=None):
        """Approve a value; the unit's own attainment is right when this answers."""
        with self._as_seen(int(pk), _understood(StepSerializer, request)) as version:
            steps.approve(reading_ids=[int(pk)], versions={int(pk): version}, by=request.user)
        return self._stored(pk)

    @contextmanager
    def _as_seen(self, pk: int, asked: dict[str, Any]) -> Iterator[int]:
        """The version that the person saw, by the body or by If-Match; what is done inside is done to that state."""
        if "If-Match" not in self.request.headers:
            if "version" not in asked:
                raise Unconditional
            yield asked["version"]
            return
        with steps.several([pk]):
            reading = self._found(pk)
            self.require_match(self.get_serializer(reading).data)
            yield asked.get("version", reading.version)

    def _found(self, pk: int | str) -> Reading:
        reading = self.get_queryset().filter(pk=pk).first()
        if reading is None:
            raise NotFound
        return reading

    def _stored(self, pk: str) -> Response:
        """The value as it stands after the step, with the ETag to go on with."""
        shown = self.get_serializer(self._found(pk)).data
        return Response(shown, headers={"ETag": etag_of(shown)})


class AssessmentViewSet(
    idempotency.Repeatable,
    ExactObjects,
    mixins.ListModelMixin,
    GenericViewSet,
):
    """Folders: one a unit, set and period. Counts are of the values that the reader may see."""

    queryset = Assessment.objects.select_related("area", "round__period", "round__criteria_set")
    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilterSet
    lookup_value_regex = "[0-9]{1,18}"

    def paginate_queryset(self, queryset):
        return with_progress(super().paginate_queryset(queryset) or [], user=self.request.user)

    def get_object(self):
        return with_progress([super().get_object()], user=self.request.user)[0]

    @extend_schema(request=None, responses=AssessmentSerializer, parameters=_WRITE)
    @action(detail=True, methods=["post"])
    def submit(self, request, pk=None):
        """Submit every filled value of the folder; one that was returned goes along once it was changed or answered."""
        with self._as_seen(int(pk)):
            steps.submit(assessment_id=int(pk), by=request.user)
        return self._stored()

    @extend_schema(request=None, responses=AssessmentSerializer, parameters=_WRITE)
    @action(detail=True, methods=["post"])
    def verify(self, request, pk=None):
        """Verify every submitted value of the folder."""
        with self._as_seen(int(pk)):
            steps.verify(assessment_id=int(pk), by=request.user)
        return self._stored()

    @contextmanager
    def _as_seen(self, pk: int) -> Iterator[None]:
        """What is done inside is done to the folder as If-Match names it, if the header is sent."""
        if "If-Match" not in self.request.headers:
            yield
            return
        with steps.whole_folder(pk):
            self.require_match(self.get_serializer(self.get_object()).data)
            yield

    def _stored(self) -> Response:
        shown = self.get_serializer(self.get_object()).data
        return Response(shown, headers={"ETag": etag_of(shown)})


def register(router: BaseRouter) -> None:
    """Addresses of values and folders."""
    router.register("readings", ReadingViewSet, basename="reading")
    router.register("assessments", AssessmentViewSet, basename="assessment")
