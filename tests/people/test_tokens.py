"""The page of one's own tokens, and their end by an administrator."""

import datetime as dt
import importlib

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, AuditEvent
from accounts.roles import Role

PAGE, NEW = "/ma-truy-cap/", "/ma-truy-cap/moi/"


@pytest.fixture
def officer(district_officer):
    return district_officer


@pytest.fixture
def browser(client_of, officer):
    return client_of(officer)


@pytest.fixture
def fill(password):
    """`fill(name=…)`: the form as it is sent."""
    return lambda **given: {"name": "Bảng của Sở", "verbs": ["read"], "days": "30", "password": password, **given}


def test_a_new_token_is_shown_once(browser, fill, officer):
    answer = browser.post(NEW, fill(unit="Hà Linh", networks="10.1.0.0/16\n203.0.113.7"))
    assert answer.status_code == 200
    secret = answer.context["secret"]
    token = ApiToken.objects.get(user=officer)
    assert tokens.holder_of(secret, address="10.1.2.3") == token
    assert (token.area.code, token.networks) == ("18502", ["10.1.0.0/16", "203.0.113.7/32"])
    assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert secret not in browser.get(PAGE).content.decode()


def test_the_page_tells_what_each_token_may_do_and_when_it_was_used(browser, officer, area):
    tokens.issue(by=officer, name="Bảng xã", verbs=["read"], area=area("18502"), networks=["10.0.0.0/8"])
    ApiToken.objects.update(last_used_at=timezone.now(), last_used_from="10.9.8.7")
    shown = browser.get(PAGE).content.decode()
    for words in ("Bảng xã", "Đọc giá trị chưa công bố", "Xã Hà Linh", "10.0.0.0/8", "10.9.8.7"):
        assert words in shown


def test_the_page_costs_the_same_for_many(browser, officer, django_assert_max_num_queries):
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as made:
            assert browser.get(PAGE).status_code == 200
        return len(made)

    tokens.issue(by=officer)
    one = cost()
    for _ in range(5):
        tokens.issue(by=officer)
    assert cost() == one


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "Ghi mã này dùng cho việc gì."),
        ({"days": "400"}, "Thời hạn từ 1 đến 365 ngày."),
        ({"days": "chín"}, "Ghi một số nguyên"),
        ({"unit": "Hương Sơn"}, "Không tìm thấy đơn vị này trong phạm vi phân công của bạn."),
        ({"networks": "mạng nhà"}, "Không đọc được mạng"),
        ({"verbs": ["delete"]}, "Không có lựa chọn này."),
        ({"password": "sai"}, "Mật khẩu chưa đúng."),
    ],
)
def test_what_cannot_be_is_said_at_its_place_and_nothing_typed_is_lost(browser, fill, given, said):
    answer = browser.post(NEW, fill(**{"name": "Giữ lại tên này", **given}))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert said in shown
    assert given.get("name") == "" or "Giữ lại tên này" in shown
    assert not ApiToken.objects.exists()


def test_several_units_of_a_name_are_offered(client_of, province_officer, fill):
    answer = client_of(province_officer).post(NEW, fill(unit="18502"))
    assert answer.status_code == 422
    offered = [value for value, _ in answer.context["form"].fields["area"].choices if value]
    assert len(offered) == 2  # before and after the districts ended
    assert client_of(province_officer).post(NEW, fill(unit="18502", area=offered[0])).status_code == 200
    assert str(ApiToken.objects.get().area_id) == offered[0]


def test_wrong_passwords_on_the_form_lock_as_at_the_sign_in(browser, fill, settings):
    answers = [browser.post(NEW, fill(password="sai")).status_code for _ in range(settings.AXES_FAILURE_LIMIT)]
    assert answers[-1] == 429
    assert browser.post(NEW, fill()).status_code == 429


