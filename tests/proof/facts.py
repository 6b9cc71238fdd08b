"""Raw rows of a tiny world, as the oracle reads them, and everything stored, to compare before and after."""

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import AuditEvent
from communes.models import Area, Classification, Epoch, Placement, valid_on
from criteria.models import (
    Assessment,
    Attainment,
    CriteriaSet,
    Criterion,
    DirtyScope,
    Input,
    Reading,
    Recognition,
    RecomputeRun,
    RollUp,
    Round,
    StatedDenominator,
    Threshold,
)
from tests.proof.oracle import Facts

_THRESHOLD = ("province", "region", "group", "year", "value", "valid_from", "valid_to")


def facts(*, province: Area, year: int) -> Facts:
    """The facts of one province in the period of one year."""
    ends_on = dt.date(year, 12, 31)
    folders = _keyed(
        Assessment.objects.filter(round__province=province, round__period__year=year),
        unit="area_id",
        set="round__criteria_set_id",
        closed_on="round__closed_on",
    )
    sets = {row["set"] for row in folders.values()}
    units = _units(province, ends_on)
    of_set = {"indicator__criterion__criteria_set__in": sets}
    return Facts(
        year=year,
        ends_on=ends_on,
        today=timezone.localdate(),
        province=province.pk,
        units=units,
        folders=folders,
        sets=_keyed(CriteriaSet.objects.filter(pk__in=sets), "slug", "tier", "kinds", "default_region"),
        criteria=_keyed(
            Criterion.objects.filter(criteria_set__in=sets), "role", "bit", "is_complete", set="criteria_set_id"
        ),
        inputs=_keyed(
            Input.objects.filter(**of_set),
            "code",
            "operator",
            "alternative",
            "value_type",
            "may_not_apply",
            rule="derived",
            criterion="indicator__criterion_id",
            slot="indicator__slot",
            siblings="indicator_id",
        ),
        thresholds=_keyed(
            Threshold.objects.filter(**{f"input__{key}": value for key, value in of_set.items()}),
            *_THRESHOLD,
            input="input_id",
        ),
        readings=_keyed(
            Reading.objects.filter(assessment__in=folders),
            "value",
            "not_applicable",
            "state",
            "threshold",
            "verdict",
            "version",
            "entered_by",
            "note",
            "detail",
            folder="assessment_id",
            input="input_id",
        ),
        recognitions=_listed(
            Recognition.objects.filter(area__in=units), "tier", "act", "result_year", "counts_from", unit="area_id"
        ),
        stated=_listed(StatedDenominator.objects.filter(area__in=units), "kind", "value", unit="area_id"),
    )


def _listed(rows: Any, *names: str, **renamed: str) -> list[dict[str, Any]]:
    said = [*names, *renamed.values()]
    return [dict(zip([*names, *renamed], row, strict=True)) for row in rows.order_by("pk").values_list(*said)]


def _keyed(rows: Any, *names: str, **renamed: str) -> dict[int, dict[str, Any]]:
    return {row["pk"]: row for row in _listed(rows, "pk", *names, **renamed)}


def _units(province: Area, on: dt.date) -> dict[int, dict[str, Any]]:
    placed = Placement.objects.filter(valid_on(on), path__startswith=f"/{province.code}/")
    units = _listed(placed, kind="area__kind", parent="parent_id", pk="area_id")
    classes = Classification.objects.filter(valid_on(on), area__in=[row["pk"] for row in units])
    known = {(area, scheme): value for area, scheme, value in classes.values_list("area_id", "scheme", "value")}
    for row in units:
        row["region"] = known.get((row["pk"], "region"), "")
        row["group"] = known.get((row["pk"], "commune_group"), "")
    return {row["pk"]: row for row in units}


def stored(province: Area) -> dict[str, list[tuple]]:
    """Everything that an action may write, to tell whether anything changed."""
    inside = Area.objects.filter(placements__path__startswith=f"/{province.code}/")
    rows = {
        "rounds": Round.objects.filter(province=province),
        "readings": Reading.objects.filter(assessment__round__province=province),
        "attainment": Attainment.objects.filter(assessment__round__province=province),
        "roll-ups": RollUp.objects.filter(area__in=inside),
        "dirty": DirtyScope.objects.filter(area__in=inside),
        "recognitions": Recognition.objects.filter(area__in=inside),
        "thresholds": Threshold.objects.filter(input__indicator__criterion__criteria_set__slug__startswith="tiny-"),
        "epochs": Epoch.objects.all(),
        "runs": RecomputeRun.objects.all(),
    }
    found = {name: list(each.order_by("pk").values_list()) for name, each in rows.items()}
    found["audit"] = list(AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[:1])
    return found
