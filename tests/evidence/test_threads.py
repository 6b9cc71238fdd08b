"""The thread of a value: who may read it, who may write, when it is open."""

import pytest

from accounts.errors import OutOfScope, Refused, Stale, WrongState
from accounts.models import AuditEvent
from accounts.roles import Role
from criteria.actions import readings, threads
from criteria.models import Remark, State
from criteria.queries import panel as panels
from criteria.queries.panel import mentions_of, panel, thread_of
from tests.conftest import PROVINCE
from tests.evidence.panels import address, marks_of

WORKS_WITH = {
    "17.1": {"commune_officer", "district_officer", "district_reviewer", "department_officer", "province_officer"},
    # Another department leads this one.
    "10.1": {"commune_officer", "district_officer", "district_reviewer", "province_officer"},
}
CAST = (*WORKS_WITH["17.1"], "other_district_officer", "administrator")


@pytest.mark.parametrize("code", WORKS_WITH)
@pytest.mark.parametrize("who", sorted(CAST))
def test_the_panel_and_its_thread_are_for_those_who_work_with_the_value(office, request, client_of, who, code):
    reading = office.reading(code)
    client = client_of(request.getfixturevalue(who))
    expected = (200, 303) if who in WORKS_WITH[code] else (404, 404)
    page = client.get(address("panel", reading))
    said = client.post(address("panel-comment", reading), {"text": "Đã gọi trạm cấp nước."})
    assert (page.status_code, said.status_code) == expected
    assert Remark.objects.filter(reading=reading).exists() is (who in WORKS_WITH[code])


def test_approved_values_are_public_but_their_panel_is_not(office, visitor, client_of, other_district_officer):
    reading = office.put("17.1", 61.5, State.APPROVED)
    assert visitor.get(address("panel", reading)).status_code == 302
    assert client_of(other_district_officer).get(address("panel", reading)).status_code == 404


def test_a_reader_reads_the_thread_and_writes_nothing(office, person, area, client_of, district_officer):
    reading = office.reading("17.1")
    threads.comment(reading_id=reading.pk, text="Chờ biên bản họp thôn.", by=district_officer)
    client = client_of(person("nguoi-xem", Role.READER, area=area(PROVINCE)))
    page = client.get(address("panel", reading))
    assert "Chờ biên bản họp thôn." in page.content.decode()
    assert "data-reply" not in page.content.decode()
    assert client.post(address("panel-comment", reading), {"text": "x"}).status_code == 403
    assert Remark.objects.count() == 1


def test_a_comment_opens_the_thread_and_the_word_done_closes_it_until_the_next(
    office, district_officer, province_officer
):
    reading = office.reading("17.1")
    threads.comment(reading_id=reading.pk, text="Thiếu 5 thôn.", by=province_officer)
    assert thread_of(reading).is_open
    assert marks_of([reading.pk])[reading.pk].open_threads == 1
    threads.resolve(reading_id=reading.pk, mark=thread_of(reading).mark, by=district_officer)
    assert not thread_of(reading).is_open
    assert marks_of([reading.pk])[reading.pk].open_threads == 0
    threads.comment(reading_id=reading.pk, text="Còn thôn 11.", by=province_officer)
    assert thread_of(reading).is_open
    assert [line.kind for line in thread_of(reading).lines] == ["comment", "resolved", "comment"]


def test_a_return_stands_in_the_thread_with_its_reason_and_opens_it(office, district_officer, province_officer):
    reading = office.put("17.1", 61.5, State.APPROVED, hands=[district_officer])
    readings.return_reading(
        reading_id=reading.pk, reason="Thiếu minh chứng", version=reading.version, by=province_officer
    )
    shown = panel(district_officer, reading.pk)
    assert [(line.kind, line.by, line.text) for line in shown.thread.lines] == [
        ("returned", str(province_officer), "Thiếu minh chứng")
    ]
    assert shown.thread.is_open
    assert marks_of([reading.pk])[reading.pk].open_threads == 1
    threads.resolve(reading_id=reading.pk, mark=shown.thread.mark, by=district_officer)
    assert marks_of([reading.pk])[reading.pk].open_threads == 0


def test_nobody_resolves_what_they_have_not_read(office, district_officer, province_officer):
    reading = office.reading("17.1")
    threads.comment(reading_id=reading.pk, text="Một.", by=province_officer)
    seen = thread_of(reading).mark
    threads.comment(reading_id=reading.pk, text="Hai.", by=province_officer)
    with pytest.raises(Stale):
        threads.resolve(reading_id=reading.pk, mark=seen, by=district_officer)
    assert thread_of(reading).is_open


def test_a_thread_without_anything_open_cannot_be_resolved(office, district_officer):
    reading = office.reading("17.1")
    with pytest.raises(WrongState):
        threads.resolve(reading_id=reading.pk, mark=thread_of(reading).mark, by=district_officer)


@pytest.mark.parametrize(
    ("text", "word"), [("", "Ghi nội dung"), (" \n\u200b", "Ghi nội dung"), ("x" * 2001, "Bớt 1 ký tự")]
)
def test_a_refused_comment_keeps_what_was_typed_and_changes_nothing(office, client_of, district_officer, text, word):
    reading = office.reading("17.1")
    answer = client_of(district_officer).post(address("panel-comment", reading), {"text": text})
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert text.strip() in answer.content.decode()
    assert not Remark.objects.exists()


