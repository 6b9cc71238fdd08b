"""A step takes the same few statements for one value and for a folder of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.scope import forget_appointments
from criteria.actions import readings as act
from criteria.models import State


@pytest.fixture
def appraised(folder, fill):
    """`appraised(n)`: so many values of the folder before the province again, whatever they say."""

    def bring(count: int) -> list[int]:
        fill()
        ids = list(
            folder.readings.filter(input__derived__isnull=True).order_by("pk").values_list("pk", flat=True)[:count]
        )
        folder.readings.filter(pk__in=ids).update(state=State.APPRAISED)
        return ids

    return bring


def _cost(step, person) -> int:
    forget_appointments(person)
    step()  # statements are prepared once for a connection
    forget_appointments(person)
    with CaptureQueriesContext(connection) as queries:
        step()
    return len(queries)


def test_an_approval_costs_the_same_for_one_value_and_for_forty(appraised, province_officer):
    def approving(count: int):
        return lambda: act.approve(reading_ids=appraised(count), by=province_officer)

    def bringing(count: int):
        return lambda: appraised(count)

    costs = [_cost(approving(count), province_officer) - _cost(bringing(count), province_officer) for count in (1, 40)]
    assert costs[0] == costs[1] <= 15


def test_unlocking_and_returning_cost_the_same_whatever_the_folder_holds(folder, fill, reading, province_officer):
    def unlocking(code: str):
        def step() -> None:
            fill()
            found = reading(code)
            act.unlock(reading_id=found.pk, reason="Xem lại.", version=found.version, by=province_officer)

        return step

    few, many = _cost(unlocking("17.1"), province_officer), _cost(unlocking("4.1"), province_officer)
    assert few == many
