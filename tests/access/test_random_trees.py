"""Over random trees, appointments and tokens: a list is exactly what the rule gives for each value by itself."""

import datetime as dt
import random

import pytest

from accounts import tokens
from accounts.models import ApiToken, Appointment, User
from accounts.roles import Permission, Role
from accounts.scope import granted_area_ids, narrow
from communes.models import Area, Kind, Level, Placement
from communes.queries import areas_within
from criteria.models import Assessment, Period, Reading, Round, State
from criteria.queries.held import held
from criteria.queries.scope import reach, visible_readings

REFORM = dt.date(2023, 7, 1)
ROLES = {Level.COMMUNE: Role.COMMUNE_OFFICER, Level.DISTRICT: Role.DISTRICT_OFFICER, Level.PROVINCE: Role.READER}


@pytest.mark.parametrize("seed", range(12))
def test_a_list_is_what_the_rule_gives_value_by_value(open_round, seed):
    dice = random.Random(seed)
    units, readings = _grown(dice, open_round)
    for number in range(4):
        person = _appointed(dice, units, f"cay-{seed}-{number}")
        token_area = dice.choice([None, *units])
        if token_area is not None:
            narrow(person, ApiToken(user=person, area=token_area, verbs=dice.choice([["read"], ["read", "enter"]])))
        expected = {pk for pk, (path, on) in readings.items() if _reaches(person, token_area, path, on)}
        listed = visible_readings(person).filter(pk__in=readings).values_list("pk", flat=True)
        assert set(listed) == expected
        mine = reach(person, Permission.SEE_DRAFTS)
        assert {value.pk for value in held(list(readings)) if mine.holds(value)} == expected
        _areas_lie_within(person, token_area)


def _areas_lie_within(person, token_area):
    """The coarser answer, by areas, never gives more than appointment and token together."""
    granted = granted_area_ids(person, Permission.SEE_DRAFTS)
    for on in (dt.date(2022, 12, 31), dt.date(2024, 12, 31)):
        found = set(areas_within(granted, on).values_list("pk", flat=True))
        own = set(areas_within([a.area_id for a in person.appointments.all()], on).values_list("pk", flat=True))
        assert found <= own
        if token_area is not None:
            assert found <= set(areas_within([token_area.pk], on).values_list("pk", flat=True))


@pytest.fixture
def open_round(db):
    return Round.objects.filter(period__code="2024", criteria_set__slug="commune-ntm-2021-2025").get()


def _grown(dice, like):
    """A province of three districts and eight communes, of which some change their district at the reform."""
    old = Round.objects.create(
        province=like.province, period=_period_of_2022(), criteria_set=like.criteria_set, due_on=like.due_on,
        opened_at=like.opened_at,
    )  # fmt: skip
    province = _area("910", Level.PROVINCE, Kind.PROVINCE)
    _place(province, None, "/910/")
    districts = [_area(f"911{number}", Level.DISTRICT, Kind.DISTRICT) for number in range(3)]
    for district in districts:
        _place(district, province, f"/910/{district.code}/")
    units, readings = [province, *districts], {}
    inputs = list(Reading.objects.filter(assessment__round=like).values_list("input_id", flat=True)[:2])
    for number in range(8):
        commune = _area(f"92{number:03d}", Level.COMMUNE, Kind.COMMUNE)
        first, then = dice.choice(districts), dice.choice(districts)
        _place(commune, first, f"/910/{first.code}/{commune.code}/", stop=REFORM - dt.timedelta(days=1))
        _place(commune, then, f"/910/{then.code}/{commune.code}/", start=REFORM)
        units.append(commune)
        for opened, district in ((old, first), (like, then)):
            folder = Assessment.objects.create(round=opened, area=commune)
            for input_id in inputs:
                row = Reading.objects.create(assessment=folder, input_id=input_id, state=State.DRAFT)
                readings[row.pk] = f"/910/{district.code}/{commune.code}/", opened.period.ends_on
    return units, readings


def _period_of_2022():
    dates = {"starts_on": dt.date(2022, 1, 1), "ends_on": dt.date(2022, 12, 31)}
    return Period.objects.get_or_create(code="2022", defaults={"kind": Period.Kind.YEAR, "year": 2022, **dates})[0]


def _appointed(dice, units, username):
    person = User.objects.create(username=username, display_name=username, password="!")
    for area in dice.sample(units, dice.choice([1, 1, 2])):
        Appointment.objects.create(
            user=person, role=ROLES[Level(area.level)], area=area, valid_from=dt.date(2020, 1, 1)
        )
    return person


def _reaches(person, token_area, path, on):
    """The rule, said once more and plainly: some appointment and the token both stand above the value on its day."""
    held_areas = [a.area for a in person.appointments.select_related("area")]
    return any(_above(area, path, on) for area in held_areas) and (token_area is None or _above(token_area, path, on))


def _above(area, path, on):
    placements = area.placements.all()
    return any(
        path.startswith(each.path) and (each.valid_from or dt.date.min) <= on <= (each.valid_to or dt.date.max)
        for each in placements
    )


def _area(code, level, kind):
    return Area.objects.create(
        code=code, name=f"Đơn vị {code}", short_name=code, level=level, kind=kind, search_key=code, sort_key=code
    )


def _place(area, parent, path, *, start=None, stop=None):
    Placement.objects.create(area=area, parent=parent, path=path, valid_from=start, valid_to=stop)


def test_a_token_given_through_the_action_is_narrowed_as_these_are(open_round, person, area):
    officer = person("cay-that", Role.DISTRICT_OFFICER, area=area("444"))
    _, token = tokens.issue(by=officer, area=area("18502"))
    narrow(officer, token)
    assert granted_area_ids(officer, Permission.SEE_DRAFTS) == {area("18502").pk}
