"""A folder to work on: Hương Trạch, a commune of Hương Khê, in the open round of 2024."""

import datetime as dt
from decimal import Decimal

import pytest

from communes.models import Area
from criteria import engine
from criteria.actions import readings as act
from criteria.actions.rounds import ensure_year, open_round
from criteria.models import Assessment, CriteriaSet, Reading, Round, State
from criteria.resolving import resolver_for

HUONG_TRACH = "18553"
NOTE = "Đã kiểm tra lại."


@pytest.fixture
def open_round_2024(db) -> Round:
    """The commune round of 2024, as the seed opened it (or opened here, where there is no seed)."""
    criteria_set = CriteriaSet.objects.get(slug="commune-ntm-2021-2025")
    found = Round.objects.filter(period__code="2024", criteria_set=criteria_set).first()
    province = Area.objects.get(code="42")
    return found or open_round(
        province=province,
        period=ensure_year(2024),
        criteria_set=criteria_set,
        due_on=dt.date(2024, 12, 31),
        by=None,
    )


@pytest.fixture
def folder(open_round_2024) -> Assessment:
    """Hương Trạch's folder with every value empty."""
    found = open_round_2024.assessments.get(area__code=HUONG_TRACH)
    blank = dict.fromkeys(("value", "threshold", "entered_by", "entered_at"))
    found.readings.filter(input__derived__isnull=True).update(
        **blank, **act.NO_STEPS, not_applicable=False, state=State.DRAFT, verdict=0, version=1
    )
    engine.recompute(engine.folders(engine.unit(area_id=found.area_id, period_id=open_round_2024.period_id)))
    return found


@pytest.fixture
def reading(folder):
    """`reading("17.1")`: the value of one input of the folder."""

    def find(code: str) -> Reading:
        return folder.readings.select_related("input").get(input__code=code)

    return find


@pytest.fixture
def fill(folder):
    """`fill(except_for={"17.1": 10})`: approve a value that meets its threshold everywhere but there."""

    def do(except_for: dict[str, object] | None = None) -> None:
        resolver = resolver_for(folder.round, folder.area)
        for each in folder.readings.select_related("input", "assessment").filter(input__derived__isnull=True):
            found = resolver.threshold_for(each.input, folder.area_id)
            each.value = found.value if found else Decimal(1)
            if each.input.code in (except_for or {}):
                each.value = except_for[each.input.code]
            each.state = State.APPROVED
            resolver.pin(each)
            each.save()
        engine.recompute(engine.folders(engine.unit(area_id=folder.area_id, period_id=folder.round.period_id)))

    return do


@pytest.fixture
def journey(district_officer, district_reviewer, department_officer, province_officer):
    """`journey(reading, "95,5")`: take one value from entry to approval, each step by another person."""

    def go(reading: Reading, text: str, until: State = State.APPROVED) -> Reading:
        act.record(reading_id=reading.pk, text=text, version=reading.version, by=district_officer, note=NOTE)
        steps = (
            (State.SUBMITTED, lambda: act.submit(assessment_id=reading.assessment_id, by=district_officer)),
            (State.VERIFIED, lambda: act.verify(assessment_id=reading.assessment_id, by=district_reviewer)),
            (State.APPRAISED, lambda: act.appraise(reading_ids=[reading.pk], by=department_officer)),
            (State.APPROVED, lambda: act.approve(reading_ids=[reading.pk], by=province_officer)),
        )
        for state, step in steps:
            if state <= until:
                step()
        reading.refresh_from_db()
        return reading

    return go