def test_what_is_typed_is_shown_as_text(office, client_of, district_officer):
    reading = office.reading("17.1")
    threads.comment(reading_id=reading.pk, text="<script>alert(1)</script>\x00\u202e & 5 < 6", by=district_officer)
    page = client_of(district_officer).get(address("panel", reading)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 5 &lt; 6" in page


def test_the_same_comment_sent_twice_stands_once(office, district_officer):
    reading = office.reading("17.1")
    first = threads.comment(reading_id=reading.pk, text="Đã bổ sung.", by=district_officer)
    assert threads.comment(reading_id=reading.pk, text="Đã bổ sung.", by=district_officer) == first


def test_every_line_is_in_the_audit_trail(office, district_officer, province_officer):
    reading = office.reading("17.1")
    threads.comment(reading_id=reading.pk, text="Thiếu 5 thôn.", by=province_officer)
    threads.resolve(reading_id=reading.pk, mark=thread_of(reading).mark, by=district_officer)
    rows = AuditEvent.objects.filter(action__startswith="thread.").order_by("id")
    assert [(row.action, row.actor_id, row.data["reading"]) for row in rows] == [
        ("thread.comment", province_officer.pk, reading.pk),
        ("thread.resolved", district_officer.pk, reading.pk),
    ]


def close(office, by) -> None:
    office.round.closed_on, office.round.closed_by = (office.round.due_on, by) if by else (None, None)
    office.round.save()


def test_in_a_closed_round_a_thread_is_read_and_not_written_until_it_is_open_again(
    office, client_of, district_officer, province_officer
):
    reading = office.reading("17.1")
    threads.comment(reading_id=reading.pk, text="Thiếu 5 thôn.", by=province_officer)
    close(office, province_officer)
    client = client_of(district_officer)
    page = client.get(address("panel", reading)).content.decode()
    assert "Thiếu 5 thôn." in page
    assert "trao đổi chỉ còn để đọc" in page
    assert 'name="text"' not in page
    answer = client.post(address("panel-comment", reading), {"text": "Sẽ sửa kỳ sau."})
    assert answer.status_code == 409
    assert "Cần mở lại kỳ để ghi tiếp." in answer.content.decode()
    assert "Sẽ sửa kỳ sau." in answer.content.decode()
    mark = thread_of(reading).mark
    with pytest.raises(WrongState, match="đã chốt"):
        threads.resolve(reading_id=reading.pk, mark=mark, by=district_officer)
    close(office, None)
    threads.comment(reading_id=reading.pk, text="Sẽ sửa kỳ sau.", by=district_officer)
    threads.resolve(reading_id=reading.pk, mark=thread_of(reading).mark, by=district_officer)


def test_who_was_asked_by_name_is_not_reminded_while_the_round_is_closed(office, district_officer, province_officer):
    text = f"@{district_officer.username} xem lại"
    threads.comment(reading_id=office.reading("17.1").pk, text=text, by=province_officer)
    assert len(mentions_of(district_officer)) == 1
    close(office, province_officer)
    assert mentions_of(district_officer) == []
    close(office, None)
    assert len(mentions_of(district_officer)) == 1


def test_a_value_of_another_district_is_absent(office, other_district_officer):
    for act in (
        lambda pk: threads.comment(reading_id=pk, text="x", by=other_district_officer),
        lambda pk: threads.resolve(reading_id=pk, mark="", by=other_district_officer),
    ):
        with pytest.raises(OutOfScope):
            act(office.reading("17.1").pk)
        with pytest.raises(OutOfScope):
            act(10**12)


def test_refused_says_where(office, district_officer):
    with pytest.raises(Refused) as refused:
        threads.comment(reading_id=office.reading("17.1").pk, text="", by=district_officer)
    assert refused.value.field == "text"


def test_a_long_thread_is_shown_in_pages_with_returns_in_their_place(
    office, client_of, district_officer, province_officer, monkeypatch
):
    monkeypatch.setattr(panels, "PAGE", 3)
    reading = office.put("17.1", 61.5, State.APPROVED, hands=[district_officer])
    for number in range(3):
        threads.comment(reading_id=reading.pk, text=f"Trước {number}.", by=district_officer)
    readings.return_reading(reading_id=reading.pk, reason="Thiếu biểu", version=reading.version, by=province_officer)
    for number in range(4):
        threads.comment(reading_id=reading.pk, text=f"Sau {number}.", by=district_officer)
    newest = panel(district_officer, reading.pk).thread
    assert [line.text for line in newest.lines] == ["Sau 1.", "Sau 2.", "Sau 3."]
    older = panel(district_officer, reading.pk, before=newest.older).thread
    assert [line.text for line in older.lines] == ["Trước 1.", "Trước 2.", "Thiếu biểu", "Sau 0."]
    oldest = panel(district_officer, reading.pk, before=older.older).thread
    assert ([line.text for line in oldest.lines], oldest.older) == (["Trước 0."], None)
    assert newest.mark == older.mark == oldest.mark
    page = client_of(district_officer).get(address("panel", reading), {"truoc": newest.older}).content.decode()
    assert "Thiếu biểu" in page
    assert "Sau 3." not in page
    assert client_of(district_officer).get(address("panel", reading), {"truoc": "x²"}).status_code == 200


def test_whose_session_ended_is_told_so_and_nothing_is_kept(office, visitor):
    for name in ("panel-comment", "evidence-attach"):
        answer = visitor.post(address(name, office.reading("17.1")), {"text": "x"}, headers={"HX-Request": "true"})
        assert answer.status_code == 401
