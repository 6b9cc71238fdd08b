"""Scans of signed papers: of a decision and of a unit's sheet; what is taken, replaced, and who sees which."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.errors import NotAllowed, OutOfScope, Refused, WrongState
from accounts.models import AuditEvent
from communes import epochs
from criteria.actions import scans
from criteria.actions.decisions import ask_withdrawal, confirm_decision, withdraw_decision
from criteria.models import Assessment, Scan, State, StoredFile
from files import storage
from tests.evidence.conftest import received, stored
from tests.evidence.documents import LOCKED_PDF, PDF, XLSX, picture
from tests.files.corpus import HOSTILE

SECOND = PDF.replace(b"Catalog", b"Catalog ")
pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def keep():
    """`keep(name, content, by=…, decision=… or assessment=…, note=…)`: what the page does with one scan."""

    def send(name: str = "qd.pdf", content: bytes = PDF, **said) -> Scan:
        came = received(name, content)
        action = scans.keep_of_decision if "decision" in said else scans.keep_of_sheet
        try:
            return action(received=came, **said)
        finally:
            came.close()

    return send


def part(name: str, content: bytes) -> io.BytesIO:
    made = io.BytesIO(content)
    made.name = name
    return made


def post(client, address: str, *files: tuple[str, bytes], **said):
    return client.post(address, {"files": [part(*each) for each in files], "end": "het", **said})


def fetched(client, scan: Scan) -> bytes | int:
    """What the file's address gives: its bytes, or the status of a refusal."""
    answer = client.get(file(scan))
    return b"".join(answer.streaming_content) if answer.status_code == 200 else answer.status_code


def of(decision) -> str:
    return reverse("criteria:decision-scan", args=[decision.pk])


def file(scan: Scan) -> str:
    return reverse("criteria:scan", args=[scan.file.key])


def test_the_scan_of_a_decision_is_kept_shown_and_told(recorded, client_of, province_officer, store):
    client, before = client_of(province_officer), epochs.current()
    answer = post(client, of(recorded), ("Quyết định 2864.pdf", PDF), note="Bản chính, 3 trang")
    assert (answer.status_code, answer["Location"]) == (
        303,
        reverse("criteria:decision", args=[recorded.pk]) + "#ban-quet",
    )
    kept = Scan.objects.get()
    page = client.get(reverse("criteria:decision", args=[recorded.pk])).content.decode()
    for words in ("Quyết định 2864.pdf", "Bản chính, 3 trang", str(province_officer), file(kept)):
        assert words in page
    assert kept.file.key not in "Quyết định 2864.pdf"
    assert stored(store) == [f"kept/{kept.file.key[:2]}/{kept.file.key}"]
    assert epochs.current() > before
    told = AuditEvent.objects.get(action="scan.keep")
    assert (told.actor_id, told.data["sha256"]) == (province_officer.pk, kept.sent_sha256)


def test_a_scan_is_replaced_only_by_a_new_version_with_a_reason_and_the_old_is_kept(
    recorded, keep, client_of, province_officer
):
    first = keep(decision=recorded, by=province_officer)
    with pytest.raises(Refused) as refused:
        keep(content=SECOND, decision=recorded, by=province_officer)
    assert refused.value.field == "note"
    second = keep(content=SECOND, decision=recorded, note="Thiếu trang 2", by=province_officer)
    first.refresh_from_db()
    assert (first.replaced_at, second.replaced_at) == (second.added_at, None)
    client = client_of(province_officer)
    page = client.get(reverse("criteria:decision", args=[recorded.pk])).content.decode()
    assert "Các bản trước (1)" in page
    assert "Thiếu trang 2" in page
    assert [fetched(client, each) for each in (first, second)] == [PDF, SECOND]


def test_the_same_bytes_again_are_answered_with_what_is_there(recorded, keep, province_officer, store):
    first = keep(decision=recorded, by=province_officer)
    assert keep("khac-ten.pdf", decision=recorded, by=province_officer) == first
    assert (StoredFile.objects.count(), len(stored(store))) == (1, 1)


