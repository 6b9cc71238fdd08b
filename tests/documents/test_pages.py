"""The pages of documents: asking, waiting, fetching, and verifying as anybody."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.models import Document
from tests.services.browser import PHONE, assert_accessible, follow

HOME = "/van-ban/"
FORM = {
    "ky": "2023",
    "van-ban": "annual:42",
    "superior": "UBND tỉnh Hà Tĩnh",
    "issuer": "Văn phòng Điều phối nông thôn mới",
    "place": "Hà Tĩnh",
    "signed_on": "21/02/2024",
    "authority": "Chánh Văn phòng",
    "recipients": "UBND tỉnh (báo cáo)\nLưu: VT.",
}


@pytest.fixture
def officer(client_of, province_officer):
    return client_of(province_officer)


@pytest.mark.django_db
def test_a_document_is_asked_for_and_its_page_says_how_far_it_is(officer):
    answer = officer.post(HOME, FORM)
    assert answer.status_code == 303
    page = officer.get(answer.url).content.decode()
    assert "Đang lập văn bản" in page
    assert "<progress" in page
    assert Document.objects.get().head["date"] == "ngày 21 tháng 02 năm 2024"


@pytest.mark.django_db
def test_a_wrong_day_is_told_at_its_field_and_what_was_typed_stays(officer):
    answer = officer.post(HOME, {**FORM, "signed_on": "31/02/2024", "signer": "Trần Văn Một"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ngày không đọc được" in page
    assert "31/02/2024" in page
    assert "Trần Văn Một" in page
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_nothing_chosen_is_told(officer):
    answer = officer.post(HOME, {**FORM, "van-ban": ""})
    assert answer.status_code == 422
    assert "Chọn văn bản" in answer.content.decode()


@pytest.mark.django_db
def test_its_files_are_fetched_and_its_content_is_read_on_the_page(make, officer):
    made = make()
    page = officer.get(f"{HOME}{made.pk}/").content.decode()
    assert "95,539" in page
    for kind in ("docx", "pdf", "xlsx"):
        answer = officer.get(f"{HOME}{made.pk}/tai/{kind}/")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        assert b"".join(answer.streaming_content)
    assert officer.get(f"{HOME}{made.pk}/tai/exe/").status_code == 404


@pytest.mark.django_db
def test_a_document_of_the_province_is_absent_to_a_district(make, client_of, district_officer, visitor):
    made = make()
    district = client_of(district_officer)
    for address in (f"{HOME}{made.pk}/", f"{HOME}{made.pk}/tai/pdf/"):
        assert district.get(address).status_code == 404
        assert visitor.get(address).status_code == 302
    assert district.post(f"{HOME}{made.pk}/huy/").status_code == 404
    assert "annual:42" not in district.get(HOME).content.decode()


@pytest.mark.django_db
def test_who_makes_no_documents_has_no_such_page(client_of, department_officer):
    assert client_of(department_officer).get(HOME).status_code == 404


@pytest.mark.django_db
def test_anybody_verifies_a_document_however_the_code_is_typed(make, visitor):
    made = make()
    for typed in (made.code, f" {made.code} ", made.shown_code, made.code.lower()):
        page = visitor.get("/kiem-chung/", {"ma": typed}, follow=True).content.decode()
        assert "Văn bản có thật" in page
        assert made.sha256 in page
        assert made.pdf.sha256 in page


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["AAAABBBBCCCC", "x", "..%2F..", "%00"])
def test_a_code_never_given_out_is_said_so(visitor, code):
    answer = visitor.get(f"/kiem-chung/{code}/")
    assert answer.status_code == 404


@pytest.mark.django_db
def test_content_that_was_tampered_with_is_not_verified(make, visitor):
    made = make()
    paper = made.paper
    paper["blocks"][2]["text"] = paper["blocks"][2]["text"].replace("4 xã", "44 xã")
    Document.objects.filter(pk=made.pk).update(paper=paper)
    page = visitor.get(f"/kiem-chung/{made.code}/").content.decode()
    assert "không còn khớp" in page
    assert "Văn bản có thật" not in page


@pytest.mark.django_db
def test_the_list_costs_the_same_for_one_document_and_for_many(ask, officer):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert officer.get(HOME).status_code == 200
        return len(asked)

    ask()
    one = cost()
    for number in range(4):
        ask(number=str(number))
    assert cost() == one


@pytest.mark.django_db
def test_who_opens_rounds_is_told_how_to_get_a_six_month_report(officer, client_of, district_officer):
    assert f"{reverse('criteria:rounds')}#mo-dot" in officer.get(HOME).content.decode()
    assert "kỳ nửa năm" not in client_of(district_officer).get(HOME).content.decode()


@pytest.mark.e2e
def test_a_report_is_made_while_one_waits_and_verified_by_a_visitor_on_a_phone(signed_in_page, open_page, portal):
    page = signed_in_page("tinh")
    page.goto(HOME)
    assert_accessible(page)
    page.get_by_label("Văn bản", exact=True).select_option(label="Báo cáo năm, Tỉnh Hà Tĩnh")
    follow(page.get_by_role("button", name="Lập văn bản"))
    page.get_by_role("link", name="Bản in (.pdf)").wait_for(timeout=30_000)
    assert_accessible(page)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Bản in (.pdf)").click()
    assert fetched.value.path().read_bytes().startswith(b"%PDF")
    code = page.get_by_role("link", name="-").last.inner_text()
    phone = open_page(portal.address, size=PHONE)
    phone.goto("/kiem-chung/")
    phone.get_by_label("Mã kiểm").fill(code)
    follow(phone.get_by_role("button", name="Kiểm chứng"))
    assert "Văn bản có thật" in phone.locator("main").inner_text()
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert_accessible(phone)
