"""Sheets of contributions: all rows or none, every fault at its cell, and what is given out keeps names."""

import io

import pytest
import python_calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from sponsorship.actions import years
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


@pytest.fixture
def send(client_of, district_officer, sponsor):
    """`send(*rows)`: what came back of a sent sheet."""
    sponsor()

    def post(*rows, name="so.xlsx", content=None):
        file = SimpleUploadedFile(name, content if content is not None else sheet(*rows))
        return client_of(district_officer).post(ADDRESS, {"file": file})

    return post


def written():
    return Contribution.objects.exclude(recorded_by=None)


def test_a_sheet_is_written_with_its_history(send, row):
    work = {"kind": "ngày công", "amount": None, "quantity": 12.5, "unit": "ngày công", "rate": 200_000}
    rows = [row(receipt="BN-1"), row(area=HA_LINH, amount="2.000.000"), row(**work, rate_basis="Nghị quyết")]
    assert send(*rows).status_code == 303
    assert sorted(written().values_list("amount", flat=True)) == [1_000_000, 2_000_000, 2_500_000]
    assert AuditEvent.objects.filter(action="money.receive", area_path="/42/444/18502/").count() == 3
    assert AuditEvent.objects.filter(action="money.import").count() == 1
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
def test_one_wrong_row_is_told_at_its_cell_and_nothing_is_written(send, row, said, cell, message):
    body = send(row(), row(receipt="BN-0"), row(**said)).content.decode()
    assert f"ô {cell}: " in body
    assert message in body
    assert not written().exists()


def test_one_wrong_row_among_ten_thousand_is_told_and_nothing_is_written(send, row):
    rows = [row(amount=1_000 + number) for number in range(10_000)]
    rows[7_776][5] = -1
    body = send(*rows).content.decode()
    assert "1 chỗ không nhận được" in body
    assert "ô F7778: " in body
    assert not written().exists()


def test_a_row_of_a_closed_year_is_told_at_its_cell(send, row, received, province_officer):
    received(5, sponsor=Sponsor.objects.get(name="Công ty thử nghiệm"))
    years.close(year=2024, by=province_officer)
    assert "ô A2: Năm 2024 đã chốt số liệu" in send(row()).content.decode()
    assert written().count() == 1


def test_every_fault_is_told_at_once(send, row):
    body = send(row(amount=-1), row(sponsor="Ai đó"), row(channel="Quà")).content.decode()
    assert all(f"ô {cell}: " in body for cell in ("F2", "B3", "D4"))
    assert "3 chỗ không nhận được" in body


def test_a_receipt_of_the_ledger_is_not_taken_again(send, row, received):
    received(receipt="BN-1", sponsor=Sponsor.objects.get(name="Công ty thử nghiệm"))
    assert "đã được ghi" in send(row(receipt=" bn-1")).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("so.pdf", b"%PDF-1.4", "Chỉ nhận bảng"),
        ("so.xlsx", b"PK\x03\x04 hong", ""),
        ("so.csv", b"a;b\n1;2\n", "Không thấy bảng"),
    ],
)
def test_a_file_that_is_no_table_is_refused(send, name, content, message):
    response = send(name=name, content=content)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert 'id="file_error"' in response.content.decode()


def test_strangers_send_nothing(client_of, district_reviewer, visitor):
    assert client_of(district_reviewer).get(ADDRESS).status_code == 404
    assert visitor.get(ADDRESS).status_code == 302


def test_a_long_sheet_costs_no_more_statements_than_a_short_one(send, row, client_of, district_officer):
    def cost(count):
        with CaptureQueriesContext(connection) as asked:
            assert send(*(row(receipt=f"{count}-{n}") for n in range(count))).status_code == 303
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