REFUSED = {
    "a page called a picture": ("trang.jpg", b"<script>alert(1)</script>"),
    "a picture in text": ("anh.svg", b"<svg/>"),
    "a locked document": ("qd.pdf", LOCKED_PDF),
    "a document that was cut": ("qd.pdf", PDF[:40]),
    "a picture that was cut": ("anh.jpg", picture(size=(400, 400))[:700]),
    "a table": ("bieu.xlsx", XLSX),
    "nothing": ("rong.pdf", b""),
    **{f"hostile: {case}": (name, make()) for case, (name, make, _) in list(HOSTILE.items())[:3]},
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_file_is_refused_at_its_field_and_what_was_typed_is_kept(
    recorded, client_of, province_officer, store, case
):
    answer = post(client_of(province_officer), of(recorded), REFUSED[case], note="Bản chính, 3 trang")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="scan-fault" role="alert"' in page
    assert 'value="Bản chính, 3 trang"' in page
    assert (Scan.objects.count(), StoredFile.objects.count(), stored(store)) == (0, 0, [])


def test_too_large_too_many_none_and_a_missing_reason_are_each_told(
    recorded, keep, client_of, province_officer, settings, store
):
    client, settings.EVIDENCE_FILE_BYTES = client_of(province_officer), 1024 * 1024
    keep(decision=recorded, by=province_officer)
    large = post(client, of(recorded), ("to.pdf", PDF + bytes(1024 * 1024)), note="Thay")
    assert (large.status_code, "Tệp lớn quá 1 MB." in large.content.decode()) == (422, True)
    assert 'value="Thay"' in large.content.decode()
    two = post(client, of(recorded), ("a.pdf", PDF), ("b.pdf", SECOND))
    assert "gộp các trang vào một tệp PDF" in two.content.decode()
    assert "Chọn tệp trước khi gửi." in post(client, of(recorded)).content.decode()
    silent = post(client, of(recorded), ("b.pdf", SECOND))
    assert (silent.status_code, "Ghi lý do thay bản quét." in silent.content.decode()) == (422, True)
    settings.EVIDENCE_REQUEST_BYTES = 1000
    assert post(client, of(recorded), ("to.pdf", PDF + bytes(2000))).status_code == 413
    assert len(stored(store)) == 1


def test_a_scan_from_another_site_is_refused(recorded, client_of, province_officer):
    client = client_of(province_officer, enforce_csrf_checks=True)
    assert post(client, of(recorded), ("a.pdf", PDF)).status_code == 403
    assert not Scan.objects.exists()


def test_a_withdrawn_decision_takes_no_scan(recorded, keep, province_officer, second_province_officer):
    ask_withdrawal(decision=recorded, reason="Nhầm", by=province_officer)
    withdrawn = withdraw_decision(decision=recorded, by=second_province_officer)
    with pytest.raises(WrongState):
        keep(decision=withdrawn, by=province_officer)
    with pytest.raises(WrongState):
        keep(decision=recorded, by=province_officer)


def test_whoever_may_read_the_decision_gets_its_scan_and_nobody_else(
    recorded,
    keep,
    client_of,
    visitor,
    province_officer,
    second_province_officer,
    district_officer,
    other_district_officer,
):
    kept = keep(decision=recorded, by=province_officer)
    assert fetched(client_of(district_officer), kept) == PDF
    for client in (visitor, client_of(other_district_officer)):
        assert fetched(client, kept) == 404
    confirm_decision(decision=recorded, by=second_province_officer)
    answer = visitor.get(file(kept))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    keep(content=SECOND, decision=recorded, note="Rõ hơn", by=province_officer)
    assert fetched(visitor, kept) == 404
    assert fetched(client_of(district_officer), kept) == PDF
    assert visitor.get(reverse("criteria:scan", args=["0" * 32])).status_code == 404
    assert visitor.get("/ban-quet/..%2f..%2fetc/").status_code == 404


def test_a_scan_that_came_after_the_comparison_is_told_so(
    recorded, keep, client_of, province_officer, second_province_officer
):
    confirm_decision(decision=recorded, by=second_province_officer)
    keep(decision=recorded, by=province_officer)
    page = client_of(province_officer).get(reverse("criteria:decision", args=[recorded.pk])).content.decode()
    assert "Tải lên sau khi quyết định đã được đối chiếu." in page


def test_a_damaged_scan_is_not_handed_over(recorded, keep, client_of, province_officer):
    kept = keep(decision=recorded, by=province_officer)
    storage.path_of(kept.file.key).write_bytes(b"another")
    answer = client_of(province_officer).get(file(kept))
    assert answer.status_code == 410
    assert reverse("criteria:decision", args=[recorded.pk]) in answer.content.decode()


def test_a_kept_scan_is_no_leftover(recorded, keep, province_officer, store, capsys):
    keep(decision=recorded, by=province_officer)
    call_command("collect_files")
    assert len(stored(store)) == 1


def folder(office) -> Assessment:
    return office.reading("17.1").assessment


def sheet(office) -> str:
    return reverse("criteria:sheet-scan", args=[office.round.pk, office.home.code])


def test_the_signed_sheet_is_kept_and_shown_with_its_date_and_person(office, client_of, commune_officer):
    office.put("17.1", 61.5, State.SUBMITTED, hands=[commune_officer])
    client = client_of(commune_officer)
    assert post(client, sheet(office), ("phieu.jpg", picture())).status_code == 303
    kept = Scan.objects.get()
    page = client.get(reverse("criteria:submit", args=[office.round.pk, office.home.code])).content.decode()
    for words in ("Phiếu đã ký", "phieu.jpg", str(commune_officer), file(kept)):
        assert words in page
    assert "không còn khớp" not in page
    assert AuditEvent.objects.get(action="scan.keep").area_path == "/42/444/18502/"


def test_whoever_verifies_or_prints_finds_the_signed_sheet_if_they_may_see_the_whole_folder(
    office, keep, client_of, district_officer, district_reviewer, department_officer
):
    office.put("17.1", 61.5, State.SUBMITTED, hands=[district_officer])
    kept = keep(name="phieu-da-ky.pdf", assessment=folder(office), by=district_officer)
    verify = reverse("criteria:verify", args=[folder(office).pk])
    paper = reverse("criteria:paper", args=[office.round.pk, office.home.code])
    for address in (verify, paper):
        assert file(kept) in client_of(district_reviewer).get(address).content.decode()
        assert file(kept) not in client_of(department_officer).get(address).content.decode()


def test_figures_that_changed_after_the_signature_are_told(office, client_of, commune_officer):
    client = client_of(commune_officer)
    post(client, sheet(office), ("phieu.pdf", PDF))
    office.put("17.1", 61.5, State.SUBMITTED, hands=[commune_officer])
    page = client.get(reverse("criteria:submit", args=[office.round.pk, office.home.code])).content.decode()
    assert "bản đã ký không còn khớp" in page


def test_a_hostile_sheet_is_refused_and_what_was_typed_is_kept(office, client_of, commune_officer, store):
    answer = post(client_of(commune_officer), sheet(office), ("a.html", b"<script>"), note="Đủ chữ ký")
    assert answer.status_code == 422
    assert 'value="Đủ chữ ký"' in answer.content.decode()
    assert stored(store) == []


SENDS = {"commune_officer", "district_officer"}
SEES_FOLDER = {*SENDS, "district_reviewer", "province_officer"}


@pytest.mark.parametrize("who", [*sorted(SEES_FOLDER), "department_officer", "other_district_officer", "administrator"])
def test_the_sheet_is_sent_by_who_enters_and_seen_by_who_sees_the_whole_folder(
    office, keep, client_of, request, district_officer, who
):
    client = client_of(request.getfixturevalue(who))
    status = post(client, sheet(office), ("a.pdf", PDF)).status_code
    reads = who in SEES_FOLDER or who == "department_officer"
    assert status == (303 if who in SENDS else 403 if reads else 404)
    kept = keep(content=SECOND, assessment=folder(office), note="Bản khác", by=district_officer)
    assert fetched(client, kept) == (SECOND if who in SEES_FOLDER else 404)


def test_a_closed_round_takes_no_sheet(office, keep, district_officer, province_officer, other_district_officer):
    with pytest.raises(NotAllowed):
        keep(assessment=folder(office), by=province_officer)
    with pytest.raises(OutOfScope):
        keep(assessment=folder(office), by=other_district_officer)
    office.round.closed_on, office.round.closed_by = office.round.due_on, province_officer
    office.round.save()
    with pytest.raises(WrongState) as refused:
        keep(assessment=folder(office), by=district_officer)
    assert "đã chốt" in refused.value.message
