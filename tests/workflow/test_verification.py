"""The nightly check finds whatever does not equal the facts, each in its own words."""

import pytest

from communes.models import Area
from criteria import ledger, verification
from criteria.models import Attainment, Reading, RollUp, State, Verdict
from criteria.tasks import nightly_verify


@pytest.fixture
def clean(db) -> None:
    ledger.recompute_dirty()
    assert verification.verify_all()[1] == []


def _only_fault() -> str:
    _, faults = verification.verify_all()
    assert len(faults) == 1, faults
    return faults[0]


def test_a_verdict_that_its_value_and_level_do_not_give(clean):
    found = Reading.objects.filter(state=State.APPROVED, verdict=Verdict.MET, input__derived__isnull=True).first()
    Reading.objects.filter(pk=found.pk).update(verdict=Verdict.NOT_APPLICABLE)
    assert _only_fault() == f"reading {found.pk}: stored verdict 3"


def test_an_indicator_that_its_values_do_not_fail(clean):
    found = Attainment.objects.exclude(indicators={}).order_by("pk").first()
    Attainment.objects.filter(pk=found.pk).update(indicators={})
    fault = _only_fault()
    assert f"assessment {found.pk}: stored" in fault
    assert "'indicators': {}" in fault


def test_no_row_differs_because_python_wrote_it(clean):
    """The same words with blanks between them, as a migration or a restore leaves them."""
    for row in [*Attainment.objects.all()[:20], *RollUp.objects.all()[:20]]:
        row.save()
    assert verification.verify_all()[1] == []


def test_a_tier_below_that_is_not_attained(clean):
    rule = {"input__derived__kind": "attained", "assessment__round__closed_on": None}
    found = Reading.objects.filter(verdict=Verdict.NOT_MET, **rule).first()
    Reading.objects.filter(pk=found.pk).update(value=1, verdict=Verdict.MET)
    assert f"assessment {found.assessment_id}" in _only_fault()


def test_a_share_that_the_register_does_not_give(clean):
    rule = {"input__derived__kind": "share", "assessment__round__closed_on": None}
    found = Reading.objects.filter(value__isnull=False, **rule).first()
    Reading.objects.filter(pk=found.pk).update(detail={**found.detail, "recognised": 999})
    assert _only_fault() == f"reading {found.pk}: stored share of unit {found.assessment.area_id}"


def test_a_count_of_a_district(clean):
    found = RollUp.objects.filter(members__gt=0).first()
    RollUp.objects.filter(pk=found.pk).update(by_criteria_met={"19": 1})
    assert f"roll-up of unit {found.area_id}" in _only_fault()


def test_what_the_portal_computes_under_another_origin(clean):
    found = Reading.objects.filter(input__derived__kind="attained").first()
    Reading.objects.filter(pk=found.pk).update(origin=Reading.Origin.ENTERED)
    assert _only_fault() == f"reading {found.pk}: computed by the portal, but of another origin"


def test_the_night_begins_with_what_a_new_day_moves(clean):
    """A share counts decisions up to today; nobody marks a district at midnight."""
    rule = {"input__derived__kind": "share", "assessment__round__closed_on": None}
    found = Reading.objects.filter(value__isnull=False, **rule).first()
    Reading.objects.filter(pk=found.pk).update(detail={**found.detail, "decided_by": "2020-01-01"})
    assert nightly_verify() == 0
    found.refresh_from_db()
    assert found.detail["decided_by"] != "2020-01-01"
    assert Area.objects.get(pk=found.assessment.area_id).level in ("district", "province")
