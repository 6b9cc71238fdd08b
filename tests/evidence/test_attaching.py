"""Files beside a value: what is kept, what is refused, and that refusing leaves nothing behind."""

import dataclasses
import errno
import hashlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.models import AuditEvent
from criteria.models import Evidence, State, StoredFile
from criteria.rules import evidence as rules
from files import storage
from tests.evidence.conftest import PDF, pdf, photograph, text_of
from tests.files.hostile import AT_THE_DOOR


def test_a_file_is_kept_under_a_random_name_with_its_checksum(
    reading, officer_client, district_officer, send, files_in
):
    assert send(officer_client, reading, pdf("Biên bản họp xã.pdf")).status_code == 303
    evidence = Evidence.objects.select_related("file").get(reading=reading)
    (path,) = files_in("kept")
    assert path.read_bytes() == PDF
    assert (path.name, evidence.file.sha256) == (evidence.file.name, hashlib.sha256(PDF).hexdigest())
    assert path.suffix == ""
    assert (evidence.file.shown_name, evidence.file.size) == ("Biên bản họp xã.pdf", len(PDF))
    assert (evidence.added_by, evidence.file.is_illustrative) == (district_officer, False)
    assert files_in("incoming") == []


def test_attaching_is_told_in_the_history_and_on_the_page(reading, officer_client, district_officer, send):
    page = text_of(officer_client.get(send(officer_client, reading, pdf())["Location"]))
    assert "Đã thêm 1 tệp minh chứng." in page
    assert "bien-ban.pdf" in page
    event = AuditEvent.objects.get(action="evidence.attach")
    assert (event.subject_id, event.actor_id) == (str(reading.pk), district_officer.pk)


def test_what_somebody_of_the_demonstration_sends_is_illustrative(reading, officer_client, district_officer, send):
    district_officer.is_demo = True
    district_officer.save()
    send(officer_client, reading, pdf())
    assert StoredFile.objects.get().is_illustrative


def test_several_files_are_kept_and_a_refused_one_among_them_is_named(reading, officer_client, send):
    answer = send(officer_client, reading, pdf("a.pdf"), SimpleUploadedFile("b.svg", b"<svg/>"), pdf("c.pdf", b"2"))
    assert answer.status_code == 422
    assert "<b>b.svg:</b> Không nhận tệp .svg" in text_of(answer)
    assert set(StoredFile.objects.values_list("shown_name", flat=True)) == {"a.pdf", "c.pdf"}


@pytest.mark.parametrize("sent_twice", ["one request", "two requests"])
def test_the_same_content_stands_beside_a_value_once(reading, officer_client, send, files_in, sent_twice):
    if sent_twice == "one request":
        send(officer_client, reading, pdf("a.pdf"), pdf("b.pdf"))
    else:
        send(officer_client, reading, pdf("a.pdf"))
        send(officer_client, reading, pdf("b.pdf"))
    assert Evidence.objects.count() == len(files_in("kept")) == 1
    assert files_in("incoming") == []


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "anh.jpg"), ("PNG", "anh.png"), ("MPO", "anh.jpeg")])
def test_a_photograph_keeps_its_pixels_upright_and_nothing_else(reading, officer_client, send, files_in, kind, name):
    sent = photograph(kind)
    assert b"GHI-CHU-CUA-MAY" in sent
    send(officer_client, reading, SimpleUploadedFile(name, sent))
    (path,) = files_in("kept")
    kept = Image.open(path)
    assert kept.size == (20, 40)
    assert not kept.getexif()
    assert not kept.getexif().get_ifd(0x8825)
    assert b"GHI-CHU-CUA-MAY" not in path.read_bytes()
    assert kept.convert("RGB").getpixel((10, 5))[2] < 90 < kept.convert("RGB").getpixel((10, 35))[2]


def test_a_picture_of_too_many_pixels_is_refused_unopened(reading, officer_client, send):
    out = io.BytesIO()
    Image.new("1", (9000, 5000)).save(out, "PNG")
    answer = send(officer_client, reading, SimpleUploadedFile("anh.png", out.getvalue()))
    assert answer.status_code == 422
    assert "lớn hơn 40 triệu điểm ảnh" in text_of(answer)


