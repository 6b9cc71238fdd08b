"""Signing in and out: one answer to every mistake, a lock-out of one account at one address, no way off this host."""

import re

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client, RequestFactory

from accounts import actions, signin
from tests.people.conftest import SIGN_IN

WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng."


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_a_person_signs_in_and_lands_on_the_home_page(visitor, district_officer, sign_in):
    answer = sign_in(visitor, "huyen-nhap")
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert is_signed_in(visitor)


def test_a_username_is_read_whatever_its_case_and_outer_spaces(visitor, district_officer, sign_in):
    sign_in(visitor, "  Huyen-Nhap ")
    assert is_signed_in(visitor)


def test_a_password_is_the_same_whatever_keyboard_composed_it(visitor, administrator, person, sign_in):
    somebody = person("go-dau")
    actions.change_own_password(
        user=somebody, old="mot-mat-khau-dai-12", new="m\u1ed9t c\u00e2u d\u00e0i kh\u00f3 qu\u00ean"
    )
    sign_in(visitor, "go-dau", "m\u006f\u0323\u0302t c\u0061\u0302u d\u0061\u0300i kho\u0301 que\u0302n")
    assert is_signed_in(visitor)


@pytest.mark.parametrize("length", [12, 128])
def test_a_long_password_counts_whole(visitor, person, sign_in, length):
    somebody = person("mat-khau-dai")
    chosen = ("dung ngua pin xac nhan" * 6)[:length]
    actions.change_own_password(user=somebody, old="mot-mat-khau-dai-12", new=chosen)
    assert sign_in(visitor, "mat-khau-dai", chosen[:-1]).status_code == 422
    assert sign_in(visitor, "mat-khau-dai", chosen).status_code == 302


