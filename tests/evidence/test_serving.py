"""Stored files: to whom they are handed over and how, and that each row has its whole file."""

import os
import time

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from criteria import stored_files, verification
from criteria.actions import evidence
from criteria.models import State
from criteria.tasks import collect_files
from files import storage
from tests.conftest import PROVINCE
from tests.evidence.conftest import received, stored
from tests.evidence.documents import PDF, picture

SEES = {"commune_officer", "district_officer", "district_reviewer", "department_officer", "province_officer"}
CAST = (*sorted(SEES), "other_district_officer", "administrator")


def address(kept) -> str:
    return reverse("criteria:evidence-file", args=[kept.file.key])


def content(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("state", [State.DRAFT, State.APPROVED])
@pytest.mark.parametrize("who", CAST)
def test_a_file_is_handed_to_who_may_see_its_value_on_the_way(
    office, attach, request, client_of, commune_officer, who, state
):
    kept = attach(office.reading("17.1"), "a.pdf", PDF, by=commune_officer)
    office.put("17.1", 61.5, state)
    answer = client_of(request.getfixturevalue(who)).get(address(kept))
    assert answer.status_code == (200 if who in SEES else 404)
    if who in SEES:
        assert content(answer) == PDF


def test_a_visitor_learns_nothing_even_of_an_approved_value(office, attach, visitor, district_officer):
    kept = attach(office.reading("17.1"), "a.pdf", PDF, by=district_officer)
    office.put("17.1", 61.5, State.APPROVED)
    absent = visitor.get(reverse("criteria:evidence-file", args=["0" * 32]))
    hidden = visitor.get(address(kept))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content == absent.content


def test_a_department_gets_the_files_of_its_own_criteria_only(
    office, attach, client_of, district_officer, department_officer
):
    own = attach(office.reading("17.1"), "a.pdf", PDF, by=district_officer)
    other = attach(office.reading("10.1"), "a.pdf", PDF, by=district_officer)
    client = client_of(department_officer)
    assert content(client.get(address(own))) == PDF
    assert client.get(address(other)).status_code == 404


def test_a_reader_gets_the_file(office, attach, person, area, client_of, district_officer):
    kept = attach(office.reading("17.1"), "a.pdf", PDF, by=district_officer)
    assert content(client_of(person("xem", Role.READER, area=area(PROVINCE))).get(address(kept))) == PDF


def test_a_file_comes_as_a_download_that_no_browser_runs(office, attach, client_of, district_officer):
    kept = attach(office.reading("17.1"), 'Biên bản "họp"; a.pdf', PDF, by=district_officer)
    answer = client_of(district_officer).get(address(kept))
    content(answer)
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''Bi%C3%AAn%20b%E1%BA%A3n%20%22h%E1%BB%8Dp%22%3B%20a.pdf"
    )
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Length"] == str(len(PDF))


def test_a_damaged_file_is_not_handed_over_and_the_nightly_check_finds_it(
    office, attach, client_of, district_officer, caplog
):
    kept = attach(office.reading("17.1"), "anh.png", picture("PNG"), by=district_officer)
    gone = attach(office.reading("17.1"), "b.pdf", PDF, by=district_officer)
    assert list(stored_files.faults()) == []
    storage.path_of(kept.file.key).write_bytes(b"another")
    storage.discard(gone.file.key)
    for each in (kept, gone):
        answer = client_of(district_officer).get(address(each))
        assert answer.status_code == 410
        assert "không còn nguyên vẹn" in answer.content.decode()
    told = [f"file {each.file.key}: missing, or not what was stored" for each in (kept, gone)]
    assert list(stored_files.faults()) == told
    assert set(told) <= set(verification.verify_all()[1])


def older(path) -> None:
    past = time.time() - storage.LEFT_BEHIND_SECONDS - 1
    os.utime(path, (past, past))


def test_what_nobody_refers_to_is_taken_away_after_an_hour_and_nothing_else(
    office, attach, district_officer, store, capsys
):
    kept = attach(office.reading("17.1"), "a.pdf", PDF, by=district_officer)
    orphan, young = (storage.keep(received("x.pdf", PDF).path) for _ in range(2))
    cut, coming = received("y.pdf", PDF), received("z.pdf", PDF)
    for path in (storage.path_of(kept.file.key), storage.path_of(orphan), cut.path):
        older(path)
    assert collect_files() == 2
    assert {name.rsplit("/", 1)[-1] for name in stored(store)} == {kept.file.key, young, coming.path.name}
    call_command("collect_files")
    assert capsys.readouterr().out == "0 files removed.\n"


def test_a_file_that_was_removed_from_its_value_stays_in_the_store(office, attach, district_officer, store):
    kept = attach(office.reading("17.1"), "a.pdf", PDF, by=district_officer)
    evidence.remove(evidence_id=kept.pk, reason="Nhầm", by=district_officer)
    older(storage.path_of(kept.file.key))
    assert collect_files() == 0
    assert len(stored(store)) == 1


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n"])
def test_only_keys_of_the_store_name_files(key):
    with pytest.raises(ValueError, match="not a key"):
        storage.path_of(key)


def test_the_panel_takes_the_same_statements_for_one_file_and_for_many(
    office, attach, client_of, district_officer, commune_officer
):
    reading, client = office.reading("17.1"), client_of(district_officer)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("criteria:panel", args=[reading.pk]))
        return len(captured)

    attach(reading, "a.pdf", PDF, by=district_officer)
    few = statements()
    for number in range(8):
        attach(reading, "a.pdf", PDF + bytes([number]), by=(district_officer, commune_officer)[number % 2])
    assert statements() == few
