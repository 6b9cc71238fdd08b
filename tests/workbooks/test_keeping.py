"""Files of sent tables: so many in a year, gone when they are old or were cut, and looked at every night."""

import datetime as dt
import os
import time

import pytest
from django.utils import timezone

from accounts.errors import Refused, WrongState
from accounts.models import AuditEvent
from criteria import stored_files
from criteria.actions import imports
from criteria.models import Import, RecomputeRun
from criteria.tasks import clean_imports, nightly_verify
from criteria.workbooks import storing
from files import storage
from ntm_portal.schedule import BEAT_SCHEDULE
from tests.workbooks.conftest import HEADING, table

pytestmark = pytest.mark.django_db
GOOD = [[*HEADING, "17.1"], ["18502", None, 64]]


def upload(office, by, content: bytes = b"") -> Import:
    return imports.upload(round_id=office.round.pk, name="b.xlsx", chunks=[content or table(GOOD)], by=by)


def names() -> set[str]:
    return {path.name for path in storing.folder().glob("*")}


def older(*found: str) -> None:
    past = time.time() - storage.LEFT_BEHIND_SECONDS - 1
    for name in found:
        os.utime(storing.path_of(name), (past, past))


def test_a_person_sends_so_much_in_a_year_and_a_new_year_begins_anew(
    office, district_officer, other_district_officer, settings
):
    content = table(GOOD)
    settings.EVIDENCE_YEAR_BYTES = 2 * len(content) - 1
    upload(office, district_officer, content)
    with pytest.raises(Refused, match="Năm nay bạn đã gửi gần đủ") as refused:
        upload(office, district_officer, content)
    assert (refused.value.field, refused.value.code) == ("file", "year_full")
    assert (Import.objects.count(), len(names())) == (1, 1)
    upload(office, other_district_officer, content)
    Import.objects.update(asked_at=timezone.now() - dt.timedelta(days=367))
    upload(office, district_officer, content)


def test_a_file_over_the_years_limit_is_given_up_before_the_rest_of_it_is_taken(office, district_officer, settings):
    settings.EVIDENCE_YEAR_BYTES = 10
    taken = []

    def chunks():
        for number in range(5):
            taken.append(number)
            yield b"12345678"

    with pytest.raises(Refused, match="chỉ còn 0,0 MB"):
        imports.upload(round_id=office.round.pk, name="b.xlsx", chunks=chunks(), by=district_officer)
    assert taken == [0, 1]
    assert names() == set()


def test_cut_uploads_and_files_that_no_import_knows_go_after_an_hour(office, district_officer):
    made = upload(office, district_officer)
    left = ("a" * 32, "b" * 32 + ".part", f"{made.stored_as}.json.1234.part", "c" * 32 + ".json")
    for name in (*left, "d" * 32 + ".part"):
        storing.path_of(name).write_bytes(b"x")
    storing.keep_text(f"{made.stored_as}.json", "{}")
    older(*left, made.stored_as, f"{made.stored_as}.json")
    assert clean_imports() == 4
    assert names() == {made.stored_as, f"{made.stored_as}.json", "d" * 32 + ".part"}
    assert clean_imports() == 0


def test_the_file_of_an_import_that_ended_long_ago_goes_and_its_row_stays(
    office, district_officer, client_of, sent, settings
):
    old, recent = (sent(table([[*HEADING, "17.1"], ["18502", None, "?"]]), district_officer) for _ in range(2))
    for made in (old, recent):
        imports.cancel(import_id=made.pk, by=district_officer)
    Import.objects.filter(pk=old.pk).update(finished_at=timezone.now() - dt.timedelta(settings.IMPORT_KEEP_DAYS + 1))
    older(old.stored_as, recent.stored_as)
    assert [clean_imports() for _ in range(2)] == [1, 0]
    assert names() == {recent.stored_as}
    assert list(stored_files.faults()) == []
    page = client_of(district_officer).get(f"/bang-tinh/{old.pk}/").content.decode()
    assert "loi/" not in page
    assert client_of(district_officer).get(f"/bang-tinh/{old.pk}/loi/").status_code == 404


def test_a_table_that_nobody_confirms_is_given_up_and_its_file_goes_with_the_others(
    office, district_officer, client_of, sent, settings
):
    forgotten, recent = (sent(table(GOOD), district_officer) for _ in range(2))
    unread = upload(office, district_officer)
    long_ago = timezone.now() - dt.timedelta(settings.IMPORT_CONFIRM_DAYS + 1)
    Import.objects.filter(pk__in=[forgotten.pk, unread.pk]).update(asked_at=long_ago)
    clean_imports()
    states = dict(Import.objects.values_list("pk", "state"))
    # One that still waits for its job is not given up: the sweep sends it again.
    assert states == {forgotten.pk: "cancelled", recent.pk: "ready", unread.pk: "read"}
    page = client_of(district_officer).get(f"/bang-tinh/{forgotten.pk}/").content.decode()
    assert f"Quá {settings.IMPORT_CONFIRM_DAYS} ngày không ai xác nhận" in page
    assert AuditEvent.objects.get(action="import.expire", subject_id=str(forgotten.pk)).actor_name == "hệ thống"
    with pytest.raises(WrongState):
        imports.apply(import_id=forgotten.pk, only_good=False, by=district_officer)
    Import.objects.filter(pk=forgotten.pk).update(
        finished_at=timezone.now() - dt.timedelta(settings.IMPORT_KEEP_DAYS + 1)
    )
    older(forgotten.stored_as)
    assert clean_imports() == 1
    assert forgotten.stored_as not in names()


def test_the_night_lists_files_that_are_not_what_was_sent_in_log_and_ledger(office, district_officer, caplog):
    changed, gone = upload(office, district_officer), upload(office, district_officer)
    storing.path_of(changed.stored_as).write_bytes(b"another")
    storing.forget(gone.stored_as)
    told = {f"import {made.pk}: file missing, or not what was sent" for made in (changed, gone)}
    assert set(stored_files.faults()) == told
    assert nightly_verify() >= 2
    assert told <= set(RecomputeRun.objects.first().faults)
    assert all(any(line in record.getMessage() for record in caplog.records) for line in told)


def test_the_cleaning_is_done_every_night():
    assert BEAT_SCHEDULE["clean-imports"]["task"] == clean_imports.name
