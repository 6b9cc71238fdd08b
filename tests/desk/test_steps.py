"""Every step by every member of the cast through the pages: taken by who may, refused to the others."""

import pytest
from django.urls import reverse

from criteria.models import State

CAST = (
    "visitor_user",
    "commune_officer",
    "district_officer",
    "district_reviewer",
    "department_officer",
    "province_officer",
    "other_district_officer",
    "administrator",
)
# step → who may take it on a commune's value of 2024
MAY = {
    "enter": {"commune_officer", "district_officer"},
    "submit": {"commune_officer", "district_officer"},
    "verify": {"district_reviewer"},
    "appraise": {"department_officer"},
    "approve": {"province_officer"},
    "return": {"district_reviewer", "province_officer"},
    "unlock": {"province_officer"},
}
STATE_BEFORE = {
    "enter": State.DRAFT,
    "submit": State.DRAFT,
    "verify": State.SUBMITTED,
    "appraise": State.VERIFIED,
    "approve": State.APPRAISED,
    "return": State.SUBMITTED,
    "unlock": State.APPROVED,
}


@pytest.fixture
def visitor_user(person):
    """Signed in, appointed to nothing."""
    return person("khong-vai-tro")


@pytest.fixture
def hands(person):
    """Other people who took the earlier steps."""
    return [person(f"nguoi-{number}") for number in range(5)]


def take(client, office, step, reading):
    chosen = {"chosen": f"{reading.pk}:{reading.version}"}
    reason = {"reason": "Thiếu biểu", "version": reading.version}
    home, folder = [office.round.pk, office.home.code], reading.assessment_id
    calls = {
        "enter": lambda: client.post(office.sheet, office.typed(reading, "61,5")),
        "submit": lambda: client.post(reverse("criteria:submit", args=home)),
        "verify": lambda: client.post(reverse("criteria:verify", args=[folder])),
        "appraise": lambda: client.post(reverse("criteria:appraise"), chosen),
        "approve": lambda: client.post(reverse("criteria:approve"), chosen),
        "return": lambda: client.post(reverse("criteria:return", args=[reading.pk]), reason),
        "unlock": lambda: client.post(reverse("criteria:unlock", args=[reading.pk]), reason),
    }
    return calls[step]()


@pytest.mark.parametrize("step", MAY)
@pytest.mark.parametrize("who", CAST)
def test_a_step_is_taken_by_who_may_and_refused_to_others(request, office, client_of, hands, step, who):
    reading = office.put("17.1", 50, STATE_BEFORE[step], hands=hands)
    answer = take(client_of(request.getfixturevalue(who)), office, step, reading)
    version = reading.version
    reading.refresh_from_db()
    if who in MAY[step]:
        assert answer.status_code == 303
        assert reading.version == version + 1
    else:
        assert answer.status_code in (403, 404, 409, 422)
        assert reading.version == version


@pytest.mark.parametrize("step", MAY)
def test_a_visitor_is_sent_to_sign_in(office, visitor, hands, step):
    reading = office.put("17.1", 50, STATE_BEFORE[step], hands=hands)
    answer = take(visitor, office, step, reading)
    assert answer.status_code == 302
    assert "dang-nhap" in answer["Location"]
    assert office.reading("17.1").version == reading.version


def test_the_whole_way_of_a_value_through_the_pages(
    office, client_of, district_officer, district_reviewer, department_officer, province_officer
):
    way = [
        ("enter", district_officer, State.DRAFT),
        ("submit", district_officer, State.SUBMITTED),
        ("verify", district_reviewer, State.VERIFIED),
        ("appraise", department_officer, State.APPRAISED),
        ("approve", province_officer, State.APPROVED),
    ]
    for step, person, state in way:
        assert take(client_of(person), office, step, office.reading("17.1")).status_code == 303
        assert office.reading("17.1").state == state
    assert office.home.assessments.get(round=office.round).attainment.failing == 0


def test_nobody_approves_a_value_they_entered(office, client_of, hands, province_officer, second_province_officer):
    reading = office.put("17.1", 50, State.APPRAISED, hands=[province_officer, *hands])
    item = reverse("criteria:review-item", args=[reading.pk])
    assert (
        "Bạn không thể phê duyệt giá trị do chính mình nhập." in client_of(province_officer).get(item).content.decode()
    )
    answer = take(client_of(province_officer), office, "approve", reading)
    assert answer.status_code == 403
    assert "Bạn không thể phê duyệt giá trị do chính mình nhập" in answer.content.decode()
    assert take(client_of(second_province_officer), office, "approve", reading).status_code == 303


