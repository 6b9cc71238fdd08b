"""The register as a workbook: written, sent back, one wrong row among many, all or nothing."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import jobs
from accounts.models import AuditEvent
from communes.text import sort_key
from criteria.models import Import
from criteria.workbooks.writing import Book
from files.sheets import address
from ocop.actions.imports import check, write
from ocop.actions.register import next_code
from ocop.models import Producer, Product, Rating
from ocop.workbooks.columns import COLUMNS, SHEET
from ocop.workbooks.writing import workbook
from tests.ocop.conftest import HA_LINH

pytestmark = pytest.mark.django_db
HEADINGS = [column.heading for column in COLUMNS]
PLAIN = {
    "Tên sản phẩm": "Cu đơ",
    "Chủ thể": "Hợp tác xã Thử",
    "Loại hình": "hợp tác xã",
    "Mã xã": HA_LINH,
    "Ngày vào sổ": "01/03/2024",
    "Bộ số": 5,
}
CERTIFICATE = {"Hạng sao": 3, "Việc": "lần đầu", "Ngày quyết định": "05/12/2024", "Số quyết định": "12/QĐ-UBND"}


def book(*rows, headings=HEADINGS) -> bytes:
    """A workbook with a heading and these rows (heading → cell)."""
    made = Book()
    sheet = made.sheet(SHEET)
    made.put_row(sheet, 0, headings)
    for number, row in enumerate(rows, start=1):
        made.put_row(sheet, number, [row.get(heading) for heading in headings])
    return made.finished()


def sheets(*rows) -> list[dict]:
    """The same as the child hands it over."""
    cells = [HEADINGS, *([row.get(heading) for heading in HEADINGS] for row in rows)]
    return [{"name": SHEET, "is_hidden": False, "rows": cells, "errors": [], "hidden": [], "percent": [], "merged": []}]


@pytest.fixture(autouse=True)
def _uploads_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def send(client_of, commune_officer):
    """`send(content)`: the page after the officer of Hà Linh sent the workbook and the job has read it.

    With `write`, after it was confirmed and the job has written it.
    """

    def post(content: bytes, *, by=None, write: bool = False, name: str = "so.xlsx"):
        file = io.BytesIO(content)
        file.name = name
        client = client_of(by or commune_officer)
        answer = client.post("/ocop/nhap/", {"file": file})
        if answer.status_code != 303:
            return answer
        work()
        if write and client.post(f"{answer.url}nhap/").status_code == 303:
            work()
        return client.get(answer.url)

    return post


def work():
    """The one job that waits is done."""
    (job,) = jobs.unfinished(["import_read", "import_apply"])
    jobs.work_here(job)


def last() -> Import:
    return Import.objects.latest("pk")


def faults() -> dict[str, str]:
    """What is wrong with the workbook that was sent last, by cell."""
    return {address(row, column): said for _, row, column, said in last().faults}


def test_a_sheet_is_checked_first_and_then_written(send):
    content = book(PLAIN, {**PLAIN, "Tên sản phẩm": "Kẹo lạc"})
    before = Product.objects.count()
    assert "Nhập 2 sản phẩm" in send(content).content.decode()
    assert Product.objects.count() == before
    assert "Đã nhập <b" in send(content, write=True).content.decode()
    assert (last().state, last().applied) == (Import.State.APPLIED, 2)
    made = Product.objects.filter(area__code=HA_LINH, name__in=("Cu đơ", "Kẹo lạc")).order_by("code")
    assert [product.code for product in made] == ["42-18502-001-2024", "42-18502-002-2024"]
    assert len({product.producer for product in made}) == 1
    assert AuditEvent.objects.filter(action="product.register", area_path=f"/42/444/{HA_LINH}/").count() == 2


def test_certificates_come_with_their_products_where_the_person_may_rate(send, province_officer):
    content = book(
        {**PLAIN, **CERTIFICATE, "Số giấy chứng nhận": "GCN-1", "Điểm A": "20", "Điểm B": 20, "Điểm C": "25,5"}
    )
    send(content, write=True)
    assert "không được ghi giấy chứng nhận" in faults()["K2"]
    assert "Trong đó có 1 giấy chứng nhận" in send(content, by=province_officer, write=True).content.decode()
    held = Product.objects.get(name="Cu đơ", area__code=HA_LINH).standing
    assert (held.stars, str(held.total), held.expires_on, held.is_provisional) == (
        3,
        "65.50",
        dt.date(2027, 12, 5),
        True,
    )


def test_what_was_written_out_comes_back_without_a_change(send, client_of, province_officer, certify, product):
    certify(product, certificate_no="GCN-1")
    written = client_of(province_officer).get("/ocop/xuat/", {"tim": product.code})
    assert "spreadsheetml" in written["Content-Type"]
    assert "Không có sản phẩm nào để nhập" in send(written.content, by=province_officer).content.decode()
    assert (last().new, last().changed, last().unchanged, last().faults) == (0, 0, 1, [])


def test_a_correction_comes_in_over_the_row_with_its_code(send, product):
    row = {**PLAIN, "Mã sản phẩm": product.code, "Tên sản phẩm": "Cu đơ mới"}
    send(book(row), write=True)
    stored = Product.objects.get(pk=product.pk)
    assert (stored.name, stored.sort_key, stored.version) == ("Cu đơ mới", sort_key("Cu đơ mới"), product.version + 1)
    told = AuditEvent.objects.get(action="product.correct").data
    assert (told["before"]["name"], told["after"]["name"]) == ("Cu đơ thử nghiệm", "Cu đơ mới")
    assert (stored.producer.name, stored.producer.kind) == ("Hợp tác xã Thử", "cooperative")


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ({"Tên sản phẩm": ""}, "B2"),
        ({"Loại hình": "liên doanh"}, "D2"),
        ({"Mã xã": "18553"}, "E2"),
        ({"Mã xã": "99999"}, "E2"),
        ({"Ngày vào sổ": "32/01/2024"}, "G2"),
        ({"Ngày vào sổ": "01/08/2025"}, "E2"),
        ({"Ngày vào sổ": ""}, "G2"),
        ({"Bộ số": 27}, "H2"),
        ({"Nhóm": "xe cộ"}, "I2"),
        ({"Hạng sao": 6}, "K2"),
    ],
)
def test_a_wrong_cell_is_named_by_its_address_and_nothing_is_written(send, cells, place):
    before = (Product.objects.count(), Producer.objects.count(), Rating.objects.count())
    send(book({**PLAIN, **cells}), write=True)
    assert next(iter(faults())) == place
    assert (Product.objects.count(), Producer.objects.count(), Rating.objects.count()) == before


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ({"Hạng sao": 4, "Điểm A": 20, "Điểm B": 20, "Điểm C": 20}, "K2"),
        ({"Điểm A": 41, "Điểm B": 20, "Điểm C": 20}, "P2"),
        ({"Điểm A": 20}, "Q2"),
        ({"Ngày quyết định": ""}, "M2"),
        ({"Số quyết định": ""}, "N2"),
        ({"Việc": "nâng hạng"}, "L2"),
    ],
)
def test_a_certificate_outside_the_rules_is_named_by_its_cell(send, province_officer, cells, place):
    send(book({**PLAIN, **CERTIFICATE, **cells}), by=province_officer, write=True)
    assert list(faults()) == [place]


def test_the_same_code_or_number_twice_in_a_sheet_is_named_with_the_other_row(send, province_officer):
    row = {**PLAIN, **CERTIFICATE, "Mã sản phẩm": "TRUNG-1", "Số giấy chứng nhận": "GCN-1"}
    send(book(row, row), by=province_officer, write=True)
    assert "Mã TRUNG-1 đã có ở dòng 2" in faults()["A3"]
    assert "Số GCN-1 đã có ở dòng 2" in faults()["O3"]


def test_a_second_certificate_over_the_same_time_is_named_and_undoes_the_rest(send, province_officer, certify, product):
    certify(product)
    again = {**PLAIN, **CERTIFICATE, "Mã sản phẩm": product.code, "Ngày quyết định": "01/06/2025"}
    send(book({**PLAIN, "Tên sản phẩm": "Hàng mới"}, again), by=province_officer, write=True)
    assert "Trùng thời gian" in faults()["M3"]
    assert not Product.objects.filter(name="Hàng mới").exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "so.xlsx"), (b"hello", "so.xlsx"), (b"\x89PNG\r\n", "so.png")],
)
def test_what_is_no_table_is_refused_in_place(send, content, name):
    answer = send(content, name=name, write=True)
    assert answer.status_code == 422
    assert 'id="file_error"' in answer.content.decode()
    assert not Import.objects.exists()


def test_a_file_without_the_heading_is_refused_when_it_is_read(send):
    assert "Hàng tiêu đề cần có: Tên sản phẩm" in send(b"a;b\n1;2\n", name="so.csv").content.decode()
    assert last().state == Import.State.REFUSED


def test_what_changed_after_the_check_is_refused_and_nothing_is_written(
    send, client_of, commune_officer, register, product
):
    row = {**PLAIN, "Mã sản phẩm": "MOI-1"}
    send(book(row, {**PLAIN, "Tên sản phẩm": "Hàng mới"}))
    said = {"name": "Người khác ghi trước", "code": "MOI-1", "producer_name": "Tổ khác"}
    elsewhere = register(**said)
    assert client_of(commune_officer).post(f"/bang-tinh/{last().pk}/nhap/").status_code == 303
    work()
    # The code now names a product that stands: the row would correct it, and that was not what was looked at.
    assert last().state == Import.State.REFUSED
    assert not Product.objects.filter(name="Hàng mới").exists()
    elsewhere.refresh_from_db()
    assert elsewhere.name == said["name"]


def test_the_good_rows_alone_are_written_where_that_is_asked_for(send, client_of, commune_officer):
    send(book({**PLAIN, "Tên sản phẩm": "Hàng mới"}, {**PLAIN, "Mã xã": "99999"}))
    client_of(commune_officer).post(f"/bang-tinh/{last().pk}/nhap/", {"only_good": "1"})
    work()
    assert (last().applied, Product.objects.filter(name="Hàng mới").count()) == (1, 1)


def test_corrections_and_certificates_of_many_products_cost_a_few_statements(register, certify, province_officer):
    products = [register(name=f"Sản phẩm {n}") for n in range(30)]
    for each in products:
        certify(each)
    upgrade = {**CERTIFICATE, "Hạng sao": 4, "Việc": "nâng hạng", "Ngày quyết định": "05/12/2025"}

    def statements(some) -> int:
        rows = [{**PLAIN, **upgrade, "Mã sản phẩm": each.code, "Tên sản phẩm": f"{each.name} mới"} for each in some]
        found = check(sheets(*rows), province_officer)
        assert (found.changed, found.faults) == (len(rows), [])
        with CaptureQueriesContext(connection) as captured:
            assert write(found.rows, by=province_officer, source="so.xlsx") == len(rows)
        return len(captured)

    statements(products[:1])  # makes the producer
    assert statements(products[1:3]) == statements(products[3:])
    held = Product.objects.get(pk=products[7].pk)
    assert (held.name, held.standing.stars, held.ratings.count()) == ("Sản phẩm 7 mới", 4, 2)
    assert held.ratings.get(stars=3).replaced_on == dt.date(2025, 12, 5)


@pytest.mark.parametrize("who", ["district_reviewer", "department_officer", "administrator"])
def test_nobody_else_sends_a_workbook(request, send, who):
    assert send(book(PLAIN), by=request.getfixturevalue(who), write=True).status_code == 404


def test_a_formula_stays_a_text_when_the_list_is_written_out(register):
    register(name="=cmd|'/c calc'!A1")
    content = workbook(
        Product.objects.filter(name__startswith="=").select_related("producer", "area", "product_set"), "x"
    )
    assert b"<f>" not in content


def test_checking_costs_the_same_for_one_row_and_for_many(commune_officer):
    def statements(number: int) -> int:
        read = sheets(*({**PLAIN, "Tên sản phẩm": f"Sản phẩm {n}"} for n in range(number)))
        with CaptureQueriesContext(connection) as captured:
            assert check(read, commune_officer).new == number
        return len(captured)

    statements(1)  # reads the appointments of the person, once a request
    assert statements(1) == statements(50)


def test_one_wrong_row_among_ten_thousand_is_named_and_nothing_is_written(province_officer):
    rows = [{**PLAIN, **CERTIFICATE, "Tên sản phẩm": f"Sản phẩm {n}"} for n in range(10_000)]
    rows[8_766] = {**rows[8_766], "Hạng sao": 4, "Điểm A": 40, "Điểm B": 25, "Điểm C": 35}
    before = Product.objects.count()
    (fault,) = check(sheets(*rows), province_officer).faults
    assert (fault.sheet, fault.address) == (SHEET, "K8768")
    assert Product.objects.count() == before


def test_many_products_are_written_in_a_few_statements_for_each_batch(province_officer, area):
    rows = [{**PLAIN, **CERTIFICATE, "Tên sản phẩm": f"Sản phẩm {n}"} for n in range(600)]
    with CaptureQueriesContext(connection) as captured:
        assert write(check(sheets(*rows), province_officer).rows, source="so.xlsx", by=province_officer) == 600
    # SQLite takes fewer rows a statement than PostgreSQL; neither takes one a product.
    assert len(captured) < 100
    assert Product.objects.filter(standing__decided_on=dt.date(2024, 12, 5)).count() == 600
    assert next_code(area(HA_LINH), 2024) == "42-18502-601-2024"
