"""The office's pages as a visitor reads them; a commune that fails; a year after the districts ended."""

import datetime as dt

import pytest
from django.test import Client

from communes.models import Area
from criteria import engine
from criteria.actions.rounds import ensure_year, open_round
from criteria.models import Attainment, CriteriaSet, Reading, Round, State, Verdict
from criteria.resolving import resolver_for
from tests.pages.conftest import Reader, _nothing_kept, cost, read

__all__ = ["Reader", "_nothing_kept", "cost", "read"]

NTM = "commune-ntm-2021-2025"


@pytest.fixture
def failing(db) -> Attainment:
    """A recognised xã whose approved values of 2023 fail a criterion of the NTM set."""
    return (
        Attainment.objects.filter(
            verdict=Verdict.NOT_MET,
            assessment__round__period__code="2023",
            assessment__round__criteria_set__slug=NTM,
            assessment__area__recognitions__tier="ntm",
        )
        .select_related("assessment__area", "assessment__round")
        .order_by("pk")
        .first()
    )


@pytest.fixture
def lacking(failing) -> Reading:
    """The first value that makes it fail, with a threshold."""
    rows = failing.assessment.readings.filter(verdict=Verdict.NOT_MET, state=State.APPROVED, threshold__isnull=False)
    return rows.select_related("input__indicator__criterion", "threshold").order_by("pk").first()


@pytest.fixture
def round_2025(db) -> Round:
    """The NTM set opened for 2025, when no district exists, with one approved value that fails."""
    opened = open_round(
        province=Area.objects.get(code="42", level="province"),
        period=ensure_year(2025),
        criteria_set=CriteriaSet.objects.get(slug=NTM),
        due_on=dt.date(2025, 12, 31),
        by=None,
    )
    known = Reading.objects.filter(assessment__round=opened, input__code="17.1").order_by("pk").first()
    folder, known.value, known.state = known.assessment, 1, State.APPROVED

    resolver_for(opened, folder.area).pin(known)
    known.save()
    engine.recompute(engine.folders(engine.unit(area_id=folder.area_id, period_id=opened.period_id)))
    opened.failing_code = folder.area.code
    return opened


@pytest.fixture
def address_of(lacking):
    """The node of that value: a unit, a criterion, an indicator."""
    indicator = lacking.input.indicator
    area = lacking.assessment.area.code
    return f"/vi-sao/{area}/{indicator.criterion.code}/{indicator.code}/"


@pytest.fixture
def get(visitor):
    """`get(address, client)`: the answer, whatever its status."""

    def ask(address: str, client: Client = visitor):
        return client.get(address)

    return ask
