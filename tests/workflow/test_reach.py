"""The one scope rule in its two readings: the condition of a list, and the answer for a value in hand."""

import pytest

from accounts.roles import Permission
from criteria.models import Reading
from criteria.queries.held import held
from criteria.queries.scope import reach

PEOPLE = (
    "province_officer",
    "district_officer",
    "district_reviewer",
    "other_district_officer",
    "commune_officer",
    "department_officer",
    "stranger",
)


@pytest.fixture
def stranger(person):
    return person("nguoi-la")


@pytest.fixture
def some_values(db) -> list[int]:
    """Every ninety-seventh value: all levels, sets, periods and departments."""
    return list(Reading.objects.order_by("pk").values_list("pk", flat=True))[::97]


@pytest.mark.parametrize("who", PEOPLE)
def test_a_value_in_hand_is_in_reach_exactly_where_the_list_shows_it(who, some_values, request):
    person = request.getfixturevalue(who)
    values = held(some_values)
    assert [value.pk for value in values] == some_values
    for permission in (Permission.SEE_DRAFTS, Permission.ENTER, Permission.APPRAISE, Permission.APPROVE):
        mine = reach(person, permission)
        listed = set(Reading.objects.filter(mine.of_readings(), pk__in=some_values).values_list("pk", flat=True))
        assert {value.pk for value in values if mine.holds(value)} == listed, permission


def test_a_value_in_hand_is_what_is_stored(some_values):
    stored = Reading.objects.in_bulk(some_values)
    for value in held(some_values):
        reading = stored[value.pk]
        assert (value.value, value.state, value.version) == (reading.value, reading.state, reading.version)
        assert (value.folder_id, value.is_illustrative) == (reading.assessment_id, reading.is_illustrative)
        assert value.ends_on == reading.assessment.round.period.ends_on
        assert value.is_open == reading.assessment.round.is_open
        assert value.is_derived == (reading.input.derived is not None)
