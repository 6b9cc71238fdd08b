"""The papers and the book in Chromium: by keyboard, on a phone, without JavaScript, accessible."""

import pytest
from playwright.sync_api import Page, expect

from tests.evidence.documents import PDF
from tests.services.browser import assert_accessible, follow

OFFICE, SECOND, DISTRICT = "tinh", "tinh-2", "huyen-huongkhe"
WIDTHS = [(390, 844), (1440, 900)]
PAGES = ["quyet-dinh/", "quyet-dinh/them/", "ke-hoach/", "ke-hoach/2024/", "ke-hoach/2024/muc-tieu/", "khen-thuong/"]


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def fill_decision(page: Page, number: str, units: str) -> None:
    page.goto("/quyet-dinh/them/")
    page.get_by_label("Số quyết định").fill(number)
    page.get_by_label("Ngày ban hành").fill("01/11/2024")
    page.get_by_label("Người ký").fill("Người ký thử nghiệm")
    page.get_by_label("Bậc", exact=True).select_option("ntm")
    page.get_by_label("Kết quả của năm").fill("2024")
    page.get_by_label("Đơn vị", exact=True).fill(units)


@pytest.mark.parametrize("size", WIDTHS)
def test_the_pages_of_the_office_fit_and_are_accessible(signed_in_page, size):
    page = signed_in_page(OFFICE, size=size)
    for address in [*PAGES, "khen-thuong/2023/", "so-thon/?ngay=31/12/2024"]:
        page.goto(f"/{address}")
        assert fits(page), address
        assert_accessible(page)


def test_a_decision_is_recorded_without_javascript_and_withdrawn_by_two(signed_in_page):
    page = signed_in_page(OFFICE, javascript=False, size=(390, 844))
    fill_decision(page, "901/QĐ-UBND", "Hà Linh\nXã Không Có")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("alert").first).to_contain_text("“Xã Không Có”")
    expect(page.get_by_label("Số quyết định")).to_have_value("901/QĐ-UBND")
    assert fits(page)
    page.get_by_label("Đơn vị", exact=True).fill("Hà Linh")
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.locator(".msgs")).to_contain_text("Cần một người khác đối chiếu")
    address = page.url
    page.locator("summary", has_text="Ghi sai").click()
    page.get_by_label("Ghi sai chỗ nào").fill("Ghi nhầm xã")
    page.get_by_role("button", name="Đề nghị rút").click()
    other = signed_in_page(SECOND)
    other.goto(address)
    assert_accessible(other)
    other.get_by_role("button", name="Đồng ý rút").click()
    expect(other.locator("main")).to_contain_text("không tính ở bất kỳ ngày nào")


def file(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.parametrize("size", WIDTHS)
def test_a_scan_is_sent_without_javascript_and_read_by_everybody(signed_in_page, open_page, portal, size):
    number = f"91{size[0]}/QĐ-UBND"
    page = signed_in_page(OFFICE, javascript=False, size=size)
    fill_decision(page, number, "Hà Linh")
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Ghi quyết định").click()
    address = page.url
    page.get_by_label("Ghi chú").fill("Bản chính")
    page.get_by_label("Tệp quét").set_input_files(file("a.html", b"<script>alert(1)</script>"))
    page.get_by_role("button", name="Gửi bản quét").click()
    expect(page.locator("#scan-fault")).to_contain_text("Không nhận tệp .html")
    expect(page.get_by_label("Ghi chú")).to_have_value("Bản chính")
    page.get_by_label("Tệp quét").set_input_files(file("Quyết định.pdf", PDF))
    page.get_by_role("button", name="Gửi bản quét").click()
    expect(page.locator(".msgs")).to_contain_text("Đã lưu bản quét.")
    expect(page.locator(".scan-now")).to_contain_text("Quyết định.pdf")
    assert fits(page)
    other = signed_in_page(SECOND)
    other.goto(address)
    other.locator(".scan summary", has_text="Thay bằng bản khác").click()
    assert_accessible(other)
    other.get_by_role("button", name="Đã đối chiếu với văn bản").click()
    visitor = open_page(portal.address, size=size)
    visitor.goto(address)
    expect(visitor.locator("h1")).to_contain_text(number)
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name="Quyết định.pdf").click()
    assert download.value.suggested_filename == "Quyết định.pdf"
    assert fits(visitor)
    assert_accessible(visitor)


