"""Evidence of a value: what is taken, what is refused and why, who may, and when."""

import io
import threading

import pytest
from django.db import connection
from django.urls import reverse
from PIL import Image

from accounts.errors import Refused, WrongState
from accounts.models import AuditEvent
from criteria.actions import evidence, readings, taking
from criteria.models import Evidence, Reading, State, StoredFile
from criteria.queries.marks import marks_in, with_marks
from criteria.queries.panel import panel
from files import storage
from tests.evidence.conftest import received, stored
from tests.evidence.documents import DOCX, LOCKED_PDF, PDF, XLSX, photograph, picture, png_of_many_points
from tests.files.corpus import HOSTILE

ENTERS = {"commune_officer", "district_officer"}
SEES = {*ENTERS, "district_reviewer", "department_officer", "province_officer"}
CAST = (*sorted(SEES), "other_district_officer", "administrator")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Biên bản họp xã.pdf", PDF, "pdf"),
        ("anh.JPG", picture(), "jpeg"),
        ("anh.png", picture("PNG"), "png"),
        ("bieu.xlsx", XLSX, "xlsx"),
        ("to-trinh.docx", DOCX, "docx"),
    ],
)
def test_every_kind_that_officers_use_is_kept(office, attach, district_officer, store, name, content, kind):
    made = attach(office.reading("17.1"), name, content, by=district_officer)
    assert (made.name, made.file.kind) == (name, kind)
    path = storage.path_of(made.file.key)
    assert (path.stat().st_size, storage.digest(path)) == (made.file.size, made.file.sha256)
    assert stored(store) == [f"kept/{made.file.key[:2]}/{made.file.key}"]
    assert name.rsplit(".")[0] not in str(path)