def seen(answer):
    """The page without what differs from one request to the next by itself."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


def test_unknown_wrong_and_suspended_are_answered_alike(person, administrator, sign_in):
    person("co-that")
    actions.suspend(user=person("tam-dung"), by=administrator)
    answers = [
        sign_in(Client(), name, secret)
        for name, secret in [("co-that", "sai"), ("khong-co", "sai"), ("tam-dung", "mot-mat-khau-dai-12")]
    ]
    assert {answer.status_code for answer in answers} == {422}
    pages = {
        seen(answer).replace(name, "")
        for answer, name in zip(answers, ["co-that", "khong-co", "tam-dung"], strict=True)
    }
    assert len(pages) == 1
    assert WRONG in pages.pop()


def test_what_was_typed_stays_except_the_password(visitor, sign_in, db):
    page = sign_in(visitor, "khong-co", "bi-mat-cua-toi").content.decode()
    assert 'value="khong-co"' in page
    assert "bi-mat-cua-toi" not in page


@pytest.mark.parametrize(
    ("data", "message"), [({"password": "x"}, "Nhập tên đăng nhập."), ({"username": "x"}, "Nhập mật khẩu.")]
)
def test_an_empty_field_is_named_at_the_field(visitor, db, data, message):
    page = visitor.post(SIGN_IN, data).content.decode()
    assert message in page
    assert 'aria-invalid="true"' in page


def test_the_session_is_a_new_one_after_signing_in(visitor, person, district_officer, sign_in):
    session = visitor.session
    session["truoc"] = "cu"
    session.save()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    sign_in(visitor, "huyen-nhap")
    assert visitor.session.session_key != session.session_key


@pytest.mark.parametrize("target", ["/huyen/444/?ky=2024", "/can-bo/"])
def test_next_leads_to_a_page_of_this_portal(visitor, district_officer, sign_in, target):
    page = visitor.get(SIGN_IN, {"next": target}).content.decode()
    assert f'name="next" value="{target}"' in page
    assert sign_in(visitor, "huyen-nhap", data={"next": target})["Location"] == target


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        SIGN_IN,
    ],
)
def test_next_never_leads_off_this_portal(visitor, district_officer, sign_in, target):
    assert "evil" not in visitor.get(SIGN_IN, {"next": target}).content.decode()
    assert sign_in(visitor, "huyen-nhap", data={"next": target})["Location"] == "/"


def test_signing_out_takes_a_post(client_of, district_officer):
    client = client_of(district_officer)
    assert "Đăng xuất" in client.get("/dang-xuat/").content.decode(), "GET asks, and ends nothing."
    assert is_signed_in(client)
    assert client.post("/dang-xuat/")["Location"] == "/"
    assert not is_signed_in(client)


@pytest.mark.parametrize("address", [SIGN_IN, "/dang-xuat/", "/mat-khau/"])
def test_a_form_without_its_token_is_refused(client_of, district_officer, address):
    assert client_of(district_officer, enforce_csrf_checks=True).post(address, {"username": "x"}).status_code == 403


def test_whoever_is_signed_in_does_not_see_the_sign_in_page(client_of, district_officer):
    assert client_of(district_officer).get(SIGN_IN)["Location"] == "/"


@pytest.mark.parametrize("address", [SIGN_IN, "/mat-khau/"])
def test_pages_with_passwords_are_not_kept_by_any_cache(client_of, visitor, district_officer, address):
    client = visitor if address == SIGN_IN else client_of(district_officer)
    assert "no-store" in client.get(address)["Cache-Control"]


def fail(sign_in, times, *, username="huyen-nhap", address="203.0.113.5", client=None):
    client = client or Client()
    return [sign_in(client, username, "sai", REMOTE_ADDR=address).status_code for _ in range(times)][-1]


def test_too_many_wrong_passwords_lock_the_account_at_that_address_only(district_officer, district_reviewer, sign_in):
    limit = settings.AXES_FAILURE_LIMIT
    assert fail(sign_in, limit - 1) == 422
    assert fail(sign_in, 1) == 429
    assert sign_in(Client(), "huyen-nhap", REMOTE_ADDR="203.0.113.5").status_code == 429
    assert sign_in(Client(), "huyen-duyet", REMOTE_ADDR="203.0.113.5").status_code == 302
    assert sign_in(Client(), "huyen-nhap", REMOTE_ADDR="198.51.100.7").status_code == 302


def test_the_lock_out_says_when_to_try_again(district_officer, sign_in):
    fail(sign_in, settings.AXES_FAILURE_LIMIT)
    answer = sign_in(Client(), "huyen-nhap", REMOTE_ADDR="203.0.113.5")
    page = answer.content.decode()
    assert "Thử lại sau 10 phút" in page
    assert 590 <= int(answer["Retry-After"]) <= 601


def test_trying_again_while_locked_out_does_not_put_the_moment_off(district_officer, sign_in):
    fail(sign_in, settings.AXES_FAILURE_LIMIT)
    before = AccessAttempt.objects.get(username="huyen-nhap").attempt_time
    fail(sign_in, 3)
    assert AccessAttempt.objects.get(username="huyen-nhap").attempt_time == before


def test_the_lock_out_ends_by_itself(district_officer, sign_in):
    fail(sign_in, settings.AXES_FAILURE_LIMIT)
    attempt = AccessAttempt.objects.get(username="huyen-nhap")
    AccessAttempt.objects.update(attempt_time=attempt.attempt_time - settings.AXES_COOLOFF_TIME)
    assert sign_in(Client(), "huyen-nhap", REMOTE_ADDR="203.0.113.5").status_code == 302


def test_a_reset_of_the_password_lifts_the_lock_out(district_officer, administrator, sign_in):
    fail(sign_in, settings.AXES_FAILURE_LIMIT)
    secret = actions.reset_password(user=district_officer, by=administrator)
    assert sign_in(Client(), "huyen-nhap", secret, REMOTE_ADDR="203.0.113.5").status_code == 302


def test_signing_in_forgets_earlier_mistakes(district_officer, sign_in):
    for _ in range(2):
        assert fail(sign_in, settings.AXES_FAILURE_LIMIT - 1) == 422
        assert sign_in(Client(), "huyen-nhap", REMOTE_ADDR="203.0.113.5").status_code == 302


def test_wrong_passwords_are_not_written_down(district_officer, sign_in):
    fail(sign_in, 1)
    sign_in(Client(), "huyen-nhap", "sai-mat-khau-rieng", REMOTE_ADDR="203.0.113.5")
    assert not any("sai-mat-khau-rieng" in attempt.post_data for attempt in AccessAttempt.objects.all())


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "10.0.0.9"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "1.1.1.1", "10.0.0.9"),
        (1, "", "10.0.0.9"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed_of_an_address(settings, proxies, forwarded, address):
    settings.PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=forwarded)
    assert signin.client_address(request) == address


def test_the_sign_in_page_leads_to_the_public_figures_without_signing_in(visitor, db):
    page = visitor.get(SIGN_IN).content.decode()
    assert "Xem số liệu công khai, không cần đăng nhập" in page
    assert "style=" not in page
