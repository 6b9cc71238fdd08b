"""Asking for a document, making it as a job, stopping it, and finding it again."""

import pytest
from django.core.exceptions import ObjectDoesNotExist

from accounts import jobs
from accounts.errors import OutOfScope, Refused
from accounts.models import AuditEvent, Job
from communes import epochs
from files import storage
from reports.actions import documents
from reports.documents.paper import digest
from reports.models import Document

pytestmark = pytest.mark.django_db


def test_a_document_is_frozen_with_its_hash_and_three_whole_files(make):
    made = make()
    assert digest(made.paper) == made.sha256
    for kind in documents.WRITERS:
        stored = getattr(made, kind)
        assert storage.is_whole(stored.key, stored.sha256)
    assert made.is_official
    assert AuditEvent.objects.filter(action="document.made", subject_id=str(made.pk)).count() == 1


def test_the_same_asked_twice_is_one_document(make, ask):
    first = make()
    assert ask().pk == first.pk
    assert Document.objects.count() == 1
    assert Job.objects.filter(kind=documents.KIND).count() == 1


def test_after_a_figure_changed_it_is_a_new_document_and_the_old_one_stays(make, ask):
    first = make()
    epochs.bump()
    assert ask().pk != first.pk
    first.refresh_from_db()
    assert digest(first.paper) == first.sha256


def test_a_job_killed_between_two_steps_goes_on_where_it_stood(ask):
    document = ask()
    job = document.job
    claimed = jobs.claim(job.pk)
    documents.prepare(claimed)
    documents.make_step(claimed)
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    frozen = Document.objects.get(pk=document.pk).sha256
    assert frozen
    jobs.work_here(Job.objects.get(pk=job.pk))
    made = Document.objects.get(pk=document.pk)
    assert made.made_at
    assert made.sha256 == frozen


def test_a_stopped_one_is_asked_for_again_and_then_made(ask, make, province_officer):
    document = ask()
    documents.cancel(document=document, by=province_officer)
    assert Job.objects.get(pk=document.job_id).state == Job.State.CANCELLED
    assert make().pk == document.pk
    assert Document.objects.get(pk=document.pk).made_at


def test_nobody_stops_what_another_asked_for(ask, second_province_officer):
    with pytest.raises(OutOfScope):
        documents.cancel(document=ask(), by=second_province_officer)


@pytest.mark.parametrize(("kind", "code"), [("annual", "42"), ("unmet", "42"), ("district", "439"), ("district", "42")])
def test_a_district_asks_for_its_own_sheet_only(ask, district_officer, kind, code):
    assert ask("district", "444", by=district_officer).area.code == "444"
    with pytest.raises(OutOfScope):
        ask(kind, code, by=district_officer)


@pytest.mark.parametrize("kind", ["", "annual ", "../annual", "khac"])
def test_an_unknown_kind_is_absent(ask, kind):
    with pytest.raises((OutOfScope, ObjectDoesNotExist)):
        ask(kind)


def test_a_six_month_report_is_not_written_for_a_year(ask):
    with pytest.raises(Refused) as refused:
        ask("half_year")
    assert refused.value.field == "period"
    assert not Document.objects.exists()


def test_figures_that_change_while_it_is_composed_are_composed_again(ask, monkeypatch):
    asked = ask()
    states = iter([1, 2, 3, *[documents.epochs.current()] * 10])
    monkeypatch.setattr(documents.epochs, "current", lambda: next(states))
    source, paper = documents._composed(asked)
    assert paper["blocks"]
    assert source.standpoint.epoch
