"""Sheets of contributions: all rows or none, every fault at its cell, and what is given out keeps names."""

import io

import pytest
import python_calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import jobs
from accounts.models import AuditEvent
from criteria.models import Import
from files.sheets import address
from sponsorship.actions import years
from sponsorship.actions.imports import check
from sponsorship.models import Contribution, Sponsor
from sponsorship.workbooks.columns import COLUMNS
from tests.money.conftest import HA_LINH

pytestmark = pytest.mark.django_db
ADDRESS = "/do-dau/so/nhap/"


@pytest.fixture
def row():
    """`row(**cells)`: a good row by the field of its column."""

    def make(**said):
        usual = {
            "received_on": "20/05/2024",
            "sponsor": "Công ty thử nghiệm",
            "area": "Xã Hà Linh",
            "channel": "Kêu gọi",
        }
        cells = {**usual, "amount": 1_000_000, "indicator": "17.1", "purpose": "Nước sạch", **said}
        return [cells.get(column.field) for column in COLUMNS]

    return make


def sheet(*rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("Số liệu")
        for number, cells in enumerate([[column.heading for column in COLUMNS], *rows]):
            for place, cell in enumerate(cells):
                page.write(number, place, cell)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _uploads_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def send(client_of, district_officer, sponsor):
    """`send(*rows)`: what came back of a sent sheet, read by its job where it was taken."""
    sponsor()

    def post(*rows, name="so.xlsx", content=None):
        file = SimpleUploadedFile(name, content if content is not None else sheet(*rows))
        answer = client_of(district_officer).post(ADDRESS, {"file": file})
        if answer.status_code != 303:
            return answer
        work()
        return client_of(district_officer).get(answer.url)

    return post


def work():
    """The one job that waits is done."""
    (job,) = jobs.unfinished(["import_read", "import_apply"])
    jobs.work_here(job)


@pytest.fixture
def confirm(client_of, district_officer):
    """`confirm()`: the sheet that was sent last is written by its job; `only_good` leaves its wrong rows out."""

    def post(*, only_good=False, by=None):
        made = Import.objects.latest("pk")
        answer = client_of(by or district_officer).post(
            reverse("criteria:import-apply", args=[made.pk]), {"only_good": "1"} if only_good else {}
        )
        if answer.status_code == 303:
            work()
        made.refresh_from_db()
        return made

    return post


def as_read(*rows):
    """The same as the child hands it over."""
    looks = {"errors": [], "hidden": [], "percent": [], "merged": []}
    return [{"name": "Số liệu", "is_hidden": False, "rows": [list(cells) for cells in rows], **looks}]


def faults():
    """What is wrong with the sheet that was sent last, by cell."""
    return {address(row, column): said for _, row, column, said in Import.objects.latest("pk").faults}


def written():
    return Contribution.objects.exclude(recorded_by=None)


def test_a_sheet_is_looked_at_and_then_written_with_its_history(send, confirm, row):
    work = {"kind": "ngày công", "amount": None, "quantity": 12.5, "unit": "ngày công", "rate": 200_000}
    rows = [row(receipt="BN-1"), row(area=HA_LINH, amount="2.000.000"), row(**work, rate_basis="Nghị quyết")]
    assert "Nhập 3 khoản" in send(*rows).content.decode()
    assert not written().exists()
    made = confirm()
    assert (made.state, made.applied) == (Import.State.APPLIED, 3)
    assert sorted(written().values_list("amount", flat=True)) == [1_000_000, 2_000_000, 2_500_000]
    assert AuditEvent.objects.filter(action="money.receive", area_path="/42/444/18502/").count() == 3
    assert AuditEvent.objects.get(action="import.apply").data["values"] == 3
    assert set(written().values_list("indicator__code", flat=True)) == {"17.1"}


@pytest.mark.parametrize(
    ("said", "cell", "message"),
    [
        ({"amount": -5}, "F4", "không được âm"),
        ({"amount": 12.5}, "F4", "đồng chẵn"),
        ({"amount": "12,5"}, "F4", "đồng chẵn"),
        ({"amount": None}, "F4", "Ghi số tiền"),
        ({"received_on": "hôm qua"}, "A4", "không phải ngày"),
        ({"received_on": 45000}, "A4", "không phải ngày"),
        ({"received_on": "01/01/2099"}, "C4", "vào ngày đó"),
        ({"sponsor": "Ai đó"}, "B4", "chưa có nhà tài trợ này"),
        ({"sponsor": None}, "B4", "ghi nhà tài trợ"),
        ({"area": "Xã Sơn Hồng"}, "C4", "bạn không ghi cho đơn vị này"),
        ({"channel": "Quà"}, "D4", "không có kênh"),
        ({"channel": "Xã kêu gọi"}, "D4", "không dùng kênh"),
        ({"kind": "vàng"}, "E4", "Chọn loại"),
        ({"indicator": "99.9"}, "K4", "không có chỉ tiêu"),
        ({"receipt": "BN-0"}, "M4", "có hai lần"),
    ],
)
def test_one_wrong_row_is_told_at_its_cell_and_nothing_is_written(send, confirm, row, said, cell, message):
    send(row(), row(receipt="BN-0"), row(**said))
    told = faults()
    assert message in told[cell]
    assert confirm().state == Import.State.READY
    assert not written().exists()


def test_a_row_of_a_closed_year_is_told_at_its_cell(send, row, received, province_officer):
    received(5, sponsor=Sponsor.objects.get(name="Công ty thử nghiệm"))
    years.close(year=2024, by=province_officer)
    send(row())
    assert faults()["A2"].startswith("Năm 2024 đã chốt số liệu")
    assert written().count() == 1


def test_every_fault_is_told_at_once(send, row):
    body = send(row(amount=-1), row(sponsor="Ai đó"), row(channel="Quà")).content.decode()
    assert list(faults()) == ["F2", "B3", "D4"]
    assert all(cell in body for cell in faults())


def test_only_the_good_rows_are_written_where_that_is_asked_for(send, confirm, row):
    assert "Chỉ nhập 1 khoản đúng" in send(row(amount=7), row(amount=-1)).content.decode()
    assert confirm(only_good=True).applied == 1
    assert list(written().values_list("amount", flat=True)) == [7]


def test_the_sheet_comes_back_with_its_faults_in_a_column(send, row, client_of, district_officer):
    send(row(amount=-1))
    address = reverse("criteria:import-faults", args=[Import.objects.get().pk])
    lines = read_back(client_of(district_officer).get(address))
    assert lines[0][-1] == "Lỗi cần sửa"
    assert lines[1][-1].startswith("F2: ")


def test_what_changed_after_the_check_is_refused_and_nothing_is_written(send, confirm, row, received, province_officer):
    send(row(receipt="BN-1"))
    received(receipt="BN-1", sponsor=Sponsor.objects.get(name="Công ty thử nghiệm"))
    made = confirm()
    assert (made.state, "BN-1" in made.reason) == (Import.State.REFUSED, True)
    send(row(receipt="BN-2"))
    years.close(year=2024, by=province_officer)
    made = confirm()
    assert (made.state, "đã chốt" in made.reason) == (Import.State.REFUSED, True)
    assert written().count() == 1


def test_nobody_else_sees_or_writes_the_sheet(send, confirm, row, client_of, other_district_officer):
    send(row())
    made = Import.objects.get()
    for name in ("import", "import-faults"):
        assert client_of(other_district_officer).get(reverse(f"criteria:{name}", args=[made.pk])).status_code == 404
    assert confirm(by=other_district_officer).state == Import.State.READY


def test_a_sheet_that_is_given_up_writes_nothing(send, row, client_of, district_officer):
    send(row())
    made = Import.objects.get()
    assert client_of(district_officer).post(reverse("criteria:import-cancel", args=[made.pk])).status_code == 303
    made.refresh_from_db()
    assert made.state == Import.State.CANCELLED
    assert not written().exists()


def test_one_wrong_row_among_ten_thousand_is_named_and_nothing_is_written(sponsor, district_officer):
    sponsor()
    heading = [column.heading for column in COLUMNS]
    rows = [["20/05/2024", "Công ty thử nghiệm", HA_LINH, "Kêu gọi", None, 1_000 + n] for n in range(10_000)]
    rows[8_766][5] = -1
    (fault,) = check(as_read(heading, *rows), district_officer).faults
    assert (fault.address, "không được âm" in fault.message) == ("F8768", True)
    assert not written().exists()


def test_a_receipt_of_the_ledger_is_not_taken_again(send, row, received):
    received(receipt="BN-1", sponsor=Sponsor.objects.get(name="Công ty thử nghiệm"))
    send(row(receipt=" bn-1"))
    assert "đã được ghi" in faults()["M2"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("so.pdf", b"%PDF-1.4", "Chỉ nhận bảng"),
        ("so.xlsx", b"PK\x03\x04 hong", ""),
    ],
)
def test_a_file_that_is_no_table_is_refused(send, name, content, message):
    response = send(name=name, content=content)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert 'id="file_error"' in response.content.decode()


