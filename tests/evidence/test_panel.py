"""The panel of one value: what it shows, to whom, at which price."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from criteria.actions import readings, threads
from criteria.models import Evidence, Reading, State, StoredFile
from criteria.queries.panel import Marks, marks_of, panel
from tests.evidence.conftest import pdf, text_of, without_token


def address_of(reading: Reading) -> str:
    return reverse("criteria:panel", args=[reading.pk])


def test_the_panel_shows_value_threshold_gap_and_state(office, officer_client, district_officer):
    reading = office.put("10.1", 42, State.DRAFT, hands=[district_officer])
    page = text_of(officer_client.get(address_of(reading)))
    for words in ("Nội dung 10.1", "42", "≥\u00a046", "triệu đồng/người/năm", "thiếu 4", "Chưa đạt", "Đã lưu"):
        assert words in page
    assert "<html" in page


def test_for_a_script_the_panel_comes_alone(reading, officer_client):
    answer = officer_client.get(address_of(reading), headers={"HX-Request": "true"})
    assert text_of(answer).lstrip().startswith('<div class="pn" data-panel=')
    assert "<html" not in text_of(answer)
    assert "HX-Request" in answer["Vary"]


def test_the_history_tells_who_when_from_what_to_what_and_why(
    office, officer_client, district_officer, district_reviewer, send
):
    reading = office.reading("10.1")
    for text in ("41,2", "42"):
        reading = readings.record(reading_id=reading.pk, text=text, version=reading.version, by=district_officer)
    readings.submit(assessment_id=reading.assessment_id, by=district_officer)
    reading.refresh_from_db()
    readings.return_reading(reading_id=reading.pk, reason="Thiếu biểu.", version=reading.version, by=district_reviewer)
    send(officer_client, reading, pdf())
    told = [(event.word, event.before, event.after, event.why, event.file) for event in
            panel(district_officer, reading.pk).events]  # fmt: skip
    assert told == [
        ("Thêm minh chứng", "trống", "trống", "", "bien-ban.pdf"),
        ("Trả lại", "42", "42", "Thiếu biểu.", ""),
        ("Nộp", "42", "42", "", ""),
        ("Nhập", "41,2", "42", "", ""),
        ("Nhập", "trống", "41,2", "", ""),
    ]
    page = text_of(officer_client.get(address_of(reading)))
    assert "Lý do: Thiếu biểu." in page
    assert '<span class="dim">trống →</span> <b>41,2</b>' in page


def test_a_long_history_comes_in_pages(office, district_officer):
    reading = office.reading("10.1")
    for number in range(35):
        reading = readings.record(reading_id=reading.pk, text=f"{number}", version=reading.version, by=district_officer)
    first = panel(district_officer, reading.pk)
    second = panel(district_officer, reading.pk, events_before=first.events_before)
    assert [event.after for event in first.events + second.events] == [f"{number}" for number in range(34, -1, -1)]
    assert second.events_before is None


MAY_SEE = {
    "commune_officer": 200,
    "district_officer": 200,
    "district_reviewer": 200,
    "province_officer": 200,
    "other_district_officer": 404,
    "department_officer": 404,
    "administrator": 404,
}


@pytest.mark.parametrize("who", MAY_SEE)
def test_the_panel_is_seen_within_scope_and_absent_elsewhere(request, client_of, reading, who):
    assert client_of(request.getfixturevalue(who)).get(address_of(reading)).status_code == MAY_SEE[who]


def test_a_visitor_is_asked_to_sign_in_and_a_script_is_told_so(reading, visitor):
    assert visitor.get(address_of(reading)).status_code == 302
    assert visitor.get(address_of(reading), headers={"HX-Request": "true"}).status_code == 401


def acts_on(reading: Reading) -> dict[str, tuple[str, dict]]:
    return {
        "attach": (reverse("criteria:evidence-attach", args=[reading.pk]), {"whole": "1", "files": [pdf()]}),
        "attach nothing": (reverse("criteria:evidence-attach", args=[reading.pk]), {"whole": "1"}),
        "attach cut": (reverse("criteria:evidence-attach", args=[reading.pk]), {}),
        "carry": (reverse("criteria:evidence-carry", args=[reading.pk]), {}),
        "remove": (reverse("criteria:evidence-remove", args=[reading.pk, 1]), {"reason": "nhầm"}),
        "comment": (reverse("criteria:comment", args=[reading.pk]), {"text": "Chào."}),
        "say nothing": (reverse("criteria:comment", args=[reading.pk]), {"text": ""}),
        "resolve": (reverse("criteria:thread-resolve", args=[reading.pk]), {}),
    }


@pytest.mark.parametrize("act", acts_on(Reading(pk=1)))
@pytest.mark.parametrize("whose", ["foreign", "no one's"])
def test_a_value_out_of_scope_and_one_that_is_not_answer_alike(office, officer_client, files_in, act, whose):
    """Naming the reading of another district in a post changes nothing and tells nothing."""
    foreign = office.reading("10.1", office.other)
    address, sent = acts_on(foreign if whose == "foreign" else Reading(pk=10**9))[act]
    absent = officer_client.get(address_of(Reading(pk=10**9 + 1)))
    answer = officer_client.post(address, sent)
    assert (answer.status_code, without_token(answer)) == (404, without_token(absent))
    assert not StoredFile.objects.exists()
    assert files_in("kept") == files_in("incoming") == []


def test_a_file_of_another_value_is_not_taken_away_through_this_one(office, officer_client, reading, send):
    other = office.reading("11.1")
    send(officer_client, other, pdf())
    evidence = Evidence.objects.get()
    address = reverse("criteria:evidence-remove", args=[reading.pk, evidence.pk])
    assert officer_client.post(address, {"reason": "nhầm"}).status_code == 404
    evidence.refresh_from_db()
    assert evidence.removed_at is None


@pytest.mark.parametrize("who", ["district_reviewer", "province_officer"])
def test_who_does_not_enter_attaches_nothing(request, client_of, reading, send, who):
    client = client_of(request.getfixturevalue(who))
    assert send(client, reading, pdf()).status_code == 403
    page = text_of(client.get(address_of(reading)))
    assert "data-upload" not in page
    assert "Bạn xem được minh chứng, không thêm." in page


def test_the_panel_costs_the_same_whatever_stands_beside_the_value(
    office, officer_client, district_officer, province_officer, send
):
    def cost(reading):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            officer_client.get(address_of(reading))
        return len(captured)

    empty, full = office.reading("11.1"), office.reading("10.1")
    send(officer_client, full, *(pdf(f"{n}.pdf", b"%d" % n) for n in range(8)))
    for number in range(8):
        threads.comment(reading_id=full.pk, text=f"Câu {number} @tinh-mot", by=district_officer)
        full = readings.record(reading_id=full.pk, text=f"{number}", version=full.version, by=district_officer)
    send(officer_client, empty, pdf())
    threads.comment(reading_id=empty.pk, text="Một câu", by=district_officer)
    cost(empty)
    assert cost(empty) == cost(full) <= 26


def test_marks_of_many_values_cost_two_statements(office, officer_client, district_officer, send):
    rows = {code: office.reading(code) for code in ("2.1", "10.1", "11.1", "17.1")}
    send(officer_client, rows["10.1"], pdf("1.pdf"), pdf("2.pdf", b"2"))
    send(officer_client, rows["11.1"], pdf())
    threads.comment(reading_id=rows["11.1"].pk, text="Xem lại.", by=district_officer)
    threads.comment(reading_id=rows["17.1"].pk, text="Xem lại.", by=district_officer)
    with CaptureQueriesContext(connection) as captured:
        marks = marks_of(Reading.objects.values_list("pk", flat=True))
    ids = {code: row.pk for code, row in rows.items()}
    mine = {pk: mark for pk, mark in marks.items() if pk in ids.values()}
    assert mine == {ids["10.1"]: Marks(2, 0), ids["11.1"]: Marks(1, 1), ids["17.1"]: Marks(0, 1)}
    assert len(captured) <= 3  # the ids themselves are the third
