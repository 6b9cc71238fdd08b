"""The portal's addresses and, behind the same middleware, the floors of the bench."""

import os
from collections.abc import Callable

import orjson
from django.db import connection
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer

from criteria.models import Attainment, Reading
from criteria.queries.attained import latest_approval, numbers_of
from ntm_portal.rendering import plain
from reports.views import pages

FROM = """
    FROM criteria_attainment result
    JOIN criteria_assessment folder ON folder.id = result.assessment_id
    JOIN communes_area area ON area.id = folder.area_id
    JOIN criteria_round opened ON opened.id = folder.round_id
    JOIN criteria_period period ON period.id = opened.period_id
    JOIN criteria_criteriaset law ON law.id = opened.criteria_set_id
    WHERE period.code = %(period)s AND law.slug = %(set)s
"""
COUNT = f"SELECT count(*) FROM (SELECT result.assessment_id {FROM} LIMIT 10001) counted"
ROWS = f"""
    SELECT result.assessment_id AS assessment, area.code, area.name, area.kind, period.code AS period,
           period.ends_on AS territory_on, law.slug AS set, law.version AS set_version,
           result.criteria_met, result.criteria_failing, result.criteria_undetermined, result.failing,
           result.undetermined, result.conditions_failing, result.conditions_undetermined, result.recognition_failing,
           result.recognition_undetermined, result.verdict, opened.closed_on, result.epoch, result.computed_at,
           (SELECT approved_at FROM criteria_reading value WHERE value.assessment_id = folder.id AND value.state = 5
            ORDER BY approved_at DESC LIMIT 1) AS input_watermark,
           EXISTS (SELECT 1 FROM criteria_reading value
                   WHERE value.assessment_id = folder.id AND value.is_illustrative) AS is_illustrative
    {FROM}
    ORDER BY result.assessment_id LIMIT 1000
"""


def _counted(read: Callable[..., object], path: str) -> Callable[..., object]:
    """The reading of a page, with a line in a file each time that it is done, by whichever process."""

    def counted(*args: object, **kwargs: object) -> object:
        with open(path, "a") as file:
            file.write(f"{os.getpid()}\n")
        return read(*args, **kwargs)

    return counted


if told := os.environ.get("BENCH_RENDERS"):
    pages.home = _counted(pages.home, told)  # type: ignore[assignment]


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


def raw_attainment(request: HttpRequest) -> HttpResponse:
    """What the list of results holds, straight from a cursor: the least that the same rows can cost."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"period": request.GET["period"], "set": request.GET["set"]})
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        cursor.execute(COUNT, {"period": request.GET["period"], "set": request.GET["set"]})
        count = cursor.fetchone()[0]
    return HttpResponse(orjson.dumps({"count": count, "results": rows}, plain), content_type="application/json")


class PlainSerializer(serializers.ModelSerializer):
    """The same columns as anybody would write them first."""

    code = serializers.CharField(source="assessment.area.code")
    name = serializers.CharField(source="assessment.area.name")
    kind = serializers.CharField(source="assessment.area.kind")
    period = serializers.CharField(source="assessment.round.period.code")
    territory_on = serializers.DateField(source="assessment.round.period.ends_on")
    set = serializers.CharField(source="assessment.round.criteria_set.slug")
    set_version = serializers.IntegerField(source="assessment.round.criteria_set.version")
    legal_basis = serializers.SerializerMethodField()
    closed_on = serializers.DateField(source="assessment.round.closed_on")
    input_watermark = serializers.DateTimeField()
    is_illustrative = serializers.BooleanField()

    class Meta:
        model = Attainment
        exclude = ["indicators"]

    def get_legal_basis(self, result: Attainment) -> list[str]:
        return numbers_of(result.assessment.round.criteria_set.legal_basis)


def plain_attainment(request: HttpRequest) -> HttpResponse:
    """The same rows by a ModelSerializer over joined instances, rendered as the framework does."""
    inside = Reading.objects.filter(assessment=OuterRef("pk"))
    joined = ("assessment__area", "assessment__round__period", "assessment__round__criteria_set")
    rows = (
        Attainment.objects.select_related(*joined)
        .order_by("pk")
        .annotate(
            is_illustrative=Exists(inside.filter(is_illustrative=True)),
            input_watermark=latest_approval(),
        )
    )
    rows = rows.filter(
        assessment__round__period__code=request.GET["period"],
        assessment__round__criteria_set__slug=request.GET["set"],
    )
    found = PlainSerializer(rows[:1000], many=True).data
    return HttpResponse(
        JSONRenderer().render({"count": rows.count(), "results": found}), content_type="application/json"
    )


urlpatterns = [
    path("bench/hello", hello),
    path("bench/attainment", raw_attainment),
    path("bench/attainment-plain", plain_attainment),
    path("", include("ntm_portal.urls")),
]
handler403 = "ntm_portal.errors.forbidden"
handler404 = "ntm_portal.errors.not_found"
handler500 = "ntm_portal.errors.server_error"