def test_a_file_without_the_heading_is_refused_when_it_is_read(send):
    assert "Không thấy bảng" in send(name="so.csv", content=b"a;b\n1;2\n").content.decode()
    assert Import.objects.get().state == Import.State.REFUSED


def test_strangers_send_nothing(client_of, district_reviewer, visitor):
    assert client_of(district_reviewer).get(ADDRESS).status_code == 404
    assert visitor.get(ADDRESS).status_code == 302


def test_a_long_sheet_costs_no_more_statements_than_a_short_one(send, confirm, row):
    def cost(count):
        with CaptureQueriesContext(connection) as asked:
            send(*(row(receipt=f"{count}-{n}") for n in range(count)))
            assert confirm().applied == count
        return len(asked)

    cost(1)
    assert cost(2) == cost(40)


def read_back(response):
    return (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    )


def test_the_blank_sheet_filled_in_comes_back(client_of, district_officer):
    rows = read_back(client_of(district_officer).get(reverse("sponsorship:blank")))
    assert [column.heading for column in COLUMNS] in rows


def test_a_village_is_named_and_one_of_another_commune_is_refused(send, confirm, row, village):
    village("Thôn 1")
    send(row(village="thon 1"), row(village="Thôn 99"))
    assert list(faults()) == ["O3"]
    assert faults()["O3"].endswith("không có thôn này ở Xã Hà Linh vào ngày đó.")
    assert confirm(only_good=True).applied == 1
    assert written().get().village.name == "Thôn 1"
