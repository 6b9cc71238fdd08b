"""createadmin and the demo accounts."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts import demo
from accounts.audit import history_of
from accounts.models import Appointment, Department, User
from accounts.roles import Permission, Role
from accounts.scope import has_permission

STRONG = "ba con trâu lội qua suối"


def run(command, *args, **kwargs):
    out = io.StringIO()
    call_command(command, *args, stdout=out, **kwargs)
    return out.getvalue()


def test_createadmin_makes_somebody_who_manages_people_and_webhooks_and_nothing_else(db, monkeypatch):
    monkeypatch.setenv("FIRST_PASSWORD", STRONG)
    run("createadmin", "quan.tri", name="Quản trị hệ thống", password_env="FIRST_PASSWORD")
    made = User.objects.get(username="quan.tri")
    assert made.check_password(STRONG)
    assert not made.must_change_password
    assert not made.is_superuser
    assert {p for p in Permission if has_permission(made, p)} == {Permission.MANAGE_PEOPLE, Permission.MANAGE_WEBHOOKS}
    assert [event.actor_name for event in history_of(made)] == ["hệ thống", "hệ thống"]


def test_createadmin_asks_for_the_password_twice(db, monkeypatch):
    typed = iter([STRONG, STRONG + "x"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    with pytest.raises(CommandError, match="differ"):
        run("createadmin", "quan.tri")


@pytest.mark.parametrize("weak", ["", "ngan", "nongthonmoi2024", "quan.tri.quan"])
def test_createadmin_refuses_a_weak_password_and_leaves_nobody_behind(db, monkeypatch, weak):
    monkeypatch.setenv("FIRST_PASSWORD", weak)
    with pytest.raises(CommandError):
        run("createadmin", "quan.tri", password_env="FIRST_PASSWORD")
    assert not User.objects.filter(username="quan.tri").exists()


def test_createadmin_does_not_take_over_an_account(administrator, monkeypatch):
    monkeypatch.setenv("FIRST_PASSWORD", STRONG)
    with pytest.raises(CommandError, match="đã có người dùng"):
        run("createadmin", administrator.username, password_env="FIRST_PASSWORD")


@pytest.fixture
def demo_accounts(db):
    """The demo accounts, made anew with a known password."""
    demo.ensure_demo_accounts("mot-mat-khau-minh-hoa")


def test_every_demo_account_has_the_role_and_place_of_its_name(demo_accounts, area):
    held = {
        row.user.username: (row.role, row.area or row.department.code if row.area or row.department else None)
        for row in Appointment.objects.filter(user__is_demo=True).select_related("user", "area", "department")
    }
    assert held == {
        "tinh": (Role.PROVINCE_OFFICER, area("42")),
        "tinh-2": (Role.PROVINCE_OFFICER, area("42")),
        "so-nnptnt": (Role.DEPARTMENT_OFFICER, "so-nnptnt"),
        "huyen-huongkhe": (Role.DISTRICT_OFFICER, area("444")),
        "huyen-huongkhe-duyet": (Role.DISTRICT_REVIEWER, area("444")),
        "xa-halinh": (Role.COMMUNE_OFFICER, area("18502")),
        "quantri": (Role.ADMINISTRATOR, None),
        "xem": (Role.READER, area("42")),
    }


def test_demo_accounts_are_marked_and_sign_in_with_the_one_password(demo_accounts, visitor, sign_in):
    assert not User.objects.filter(username__in=[a.username for a in demo.ACCOUNTS], is_demo=False).exists()
    assert sign_in(visitor, "huyen-huongkhe", "mot-mat-khau-minh-hoa")["Location"] == "/"


def test_making_the_demo_accounts_again_changes_nothing(demo_accounts, client_of):
    client = client_of(User.objects.get(username="tinh"))
    before = list(User.objects.filter(is_demo=True).values_list("pk", "password"))
    assert demo.ensure_demo_accounts("mot-mat-khau-minh-hoa") == 0
    assert list(User.objects.filter(is_demo=True).values_list("pk", "password")) == before
    assert Appointment.objects.filter(user__is_demo=True).count() == len(demo.ACCOUNTS)
    assert client.get("/mat-khau/").status_code == 200


def test_a_new_demo_password_reaches_every_demo_account(demo_accounts):
    demo.ensure_demo_accounts("mot-mat-khau-khac")
    assert all(row.check_password("mot-mat-khau-khac") for row in demo.active_demo_accounts())


def test_the_lines_for_the_terminal_name_every_account(demo_accounts):
    lines = demo.demo_account_lines()
    assert len(lines) == len(demo.ACCOUNTS)
    assert any("huyen-huongkhe " in line and "Cán bộ minh hoạ, huyện Hương Khê" in line for line in lines)


def test_a_real_account_is_never_turned_into_a_demo_account(demo_accounts):
    User.objects.filter(username="tinh").update(is_demo=False)
    with pytest.raises(PermissionError), transaction.atomic():
        demo.ensure_demo_accounts("mot-mat-khau-khac")
    assert not User.objects.get(username="tinh").check_password("mot-mat-khau-khac")


def test_removing_the_demo_accounts_closes_them_and_keeps_their_names(demo_accounts, client_of, visitor, sign_in):
    client = client_of(User.objects.get(username="tinh"))
    out = run("remove_demo_accounts")
    assert f"{len(demo.ACCOUNTS)} demo accounts closed." in out
    assert not demo.active_demo_accounts().exists()
    assert client.get("/mat-khau/").status_code == 302
    assert sign_in(visitor, "tinh", "mot-mat-khau-minh-hoa").status_code == 422
    assert not User.objects.get(username="tinh").has_usable_password()


def test_removing_the_demo_accounts_says_when_no_administrator_is_left(demo_accounts):
    assert "createadmin" in run("remove_demo_accounts")


def test_the_demo_command_needs_a_password(db, monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        run("demo_accounts")


def test_the_department_of_the_demo_is_made_where_the_seed_has_not_made_it(demo_accounts):
    assert Department.objects.filter(code="so-nnptnt").count() == 1
