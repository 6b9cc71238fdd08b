"""Which levels take part follows from the levels that exist on the period's last day."""

import datetime as dt

import pytest

from accounts.errors import NotAllowed, OutOfScope
from accounts.models import Appointment
from accounts.roles import Role
from criteria.actions import readings as act
from criteria.actions.departments import assign_department
from criteria.actions.rounds import ensure_year, open_round
from criteria.models import CriteriaSet, Reading, Round, State
from criteria.procedure import Step, procedure_for

AFTER_REFORM = dt.date(2025, 12, 31)


def test_with_districts_the_district_verifies_and_without_them_the_province():
    before, after = (procedure_for("commune", on) for on in (dt.date(2024, 12, 31), AFTER_REFORM))
    assert before.roles[Step.VERIFY] == {Role.DISTRICT_REVIEWER}
    assert after.roles[Step.VERIFY] == {Role.PROVINCE_OFFICER}
    assert before.roles[Step.ENTER] == {Role.COMMUNE_OFFICER, Role.DISTRICT_OFFICER}
    assert after.roles[Step.ENTER] == {Role.COMMUNE_OFFICER}


def test_there_is_no_procedure_for_a_district_that_no_longer_exists():
    with pytest.raises(LookupError):
        procedure_for("district", AFTER_REFORM)


@pytest.fixture
def round_2025(db, area) -> Round:
    return open_round(
        province=area("42"),
        period=ensure_year(2025),
        criteria_set=CriteriaSet.objects.get(slug="commune-ntm-2021-2025"),
        due_on=AFTER_REFORM,
        by=None,
    )


def test_a_round_of_2025_stands_on_the_sixty_communes_of_its_last_day(round_2025):
    assert round_2025.assessments.count() == 60


def test_after_the_reform_commune_and_province_carry_a_value_to_approval(
    round_2025, person, area, department, province_officer, second_province_officer, district_reviewer
):
    folder = round_2025.assessments.get(area__code="18502")
    value = folder.readings.get(input__code="17.1")
    assign_department(
        criterion=value.input.indicator.criterion, department=department, valid_from=dt.date(2025, 1, 1), by=None
    )
    enters = person("xa-moi", Role.COMMUNE_OFFICER, area=folder.area)
    appraises = person("so-moi", Role.DEPARTMENT_OFFICER, department=department)
    act.record(reading_id=value.pk, text="96", version=value.version, by=enters)
    act.submit(assessment_id=folder.pk, by=enters)
    act.verify(assessment_id=folder.pk, by=province_officer)
    act.appraise(reading_ids=[value.pk], by=appraises)
    with pytest.raises(NotAllowed):
        act.approve(reading_ids=[value.pk], by=province_officer)
    act.approve(reading_ids=[value.pk], by=second_province_officer)
    value.refresh_from_db()
    assert value.state == State.APPROVED


def test_a_province_set_skips_verification(db, area, person, department, province_officer, second_province_officer):
    value = Reading.objects.select_related("input__indicator__criterion").get(
        assessment__round__period__code="2024",
        assessment__round__criteria_set__slug="province-ntm-2021-2025",
        input__code="6.1",
    )
    assign_department(
        criterion=value.input.indicator.criterion, department=department, valid_from=dt.date(2024, 1, 1), by=None
    )
    appraises = person("so-tinh", Role.DEPARTMENT_OFFICER, department=department)
    Reading.objects.filter(pk=value.pk).update(state=State.DRAFT, **act.NO_STEPS)
    act.record(reading_id=value.pk, text="71,5", version=value.version, by=province_officer)
    act.submit(assessment_id=value.assessment_id, by=province_officer)
    act.appraise(reading_ids=[value.pk], by=appraises)
    act.approve(reading_ids=[value.pk], by=second_province_officer)
    value.refresh_from_db()
    assert value.state == State.APPROVED


def test_a_district_set_travels_like_a_commune_set(db, area, person, district_officer, district_reviewer):
    value = Reading.objects.select_related("input__indicator__criterion").get(
        assessment__round__period__code="2024",
        assessment__round__criteria_set__slug="district-ntm-2021-2025",
        assessment__area__code="444",
        input__code="2.2",
    )
    Reading.objects.filter(assessment=value.assessment_id, input__derived__isnull=True).update(
        state=State.DRAFT, **act.NO_STEPS
    )
    act.record(reading_id=value.pk, text="98", version=value.version, by=district_officer)
    act.submit(assessment_id=value.assessment_id, by=district_officer)
    act.verify(assessment_id=value.assessment_id, by=district_reviewer)
    value.refresh_from_db()
    assert value.state == State.VERIFIED


def test_an_appointment_that_has_ended_gives_nothing(reading, district_officer):
    target = reading("17.1")
    Appointment.objects.filter(user=district_officer).update(valid_to=dt.date(2021, 1, 1))
    with pytest.raises(OutOfScope):
        act.record(reading_id=target.pk, text="50", version=target.version, by=district_officer)


def test_a_new_department_takes_over_from_its_day_on(reading, department, province_officer):
    from accounts.models import Department

    criterion = reading("17.1").input.indicator.criterion
    other = Department.objects.create(code="so-khac", name="Sở khác")
    assign_department(criterion=criterion, department=department, valid_from=dt.date(2024, 1, 1), by=province_officer)
    assign_department(criterion=criterion, department=other, valid_from=dt.date(2025, 1, 1), by=province_officer)
    first = criterion.lead_departments.get(department=department, valid_from=dt.date(2024, 1, 1))
    assert first.valid_to == dt.date(2024, 12, 31)


def test_only_the_province_office_assigns_departments(reading, department, district_officer):
    criterion = reading("17.1").input.indicator.criterion
    with pytest.raises(NotAllowed):
        assign_department(
            criterion=criterion, department=department, valid_from=dt.date(2024, 1, 1), by=district_officer
        )
