"""Who may read a kept file, how it is answered, and what is found out when the disk has changed."""

import os
import time

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts import jobs
from accounts.roles import Role
from criteria import kept_files, tasks
from criteria.models import Evidence, State, StoredFile
from criteria.queries.panel import evidence_file
from files import storage
from tests.conftest import PROVINCE
from tests.evidence.conftest import PDF, pdf, photograph, text_of, without_token


@pytest.fixture
def reader(person, area):
    """Sees everything of the province, changes nothing."""
    return person("nguoi-xem", Role.READER, area=area(PROVINCE))


@pytest.fixture
def file(reading, officer_client, send) -> StoredFile:
    send(officer_client, reading, pdf("Biên bản “họp” xã.pdf"))
    return StoredFile.objects.get()


def read(client, file: StoredFile) -> tuple[int, bytes]:
    """Status and content of a file, read to its end."""
    answer = client.get(address_of(file))
    content = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, content


def address_of(file: StoredFile) -> str:
    return reverse("criteria:evidence-file", args=[file.name])


# Nội dung 10.1 of Hà Linh, Hương Khê: no department leads criterion 10.
MAY_READ = {
    "commune_officer": 200,
    "district_officer": 200,
    "district_reviewer": 200,
    "province_officer": 200,
    "reader": 200,
    "other_district_officer": 404,
    "department_officer": 404,
    "administrator": 404,
}


@pytest.mark.parametrize("state", [State.DRAFT, State.APPROVED])
@pytest.mark.parametrize("who", MAY_READ)
def test_a_file_is_read_by_whoever_may_see_the_value_on_its_way(request, client_of, office, file, who, state):
    office.put("10.1", 40, state)
    assert read(client_of(request.getfixturevalue(who)), file)[0] == MAY_READ[who]


def test_a_department_reads_the_files_of_the_criteria_it_leads(
    office, officer_client, department_officer, client_of, send
):
    send(officer_client, office.reading("17.1"), pdf())
    assert read(client_of(department_officer), StoredFile.objects.get()) == (200, PDF)


def test_a_visitor_finds_nothing_not_even_of_an_approved_value(office, file, visitor):
    office.put("10.1", 40, State.APPROVED)
    absent = visitor.get(reverse("criteria:evidence-file", args=["0" * 32]))
    answer = visitor.get(address_of(file))
    assert (answer.status_code, without_token(answer)) == (404, without_token(absent))
    with pytest.raises(Exception, match="không có quyền xem"):
        evidence_file(AnonymousUser(), file.name)


def test_a_file_comes_as_an_attachment_that_no_browser_runs_or_keeps(officer_client, file):
    answer = officer_client.get(address_of(file))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''Bi%C3%AAn%20b%E1%BA%A3n%20%E2%80%9Ch%E1%BB%8Dp%E2%80%9D%20x%C3%A3.pdf"
    )
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Length"] == str(len(PDF))


def test_a_file_that_was_taken_away_is_no_longer_read(reading, officer_client, file):
    evidence = Evidence.objects.get()
    officer_client.post(reverse("criteria:evidence-remove", args=[reading.pk, evidence.pk]), {"reason": "nhầm"})
    assert officer_client.get(address_of(file)).status_code == 404


@pytest.mark.parametrize("harm", ["altered", "missing"])
def test_an_altered_or_missing_file_is_not_handed_out(officer_client, file, files_in, harm):
    (path,) = files_in("kept")
    path.write_bytes(PDF[:-1] + b"x") if harm == "altered" else path.unlink()
    answer = officer_client.get(address_of(file))
    assert answer.status_code == 500
    assert "không còn nguyên vẹn" in text_of(answer)
    assert PDF[:20] not in answer.content


def test_verify_counts_files_that_are_not_what_they_were(person, files_in, capsys):
    incoming = storage.write(PDF, largest=1 << 20)
    file = StoredFile.objects.create(
        name=storage.keep(incoming), shown_name="bien-ban.pdf", kind="pdf", size=incoming.size,
        sha256=incoming.sha256, uploaded_by=person("nguoi-nhap"), uploaded_at=timezone.now(),
    )  # fmt: skip
    call_command("verify")
    files_in("kept")[0].write_bytes(b"x")
    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify")
    assert f"file {file.pk} (bien-ban.pdf): missing or altered" in capsys.readouterr().err


def test_the_night_compares_every_file_in_steps_and_lists_what_is_wrong(
    reading, officer_client, send, file, files_in, monkeypatch
):
    monkeypatch.setattr(kept_files, "STEP_BYTES", 1)
    send(officer_client, reading, pdf("2.pdf", b"2"), pdf("3.pdf", b"3"))
    wrong = StoredFile.objects.get(shown_name="2.pdf")
    next(path for path in files_in("kept") if path.name == wrong.name).unlink()
    job = kept_files.ask()
    assert kept_files.ask() == job
    ended = jobs.work_here(job)
    assert (ended.state, ended.done, ended.total) == ("done", 3, 3)
    assert ended.result == {"damaged": [f"file {wrong.pk} (2.pdf): missing or altered on the disk"]}


def test_the_nightly_task_asks_for_the_comparison(db):
    tasks.nightly_verify()
    assert jobs.unfinished([kept_files.KIND]).count() == 1


def test_what_no_row_tells_of_goes_after_an_hour(reading, officer_client, file, files_in, uploads):
    two_hours_ago = time.time() - 7200
    left = [uploads / "incoming" / ("a" * 32), uploads / "kept" / "bb" / ("b" * 32)]
    fresh = [uploads / "incoming" / ("c" * 32), uploads / "kept" / "bb" / ("d" * 32)]
    for path in left + fresh:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    for path in [*left, *files_in("kept")]:
        if path not in fresh:
            os.utime(path, (two_hours_ago, two_hours_ago))
    assert tasks.collect_files() == 2
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in fresh)
    assert read(officer_client, file) == (200, PDF)
    call_command("collect_files")


def test_a_picture_is_shown_through_the_same_address(reading, officer_client, send):
    send(officer_client, reading, SimpleUploadedFile("anh.jpg", photograph()))
    file = StoredFile.objects.get()
    page = text_of(officer_client.get(reverse("criteria:panel", args=[reading.pk])))
    assert f'<img src="{address_of(file)}"' in page
    picture = officer_client.get(address_of(file))
    assert b"".join(picture).startswith(b"\xff\xd8\xff")
    assert picture["Content-Type"] == "image/jpeg"
