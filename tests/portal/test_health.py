"""`/healthz` answers for the process, `/readyz` for the portal."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import override_settings
from django.utils import timezone

from accounts import jobs
from accounts.models import Job
from communes.models import Area
from criteria.models import CriteriaSet, DirtyScope, Period, RecomputeRun
from ntm_portal import health
from tests.services.plugin import redis_address

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def readiness(client):
    """Status and document of `/readyz`."""

    def ask() -> tuple[int, dict]:
        answer = client.get("/readyz")
        return answer.status_code, answer.json()

    return ask


def test_the_process_answers_without_a_database(client):
    # No database fixture: a query here would fail the test.
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_loaded_portal_is_ready(readiness):
    assert readiness() == (200, {"status": "ready", "reasons": []})


@pytest.mark.django_db
def test_without_territory_the_portal_is_not_ready(readiness):
    with override_settings(PROVINCE_CODE="99"):
        assert readiness() == (503, {"status": "not ready", "reasons": ["the territory is not loaded"]})


@pytest.mark.django_db
def test_without_law_the_portal_is_not_ready(readiness, monkeypatch):
    monkeypatch.setattr(CriteriaSet, "objects", CriteriaSet.objects.none())
    assert readiness() == (503, {"status": "not ready", "reasons": ["the law is not loaded"]})


@pytest.mark.django_db
def test_without_the_seed_an_embedded_portal_is_not_ready_but_a_server_is(readiness, monkeypatch):
    monkeypatch.setattr(health, "seed_is_loaded", lambda: False)
    assert readiness() == (503, {"status": "not ready", "reasons": ["the seed data is not loaded"]})
    with override_settings(IS_SERVER=True):
        assert readiness()[0] == 200


@pytest.mark.django_db
def test_before_the_first_recompute_the_portal_is_not_ready(readiness):
    RecomputeRun.objects.all().delete()
    assert readiness() == (503, {"status": "not ready", "reasons": ["the first recompute has not finished"]})


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_makes_the_portal_not_ready(readiness, monkeypatch):
    monkeypatch.setattr(health, "_migrated", set())
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["one to go"])
    assert readiness() == (503, {"status": "not ready", "reasons": ["migrations are not applied"]})


@pytest.mark.django_db
def test_a_database_that_does_not_answer_makes_the_portal_not_ready(readiness, monkeypatch):
    def fail():
        raise DatabaseError("secret address of the database")

    monkeypatch.setattr(health, "NEEDED", [("never told", fail)])
    assert readiness() == (503, {"status": "not ready", "reasons": ["the database does not answer"]})


@pytest.mark.django_db
def test_a_portal_without_redis_works_but_says_so(readiness):
    with override_settings(REDIS_URL=NOWHERE):
        status, document = readiness()
    assert (status, document["status"]) == (200, "degraded")
    assert "Redis" in document["reasons"][0]


@pytest.mark.django_db
def test_a_portal_with_redis_is_ready(readiness):
    with override_settings(REDIS_URL=redis_address()):
        assert readiness()[1]["status"] == "ready"


@pytest.mark.django_db
def test_work_that_nobody_takes_is_said(readiness):
    scope = {"area": Area.objects.first(), "period": Period.objects.first()}
    DirtyScope.objects.all().delete()
    DirtyScope.objects.create(**scope, marked_at=timezone.now())
    assert readiness()[1]["status"] == "ready"
    DirtyScope.objects.update(marked_at=timezone.now() - timedelta(hours=1))
    assert readiness()[1] == {"status": "degraded", "reasons": ["recomputing is late: no worker takes the work"]}


@pytest.mark.django_db
def test_a_unit_that_fails_again_and_again_is_told(readiness):
    area, period = Area.objects.get(code="444"), Period.objects.get(code="2024")
    DirtyScope.objects.all().delete()
    DirtyScope.objects.create(area=area, period=period, marked_at=timezone.now(), failures=5, reason="a reason")
    status, document = readiness()
    assert (status, document["status"]) == (200, "degraded")
    assert document["reasons"] == ["recomputing fails again and again for 1 units: the reasons are in the ledger"]


@pytest.mark.django_db
def test_jobs_that_nobody_takes_are_told(readiness):
    job = jobs.ask(kind="anything", arguments={}, by=None, hint=False)
    assert readiness()[1]["status"] == "ready"
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now() - timedelta(minutes=11))
    assert readiness()[1]["reasons"] == ["background jobs are late: no worker takes them"]
