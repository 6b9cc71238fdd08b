"""The board of completeness, reminders, and deadlines put off."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from criteria.models import Reading, Reminder, State
from criteria.queries import board as boards
from tests.conftest import HUONG_KHE

BEFORE, AFTER = dt.date(2024, 12, 20), dt.date(2025, 1, 3)
CODES = ("2.1", "10.1", "11.1", "17.1", "17.3", "17.9")


@pytest.fixture
def hands(person):
    return [person(f"nguoi-{number}") for number in range(5)]


@pytest.fixture
def page(office, client_of):
    """`page(user)`: the board of the round as a browser shows it."""

    def get(user) -> str:
        return client_of(user).get(address(office)).content.decode()

    return get


def address(office) -> str:
    return reverse("criteria:board-of", args=[office.round.pk])


def rows(user, office) -> dict[str, boards.Row]:
    return {row.assessment.area.code: row for row in boards.board(user, office.round.pk).rows}


def hand_in(office, hands, on: dt.date, area=None) -> None:
    for code in CODES:
        office.put(code, 1, State.SUBMITTED, hands=hands, area=area)
    at = timezone.make_aware(dt.datetime.combine(on, dt.time(9)))
    office.round.assessments.get(area=area or office.home).readings.update(submitted_at=at)


def remind(client, office, *units, **more):
    folders = [office.round.assessments.get(area=unit).pk for unit in units]
    return client.post(reverse("criteria:remind", args=[office.round.pk]), {"folders": folders, **more})


@pytest.mark.parametrize(
    ("handed_in", "today", "timing"),
    [
        (BEFORE, AFTER, boards.Timing.ON_TIME),
        (AFTER, AFTER, boards.Timing.LATE),
        (None, BEFORE, boards.Timing.OPEN),
        (None, AFTER, boards.Timing.OVERDUE),
    ],
)
def test_a_unit_is_on_time_late_open_or_overdue(office, hands, province_officer, handed_in, today, timing):
    if handed_in:
        hand_in(office, hands, handed_in)
    else:
        office.put("17.1", 50, State.DRAFT, hands=hands)
    with time_machine.travel(timezone.make_aware(dt.datetime.combine(today, dt.time(12)))):
        row = rows(province_officer, office)[office.home.code]
    assert row.timing is timing
    assert (row.total, row.missing) == ((6, 0) if handed_in else (6, 5))


def test_what_is_only_copied_from_the_period_before_is_not_counted_as_entered(
    office, hands, client_of, province_officer
):
    copied = office.put("17.1", 50, State.DRAFT)
    Reading.objects.filter(pk=copied.pk).update(origin=Reading.Origin.PREFILLED)
    office.put("10.1", 50, State.DRAFT, hands=hands)
    row = rows(province_officer, office)[office.home.code]
    assert (row.copied, row.entered, row.missing, row.total) == (1, 1, 4, 6)
    assert "Lấy từ kỳ trước" in client_of(province_officer).get(f"/tien-do/{office.round.pk}/").content.decode()


def test_each_step_counts_what_has_come_so_far(office, hands, province_officer):
    office.put("17.1", 50, State.APPROVED, hands=hands)
    office.put("10.1", 50, State.VERIFIED, hands=hands)
    office.put("11.1", 3, State.RETURNED, hands=hands)
    row = rows(province_officer, office)[office.home.code]
    assert (row.submitted, row.by_step, row.returned) == (2, [2, 1, 1], 1)


def test_a_district_sees_its_own_units_and_the_province_all_by_district(office, district_officer, province_officer):
    own = boards.board(district_officer, office.round.pk)
    every = boards.board(province_officer, office.round.pk)
    assert {row.assessment.area.code for row in own.rows} < {row.assessment.area.code for row in every.rows}
    assert [district.name for district in every.districts] == ["Huyện Hương Khê", "Huyện Hương Sơn"]


def test_a_round_out_of_sight_is_absent(office, client_of, person, district_officer):
    assert client_of(person("khong-vai-tro")).get(address(office)).status_code == 404
    assert client_of(district_officer).get(reverse("criteria:board-of", args=[10**9])).status_code == 404
    assert client_of(district_officer).get(reverse("criteria:board")).status_code == 200


def test_it_costs_the_same_for_one_unit_and_for_many(office, communes_of, province_officer):
    def statements() -> int:
        with CaptureQueriesContext(connection) as ran:
            boards.board(province_officer, office.round.pk)
        return len(ran)

    statements()  # what is read once a request, the appointments, is read here
    few = statements()
    for unit in communes_of(HUONG_KHE)[2:12]:
        if not office.round.assessments.filter(area=unit).exists():
            office.add(unit)
    assert statements() == few <= 10


def test_a_reminder_is_read_by_the_officers_of_the_unit(office, client_of, district_reviewer, district_officer):
    answer = remind(client_of(district_reviewer), office, office.home, note="Hạn còn ba ngày")
    assert answer.status_code == 303
    work = client_of(district_officer).get(reverse("criteria:my-work")).content.decode()
    assert "Được nhắc nộp" in work
    assert "Hạn còn ba ngày" in work
    reminder = Reminder.objects.get()
    assert (reminder.sent_by, reminder.missing) == (district_reviewer, 6)
    assert AuditEvent.objects.filter(action="round.remind").count() == 1


def test_a_unit_is_reminded_once_a_day(office, client_of, district_reviewer, province_officer):
    remind(client_of(district_reviewer), office, office.home)
    remind(client_of(province_officer), office, office.home)
    assert Reminder.objects.count() == 1


def test_what_was_handed_in_is_not_reminded(office, hands, client_of, province_officer):
    hand_in(office, hands, BEFORE)
    remind(client_of(province_officer), office, office.home)
    assert not Reminder.objects.exists()


def test_only_units_in_reach_are_reminded(office, client_of, district_reviewer, district_officer):
    assert remind(client_of(district_reviewer), office, office.other).status_code == 422
    assert remind(client_of(district_officer), office, office.home).status_code == 404
    assert not Reminder.objects.exists()


def test_nobody_chosen_is_said_at_the_place(office, client_of, district_reviewer):
    answer = remind(client_of(district_reviewer), office)
    assert answer.status_code == 422
    assert "Chưa chọn đơn vị nào để nhắc." in answer.content.decode()


def test_the_office_puts_a_deadline_off_with_a_reason(office, client_of, province_officer):
    url = reverse("criteria:round-extend", args=[office.round.pk])
    sent = {"due_on": "31/01/2025", "reason": "Lũ lụt tháng 12"}
    assert client_of(province_officer).post(url, sent).status_code == 303
    office.round.refresh_from_db()
    assert office.round.due_on == dt.date(2025, 1, 31)
    event = AuditEvent.objects.get(action="round.extend")
    assert (event.reason, event.data["before"]) == ("Lũ lụt tháng 12", "2024-12-31")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"due_on": "31/01/2025", "reason": ""}, "bắt buộc"),
        ({"due_on": "01/12/2024", "reason": "Lũ lụt"}, "Hạn mới phải sau hạn đang có."),
        ({"due_on": "hôm nay", "reason": "Lũ lụt"}, "ngày"),
    ],
)
def test_a_wrong_deadline_is_refused_and_changes_nothing(office, client_of, province_officer, sent, words):
    answer = client_of(province_officer).post(reverse("criteria:round-extend", args=[office.round.pk]), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    office.round.refresh_from_db()
    assert office.round.due_on == dt.date(2024, 12, 31)


def test_only_the_province_office_puts_deadlines_off(office, client_of, district_officer):
    url = reverse("criteria:round-extend", args=[office.round.pk])
    assert client_of(district_officer).post(url, {"due_on": "31/01/2025", "reason": "x"}).status_code == 404


def test_the_board_says_who_is_late(office, page, province_officer):
    shown = page(province_officer)
    assert "Quá hạn" in shown
    assert office.home.name in shown
