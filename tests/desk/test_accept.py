"""Taking a step at once on everything that carries no flag."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from criteria.models import Reading, State

URL = "/duyet/khong-canh-bao/"
CODES = ("2.1", "10.1", "17.1")


@pytest.fixture
def hands(person):
    """Other people who took the earlier steps."""
    return [person(f"nguoi-{number}") for number in range(5)]


@pytest.fixture
def waiting(office, hands) -> list[Reading]:
    """Three values of two communes that wait for approval; the last one is flagged."""
    folders = office.round.assessments.exclude(area__in=[office.home, office.other])
    second = folders.select_related("area").get().area
    rows = [
        office.put("10.1", 50, State.APPRAISED, hands=hands),
        office.put("11.1", 4, State.APPRAISED, hands=hands, area=second),
        office.put("17.1", 50, State.APPRAISED, hands=hands),
    ]
    Reading.objects.filter(pk=rows[2].pk).update(flags=1, note="Trạm mới.")
    return rows


def states(rows: list[Reading]) -> list[int]:
    return [Reading.objects.get(pk=row.pk).state for row in rows]


def shown(client, **asked) -> dict[str, str]:
    """What the page of confirmation would post."""
    page = client.get(address(**asked)).content.decode()
    return dict(re.findall(r'type="hidden" name="(\w[\w-]*)" value="([^"]*)"', page.split('class="submit"')[1]))


def address(**asked) -> str:
    return f"{URL}?{urlencode({'buoc': 'approve', **asked})}"


def test_the_queue_offers_what_carries_no_flag_and_says_how_many(waiting, client_of, province_officer):
    income = Reading.objects.select_related("input__indicator").get(pk=waiting[0].pk).input.indicator.criterion_id
    asked = {"buoc": "approve", "tieu-chi": income}
    page = client_of(province_officer).get(reverse("criteria:review"), asked).content.decode()
    assert "Phê duyệt 1 giá trị không có cảnh báo" in page
    assert "Có cảnh báo (1)" in page
    confirm = client_of(province_officer).get(URL, {"buoc": "approve"}).content.decode()
    assert "có cảnh báo, để xem từng giá trị" in confirm


def test_the_flagged_one_stays(waiting, client_of, province_officer):
    client = client_of(province_officer)
    assert client.post(address(), shown(client)).status_code == 303
    assert states(waiting) == [State.APPROVED, State.APPROVED, State.APPRAISED]
    told = AuditEvent.objects.filter(action="reading.approve", subject_id__in=[str(row.pk) for row in waiting])
    assert told.count() == 2


def test_the_filter_narrows_what_is_taken(waiting, client_of, province_officer, office):
    client = client_of(province_officer)
    assert client.post(address(), shown(client, **{"don-vi": office.home.code})).status_code == 303
    assert states(waiting) == [State.APPROVED, State.APPRAISED, State.APPRAISED]


def test_what_came_after_the_page_was_shown_is_left_out(waiting, client_of, province_officer, office, hands):
    client = client_of(province_officer)
    sent = shown(client)
    late = office.put("2.1", 90, State.APPRAISED, hands=hands)
    assert client.post(address(), sent).status_code == 303
    assert states([late]) == [State.APPRAISED]
    assert states(waiting)[:2] == [State.APPROVED, State.APPROVED]


def test_what_the_person_handled_is_not_taken(waiting, client_of, province_officer, office, hands):
    own = office.put("2.1", 90, State.APPRAISED, hands=[province_officer, *hands])
    client = client_of(province_officer)
    assert client.post(address(), shown(client)).status_code == 303
    assert states([own]) == [State.APPRAISED]


@pytest.mark.parametrize("chosen", ["", "hôm qua", "1:x", "1", "1:1 ", "1:1\n", "9" * 40 + ":1", "1:1 " * 200_000])
def test_a_list_that_cannot_be_read_takes_nothing(waiting, client_of, province_officer, chosen):
    answer = client_of(province_officer).post(address(), {"chosen": chosen})
    assert answer.status_code in (400, 422)
    assert states(waiting) == [State.APPRAISED] * 3


def test_those_without_the_step_have_nothing_to_take(waiting, client_of, district_officer, department_officer):
    forged = " ".join(f"{row.pk}:{row.version}" for row in waiting)
    for person in (district_officer, department_officer):
        client = client_of(person)
        assert "Không có giá trị nào" in client.get(address()).content.decode()
        assert client.post(address(), {"chosen": forged}).status_code in (403, 404)
    assert states(waiting) == [State.APPRAISED] * 3


@pytest.mark.parametrize("step", ["enter", "", "x"])
def test_only_a_step_of_the_queue_is_taken_at_once(client_of, province_officer, step):
    assert client_of(province_officer).get(URL, {"buoc": step}).status_code == 404


def test_it_costs_the_same_for_one_value_and_for_many(office, hands, client_of, province_officer):
    def statements() -> int:
        client = client_of(province_officer)
        sent = shown(client)
        with CaptureQueriesContext(connection) as ran:
            assert client.post(address(), sent).status_code == 303
        return len(ran)

    office.put("10.1", 50, State.APPRAISED, hands=hands)
    one = statements()
    for code in CODES[1:]:
        office.put(code, 50, State.APPRAISED, hands=hands)
        office.put(code, 50, State.APPRAISED, hands=hands, area=office.other)
    assert statements() <= one + 1


@pytest.mark.parametrize(
    "asked", [{"tieu-chi": "x"}, {"don-vi": "99999"}, {"canh-bao": "1"}, {"tieu-chi": "99999999999999999999"}]
)
def test_the_queue_takes_any_filter(waiting, client_of, province_officer, asked):
    answer = client_of(province_officer).get(reverse("criteria:review"), {"buoc": "approve", **asked})
    assert answer.status_code == 200
