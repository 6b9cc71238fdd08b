"""The plan of 2024, commendations, a submitted dossier and the stated denominators."""

from typing import Any

from communes.models import Area
from criteria.models import Commendation, DossierSubmission, StatedDenominator, Target
from reports.seed import files
from reports.seed.areas import Register


def load(province: Area) -> int:
    """Write what the conference planned, praised and reported as submitted; returns how many rows."""
    plan = files.document("plans.yaml")
    register = Register(plan["territory_on"])
    return (
        _targets(province, plan, register)
        + _commendations(plan)
        + _submissions(plan, register)
        + _denominators(province, plan)
    )


def _targets(province: Area, plan: dict[str, Any], register: Register) -> int:
    for ordinal, entry in enumerate(plan["targets"], start=1):
        target = Target.objects.create(
            area=province,
            year=entry["year"],
            measure=entry["measure"],
            name=entry["name"],
            value=entry["value"],
            unit=entry["unit"],
            is_minimum=entry.get("minimum", False),
            ordinal=ordinal,
            source=plan["source"],
            decided_on=plan["decided_on"],
        )
        target.areas.set([register.get(code) for code in entry.get("areas", ())])
    return len(plan["targets"])


def _commendations(plan: dict[str, Any]) -> int:
    given = plan["commendations"]
    rows = [
        Commendation(
            year=given["year"],
            recipient=entry["recipient"],
            name=entry["name"].format(number),
            awarded_on=given["awarded_on"],
            at_conference=number <= entry["at_conference"],
            source=plan["source"],
            is_illustrative=True,
        )
        for entry in given["recipients"]
        for number in range(1, entry["count"] + 1)
    ]
    return len(Commendation.objects.bulk_create(rows))


def _submissions(plan: dict[str, Any], register: Register) -> int:
    rows = [
        DossierSubmission(
            area=register.get(entry["code"], entry["name"]),
            tier=entry["tier"],
            result_year=entry["result_year"],
            known_on=entry["known_on"],
            submitted_to=entry["submitted_to"],
            source=plan["source"],
        )
        for entry in plan["submissions"]
    ]
    return len(DossierSubmission.objects.bulk_create(rows))


def _denominators(province: Area, plan: dict[str, Any]) -> int:
    rows = [
        StatedDenominator(
            area=province,
            kind=entry["kind"],
            valid_from=entry["from"],
            valid_to=entry["to"],
            value=entry["value"],
            source=entry["source"],
            confidence=entry["confidence"],
        )
        for entry in plan["denominators"]
    ]
    return len(StatedDenominator.objects.bulk_create(rows))