def test_a_token_is_rotated_and_ended_on_the_page(browser, officer):
    old, token = tokens.issue(by=officer)
    shown = browser.post(reverse("accounts:token-rotate", args=[token.pk]))
    assert tokens.holder_of(shown.context["secret"], address="") == tokens.holder_of(old, address="") == token
    assert "Chuỗi cũ còn dùng được đến" in shown.content.decode()
    at_once = browser.post(reverse("accounts:token-rotate", args=[token.pk]), {"at_once": "1"})
    assert tokens.holder_of(shown.context["secret"], address="") is None
    browser.post(reverse("accounts:token-end", args=[token.pk]))
    assert tokens.holder_of(at_once.context["secret"], address="") is None
    assert [event.action for event in AuditEvent.objects.order_by("pk").filter(action__startswith="token")] == [
        "token.issue",
        "token.rotate",
        "token.rotate",
        "token.end",
    ]


def test_an_expired_token_is_not_rotated(browser, officer):
    _, token = tokens.issue(by=officer)
    ApiToken.objects.update(expires_at=timezone.now())
    answer = browser.post(reverse("accounts:token-rotate", args=[token.pk]), follow=True)
    assert "Mã này đã hết hạn" in answer.content.decode()
    assert "đã hết hạn" in browser.get(PAGE).content.decode()


def test_all_tokens_end_at_one_press(browser, officer, person):
    kept, _ = tokens.issue(by=person("nguoi-khac"))
    for _ in range(2):
        tokens.issue(by=officer)
    browser.post(reverse("accounts:tokens-end"))
    assert not ApiToken.objects.filter(user=officer).exists()
    assert tokens.holder_of(kept, address="")


@pytest.mark.parametrize("name", ["accounts:token-rotate", "accounts:token-end"])
def test_somebody_elses_token_is_absent(browser, person, name):
    _, token = tokens.issue(by=person("nguoi-khac"))
    assert browser.post(reverse(name, args=[token.pk])).status_code == 404
    assert ApiToken.objects.filter(pk=token.pk).exists()


def test_an_administrator_sees_and_ends_the_tokens_of_a_person(admin_client, officer, page_of):
    _, token = tokens.issue(by=officer, name="Bảng cũ")
    tokens.issue(by=officer, name="Bảng mới")
    shown = admin_client.get(page_of(officer)).content.decode()
    assert "Bảng cũ" in shown
    assert token.hint in shown
    admin_client.post(reverse("accounts:person-token-end", args=[officer.pk, token.pk]))
    assert [each.name for each in ApiToken.objects.all()] == ["Bảng mới"]
    admin_client.post(reverse("accounts:person-tokens-end", args=[officer.pk]))
    assert not ApiToken.objects.exists()
    assert "Kết thúc mã truy cập API" in admin_client.get(page_of(officer)).content.decode()


def test_a_session_does_not_open_with_a_token(officer, client):
    secret, _ = tokens.issue(by=officer)
    page = client.get(PAGE, headers={"authorization": f"Token {secret}"})
    assert (page.status_code, page["Location"].split("?")[0]) == (302, "/dang-nhap/")
    assert not page.cookies


def test_a_department_officer_confines_a_token_to_any_unit(department_officer, area):
    _, token = tokens.issue(by=department_officer, area=area("18502"))
    assert token.area == area("18502")


def test_tokens_given_before_go_on(person):
    """What django-rest-knox kept is taken over with its digests."""
    somebody, now = person("co-ma-cu"), timezone.now()
    migration = importlib.import_module("accounts.migrations.0003_api_tokens")
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        moment = "timestamptz" if connection.vendor == "postgresql" else "datetime"
        cursor.execute(
            f"CREATE TABLE knox_authtoken (digest varchar(128), token_key varchar(25), created {moment},"
            f" expiry {moment}, user_id bigint)"
        )
        for secret, expiry in (("a" * 64, now + dt.timedelta(days=9)), ("b" * 64, now - dt.timedelta(days=9))):
            row = [tokens._digest(secret), secret[:15], adapt(now), adapt(expiry), somebody.pk]
            cursor.execute("INSERT INTO knox_authtoken VALUES (%s, %s, %s, %s, %s)", row)

    class Editor:
        pass

    Editor.connection = connection
    from django.apps import apps

    migration.take_over(apps, Editor)
    assert tokens.holder_of("a" * 64, address="").user == somebody
    assert tokens.holder_of("b" * 64, address="") is None
    assert "knox_authtoken" not in connection.introspection.table_names()


def test_a_person_without_a_place_confines_no_token(person, area):
    from accounts.errors import Refused

    reader = person("khong-noi", Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        tokens.issue(by=reader, area=area("18502"))