REFUSED = {
    "a picture in text": ("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "a page": ("trang.html", b"<script>alert(1)</script>"),
    "a page called a picture": ("trang.jpg", b"<script>alert(1)</script>"),
    "a table of values": ("bieu.csv", b"a;b\n1;2\n"),
    "a program": ("bieu.exe", b"MZ" + bytes(100)),
    "a locked document": ("quyet-dinh.pdf", LOCKED_PDF),
    "a document that was cut": ("quyet-dinh.pdf", PDF[:40]),
    "a picture that was cut": ("anh.jpg", picture(size=(400, 400))[:700]),
    "a picture of too many points": ("anh.png", png_of_many_points(8000, 5001)),
    "nothing": ("rong.pdf", b""),
    "a name without an ending": ("bieu", PDF),
    **{f"hostile: {case}": (name, make()) for case, (name, make, _) in HOSTILE.items() if name.endswith("x")},
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_taken_is_refused_with_a_sentence_and_leaves_nothing(office, attach, district_officer, store, case):
    with pytest.raises(Refused) as refused:
        attach(office.reading("17.1"), *REFUSED[case], by=district_officer)
    assert (refused.value.status, refused.value.field) == (422, "files")
    assert refused.value.message.endswith(".")
    assert not StoredFile.objects.exists()
    assert stored(store) == []


def test_a_photograph_is_kept_upright_without_the_place_where_it_was_taken(office, attach, district_officer):
    sent = photograph()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
    made = attach(office.reading("17.1"), "anh.jpg", sent, by=district_officer)
    with Image.open(storage.path_of(made.file.key)) as kept:
        assert kept.size == (20, 40)
        assert not kept.getexif()
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert kept.convert("RGB").getpixel((10, 5))[1] < 60
    content = storage.path_of(made.file.key).read_bytes()
    assert b"TelephoneMaker" not in content
    assert b"taken at home" not in content


def test_a_photograph_of_forty_million_points_is_taken_and_does_not_grow(office, attach, district_officer):
    exif = Image.Exif()
    exif[274] = 6
    out = io.BytesIO()
    Image.effect_noise((800, 600), 60).resize((7300, 5400)).convert("RGB").save(out, "JPEG", quality=50, exif=exif)
    made = attach(office.reading("17.1"), "anh.jpg", out.getvalue(), by=district_officer)
    with Image.open(storage.path_of(made.file.key)) as kept:
        assert kept.size == (5400, 7300)
    assert made.file.size < 2 * len(out.getvalue())


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Mai\\bieu.pdf", "bieu.pdf"),
        ("bie\u0302\u0309u\x00\x1b\u202efdp.pdf", "biểufdp.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_the_name_is_kept_for_display_only(office, attach, district_officer, sent, shown):
    assert attach(office.reading("17.1"), sent, PDF, by=district_officer).name == shown


@pytest.mark.parametrize("who", CAST)
def test_only_who_enters_the_value_adds_evidence_and_who_may_not_see_it_learns_nothing(
    office, post, request, client_of, store, who
):
    answer = post(client_of(request.getfixturevalue(who)), office.reading("17.1"), ("a.pdf", PDF))
    assert answer.status_code == (303 if who in ENTERS else 403 if who in SEES else 404)
    assert Evidence.objects.count() == (1 if who in ENTERS else 0)
    assert len(stored(store)) == (1 if who in ENTERS else 0)


def test_a_value_that_does_not_exist_is_answered_as_one_out_of_scope(office, client_of, district_officer, visitor):
    address = reverse("criteria:evidence-attach", args=[10**12])
    assert client_of(district_officer).post(address).status_code == 404
    assert visitor.post(address).status_code == 302


def test_evidence_stays_as_it_is_once_the_value_is_handed_in(office, attach, district_officer):
    reading = office.reading("17.1")
    kept = attach(reading, "a.pdf", PDF, by=district_officer)
    for state in (State.SUBMITTED, State.VERIFIED, State.APPRAISED, State.APPROVED):
        office.put("17.1", 61.5, state)
        for act in (
            lambda: attach(reading, "b.pdf", PDF + b" ", by=district_officer),
            lambda: evidence.remove(evidence_id=kept.pk, reason="Nhầm", by=district_officer),
            lambda: evidence.carry_forward(reading_id=reading.pk, by=district_officer),
        ):
            with pytest.raises(WrongState):
                act()
    assert [each.removed_at for each in Evidence.objects.all()] == [None]


def test_after_an_unlock_evidence_may_change_again(office, attach, district_officer, province_officer):
    reading = office.put("17.1", 61.5, State.APPROVED, hands=[district_officer])
    readings.unlock(reading_id=reading.pk, reason="Sai tệp", version=reading.version, by=province_officer)
    attach(reading, "a.pdf", PDF, by=district_officer)


def test_a_closed_round_takes_no_evidence(office, attach, district_officer, province_officer):
    office.round.closed_on, office.round.closed_by = office.round.due_on, province_officer
    office.round.save()
    with pytest.raises(WrongState) as refused:
        attach(office.reading("17.1"), "a.pdf", PDF, by=district_officer)
    assert "đã chốt" in refused.value.message


def test_a_value_handed_in_while_its_file_was_looked_into_takes_none(
    office, attach, district_officer, store, monkeypatch
):
    reading, looked_into = office.reading("17.1"), taking.looked_into

    def slow(came, allowed):
        office.put("17.1", 61.5, State.SUBMITTED)
        return looked_into(came, allowed)

    monkeypatch.setattr(taking, "looked_into", slow)
    with pytest.raises(WrongState):
        attach(reading, "a.pdf", PDF, by=district_officer)
    assert (Evidence.objects.count(), stored(store)) == (0, [])


def test_the_same_file_twice_stands_once(office, attach, district_officer, store):
    reading = office.reading("17.1")
    first = attach(reading, "anh.jpg", photograph(), by=district_officer)
    assert attach(reading, "anh khac ten.jpg", photograph(), by=district_officer) == first
    assert len(stored(store)) == 1
    attach(office.reading("17.3"), "anh.jpg", photograph(), by=district_officer)
    assert len(stored(store)) == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_by_two_hands_at_once_stands_once(office, attach, district_officer, commune_officer, store):
    reading, together, faults = office.reading("17.1"), threading.Barrier(2), []

    def send(by):
        together.wait()
        try:
            attach(reading, "a.pdf", PDF, by=by)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[by]) for by in (district_officer, commune_officer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert (Evidence.objects.count(), StoredFile.objects.count(), len(stored(store))) == (1, 1, 1)


def test_evidence_is_removed_with_a_reason_and_stays_in_the_record(office, attach, client_of, district_officer, store):
    reading = office.reading("17.1")
    kept, client = attach(reading, "a.pdf", PDF, by=district_officer), client_of(district_officer)
    address = reverse("criteria:evidence-remove", args=[kept.pk])
    answer = client.post(address, {"reason": " "})
    assert answer.status_code == 422
    assert "Ghi lý do gỡ tệp" in answer.content.decode()
    assert client.post(address, {"reason": "Nhầm xã"}).status_code == 303
    assert client.post(address, {"reason": "Nhầm xã"}).status_code == 404
    shown = panel(district_officer, reading.pk)
    assert (shown.evidence, [each.removal_reason for each in shown.removed]) == ([], ["Nhầm xã"])
    assert len(stored(store)) == 1
    attach(reading, "a.pdf", PDF, by=district_officer)


@pytest.mark.parametrize("who", CAST)
def test_only_who_enters_the_value_removes_evidence(office, attach, request, client_of, commune_officer, who):
    kept = attach(office.reading("17.1"), "a.pdf", PDF, by=commune_officer)
    answer = client_of(request.getfixturevalue(who)).post(
        reverse("criteria:evidence-remove", args=[kept.pk]), {"reason": "Nhầm"}
    )
    assert answer.status_code == (303 if who in ENTERS else 403 if who in SEES else 404)
    kept.refresh_from_db()
    assert bool(kept.removed_at) is (who in ENTERS)


def test_everything_done_with_evidence_is_in_the_audit_trail(office, attach, district_officer):
    kept = attach(office.reading("17.1"), "a.pdf", PDF, by=district_officer)
    evidence.remove(evidence_id=kept.pk, reason="Nhầm xã", by=district_officer)
    rows = AuditEvent.objects.filter(subject_type="criteria.evidence").order_by("id")
    assert [(row.action, row.actor_id, row.reason) for row in rows] == [
        ("evidence.attach", district_officer.pk, ""),
        ("evidence.remove", district_officer.pk, "Nhầm xã"),
    ]


def test_evidence_of_a_demonstration_says_so(office, attach, district_officer):
    district_officer.is_demo = True
    district_officer.save()
    assert attach(office.reading("17.1"), "a.pdf", PDF, by=district_officer).is_illustrative


def test_the_marks_of_the_grid_count_what_stands(office, attach, district_officer, django_assert_num_queries):
    reading, other = office.reading("17.1"), office.reading("2.1")
    kept = [attach(reading, "a.pdf", PDF + bytes([n]), by=district_officer) for n in (1, 2, 3)]
    evidence.remove(evidence_id=kept[0].pk, reason="Nhầm", by=district_officer)
    with django_assert_num_queries(1):
        found = {row.pk: marks_in(row) for row in with_marks(Reading.objects.filter(pk__in=[reading.pk, other.pk]))}
    assert (found[reading.pk].evidence, found[other.pk].evidence) == (2, 0)


def test_what_came_is_gone_after_the_request_unless_kept(store):
    came = received("a.pdf", PDF)
    assert stored(store) == [f"incoming/{came.path.name}"]
    came.close()
    assert stored(store) == []
