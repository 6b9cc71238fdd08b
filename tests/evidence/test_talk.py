"""What people say about a value: added and never changed, settled and opened again, reminded by name."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.roles import Role
from criteria.actions import readings, threads
from criteria.models import Comment, State, Thread
from criteria.queries.panel import marks_of, mentions_of, panel
from tests.conftest import PROVINCE
from tests.evidence.conftest import text_of


@pytest.fixture
def say(reading):
    """`say(client, "…")`: a comment through the page."""

    def post(client, text, **more):
        return client.post(reverse("criteria:comment", args=[reading.pk]), {"text": text, **more})

    return post


@pytest.fixture
def settle(reading):
    def post(client, text=""):
        return client.post(reverse("criteria:thread-resolve", args=[reading.pk]), {"text": text})

    return post


@pytest.fixture
def reader(person, area):
    return person("nguoi-xem", Role.READER, area=area(PROVINCE))


@pytest.fixture
def visitor_user(person):
    """Signed in, appointed to nothing."""
    return person("khong-vai-tro")


@pytest.fixture
def returned(office, district_officer, district_reviewer):
    """Nội dung 10.1, sent back with a reason."""
    reading = office.put("10.1", 40, State.SUBMITTED, hands=[district_officer, district_officer])
    return readings.return_reading(
        reading_id=reading.pk, reason="Biểu mới có 9/14 thôn.", version=reading.version, by=district_reviewer
    )


def test_a_comment_stands_in_the_thread_with_who_and_when(reading, officer_client, district_officer, say):
    page = text_of(officer_client.get(say(officer_client, "Đã có 3 thôn,\nchờ thôn 6.")["Location"]))
    assert "Đã có 3 thôn,<br>chờ thôn 6." in page
    assert district_officer.display_name in page
    comment = Comment.objects.get()
    assert (comment.by, comment.thread.reading_id) == (district_officer, reading.pk)
    assert AuditEvent.objects.filter(action="thread.comment", subject_id=str(reading.pk)).count() == 1


def test_what_is_said_is_text_and_never_markup(officer_client, say, reading):
    say(officer_client, "<img src=x onerror=alert(1)><script>1</script>")
    page = text_of(officer_client.get(reverse("criteria:panel", args=[reading.pk])))
    assert "<img src=x" not in page
    assert "&lt;script&gt;1&lt;/script&gt;" in page


# On nội dung 10.1 of Hà Linh, Hương Khê: no department leads criterion 10.
MAY_SPEAK = {
    "commune_officer": 303,
    "district_officer": 303,
    "district_reviewer": 303,
    "province_officer": 303,
    "reader": 403,
    "other_district_officer": 404,
    "department_officer": 404,
    "administrator": 404,
    "visitor_user": 404,
}


@pytest.mark.parametrize("who", MAY_SPEAK)
def test_whoever_works_on_the_value_may_speak(request, client_of, say, settle, who):
    client = client_of(request.getfixturevalue(who))
    assert say(client, "Đã xem.").status_code == MAY_SPEAK[who]
    assert Comment.objects.count() == (MAY_SPEAK[who] == 303)
    Thread.objects.all().delete()
    threads_before = settle(client, "Xong.").status_code
    assert threads_before == MAY_SPEAK[who]


def test_a_department_speaks_about_the_criteria_it_leads(office, department_officer):
    threads.comment(reading_id=office.reading("17.1").pk, text="Đã gọi trạm cấp nước.", by=department_officer)
    assert Comment.objects.get().by == department_officer


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("  ", "Ghi nội dung rồi gửi."),
        ("d" * 2001, "Tối đa 2000 ký tự, hiện có 2001."),
        ("x\0y", "ký tự không nhận được"),
        ("@la-ai", "@la-ai"),
    ],
)
def test_a_bad_comment_answers_at_the_field_and_keeps_what_was_typed(officer_client, say, text, reason):
    answer = say(officer_client, text)
    assert answer.status_code == 422
    assert reason in text_of(answer)
    assert 'aria-invalid="true"' in text_of(answer)
    assert text.strip("\0 ")[:50] in text_of(answer)
    assert not Thread.objects.exists()


def test_a_comment_sent_twice_is_said_once(officer_client, say):
    key = str(uuid.uuid4())
    assert say(officer_client, "Một lần.", key=key).status_code == 303
    assert say(officer_client, "Một lần.", key=key).status_code == 303
    assert Comment.objects.count() == 1


def test_the_key_of_somebody_else_takes_nobody_s_word(officer_client, client_of, province_officer, say):
    key = str(uuid.uuid4())
    say(officer_client, "Của huyện.", key=key)
    say(client_of(province_officer), "Của tỉnh.", key=key)
    assert set(Comment.objects.values_list("text", flat=True)) == {"Của huyện.", "Của tỉnh."}


def test_a_person_who_may_see_the_value_is_reminded_by_name(officer_client, province_officer, reading, say):
    say(officer_client, "Nhờ @tinh-mot xem giúp.")
    (said,) = panel(province_officer, reading.pk).said
    assert said.mentioned == (province_officer.display_name,)
    (comment,) = mentions_of(province_officer)
    assert comment.thread.reading_id == reading.pk


@pytest.mark.parametrize("name", ["huyen-khac", "khong-co-ai"])
def test_nobody_out_of_scope_is_reminded_and_nobody_learns_who_exists(
    officer_client, other_district_officer, say, name
):
    answer = say(officer_client, f"Nhờ @{name} xem giúp.")
    assert answer.status_code == 422
    assert f"Không có ai tên @{name} được xem giá trị này." in text_of(answer)


def test_an_address_of_mail_reminds_nobody(officer_client, say):
    assert say(officer_client, "Gửi tới mai@huong-khe.vn nhé.").status_code == 303


def test_settling_is_apart_from_the_value_and_a_new_word_opens_again(
    officer_client, client_of, district_reviewer, reading, say, settle
):
    say(officer_client, "Thiếu 5 thôn.")
    assert marks_of([reading.pk])[reading.pk].open_threads == 1
    settle(client_of(district_reviewer))
    reading.refresh_from_db()
    assert (reading.state, reading.thread.resolved_by) == (State.DRAFT, district_reviewer)
    assert marks_of([reading.pk]) == {}
    settle(officer_client)
    assert Thread.objects.get().resolved_by == district_reviewer
    say(officer_client, "Còn một thôn nữa.")
    assert marks_of([reading.pk])[reading.pk].open_threads == 1
    assert Thread.objects.get().resolved_at is None


def test_a_last_word_goes_with_the_settling(officer_client, reading, settle):
    settle(officer_client, "Đủ rồi.")
    assert (Comment.objects.get().text, Thread.objects.get().resolved_at is None) == ("Đủ rồi.", False)


def test_with_nothing_said_there_is_nothing_to_settle(officer_client, settle):
    answer = settle(officer_client)
    assert answer.status_code == 422
    assert "Chưa có trao đổi nào" in text_of(answer)


def test_a_return_stands_in_the_thread_and_opens_it_until_somebody_settles(
    returned, officer_client, district_officer, district_reviewer, settle
):
    page = text_of(officer_client.get(reverse("criteria:panel", args=[returned.pk])))
    assert "Trả lại, chưa xong" in page
    assert "<b>Trả lại:</b> Biểu mới có 9/14 thôn." in page
    assert marks_of([returned.pk])[returned.pk].open_threads == 1
    settle(officer_client)
    shown = panel(district_officer, returned.pk)
    assert (shown.is_open, shown.is_returned) == (False, True)
    assert marks_of([returned.pk]) == {}
    type(returned).objects.filter(pk=returned.pk).update(state=State.SUBMITTED)
    readings.return_reading(reading_id=returned.pk, reason="Vẫn thiếu.", version=returned.version, by=district_reviewer)
    assert panel(district_officer, returned.pk).is_open
    assert marks_of([returned.pk])[returned.pk].open_threads == 1


def test_a_closed_round_hears_no_more(office, officer_client, reading, say, settle):
    say(officer_client, "Trước khi chốt.")
    office.round.closed_on = office.round.due_on
    office.round.save()
    for answer in (say(officer_client, "Sau khi chốt."), settle(officer_client)):
        assert answer.status_code == 409
        assert "Kỳ này đã chốt." in text_of(answer)
    assert Comment.objects.count() == 1


def test_a_long_thread_comes_in_pages_and_no_word_is_left_out(office, officer_client, district_officer, returned):
    thread = Thread.objects.create(reading=returned)
    now = timezone.now()
    for number in range(70):
        at = now - timezone.timedelta(minutes=100 - number)
        Comment.objects.create(thread=thread, by=district_officer, at=at, text=f"Câu {number}.", key=uuid.uuid4())
    seen, before = [], ""
    for _ in range(3):
        page = panel(district_officer, returned.pk, said_before=before)
        seen = [entry.text for entry in page.said] + seen
        before = page.said_before
    assert before == ""
    assert seen == [*(f"Câu {number}." for number in range(70)), "Biểu mới có 9/14 thôn."]


@pytest.mark.parametrize("nonsense", ["x", "2024-01-01", "2024-01-01T00:00:00", "9" * 40])
def test_an_address_that_names_no_moment_shows_the_latest_page(officer_client, reading, nonsense):
    address = reverse("criteria:panel", args=[reading.pk])
    assert officer_client.get(address, {"truoc": nonsense, "lich-su": nonsense}).status_code == 200
