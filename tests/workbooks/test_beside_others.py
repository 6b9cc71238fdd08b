"""While a table is read and written others go on working, and it can be given up at every step."""

import threading

import pytest
from django.db import connection, connections

from accounts import jobs
from accounts.errors import NotAllowed, WrongState
from accounts.roles import Role
from criteria.actions import imports, readings
from criteria.models import Import, Reading
from criteria.queries import imports as queries
from criteria.workbooks import applying, reading
from tests.conftest import HUONG_KHE
from tests.workbooks.conftest import HEADING, table

GOOD = [[*HEADING, "17.1"], ["18502", None, 64]]


def uploaded(office, by) -> Import:
    return imports.upload(round_id=office.round.pk, name="b.xlsx", chunks=[table(GOOD)], by=by)


def elsewhere(act) -> list[BaseException]:
    """`act` on a connection of its own; what went wrong with it."""
    faults: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive()
    return faults


@pytest.mark.django_db(transaction=True)
def test_another_value_is_written_while_a_file_is_being_read(office, district_officer, monkeypatch):
    made, other, read = uploaded(office, district_officer), office.reading("10.1"), reading.sheets_of
    faults = []

    def slow(*args):
        assert not connection.in_atomic_block
        faults.extend(
            elsewhere(lambda: readings.record(reading_id=other.pk, text="50", version=1, by=district_officer))
        )
        return read(*args)

    monkeypatch.setattr(reading, "sheets_of", slow)
    jobs.work_here(made.job)
    made.refresh_from_db()
    assert (faults, made.state) == ([], Import.State.READY)
    assert office.reading("10.1").value == 50


@pytest.mark.django_db(transaction=True)
def test_a_table_given_up_while_it_is_being_read_is_not_checked(office, district_officer, monkeypatch):
    made, read = uploaded(office, district_officer), reading.sheets_of
    faults = []

    def slow(*args):
        faults.extend(elsewhere(lambda: imports.cancel(import_id=made.pk, by=district_officer)))
        return read(*args)

    monkeypatch.setattr(reading, "sheets_of", slow)
    jobs.work_here(made.job)
    made.refresh_from_db()
    assert (faults, made.state, made.new) == ([], Import.State.CANCELLED, 0)


@pytest.mark.django_db
def test_a_table_given_up_between_reading_and_checking_is_not_checked(office, district_officer):
    made = uploaded(office, district_officer)
    jobs.work(made.job_id, seconds=0)
    imports.cancel(import_id=made.pk, by=district_officer)
    made.refresh_from_db()
    assert jobs.work_here(made.job).state == "cancelled"
    made.refresh_from_db()
    assert (made.state, made.new) == (Import.State.CANCELLED, 0)


@pytest.mark.django_db
def test_a_table_given_up_while_it_is_being_written_leaves_nothing(office, district_officer, sent, monkeypatch):
    made = sent(table(GOOD), district_officer)
    found, write = imports.apply(import_id=made.pk, only_good=False, by=district_officer), applying.write

    def told_to_stop(*args, **kwargs):
        monkeypatch.setattr(jobs, "is_stopped", lambda job: True)
        return write(*args, **kwargs)

    monkeypatch.setattr(applying, "write", told_to_stop)
    assert jobs.work_here(found.job).state == "cancelled"
    assert office.reading("17.1").value is None
    imports.cancel(import_id=made.pk, by=district_officer)
    made.refresh_from_db()
    assert made.state == Import.State.CANCELLED


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_giving_up_reaches_a_writing_job_over_another_connection(office, district_officer, sent, monkeypatch):
    made = sent(table(GOOD), district_officer)
    found, write = imports.apply(import_id=made.pk, only_good=False, by=district_officer), applying.write
    faults: list[BaseException] = []
    giving_up = threading.Thread(
        target=lambda: faults.extend(elsewhere(lambda: imports.cancel(import_id=made.pk, by=district_officer)))
    )

    def slow(*args, **kwargs):
        written = write(*args, **kwargs)
        giving_up.start()
        for _ in range(200):
            if jobs.is_stopped(found.job):
                break
            threading.Event().wait(0.05)
        return written

    monkeypatch.setattr(applying, "write", slow)
    jobs.work_here(found.job)
    giving_up.join(timeout=20)
    made.refresh_from_db()
    assert (faults, made.state) == ([], Import.State.CANCELLED)
    assert office.reading("17.1").value is None


@pytest.mark.django_db
def test_the_page_counts_the_steps_and_offers_to_give_up_in_each(office, district_officer, client_of, sent):
    officer, made = client_of(district_officer), uploaded(office, district_officer)

    def shown() -> str:
        page = officer.get(f"/bang-tinh/{made.pk}/").content.decode()
        assert "huy/" in page
        return page

    assert 'Bước <span class="n">1/3</span>: đang đọc tệp' in shown()
    jobs.work(made.job_id, seconds=0)
    assert 'Bước <span class="n">2/3</span>: đang kiểm tra' in shown()
    jobs.work_here(queries.find(district_officer, made.pk).job)
    imports.apply(import_id=made.pk, only_good=False, by=district_officer)
    assert 'Bước <span class="n">3/3</span>: đang ghi…' in shown()
    jobs.work_here(queries.find(district_officer, made.pk).job)
    with pytest.raises(WrongState):
        imports.cancel(import_id=made.pk, by=district_officer)


@pytest.mark.django_db
def test_who_imported_a_value_neither_verifies_nor_approves_it(office, person, area, sent, applied):
    both = person("hai-vai", Role.DISTRICT_OFFICER, area=area(HUONG_KHE))
    for role, place in ((Role.DISTRICT_REVIEWER, HUONG_KHE), (Role.PROVINCE_OFFICER, "42")):
        both.appointments.create(role=role, area=area(place), valid_from="2020-01-01")
    applied(sent(table(GOOD), both), both)
    value = office.reading("17.1")
    readings.submit(assessment_id=value.assessment_id, by=both)
    with pytest.raises(NotAllowed) as refused:
        readings.verify(assessment_id=value.assessment_id, by=both)
    assert refused.value.code == "four_eyes"
    Reading.objects.filter(pk=value.pk).update(state=4)  # verified and appraised by others
    with pytest.raises(NotAllowed) as refused:
        readings.approve(reading_ids=[value.pk], by=both)
    assert refused.value.code == "four_eyes"
