"""Fixtures of every test: the loaded database and the small cast of people, each with a client of their own."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client, override_settings

from accounts.models import Appointment, Department, User
from accounts.roles import Role
from communes.models import Area
from criteria.models import Criterion, LeadDepartment
from tests.services.databases import database
from tests.services.plugin import VENDORS, chosen_database, scratch

PASSWORD = "mot-mat-khau-dai-12"
# The territory of the period that most tests work in.
TERRITORY_ON = dt.date(2024, 12, 31)
APPOINTED_FROM = dt.date(2020, 1, 1)
PROVINCE, HUONG_KHE, HA_LINH, HUONG_SON = "42", "444", "18502", "439"
ENVIRONMENT_CRITERION = "17"

_databases = {}


@pytest.fixture(scope="session", autouse=True)
def _settings_of_tests():
    """Plain static files (no build needed) and a quick password hash; the rest is as in production.

    Answers of the API are not kept: tests write rows and go back in time without the data counter knowing.
    """
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    none = {**settings.CACHES, "answers": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    with override_settings(STORAGES=storages, PASSWORD_HASHERS=hashers, CACHES=none):
        yield


@pytest.fixture(scope="session")
def django_db_setup(_settings_of_tests, django_db_blocker):
    """The migrated database with territory, law and seed: built once a run, copied for each worker."""
    assert connection.vendor == VENDORS[chosen_database()], "The run is not on the database it was asked for."
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with django_db_blocker.unblock():
        _databases["default"] = database(worker=worker, scratch=scratch())
        _databases["default"].prepare()
    yield
    with django_db_blocker.unblock():
        _databases.pop("default").remove()


@pytest.fixture(scope="session")
def loaded_template(django_db_setup) -> Path:
    """The SQLite file that holds everything loaded; copy it, never write to it."""
    return _databases["default"].template


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """A test with real transactions flushes the database at its end: the next one finds it loaded again."""
    result = yield
    marker = item.get_closest_marker("django_db")
    flushed = (marker and marker.kwargs.get("transaction")) or "transactional_db" in getattr(item, "fixturenames", ())
    if flushed and "default" in _databases:
        _databases["default"].restore()
    return result


@pytest.fixture(scope="session")
def password() -> str:
    """The password of everybody in the cast."""
    return PASSWORD


@pytest.fixture(scope="session")
def area() -> Callable[..., Area]:
    """`area(code)` or `area(code, on=date)`: the unit with that code at that date, 31 December 2024 by default."""

    def find(code: str, on: dt.date = TERRITORY_ON) -> Area:
        return Area.objects.as_of(on).get(code=code)

    return find


@pytest.fixture
def person(db) -> Callable[..., User]:
    """`person(username, role, area=…, department=…)`: somebody with one appointment in force since 2020."""

    def create(username: str, role: Role | None = None, **scope) -> User:
        user = User.objects.create(
            username=username, display_name=f"Cán bộ thử nghiệm {username}", password=make_password(PASSWORD)
        )
        if role:
            Appointment.objects.create(user=user, role=role, valid_from=APPOINTED_FROM, **scope)
        return user

    return create


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """`client_of(user)`: a browser signed in as `user`."""

    def signed_in(user: User, **options) -> Client:
        client = Client(**options)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def visitor() -> Client:
    """A browser of nobody."""
    return Client()


@pytest.fixture
def province_officer(person, area) -> User:
    return person("tinh-mot", Role.PROVINCE_OFFICER, area=area(PROVINCE))


@pytest.fixture
def second_province_officer(person, area) -> User:
    return person("tinh-hai", Role.PROVINCE_OFFICER, area=area(PROVINCE))


@pytest.fixture
def district_officer(person, area) -> User:
    """Enters and submits for Hương Khê."""
    return person("huyen-nhap", Role.DISTRICT_OFFICER, area=area(HUONG_KHE))


@pytest.fixture
def district_reviewer(person, area) -> User:
    """Verifies for Hương Khê."""
    return person("huyen-duyet", Role.DISTRICT_REVIEWER, area=area(HUONG_KHE))


@pytest.fixture
def other_district_officer(person, area) -> User:
    """Enters and submits for Hương Sơn: nothing of Hương Khê is theirs."""
    return person("huyen-khac", Role.DISTRICT_OFFICER, area=area(HUONG_SON))


@pytest.fixture
def commune_officer(person, area) -> User:
    """Enters and submits for Hà Linh, a commune of Hương Khê."""
    return person("xa-nhap", Role.COMMUNE_OFFICER, area=area(HA_LINH))


@pytest.fixture
def department(db) -> Department:
    """The department that leads criterion 17 of every commune set; the seed's assignment where there is one."""
    led = LeadDepartment.objects.filter(
        criterion__code=ENVIRONMENT_CRITERION, criterion__criteria_set__slug="commune-ntm-2021-2025"
    )
    if assigned := led.select_related("department").first():
        return assigned.department
    department = Department.objects.create(code="so-thu-nghiem", name="Sở thử nghiệm")
    for criterion in Criterion.objects.filter(code=ENVIRONMENT_CRITERION, criteria_set__level="commune"):
        LeadDepartment.objects.create(criterion=criterion, department=department)
    return department


@pytest.fixture
def department_officer(person, department) -> User:
    """Appraises the criteria of `department`."""
    return person("so-tham-dinh", Role.DEPARTMENT_OFFICER, department=department)


@pytest.fixture
def administrator(person) -> User:
    return person("quan-tri-thu", Role.ADMINISTRATOR)
