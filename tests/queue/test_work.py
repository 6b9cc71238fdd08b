"""My work and handing in: what lacks its word, what stays blank on purpose, counts beside the menu."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Appointment
from accounts.roles import Role
from criteria.actions import readings as act
from criteria.models import Reading, State
from criteria.queries import desk
from tests.conftest import APPOINTED_FROM
from tests.queue.conftest import DISTRICTS

WORK = "/viec-cua-toi/"


@pytest.fixture
def address(office):
    """`address("submit")`: of the home unit."""
    return lambda name: reverse(f"criteria:{name}", args=[office.round.pk, office.home.code])


def pair(reading: Reading) -> str:
    return f"{reading.pk}:{reading.version}"


def flag(reading: Reading, flags: int = 1) -> Reading:
    Reading.objects.filter(pk=reading.pk).update(flags=flags)
    return reading


def test_a_flagged_value_without_its_note_is_on_the_desk_until_it_has_one(office, client_of, district_officer):
    reading = flag(office.put("17.1", 50, State.DRAFT, hands=[district_officer]))
    page = client_of(district_officer).get(WORK).content.decode()
    assert "Có cảnh báo, chưa giải trình" in page
    assert "so với kỳ trước." in page
    Reading.objects.filter(pk=reading.pk).update(note="Trạm mới đấu nối")
    assert desk.my_work(district_officer).unexplained == []


def test_the_menu_counts_what_only_this_desk_moves_on(office, client_of, district_officer, province_officer, hands):
    flag(office.put("10.1", 50, State.DRAFT, hands=[district_officer]))
    before = desk.my_work(district_officer).to_do
    reading = office.put("17.1", 50, State.APPRAISED, hands=[district_officer, *hands])
    act.return_reading(reading_id=reading.pk, reason="Thiếu biểu", version=reading.version, by=province_officer)
    page = client_of(district_officer).get(WORK)
    (entry,) = [each for each in page.context["nav"] if each["label"] == "Việc của tôi"]
    assert entry["count"] == before + 1


def test_the_desk_of_sixty_communes_costs_what_that_of_one_does(office, sixty, area, client_of, district_officer):
    for code in DISTRICTS:
        Appointment.objects.get_or_create(
            user=district_officer, role=Role.DISTRICT_OFFICER, area=area(code), valid_from=APPOINTED_FROM
        )
    client = client_of(district_officer)

    def statements() -> int:
        with CaptureQueriesContext(connection) as ran:
            assert client.get(WORK).status_code == 200
        return len(ran)

    flag(office.put("10.1", 50, State.DRAFT, hands=[district_officer]))
    statements()
    few = statements()
    for unit in sixty():
        flag(office.put("11.1", 4, State.DRAFT, hands=[district_officer], area=unit))
        Reading.objects.filter(pk=office.reading("2.1", unit).pk).update(state=State.RETURNED, return_reason="x")
    assert statements() <= few


def test_what_stays_blank_on_purpose_is_told_apart(office, client_of, district_officer, address):
    client, reading = client_of(district_officer), office.reading("2.1")
    sent = {"chosen": [pair(reading), pair(office.reading("10.1"))], "note": "Chưa có kết quả điều tra"}
    assert client.post(address("leave-blank"), sent).status_code == 303
    stored = office.reading("2.1")
    assert (stored.value, stored.note, stored.state) == (None, "Chưa có kết quả điều tra", State.DRAFT)
    page = client.get(address("submit")).content.decode()
    assert "Để trống có lý do" in page
    assert "2 để trống có lý do" in page


@pytest.mark.parametrize(
    ("chosen", "note", "words"),
    [(True, " ", "Ghi lý do để trống"), (False, "Chưa có", "Chọn ít nhất một"), ("x:y", "Chưa có", "Chọn ít nhất một")],
)
def test_without_reason_or_choice_nothing_is_noted(office, client_of, district_officer, address, chosen, note, words):
    reading = office.reading("2.1")
    sent = {"chosen": pair(reading) if chosen is True else chosen or [], "note": note}
    answer = client_of(district_officer).post(address("leave-blank"), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert office.reading("2.1").version == reading.version


def test_a_value_typed_meanwhile_is_not_blanked(office, client_of, district_officer, commune_officer, address):
    reading = office.reading("2.1")
    act.record(reading_id=reading.pk, text="90", version=reading.version, by=commune_officer)
    answer = client_of(district_officer).post(address("leave-blank"), {"chosen": pair(reading), "note": "Chưa có"})
    assert answer.status_code == 409
    assert office.reading("2.1").value == 90


def test_values_of_another_unit_are_absent(office, client_of, district_officer, address):
    foreign = office.reading("2.1", office.other)
    answer = client_of(district_officer).post(address("leave-blank"), {"chosen": pair(foreign), "note": "Chưa có"})
    assert answer.status_code == 404
    assert office.reading("2.1", office.other).note == ""
