"""What `check --deploy` refuses, and what the deployment files promise."""

import pytest
import yaml
from django.apps import apps
from django.core.checks import Error, run_checks
from django.test import override_settings

from accounts.models import User
from ntm_portal import checks
from ntm_portal.apps import PortalConfig
from tests.services.portals import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def faults(check) -> list[str]:
    return [message.id for message in check()]


@pytest.fixture
def demo_account(db):
    User.objects.update(is_demo=False)
    return User.objects.create(username="minh-hoa", display_name="Cán bộ minh hoạ", is_demo=True)


@pytest.fixture
def on_a_server():
    with override_settings(IS_SERVER=True, ALLOWED_HOSTS=["ntm.example.gov.vn"]):
        yield


def test_a_demo_account_on_a_server_fails_the_deployment_check(demo_account, on_a_server):
    (fault,) = checks.no_demo_account()
    assert isinstance(fault, Error)
    assert "minh-hoa" in fault.msg
    assert fault in run_checks(include_deployment_checks=True)


def test_the_project_registers_its_checks():
    assert type(apps.get_app_config("ntm_portal")) is PortalConfig


def test_a_closed_demo_account_does_not_fail_it(demo_account, on_a_server):
    User.objects.update(is_active=False)
    assert checks.no_demo_account() == []


def test_the_embedded_portal_may_have_demo_accounts(demo_account):
    assert checks.no_demo_account() == []


def test_a_server_without_any_account_is_told_how_to_make_one(db, on_a_server):
    User.objects.update(is_active=False)
    assert faults(checks.somebody_manages_people) == ["ntm_portal.W001"]


def test_a_province_that_is_not_in_the_register_is_refused(db):
    with override_settings(PROVINCE_CODE="99"):
        assert faults(checks.province_is_in_the_register) == ["ntm_portal.E002"]
    assert faults(checks.province_is_in_the_register) == []


def test_a_server_for_this_machine_only_is_warned_about():
    with override_settings(IS_SERVER=True, ALLOWED_HOSTS=["localhost", "127.0.0.1"]):
        assert faults(checks.hosts_are_public) == ["ntm_portal.W002"]


def test_the_compose_file_starts_every_part_of_the_portal_from_one_image():
    ours = {name for name, service in COMPOSE["services"].items() if service.get("build")}
    assert ours == {"prepare", "web", "worker", "beat"}
    assert {COMPOSE["services"][name]["image"] for name in ours} == {"ntm-portal"}


def test_every_long_running_part_of_the_compose_file_is_watched():
    assert all(service.get("healthcheck") for name, service in COMPOSE["services"].items() if name != "prepare")


def test_the_portal_starts_only_after_its_database_is_prepared():
    for name in ("web", "worker", "beat"):
        assert COMPOSE["services"][name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}


def test_no_secret_stands_in_the_compose_file():
    assert "SECRET_KEY" not in COMPOSE["services"]["web"]["environment"]
    assert COMPOSE["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")


def test_the_image_does_not_run_as_root():
    stages = (ROOT / "Dockerfile").read_text().split("FROM ")
    assert "\nUSER portal\n" in stages[-1]
