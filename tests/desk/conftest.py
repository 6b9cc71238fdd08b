"""A small criteria set with a round of 2024, open for three communes of two districts."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from communes.models import Area
from communes.queries import areas_within
from criteria.actions.rounds import ensure_year
from criteria.models import (
    Assessment,
    Attainment,
    CriteriaSet,
    Criterion,
    Indicator,
    Input,
    LeadDepartment,
    Reading,
    Round,
    State,
    Threshold,
)
from criteria.resolving import resolver_for
from tests.conftest import HA_LINH, HUONG_KHE, HUONG_SON, PROVINCE

ON = dt.date(2024, 12, 31)
# code: (criterion, value type, operator, threshold, may not apply)
INPUTS = {
    "2.1": ("2", "percent", ">=", None, False),
    "10.1": ("10", "money", ">=", 46, False),
    "11.1": ("11", "percent", "<=", 5, False),
    "17.1": ("17", "percent", ">=", 45, False),
    "17.3": ("17", "boolean", "is_true", 1, False),
    "17.9": ("17", "percent", ">=", 90, True),
}
STAMPS = {
    State.SUBMITTED: ("entered", "submitted"),
    State.VERIFIED: ("entered", "submitted", "verified"),
    State.APPRAISED: ("entered", "submitted", "verified", "appraised"),
    State.APPROVED: ("entered", "submitted", "verified", "appraised", "approved"),
}


def _rulebook() -> CriteriaSet:
    made = CriteriaSet.objects.create(
        slug="bo-thu-nghiem", level="commune", kinds=["xa"], tier="ntm", name="Bộ tiêu chí thử nghiệm",
        effective_from=dt.date(2022, 1, 1), declared_criteria=4, declared_indicators=7, listed_criteria=4,
        listed_indicators=6, allows_rounds=True, default_region="BTB", confidence="recalled", checksum="x",
    )  # fmt: skip
    for bit, code in enumerate(["2", "10", "11", "17"]):
        Criterion.objects.create(
            criteria_set=made, code=code, name=f"Tiêu chí số {code}", bit=bit, confidence="recalled"
        )
    for ordinal, (code, spec) in enumerate(INPUTS.items()):
        _input(made, code, ordinal, *spec)
    return made


def _input(made, code, ordinal, criterion, value_type, operator, threshold, may_not_apply) -> None:
    indicator = Indicator.objects.create(
        criterion=made.criteria.get(code=criterion), code=code, name=f"Nội dung {code}", ordinal=ordinal,
        confidence="recalled", name_confidence="recalled",
    )  # fmt: skip
    entry = Input.objects.create(
        indicator=indicator, code=code, name=f"Nội dung {code}", ordinal=0, value_type=value_type, operator=operator,
        unit="%" if value_type == "percent" else "triệu đồng/người/năm" if value_type == "money" else "",
        may_not_apply=may_not_apply, confidence="recalled",
    )  # fmt: skip
    if threshold is not None:
        Threshold.objects.create(input=entry, value=threshold, confidence="recalled")


@dataclass
class Desk:
    """The open round and the ways to its values and pages."""

    round: Round
    home: Area
    other: Area

    def add(self, area: Area) -> Assessment:
        """A folder with empty values for one more unit."""
        folder = Assessment.objects.create(round=self.round, area=area)
        Attainment.objects.create(assessment=folder)
        resolver = resolver_for(self.round, area)
        for entry in Input.objects.filter(indicator__criterion__criteria_set=self.round.criteria_set):
            reading = Reading(assessment=folder, input=entry)
            resolver.pin(reading)
            reading.save()
        return folder

    def reading(self, code: str, area: Area | None = None) -> Reading:
        return Reading.objects.select_related("assessment__area", "input").get(
            assessment__round=self.round, assessment__area=area or self.home, input__code=code
        )

    def put(self, code: str, value, state: State, *, hands: list[User] = (), area: Area | None = None) -> Reading:
        """Place a value in a state, its steps taken by `hands` in order."""
        reading = self.reading(code, area)
        reading.value, reading.state = Decimal(str(value)), state
        for stem, person in zip(STAMPS.get(state, ("entered",)), hands, strict=False):
            setattr(reading, f"{stem}_by", person)
            setattr(reading, f"{stem}_at", timezone.now())
        resolver_for(self.round).pin(reading)
        reading.save()
        return reading

    def had(self, code: str, value, *areas: Area) -> None:
        """The units (the home unit, if none is named) had `value` in 2023."""
        before, _ = Round.objects.get_or_create(
            province=self.round.province, period=ensure_year(2023), criteria_set=self.round.criteria_set,
            defaults={"due_on": dt.date(2023, 12, 31), "opened_at": timezone.now(), "closed_on": ON},
        )  # fmt: skip
        for unit in areas or (self.home,):
            folder, _ = Assessment.objects.get_or_create(round=before, area=unit)
            Attainment.objects.get_or_create(assessment=folder)
            Reading.objects.create(assessment=folder, input=self.reading(code).input, value=value, state=State.APPROVED)

    @property
    def sheet(self) -> str:
        return self.sheet_of(self.home)

    def sheet_of(self, area: Area) -> str:
        return reverse("criteria:entry", args=[self.round.pk, area.code])

    def typed(self, reading: Reading, text: str, **more) -> dict[str, object]:
        """What a browser posts for one cell."""
        sent = {"text": text, "version": reading.version, "was": "", **more}
        return {f"{reading.pk}-{name}": value for name, value in sent.items()}


@pytest.fixture
def communes_of(area):
    """`communes_of(code)`: the communes (xã) of a district in 2024."""

    def find(code: str) -> list[Area]:
        return list(areas_within([area(code).pk], ON).filter(kind="xa").order_by("code"))

    return find


@pytest.fixture
def office(area, communes_of, department) -> Desk:
    """The round, with folders for Hà Linh, one more commune of Hương Khê, and one of Hương Sơn."""
    made = _rulebook()
    LeadDepartment.objects.create(criterion=made.criteria.get(code="17"), department=department)
    opened = Round.objects.create(
        province=area(PROVINCE), period=ensure_year(2024), criteria_set=made, due_on=ON, opened_at=timezone.now()
    )
    desk = Desk(opened, area(HA_LINH), communes_of(HUONG_SON)[0])
    second = next(unit for unit in communes_of(HUONG_KHE) if unit.code != HA_LINH)
    for unit in (desk.home, second, desk.other):
        desk.add(unit)
    return desk
