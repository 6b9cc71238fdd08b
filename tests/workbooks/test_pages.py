"""The pages of workbooks: fetched, sent, refused at the field, looked at, written; also without JavaScript."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import jobs
from criteria.models import Import
from tests.services.browser import PHONE, assert_accessible
from tests.workbooks.conftest import HEADING, table

HOME = "/bang-tinh/"
CODE = "18502"
GOOD = [[*HEADING, "17.1"], [CODE, None, 64]]
BAD = [[*HEADING, "17.1", "11.1"], [CODE, None, 64, "=1+1"]]


@pytest.fixture
def officer(client_of, district_officer):
    return client_of(district_officer)


def send(client, office, content: bytes, name: str = "bảng.xlsx"):
    return client.post(HOME, {"round": office.round.pk, "file": SimpleUploadedFile(name, content)})


def only() -> Import:
    found = Import.objects.get()
    jobs.work_here(found.job)
    return Import.objects.get()


@pytest.mark.django_db
def test_a_table_is_sent_looked_at_and_written_with_plain_forms(office, officer):
    home = officer.get(HOME).content.decode()
    assert "Tất cả 2 đơn vị" in home
    assert "Tất cả 6 nội dung" in home
    answer = send(officer, office, table(GOOD))
    made = Import.objects.get()
    assert (answer.status_code, answer.url) == (303, reverse("criteria:import", args=[made.pk]))
    waiting = officer.get(answer.url).content.decode()
    assert 'Bước <span class="n">1/3</span>: đang đọc tệp' in waiting
    assert f'<a href="{answer.url}">Xem lại</a>' in waiting
    only()
    assert "Nhập 1 giá trị" in officer.get(answer.url).content.decode()
    assert officer.post(f"{answer.url}nhap/").status_code == 303
    only()
    assert "Đã nhập <b" in officer.get(answer.url).content.decode()
    assert office.reading("17.1").value == 64


@pytest.mark.django_db
def test_a_refused_file_is_answered_at_its_field_and_keeps_the_round(office, officer):
    answer = send(officer, office, b"PK", "bảng.xlsm")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Lưu lại thành .xlsx rồi tải lên." in page
    assert 'aria-invalid="true"' in page
    assert f'value="{office.round.pk}" selected' in page
    assert not Import.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [{}, {"round": "x"}, {"round": "99999999999999999999"}, {"round": ""}])
def test_a_post_without_file_or_round_is_answered_with_what_to_choose(sent, office, officer):
    answer = officer.post(HOME, sent)
    assert answer.status_code == 422
    assert "Chọn đợt để nhập vào." in answer.content.decode()
    assert "Chọn tệp" in officer.post(HOME, {"round": office.round.pk}).content.decode()


@pytest.mark.django_db
def test_faults_are_listed_with_their_cells_and_come_back_in_a_file(office, officer):
    url = send(officer, office, table(BAD)).url
    only()
    page = officer.get(url).content.decode()
    assert "D2" in page
    assert "Không đọc được số “=1+1”" in page
    assert "Chỉ nhập 1 giá trị đúng" in page
    assert officer.post(f"{url}nhap/").status_code == 422
    assert office.reading("17.1").value is None
    given_back = officer.get(f"{url}loi/")
    assert given_back.headers["Content-Disposition"].startswith("attachment")
    assert given_back.content.startswith(b"PK")


@pytest.mark.django_db
def test_the_poll_gets_the_part_that_changes_and_then_the_page_again(office, officer):
    url = send(officer, office, table(GOOD)).url
    asked = {"HX-Request": "true"}
    assert "<h1" not in officer.get(url, headers=asked).content.decode()
    only()
    assert officer.get(url, headers=asked).headers["HX-Refresh"] == "true"


@pytest.mark.django_db
def test_nothing_of_it_is_open_to_others(office, officer, client_of, other_district_officer, visitor):
    url = send(officer, office, table(GOOD)).url
    other = client_of(other_district_officer)
    for address in (url, f"{url}loi/", f"/bang-tinh/tai/{office.round.pk}/?don-vi={CODE}"):
        assert other.get(address).status_code == 404
        assert visitor.get(address).status_code == 302
    for act in ("nhap/", "huy/"):
        assert other.post(f"{url}{act}").status_code == 404
    stranger = {"round": office.round.pk + 999, "file": SimpleUploadedFile("b.xlsx", table(GOOD))}
    assert other.post(HOME, stranger).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("named", ["", "?don-vi=18502", "?noi-dung=17.1", "?don-vi=18502&noi-dung=17.1"])
def test_each_workbook_is_fetched_as_a_file(named, office, officer):
    answer = officer.get(f"/bang-tinh/tai/{office.round.pk}/{named}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("named", ["?don-vi=99999", "?noi-dung=x", "?don-vi=%00"])
def test_a_workbook_of_nothing_is_absent(named, office, officer):
    assert officer.get(f"/bang-tinh/tai/{office.round.pk}/{named}").status_code == 404


def test_the_pages_are_accessible_and_fit_a_phone(signed_in_page, tmp_path):
    page = signed_in_page("huyen-huongkhe", size=PHONE)
    page.goto(HOME)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    (tmp_path / "bang.xlsx").write_bytes(table([[*HEADING, "17.1"], ["99999", "Xã Không Có", 64]]))
    page.set_input_files("#file", tmp_path / "bang.xlsx")
    page.get_by_role("button", name="Gửi và xem trước").click()
    page.wait_for_url("**/bang-tinh/*/")
    page.get_by_text("Không có đơn vị mã 99999").wait_for(timeout=30_000)  # read by a process of its own
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert_accessible(page)
