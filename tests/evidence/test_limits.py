"""How much evidence: of a file, of a value, of a request, of a person in a year; and what is sent several at once."""

import pytest
from django.urls import reverse

from accounts.errors import Refused
from criteria.actions import evidence
from criteria.models import Evidence, StoredFile
from criteria.queries.panel import panel
from tests.evidence.conftest import stored
from tests.evidence.documents import PDF, XLSX


def test_a_value_has_so_many_files_at_most(office, attach, district_officer, settings):
    settings.EVIDENCE_PER_VALUE = 2
    reading = office.reading("17.1")
    kept = [attach(reading, "a.pdf", PDF + bytes([n]), by=district_officer) for n in (1, 2)]
    with pytest.raises(Refused, match="nhiều nhất 2 tệp"):
        attach(reading, "a.pdf", PDF + b"3", by=district_officer)
    evidence.remove(evidence_id=kept[0].pk, reason="Nhầm xã", by=district_officer)
    attach(reading, "a.pdf", PDF + b"3", by=district_officer)


def test_a_person_sends_so_much_in_a_year_at_most_and_removing_gives_nothing_back(
    office, attach, district_officer, commune_officer, settings
):
    settings.EVIDENCE_YEAR_BYTES = 2 * len(PDF)
    kept = attach(office.reading("17.1"), "a.pdf", PDF, by=district_officer)
    evidence.remove(evidence_id=kept.pk, reason="Nhầm xã", by=district_officer)
    with pytest.raises(Refused, match="Năm nay"):
        attach(office.reading("17.1"), "b.pdf", PDF + b" ", by=district_officer)
    attach(office.reading("17.1"), "b.pdf", PDF + b" ", by=commune_officer)
    StoredFile.objects.update(stored_at="2020-05-01T00:00:00Z")
    attach(office.reading("17.1"), "c.pdf", PDF + b"  ", by=district_officer)


def test_a_file_that_is_too_big_is_not_even_written(office, post, client_of, district_officer, store, settings):
    settings.EVIDENCE_FILE_BYTES = 1024 * 1024
    answer = post(client_of(district_officer), office.reading("17.1"), ("to.pdf", PDF + bytes(1024 * 1024)))
    assert answer.status_code == 422
    assert "Tệp lớn quá 1 MB." in answer.content.decode()
    assert stored(store) == []


def test_a_request_that_is_far_too_big_is_not_read(office, post, client_of, district_officer, store, settings):
    settings.EVIDENCE_REQUEST_BYTES = 1000
    answer = post(client_of(district_officer), office.reading("17.1"), ("to.pdf", PDF + bytes(2000)))
    assert answer.status_code == 413
    assert not (store / "incoming").exists()


def test_several_files_are_each_for_itself(office, post, client_of, district_officer):
    reading = office.reading("17.1")
    answer = post(client_of(district_officer), reading, ("a.pdf", PDF), ("b.svg", b"<svg/>"), ("c.xlsx", XLSX))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "b.svg: Không nhận tệp .svg." in page
    assert [each.name for each in panel(district_officer, reading.pk).evidence] == ["a.pdf", "c.xlsx"]


def test_sending_without_a_file_says_so(office, client_of, district_officer):
    address = reverse("criteria:evidence-attach", args=[office.reading("17.1").pk])
    answer = client_of(district_officer).post(address, {"end": "het"})
    assert answer.status_code == 422
    assert "Chọn tệp trước khi gửi." in answer.content.decode()


def test_an_upload_from_another_site_is_refused(office, post, client_of, district_officer, store):
    client, reading = client_of(district_officer, enforce_csrf_checks=True), office.reading("17.1")
    assert post(client, reading, ("a.pdf", PDF)).status_code == 403
    assert (Evidence.objects.count(), stored(store)) == (0, [])
    client.get(reverse("criteria:panel", args=[reading.pk]))
    token = client.cookies["csrftoken"].value
    assert post(client, reading, ("a.pdf", PDF), headers={"X-CSRFToken": token}).status_code == 303
