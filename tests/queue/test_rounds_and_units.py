"""A round's own page, deadlines of single units, the board of one unit, and one value opened again from it."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.forms import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from criteria.models import Assessment, Attainment, Reading, Reminder, State
from criteria.queries import board as boards


def folder_of(office, area=None) -> Assessment:
    return office.round.assessments.get(area=area or office.home)


@pytest.fixture
def page(office):
    """The address of the round, or of something done with it."""
    return lambda name="round": reverse(f"criteria:{name}", args=[office.round.pk])


@pytest.fixture
def unit_page(office) -> str:
    return reverse("criteria:board-unit", args=[office.round.pk, office.home.code])


def test_closing_says_how_much_it_leaves_unfinished(office, hands, client_of, province_officer, page):
    office.put("17.1", 50, State.APPROVED, hands=hands)
    shown = client_of(province_officer).get(page()).content.decode()
    assert "Chốt đợt, để lại 17 giá trị chưa duyệt" in shown
    assert '<b class="n">3</b> đơn vị' in shown


def test_a_round_of_nobody_is_absent(office, client_of, district_officer, province_officer, page):
    assert client_of(district_officer).get(page()).status_code == 404
    assert client_of(province_officer).get(reverse("criteria:round", args=[10**9])).status_code == 404


def test_one_unit_gets_a_deadline_of_its_own(office, client_of, province_officer, page):
    sent = {"unit": office.home.code, "due_on": "15/01/2025", "reason": "Lũ lụt"}
    assert client_of(province_officer).post(page("round-extend-unit"), sent).status_code == 303
    assert folder_of(office).due_on == dt.date(2025, 1, 15)
    assert folder_of(office, office.other).due_on is None
    event = AuditEvent.objects.get(action="round.extend-unit")
    assert (event.reason, event.data["due_on"], event.data["before"]) == ("Lũ lụt", "2025-01-15", None)
    assert event.area_path.endswith(f"/{office.home.code}/")


def test_only_that_unit_is_not_overdue(office, province_officer):
    Assessment.objects.filter(pk=folder_of(office).pk).update(due_on=dt.date(2025, 1, 15))
    with time_machine.travel(dt.datetime(2025, 1, 10, 5, tzinfo=dt.UTC)):
        rows = {row.assessment.area_id: row for row in boards.board(province_officer, office.round.pk).rows}
    assert (rows[office.home.pk].timing, rows[office.home.pk].days) == (boards.Timing.OPEN, -5)
    assert (rows[office.other.pk].timing, rows[office.other.pk].days) == (boards.Timing.OVERDUE, 10)


def test_the_officer_sees_the_own_deadline_as_a_countdown(office, client_of, district_officer):
    Assessment.objects.filter(pk=folder_of(office).pk).update(due_on=dt.date(2025, 1, 15))
    with time_machine.travel(dt.datetime(2025, 1, 10, 5, tzinfo=dt.UTC)):
        shown = client_of(district_officer).get(reverse("criteria:my-work")).content.decode()
    assert "còn 5 ngày" in shown
    assert "quá hạn 10 ngày" in shown


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"due_on": "15/01/2025", "reason": " "}, 422, "bắt buộc"),
        ({"due_on": "01/12/2024", "reason": "Lũ"}, 422, "Hạn riêng phải sau hạn chung của đợt."),
        ({"due_on": "mai", "reason": "Lũ"}, 422, 'value="mai"'),
        ({"unit": "99999", "due_on": "15/01/2025", "reason": "Lũ"}, 422, "Lũ"),
    ],
)
def test_a_wrong_exception_is_refused_at_its_field(office, client_of, province_officer, page, sent, status, words):
    answer = client_of(province_officer).post(page("round-extend-unit"), {"unit": office.home.code, **sent})
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert folder_of(office).due_on is None


def test_an_exception_is_taken_back(office, client_of, province_officer, page):
    Assessment.objects.filter(pk=folder_of(office).pk).update(due_on=dt.date(2025, 1, 15))
    sent = {"unit": office.home.code, "due_on": "", "reason": "Nhập xong rồi"}
    assert client_of(province_officer).post(page("round-extend-unit"), sent).status_code == 303
    assert folder_of(office).due_on is None


def test_a_district_gives_no_exceptions(office, client_of, district_officer, page):
    sent = {"unit": office.home.code, "due_on": "15/01/2025", "reason": "Lũ"}
    assert client_of(district_officer).post(page("round-extend-unit"), sent).status_code == 404
    assert folder_of(office).due_on is None


def test_a_closed_round_gives_no_exceptions(office, client_of, province_officer, page):
    type(office.round).objects.filter(pk=office.round.pk).update(closed_on=dt.date(2025, 1, 1))
    sent = {"unit": office.home.code, "due_on": "15/01/2025", "reason": "Lũ"}
    assert client_of(province_officer).post(page("round-extend-unit"), sent).status_code == 409
    assert folder_of(office).due_on is None


# The board of one unit


def test_one_value_is_opened_again_from_the_board_and_nothing_else_moves(
    office, hands, client_of, province_officer, unit_page, second
):
    wrong = office.put("17.1", 50, State.APPROVED, hands=hands)
    others = [office.put(code, 4, State.APPROVED, hands=hands) for code in ("10.1", "11.1")]
    others += [office.put("17.1", 50, State.APPROVED, hands=hands, area=second)]
    before = [model_to_dict(Reading.objects.get(pk=row.pk)) for row in others]
    results = {pk: model_to_dict(Attainment.objects.get(pk=pk)) for pk in {row.assessment_id for row in others[-1:]}}
    client = client_of(province_officer)
    unlock = reverse("criteria:unlock", args=[wrong.pk])
    assert unlock in client.get(unit_page).content.decode()
    sent = {"version": wrong.version, "reason": "Sai số hộ", "ve": "don-vi"}
    answer = client.post(unlock, sent)
    assert answer.status_code == 303
    assert answer["Location"] == f"{unit_page}#v-{wrong.pk}"
    assert Reading.objects.get(pk=wrong.pk).state == State.DRAFT
    assert [model_to_dict(Reading.objects.get(pk=row.pk)) for row in others] == before
    assert all(model_to_dict(Attainment.objects.get(pk=pk)) == kept for pk, kept in results.items())
    event = AuditEvent.objects.get(action="reading.unlock")
    assert (event.reason, event.actor_id) == ("Sai số hộ", province_officer.pk)


def test_without_a_reason_nothing_is_opened(office, hands, client_of, province_officer):
    wrong = office.put("17.1", 50, State.APPROVED, hands=hands)
    sent = {"version": wrong.version, "reason": " ", "ve": "don-vi"}
    answer = client_of(province_officer).post(reverse("criteria:unlock", args=[wrong.pk]), sent)
    assert answer.status_code == 422
    assert "Cần ghi lý do" in answer.content.decode()
    assert Reading.objects.get(pk=wrong.pk).state == State.APPROVED


@pytest.mark.parametrize("who", ["district_officer", "district_reviewer", "commune_officer"])
def test_who_may_not_unlock_is_not_offered_it(request, office, hands, client_of, unit_page, who):
    wrong = office.put("17.1", 50, State.APPROVED, hands=hands)
    shown = client_of(request.getfixturevalue(who)).get(unit_page)
    assert shown.status_code == 200
    assert reverse("criteria:unlock", args=[wrong.pk]) not in shown.content.decode()


def test_a_unit_out_of_sight_is_absent(office, client_of, other_district_officer, unit_page):
    assert client_of(other_district_officer).get(unit_page).status_code == 404


# Reminders


def test_a_reminder_stays_in_the_log_with_a_text_to_send_on(office, client_of, district_reviewer, page):
    client = client_of(district_reviewer)
    sent = {"folders": [folder_of(office).pk], "note": "Gấp giúp"}
    assert client.post(page("remind"), sent).status_code == 303
    (batch,) = client.get(page("board-of")).context["board"].log
    assert [reminder.sent_by for reminder in batch.reminders] == [district_reviewer]
    for words in (f"{office.home.name}: 6 giá trị", "Hạn nộp 31/12/2024 (quá hạn", "Gấp giúp", str(district_reviewer)):
        assert words in batch.text


def test_a_district_reads_only_its_own_log(office, client_of, province_officer, other_district_officer, page):
    client_of(province_officer).post(page("remind"), {"folders": [folder_of(office).pk]})
    assert Reminder.objects.count() == 1
    assert boards.board(other_district_officer, office.round.pk).log == []


def test_the_board_costs_the_same_for_one_unit_and_for_sixty(office, sixty, client_of, province_officer, page):
    client = client_of(province_officer)

    def statements() -> int:
        with CaptureQueriesContext(connection) as ran:
            assert client.get(page("board-of")).status_code == 200
        return len(ran)

    client.post(page("remind"), {"folders": [folder_of(office).pk]})
    statements()
    few = statements()
    sixty()
    Reminder.objects.all().delete()
    client.post(page("remind"), {"folders": list(office.round.assessments.values_list("pk", flat=True))})
    assert Reminder.objects.count() >= 60
    assert statements() <= few


def test_the_page_of_a_round_costs_the_same_for_one_unit_and_for_sixty(
    office, sixty, client_of, province_officer, page
):
    client = client_of(province_officer)

    def statements() -> int:
        with CaptureQueriesContext(connection) as ran:
            client.get(page())
        return len(ran)

    statements()
    few = statements()
    sixty()
    assert statements() <= few