def test_approving_twice_is_harmless(office, client_of, hands, province_officer):
    reading, client = office.put("17.1", 50, State.APPRAISED, hands=hands), client_of(province_officer)
    assert take(client, office, "approve", reading).status_code == 303
    approved = office.reading("17.1")
    assert take(client, office, "approve", reading).status_code == 409
    assert office.reading("17.1").version == approved.version


def test_submitting_twice_is_harmless(office, client_of, district_officer):
    reading, client = office.put("17.1", 50, State.DRAFT, hands=[district_officer]), client_of(district_officer)
    assert take(client, office, "submit", reading).status_code == 303
    again = take(client, office, "submit", reading)
    assert again.status_code == 409
    assert "Chưa có giá trị nào để nộp." in again.content.decode()


def test_a_return_needs_a_reason_and_keeps_what_was_chosen(office, client_of, hands, province_officer):
    reading = office.put("17.1", 50, State.APPRAISED, hands=hands)
    url = reverse("criteria:return", args=[reading.pk])
    answer = client_of(province_officer).post(url, {"reason": "  ", "version": reading.version})
    assert answer.status_code == 422
    assert "Cần ghi lý do" in answer.content.decode()
    assert office.reading("17.1").state == State.APPRAISED


def test_a_returned_value_comes_back_to_the_desk_with_its_reason(
    office, client_of, district_officer, hands, province_officer
):
    reading = office.put("17.1", 50, State.APPRAISED, hands=[district_officer, *hands])
    url = reverse("criteria:return", args=[reading.pk])
    sent = {"stock": "Thiếu minh chứng", "reason": "biên bản họp xã", "version": reading.version}
    assert client_of(province_officer).post(url, sent).status_code == 303
    client = client_of(district_officer)
    for page in (reverse("criteria:my-work"), office.sheet):
        assert "Thiếu minh chứng: biên bản họp xã" in client.get(page).content.decode()
    assert client.post(office.sheet, office.typed(office.reading("17.1"), "51")).status_code == 303


@pytest.mark.parametrize(
    ("step", "state", "who"),
    [("appraise", State.VERIFIED, "department_officer"), ("approve", State.APPRAISED, "province_officer")],
)
def test_a_value_that_moved_meanwhile_is_shown_again_and_stays(request, office, client_of, hands, step, state, who):
    reading = office.put("17.1", 50, state, hands=hands)
    reading.version += 1
    reading.save()
    sent = {"chosen": f"{reading.pk}:{reading.version - 1}"}
    answer = client_of(request.getfixturevalue(who)).post(reverse(f"criteria:{step}"), sent)
    assert answer.status_code == 409
    assert "Giá trị này vừa đổi sau khi bạn mở trang" in answer.content.decode()
    assert office.reading("17.1").state == state


def test_a_whole_criterion_moves_at_one_press(office, client_of, hands, department_officer):
    readings = [office.put(code, value, State.VERIFIED, hands=hands) for code, value in (("17.1", 50), ("17.3", 1))]
    client = client_of(department_officer)
    page = client.get(reverse("criteria:review-item", args=[readings[0].pk])).content.decode()
    chosen = " ".join(f"{r.pk}:{r.version}" for r in readings)
    assert f'value="{chosen}"' in page
    assert client.post(reverse("criteria:appraise"), {"chosen": chosen}).status_code == 303
    assert {office.reading(code).state for code in ("17.1", "17.3")} == {State.APPRAISED}


def test_an_approved_value_opens_again_with_a_reason(office, client_of, hands, province_officer, district_officer):
    reading = office.put("17.1", 50, State.APPROVED, hands=hands)
    item = reverse("criteria:review-item", args=[reading.pk])
    assert "Mở khoá một ô" in client_of(province_officer).get(item).content.decode()
    assert "Mở khoá một ô" not in client_of(district_officer).get(item).content.decode()
    url = reverse("criteria:unlock", args=[reading.pk])
    sent = {"reason": "Sai số hộ", "version": reading.version}
    assert client_of(district_officer).post(url, sent).status_code == 403
    assert client_of(province_officer).post(url, sent).status_code == 303
    assert office.reading("17.1").state == State.DRAFT
