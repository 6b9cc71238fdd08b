"""Sums at entry and at submission: whatever the order, the last value must make them add up."""

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.errors import Refused
from accounts.models import AuditEvent
from criteria.actions.readings import submit
from criteria.models import Reading, State

VALUES = {"1.1": "120", "1.2": "60", "1.3": "40"}


@pytest.mark.parametrize("order", list(itertools.permutations(VALUES)))
def test_values_are_entered_in_any_order_and_the_last_is_refused_where_the_sum_does_not_add_up(office, enter, order):
    enter("1.4", "không áp dụng")
    for code in order[:-1]:
        enter(code, VALUES[code])
    before, told = office.reading(order[-1]), AuditEvent.objects.count()
    with pytest.raises(Refused) as refused:
        enter(order[-1], VALUES[order[-1]])
    assert (refused.value.field, refused.value.code, refused.value.status) == ("value", "sum", 422)
    assert refused.value.message.startswith("Tổng không khớp: 1.2 + 1.3 + 1.4 = 100, còn 1.1 là 120; lệch 20\u00a0hộ.")
    after = office.reading(order[-1])
    assert (after.value, after.version, AuditEvent.objects.count()) == (before.value, before.version, told)


def test_what_adds_up_is_taken(office, enter):
    for code, text in {"1.1": "100", "1.2": "60", "1.3": "30", "1.4": "10", "1.5": "80", "1.6": "80"}.items():
        enter(code, text)
    assert office.reading("1.4").value == 10


def test_parts_that_exceed_their_whole_are_refused_and_fewer_are_taken(office, enter):
    enter("1.5", "80")
    with pytest.raises(Refused, match=r"Các phần vượt tổng: 1\.6 = 81, còn 1\.5 là 80; vượt 1\u00a0hộ\."):
        enter("1.6", "81")
    enter("1.6", "12")


def test_a_complete_sum_is_mended_by_emptying_one_value_first(office, enter):
    for code, text in {"1.4": "không áp dụng", "1.1": "100", "1.2": "60", "1.3": "40"}.items():
        enter(code, text)
    with pytest.raises(Refused, match="xoá trống một ô trước"):
        enter("1.2", "70")
    for code, text in {"1.3": "", "1.2": "70", "1.1": "110", "1.4": "không áp dụng"}.items():
        enter(code, text)
    enter("1.3", "40")
    assert office.reading("1.1").value == 110


def test_the_message_stands_at_the_value_with_what_was_typed(office, enter, client_of, district_officer):
    enter("1.5", "80")
    reading = office.reading("1.6")
    page = client_of(district_officer).post(office.sheet_of(office.home), office.typed(reading, "81"))
    assert page.status_code == 422
    assert "Các phần vượt tổng: 1.6 = 81, còn 1.5 là 80; vượt 1\u00a0hộ." in page.content.decode()
    assert 'value="81"' in page.content.decode()


def test_a_note_is_taken_where_values_that_were_carried_over_do_not_add_up(office, enter, district_officer):
    Reading.objects.filter(pk=office.reading("1.5").pk).update(value=5)
    Reading.objects.filter(pk=office.reading("1.6").pk).update(value=6)
    assert enter("1.6", "6", note="Điều tra lại").note == "Điều tra lại"


def test_a_folder_whose_sum_does_not_add_up_is_not_handed_in(office, district_officer):
    folder = office.put("1.5", 5, State.DRAFT, hands=[district_officer]).assessment
    office.put("1.6", 6, State.DRAFT, hands=[district_officer])
    with pytest.raises(Refused, match=r"1\.6 = 6, còn 1\.5 là 5; vượt 1\u00a0hộ"):
        submit(assessment_id=folder.pk, by=district_officer)
    assert office.reading("1.5").state == State.DRAFT
    office.put("1.6", 4, State.DRAFT, hands=[district_officer])
    assert submit(assessment_id=folder.pk, by=district_officer) == 2


def test_a_part_handed_in_later_is_held_against_what_was_handed_in_before(office, district_officer):
    folder = office.put("1.5", 5, State.SUBMITTED, hands=[district_officer]).assessment
    office.put("1.6", 6, State.DRAFT, hands=[district_officer])
    with pytest.raises(Refused):
        submit(assessment_id=folder.pk, by=district_officer)


def test_a_sum_with_a_part_still_missing_holds_nothing_back(office, district_officer):
    folder = office.put("1.1", 5, State.DRAFT, hands=[district_officer]).assessment
    office.put("1.2", 60, State.DRAFT, hands=[district_officer])
    assert submit(assessment_id=folder.pk, by=district_officer) == 2


def test_the_submit_page_tells_the_sum(office, client_of, district_officer):
    office.put("1.5", 5, State.DRAFT, hands=[district_officer])
    office.put("1.6", 6, State.DRAFT, hands=[district_officer])
    answer = client_of(district_officer).post(reverse("criteria:submit", args=[office.round.pk, office.home.code]))
    assert answer.status_code == 422
    assert "Các phần vượt tổng: 1.6 = 6, còn 1.5 là 5" in answer.content.decode()


def test_values_in_no_sum_cost_no_statement_more(office, enter):
    def statements(code: str, text: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            enter(code, text)
        return len(seen)

    statements("1.7", "1")
    assert statements("1.3", "2") - statements("1.7", "2") == 1
