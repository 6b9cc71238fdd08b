"""The office of the desk tests, with people who took the steps before."""

import pytest

from accounts.models import User
from criteria.models import Reading, State
from tests.conftest import HUONG_KHE, HUONG_SON
from tests.desk.conftest import Desk, communes_of, office

__all__ = ["communes_of", "office"]


@pytest.fixture
def hands(person) -> list[User]:
    """Other people who took the earlier steps."""
    return [person(f"nguoi-{number}") for number in range(5)]


@pytest.fixture
def second(office: Desk):
    """The other commune of Hương Khê in the round."""
    return office.round.assessments.exclude(area__in=[office.home, office.other]).select_related("area").get().area


@pytest.fixture
def again():
    """`again(reading)`: the value as it is stored now."""

    def load(reading: Reading) -> Reading:
        return Reading.objects.get(pk=reading.pk)

    return load


@pytest.fixture
def states(again):
    """`states(readings)`: where each of them stands now."""
    return lambda readings: [State(again(reading).state) for reading in readings]


@pytest.fixture
def quiet(office: Desk) -> None:
    """Nothing waits but what the test puts: the values of the seed are as if nobody had handed them in."""
    on_the_way = (State.SUBMITTED, State.VERIFIED, State.APPRAISED)
    Reading.objects.exclude(assessment__round=office.round).filter(state__in=on_the_way).update(state=State.DRAFT)


DISTRICTS = (HUONG_KHE, HUONG_SON, "440", "446")


@pytest.fixture
def sixty(office: Desk, communes_of):
    """`sixty()`: folders for sixty communes of four districts; the communes."""

    def fill():
        units = [unit for code in DISTRICTS for unit in communes_of(code)][:60]
        present = set(office.round.assessments.values_list("area_id", flat=True))
        for unit in units:
            if unit.pk not in present:
                office.add(unit)
        assert len(units) == 60
        return units

    return fill
