"""Values and folders over the API, and the steps that a person takes with them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.routers import BaseRouter

from accounts import idempotency
from accounts.errors import Stale
from accounts.scope import Actor
from communes.shapes import Beside, Load
from criteria.actions import readings as steps
from criteria.api.bulk import InBulk
from criteria.api.preconditions import IF_MATCH, ExactObjects, Unconditional
from criteria.api.serializers import AssessmentSerializer, ReadingSerializer
from criteria.api.typed import TypedField
from criteria.filters import AssessmentFilterSet, ReadingFilterSet
from criteria.models import Assessment, Reading
from criteria.queries.folders import Progress, progress_of
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


class ReadingViewSet(InBulk, idempotency.Repeatable, ExactObjects):
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
        return self.stored()

    @extend_schema(request=ReasonSerializer, responses=ReadingDetailSerializer, parameters=_WRITE)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request, pk=None):
        """Return a value to whoever entered it, with a reason."""
        asked = _understood(ReasonSerializer, request)
        with self._as_seen(int(pk), asked) as version:
            steps.return_reading(reading_id=int(pk), reason=asked["reason"], version=version, by=request.user)
        return self.stored()

    @extend_schema(request=ReasonSerializer, responses=ReadingDetailSerializer, parameters=_WRITE)
    @action(detail=True, methods=["post"])
    def unlock(self, request, pk=None):
        """Open an approved value again, with a reason."""
        asked = _understood(ReasonSerializer, request)
        with self._as_seen(int(pk), asked) as version:
            steps.unlock(reading_id=int(pk), reason=asked["reason"], version=version, by=request.user)
        return self.stored()

    @extend_schema(request=StepSerializer, responses=ReadingDetailSerializer, parameters=_WRITE)
    @action(detail=True, methods=["post"])
    def appraise(self, request, pk=None):
        """Appraise a value of the person's own department's criteria."""
        with self._as_seen(int(pk), _understood(StepSerializer, request)) as version:
            steps.appraise(reading_ids=[int(pk)], versions={int(pk): version}, by=request.user)
        return self.stored()

    @extend_schema(request=StepSerializer, responses=ReadingDetailSerializer, parameters=_WRITE)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk=None):
        """Approve a value; the unit's own attainment is right when this answers."""
        with self._as_seen(int(pk), _understood(StepSerializer, request)) as version:
            steps.approve(reading_ids=[int(pk)], versions={int(pk): version}, by=request.user)
        return self.stored()

    @contextmanager
    def _as_seen(self, pk: int, asked: dict[str, Any]) -> Iterator[int]:
        """The version that the person saw, by the body or by If-Match; what is done inside is done to that state."""
        if "If-Match" not in self.request.headers:
            if "version" not in asked:
                raise Unconditional
            yield asked["version"]
            return
        with steps.several([pk]):
            shown = self.told()
            self.require_match(shown)
            yield asked.get("version", shown["version"])


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


class AssessmentViewSet(idempotency.Repeatable, ExactObjects):
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

    @extend_schema(request=None, responses=AssessmentSerializer, parameters=_WRITE)
    @action(detail=True, methods=["post"])
    def submit(self, request, pk=None):
        """Submit every filled value of the folder; one that was returned goes along once it was changed or answered."""
        with self._as_seen(int(pk)):
            steps.submit(assessment_id=int(pk), by=request.user)
        return self.stored()

    @extend_schema(request=None, responses=AssessmentSerializer, parameters=_WRITE)
    @action(detail=True, methods=["post"])
    def verify(self, request, pk=None):
        """Verify every submitted value of the folder."""
        with self._as_seen(int(pk)):
            steps.verify(assessment_id=int(pk), by=request.user)
        return self.stored()

    @contextmanager
    def _as_seen(self, pk: int) -> Iterator[None]:
        """What is done inside is done to the folder as If-Match names it, if the header is sent."""
        if "If-Match" not in self.request.headers:
            yield
            return
        with steps.whole_folder(pk):
            self.require_match(self.told())
            yield


def register(router: BaseRouter) -> None:
    """Addresses of values and folders."""
    router.register("readings", ReadingViewSet, basename="reading")
    router.register("assessments", AssessmentViewSet, basename="assessment")