@pytest.mark.parametrize("size", WIDTHS)
def test_a_visitor_narrows_the_decisions_by_links(open_page, portal, size):
    page = open_page(portal.address, size=size)
    page.goto("/quyet-dinh/")
    assert fits(page)
    assert_accessible(page)
    page.get_by_role("link", name="Thừa nhận sau sáp nhập").press("Enter")
    page.wait_for_url("**viec=carried_over**")
    page.get_by_role("link", name="2023", exact=True).click()
    page.wait_for_url("**nam=2023**")
    assert "viec=carried_over" in page.url
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("3368/QĐ-UBND")
    assert_accessible(page)


@pytest.mark.parametrize("size", WIDTHS)
def test_the_signed_sheet_is_sent_from_the_submit_page(signed_in_page, size):
    page = signed_in_page(DISTRICT, size=size)
    page.goto("/viec-cua-toi/")
    section = page.locator("section", has=page.get_by_role("heading", name="xã nông thôn mới giai đoạn"))
    section.get_by_role("link", name="Xã Hương Trạch", exact=True).click()
    page.wait_for_url("**/nhap-lieu/**")
    page.goto(f"{page.url.split('#')[0].split('?')[0]}trinh/")
    summary = page.locator(".scan summary", has_text="Thay bằng bản khác")
    if summary.count():
        summary.press("Enter")
        page.get_by_label("Lý do thay").fill("Ký lại")
    page.get_by_label("Tệp quét").set_input_files(file(f"phieu-{size[0]}.pdf", PDF + str(size[0]).encode() + b"%%EOF"))
    page.get_by_role("button", name="Gửi bản quét").click()
    expect(page.locator(".scan-now")).to_contain_text(f"phieu-{size[0]}.pdf")
    assert fits(page)
    assert_accessible(page)


def test_a_faulty_form_is_accessible_and_a_unit_is_looked_up_by_keyboard(signed_in_page):
    page = signed_in_page(OFFICE)
    fill_decision(page, "902/QĐ-UBND", "Xã Không Có")
    follow(page.get_by_role("button", name="Xem trước"))
    assert_accessible(page)
    page.get_by_label("Đơn vị", exact=True).fill("")
    page.get_by_label("Hoặc tìm theo tên, mã").fill("ha linh")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    box = page.get_by_role("checkbox", name="Xã Hà Linh 18502")
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    assert_accessible(page)


@pytest.mark.parametrize("size", WIDTHS)
def test_a_table_is_pasted_into_the_book_at_any_width(signed_in_page, size):
    page = signed_in_page(DISTRICT, size=size)
    page.goto("/so-thon/")
    page.get_by_role("link", name="Xã Hà Linh", exact=True).click()
    width = size[0]
    table = page.get_by_label("Bảng dán từ Excel")
    table.fill(f"Thôn thử {width}\tnhiều")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("alert").first).to_contain_text("Dòng 1, Số hộ")
    assert fits(page)
    assert_accessible(page)
    table.fill(f"Tên thôn\tSố hộ\nThôn thử {width}\t1.120")
    follow(page.get_by_role("button", name="Xem trước"))
    assert_accessible(page)
    page.get_by_role("button", name="Ghi 1 dòng").click()
    expect(page.locator(".msgs")).to_contain_text("Đã ghi 1 dòng vào sổ.")
    follow(page.get_by_role("link", name=f"Thôn thử {width}"))
    assert fits(page)
    assert_accessible(page)


def test_what_is_pressed_on_a_phone_is_large_enough(signed_in_page):
    page = signed_in_page(DISTRICT, size=(390, 844))
    page.goto("/so-thon/")
    page.get_by_role("link", name="Xã Hà Linh", exact=True).click()
    for target in page.locator("main .btn, main .chip, main .crumb a").all():
        assert target.bounding_box()["height"] >= 44, target.inner_text()
