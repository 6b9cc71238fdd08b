"""Evidence taken over from the period before: by reference, once, and only what the person may see."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from criteria.actions.rounds import ensure_year
from criteria.models import Evidence, Reading, Round, StoredFile
from tests.evidence.conftest import PDF, pdf, text_of


@pytest.fixture
def before(office, area) -> Reading:
    """The same value a year earlier, with two files."""
    earlier = Round.objects.create(
        province=office.round.province, period=ensure_year(2023), criteria_set=office.round.criteria_set,
        due_on=dt.date(2023, 12, 31), opened_at=timezone.now(),
    )  # fmt: skip
    now, office.round = office.round, earlier
    office.add(office.home)
    reading, office.round = office.reading("10.1"), now
    return reading


@pytest.fixture
def carry(officer_client, reading):
    return lambda: officer_client.post(reverse("criteria:evidence-carry", args=[reading.pk]), follow=True)


def test_files_of_the_period_before_are_taken_over_without_a_byte_copied(
    before, reading, officer_client, district_officer, send, carry, files_in
):
    send(officer_client, before, pdf("1.pdf"), pdf("2.pdf", b"2"))
    panel = reverse("criteria:panel", args=[reading.pk])
    assert "Lấy lại từ kỳ trước (2)" in text_of(officer_client.get(panel))
    assert "Đã lấy lại 2 tệp từ kỳ trước." in text_of(carry())
    taken = Evidence.objects.filter(reading=reading, is_carried=True, added_by=district_officer)
    assert {each.file_id for each in taken} == set(StoredFile.objects.values_list("pk", flat=True))
    assert len(files_in("kept")) == 2
    event = AuditEvent.objects.get(action="evidence.carry")
    assert (event.subject_id, event.data) == (
        str(reading.pk), {"file": "1.pdf, 2.pdf", "from_reading": before.pk},
    )  # fmt: skip
    page = text_of(officer_client.get(panel))
    assert "lấy lại từ kỳ trước" in page
    assert "Lấy lại từ kỳ trước (" not in page


def test_taking_over_twice_is_once_and_what_stands_here_is_left_out(before, reading, officer_client, send, carry):
    send(officer_client, before, pdf("1.pdf"), pdf("2.pdf", b"2"))
    send(officer_client, reading, pdf("như 1.pdf"))
    assert "Đã lấy lại 1 tệp từ kỳ trước." in text_of(carry())
    assert "Minh chứng kỳ trước đã có ở đây." in text_of(carry())
    assert Evidence.objects.filter(reading=reading).count() == 2
    assert AuditEvent.objects.filter(action="evidence.carry").count() == 1


def test_with_nothing_before_the_page_says_so(reading, officer_client, carry):
    answer = carry()
    assert answer.status_code == 422
    assert "Kỳ trước không có minh chứng để lấy lại." in text_of(answer)


def test_a_file_taken_over_stays_when_it_is_taken_away_from_the_period_before(
    before, reading, officer_client, send, carry
):
    send(officer_client, before, pdf("1.pdf"))
    carry()
    evidence = Evidence.objects.get(reading=before)
    officer_client.post(reverse("criteria:evidence-remove", args=[before.pk, evidence.pk]), {"reason": "nhầm"})
    file = StoredFile.objects.get()
    answer = officer_client.get(reverse("criteria:evidence-file", args=[file.name]))
    assert (answer.status_code, b"".join(answer)) == (200, PDF)


def test_evidence_taken_away_before_is_not_taken_over(before, reading, officer_client, send, carry):
    send(officer_client, before, pdf("1.pdf"))
    evidence = Evidence.objects.get(reading=before)
    officer_client.post(reverse("criteria:evidence-remove", args=[before.pk, evidence.pk]), {"reason": "nhầm"})
    assert carry().status_code == 422