LOCKED_PDF = PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 5 0 R")
BAD = {
    "a picture cut off": ("anh.jpg", photograph()[:300], "Ảnh bị hỏng"),
    "a picture in name and head only": ("anh.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "Ảnh bị hỏng"),
    "a PDF under a password": ("to-trinh.pdf", LOCKED_PDF, "Bỏ mật khẩu"),
    "a table that is no evidence": ("so-lieu.csv", b"a;b\n1;2\n", "Minh chứng chỉ nhận PDF, JPG, PNG, XLSX, DOCX."),
    "a page": ("trang.html", b"<html></html>", "Không nhận tệp .html"),
    "nothing": ("rong.pdf", b"", "Tệp rỗng"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_with_the_reason_and_leaves_nothing(reading, officer_client, send, files_in, case):
    name, content, reason = BAD[case]
    answer = send(officer_client, reading, SimpleUploadedFile(name, content))
    assert answer.status_code == 422
    assert reason in text_of(answer)
    assert not StoredFile.objects.exists()
    assert files_in("kept") == files_in("incoming") == []


HOSTILE = [case for case in AT_THE_DOOR if case not in ("empty", "eleven megabytes")]


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_leaves_nothing(reading, officer_client, send, files_in, tmp_path, case):
    hostile = AT_THE_DOOR[case]
    content = hostile.make(tmp_path / "x").read_bytes()
    answer = send(officer_client, reading, SimpleUploadedFile(hostile.name, content))
    assert answer.status_code == 422
    assert not StoredFile.objects.exists()
    assert files_in("kept") == files_in("incoming") == []


def test_a_file_over_ten_megabytes_is_refused_and_the_others_stay(reading, officer_client, send, files_in):
    large = SimpleUploadedFile("lon.pdf", PDF + b"\0" * (10 << 20))
    answer = send(officer_client, reading, large, pdf("nho.pdf"))
    assert answer.status_code == 422
    assert "<b>lon.pdf:</b> Tệp lớn hơn 10 MB" in text_of(answer)
    assert [file.shown_name for file in StoredFile.objects.all()] == ["nho.pdf"]
    assert files_in("incoming") == []


def test_no_file_chosen_is_said_at_the_place(reading, officer_client, send):
    answer = send(officer_client, reading)
    assert answer.status_code == 422
    assert "Chọn tệp rồi tải lên." in text_of(answer)


NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "C:\\Users\\Mai\\biên bản.pdf": "biên bản.pdf",
    "bie\u0302n ba\u0309n.pdf": "biên bản.pdf",
    "gpj.\u202efdp.pdf": "gpj.fdp.pdf",
    "a\tb\x7f.pdf": "ab.pdf",
    "x" * 300 + ".pdf": "x" * 116 + ".pdf",
}


@pytest.mark.parametrize("sent", NAMES)
def test_the_shown_name_has_no_folder_no_control_sign_and_an_end(reading, officer_client, send, sent):
    send(officer_client, reading, pdf(sent))
    assert StoredFile.objects.get().shown_name == NAMES[sent]


@pytest.fixture
def limits(monkeypatch):
    """`limits(per_value=2)`: other limits than the file's."""

    def change(**changed):
        known = dataclasses.replace(rules.limits(), **changed)
        for module in ("criteria.actions.evidence", "criteria.views.panel"):
            monkeypatch.setattr(f"{module}.limits", lambda: known)

    return change


def test_a_value_has_so_many_files_at_most(reading, officer_client, send, limits, files_in):
    limits(per_value=2)
    answer = send(officer_client, reading, *(pdf(f"{n}.pdf", b"%d" % n) for n in range(3)))
    assert "<b>2.pdf:</b> Mỗi giá trị tối đa 2 tệp." in text_of(answer)
    assert len(files_in("kept")) == 2


def test_a_person_sends_so_many_bytes_a_year_at_most_even_of_files_taken_away(
    reading, office, officer_client, district_officer, send, limits
):
    limits(bytes_per_year=3 * len(PDF))
    send(officer_client, reading, pdf("1.pdf"), pdf("2.pdf", b"2"))
    Evidence.objects.filter(file__shown_name="1.pdf").delete()
    answer = send(officer_client, office.reading("11.1"), pdf("3.pdf", b"3"))
    assert "Năm nay bạn đã tải lên" in text_of(answer)
    StoredFile.objects.update(uploaded_at="2020-05-01T00:00:00Z")
    assert send(officer_client, office.reading("11.1"), pdf("3.pdf", b"3")).status_code == 303


def test_the_limits_are_those_of_the_file():
    known = rules.limits()
    assert (known.per_value, known.bytes_per_year, known.megapixels) == (20, 500 << 20, 40)
    assert known.kinds == ("pdf", "jpg", "png", "xlsx", "docx")


class FullDisk(io.BytesIO):
    """A file on a disk that takes two bytes."""

    def write(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("moment", ["writing", "syncing", "keeping"])
def test_a_full_disk_is_said_with_507_and_leaves_nothing(reading, officer_client, send, files_in, monkeypatch, moment):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    if moment == "writing":
        monkeypatch.setattr(storage.Path, "open", lambda path, mode: (path.touch(), FullDisk())[1])
    else:
        monkeypatch.setattr(storage.os, {"syncing": "fsync", "keeping": "rename"}[moment], full)
    answer = send(officer_client, reading, pdf())
    monkeypatch.undo()
    assert answer.status_code == 507
    assert "Máy chủ hết chỗ chứa tệp." in text_of(answer)
    assert not StoredFile.objects.exists()
    assert not AuditEvent.objects.filter(action="evidence.attach").exists()


def test_uploads_end_before_the_database_has_no_room(reading, officer_client, send, monkeypatch):
    usage = storage.shutil.disk_usage("/")._replace(free=storage.SPARED)
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda folder: usage)
    assert send(officer_client, reading, pdf()).status_code == 507


@pytest.mark.parametrize("state", [State.SUBMITTED, State.VERIFIED, State.APPRAISED, State.APPROVED])
def test_evidence_of_a_value_that_was_handed_in_is_locked(office, officer_client, district_officer, send, state):
    reading = office.put("10.1", 40, State.DRAFT)
    send(officer_client, reading, pdf())
    office.put("10.1", 40, state, hands=[district_officer] * 5)
    evidence = Evidence.objects.get()
    removal = reverse("criteria:evidence-remove", args=[reading.pk, evidence.pk])
    for answer in (
        send(officer_client, reading, pdf("khac.pdf", b"2")),
        officer_client.post(removal, {"reason": "nhầm tệp"}),
        officer_client.post(reverse("criteria:evidence-carry", args=[reading.pk])),
    ):
        assert answer.status_code == 409
        assert "Cần được trả lại hoặc mở khoá" in text_of(answer)
    evidence.refresh_from_db()
    assert (evidence.removed_at, Evidence.objects.count()) == (None, 1)


def test_evidence_is_mended_after_an_unlock(
    office, officer_client, district_officer, province_officer, client_of, send
):
    reading = office.put("10.1", 40, State.DRAFT)
    send(officer_client, reading, pdf())
    office.put("10.1", 40, State.APPROVED, hands=[district_officer] * 5)
    unlock = {"reason": "Sai minh chứng", "version": reading.version}
    client_of(province_officer).post(reverse("criteria:unlock", args=[reading.pk]), unlock)
    removal = reverse("criteria:evidence-remove", args=[reading.pk, Evidence.objects.get().pk])
    assert officer_client.post(removal, {"reason": "nhầm tệp"}).status_code == 303
    assert Evidence.objects.get().removed_by == district_officer


def test_a_closed_round_takes_no_evidence(office, reading, officer_client, send):
    office.round.closed_on = office.round.due_on
    office.round.save()
    answer = send(officer_client, reading, pdf())
    assert answer.status_code == 409
    assert "Kỳ này đã chốt." in text_of(answer)
    assert not StoredFile.objects.exists()


def test_taking_a_file_away_needs_a_reason_and_keeps_the_row(reading, officer_client, district_officer, send, files_in):
    send(officer_client, reading, pdf())
    evidence = Evidence.objects.get()
    address = reverse("criteria:evidence-remove", args=[reading.pk, evidence.pk])
    refused = officer_client.post(address, {"reason": "  "})
    assert refused.status_code == 422
    assert "Ghi lý do gỡ tệp." in text_of(refused)
    assert officer_client.post(address, {"reason": "nhầm tệp"}).status_code == 303
    assert officer_client.post(address, {"reason": "lần nữa"}).status_code == 303
    evidence.refresh_from_db()
    assert (evidence.removed_by, evidence.removal_reason) == (district_officer, "nhầm tệp")
    assert AuditEvent.objects.filter(action="evidence.remove", reason="nhầm tệp").count() == 1
    assert len(files_in("kept")) == 1
    assert send(officer_client, reading, pdf()).status_code == 303


def test_a_reason_that_was_refused_stays_in_its_field(reading, officer_client, send):
    send(officer_client, reading, pdf())
    address = reverse("criteria:evidence-remove", args=[reading.pk, Evidence.objects.get().pk])
    answer = officer_client.post(address, {"reason": "d" * 301})
    assert answer.status_code == 422
    assert f'value="{"d" * 301}"' in text_of(answer)


def test_a_value_that_the_portal_computes_takes_no_evidence(reading, officer_client, send):
    reading.input.derived = {"kind": "share"}
    reading.input.save()
    answer = send(officer_client, reading, pdf())
    assert answer.status_code == 409
    assert "do hệ thống tính" in text_of(answer)


def test_a_post_without_the_token_of_the_page_is_refused_and_leaves_nothing(
    reading, district_officer, client_of, send, files_in
):
    client = client_of(district_officer, enforce_csrf_checks=True)
    assert send(client, reading, pdf()).status_code == 403
    assert files_in("incoming") == []
    client.get(reverse("criteria:panel", args=[reading.pk]))
    token = {"X-CSRFToken": client.cookies["csrftoken"].value}
    assert send(client, reading, pdf(), headers=token).status_code == 303
