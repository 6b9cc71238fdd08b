"""How a session ends: by suspension, by a new password, by time; and the one-time password that comes first."""

import time

import pytest
from django.conf import settings

from accounts import actions
from accounts.middleware import SEEN_AT, SIGNED_IN_AT

PASSWORD_PAGE = "/mat-khau/"
NEW = "một câu dài dễ nhớ của riêng tôi"


def is_known(client):
    """Whether the next request still knows the person: visitors are sent to sign in."""
    return client.get(PASSWORD_PAGE).status_code == 200


def age(client, **seconds):
    session = client.session
    for key, ago in seconds.items():
        session[key] = int(time.time()) - ago
    session.save()


def test_a_suspension_ends_every_session_at_once_and_for_good(client_of, administrator, district_officer):
    first, second = client_of(district_officer), client_of(district_officer)
    assert is_known(first)
    actions.suspend(user=district_officer, by=administrator)
    assert not is_known(first)
    actions.reinstate(user=district_officer, by=administrator)
    assert not is_known(second)


def test_a_reset_ends_every_session_at_once(client_of, administrator, district_officer):
    client = client_of(district_officer)
    actions.reset_password(user=district_officer, by=administrator)
    assert not is_known(client)


def test_changing_ones_password_keeps_this_session_and_ends_the_others(client_of, district_officer, password):
    here, elsewhere = client_of(district_officer), client_of(district_officer)
    answer = here.post(PASSWORD_PAGE, {"old": password, "new": NEW, "repeated": NEW})
    assert answer["Location"] == "/"
    assert is_known(here)
    assert not is_known(elsewhere)


def test_a_change_of_password_needs_the_new_one_twice(client_of, district_officer, password):
    answer = client_of(district_officer).post(PASSWORD_PAGE, {"old": password, "new": NEW, "repeated": NEW + "x"})
    assert answer.status_code == 422
    assert "Hai lần nhập mật khẩu mới không giống nhau." in answer.content.decode()


def test_a_refused_password_is_told_at_its_field(client_of, district_officer):
    answer = client_of(district_officer).post(PASSWORD_PAGE, {"old": "sai", "new": NEW, "repeated": NEW})
    assert 'id="id_old_error"' in answer.content.decode()


@pytest.fixture
def newcomer(administrator):
    """Somebody who has only a one-time password."""
    return actions.create_person(username="nguoi-moi", display_name="Người mới", by=administrator)


def test_a_one_time_password_leads_to_the_password_page_before_anything_else(visitor, newcomer, sign_in):
    somebody, secret = newcomer
    sign_in(visitor, somebody.username, secret)
    for address in ("/", "/can-bo/", "/khong-co-trang-nay/"):
        assert visitor.get(address)["Location"] == PASSWORD_PAGE
    assert "chỉ dùng một lần" in visitor.get(PASSWORD_PAGE).content.decode()
    visitor.post(PASSWORD_PAGE, {"old": secret, "new": NEW, "repeated": NEW})
    assert is_known(visitor)
    assert visitor.get("/khong-co-trang-nay/").status_code == 404


def test_with_a_one_time_password_the_api_answers_with_a_problem(visitor, newcomer, sign_in):
    somebody, secret = newcomer
    sign_in(visitor, somebody.username, secret)
    answer = visitor.get("/api/v1/communes/")
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith("password_change_required")


def test_with_a_one_time_password_a_part_of_a_page_leads_the_whole_page_on(visitor, newcomer, sign_in):
    somebody, secret = newcomer
    sign_in(visitor, somebody.username, secret)
    assert visitor.get("/", headers={"HX-Request": "true"})["HX-Redirect"] == PASSWORD_PAGE


def test_with_a_one_time_password_one_may_still_sign_out(visitor, newcomer, sign_in):
    somebody, secret = newcomer
    sign_in(visitor, somebody.username, secret)
    assert visitor.post("/dang-xuat/")["Location"] == "/"


def test_a_session_ends_half_an_hour_after_the_last_request(client_of, district_officer):
    client = client_of(district_officer)
    age(client, **{SEEN_AT: settings.SESSION_IDLE_SECONDS - 5})
    assert is_known(client)
    age(client, **{SEEN_AT: settings.SESSION_IDLE_SECONDS + 1})
    assert not is_known(client)
    assert "Phiên đăng nhập đã hết." in client.get("/dang-nhap/").content.decode()
    assert "Phiên đăng nhập đã hết." not in client.get("/dang-nhap/").content.decode()


def test_a_session_ends_twelve_hours_after_the_sign_in_however_busy(client_of, district_officer):
    client = client_of(district_officer)
    age(client, **{SIGNED_IN_AT: 12 * 3600 + 1})
    assert not is_known(client)


def test_a_session_without_its_times_has_ended(client_of, district_officer):
    client = client_of(district_officer)
    session = client.session
    del session[SEEN_AT], session[SIGNED_IN_AT]
    session.save()
    assert not is_known(client)


def test_being_seen_is_written_at_most_once_a_minute(client_of, district_officer):
    client = client_of(district_officer)
    noted = client.session[SEEN_AT]
    client.get(PASSWORD_PAGE)
    assert client.session[SEEN_AT] == noted
    age(client, **{SEEN_AT: 61})
    client.get(PASSWORD_PAGE)
    assert client.session[SEEN_AT] >= noted
