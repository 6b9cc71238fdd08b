"""The queue, the board, rounds and delegation in Chromium: keys, phone width, without JavaScript, accessibility."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.services.browser import PHONE, assert_accessible, assert_accessible_in_both_schemes, follow

OFFICER, REVIEWER, PROVINCE = "huyen-huongkhe", "huyen-huongkhe-duyet", "tinh"
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.name || document.activeElement.id")


def open_first(page: Page, step: str = "approve") -> str:
    """The first value of the queue, opened; its address."""
    page.goto(f"/duyet/?buoc={step}")
    page.locator(".queue a").first.click()
    page.wait_for_url("**/duyet/*/?*")
    return page.url


def test_a_value_is_returned_by_keys_alone(signed_in_page):
    page = signed_in_page(PROVINCE)
    opened = open_first(page)
    page.keyboard.press("r")
    assert focused(page) == "stock"
    page.keyboard.press("2")
    expect(page.locator("input[name=stock]:checked")).to_have_value("Số không khớp biểu")
    page.keyboard.press("Tab")
    page.keyboard.type("biểu 03, dòng 4")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda address: address != opened)
    expect(page.locator(".msgs")).to_contain_text("Đã trả lại một giá trị, kèm lý do.")


def test_a_reason_is_asked_for_and_what_was_chosen_stays(signed_in_page):
    page = signed_in_page(PROVINCE)
    open_first(page)
    page.get_by_role("button", name="Trả lại", exact=True).click()
    expect(page.locator("#reason-fault")).to_contain_text("Cần ghi lý do")
    expect(page.locator("#reason")).to_have_attribute("aria-invalid", "true")
    assert_accessible(page)


def test_arrows_go_up_and_down_the_queue_and_n_leaves_a_value_for_later(signed_in_page):
    page = signed_in_page(PROVINCE)
    first = open_first(page)
    page.keyboard.press("ArrowDown")
    page.wait_for_url(lambda address: address != first)
    second = page.url
    page.keyboard.press("ArrowUp")
    page.wait_for_url(first)
    page.keyboard.press("n")
    page.wait_for_url(second)


def test_the_keys_are_listed_on_the_screen(signed_in_page):
    page = signed_in_page(PROVINCE)
    open_first(page)
    page.keyboard.press("?")
    expect(page.locator(".allkeys dl")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator(".allkeys dl")).to_be_hidden()


def test_e_goes_to_the_evidence(signed_in_page):
    page = signed_in_page(PROVINCE)
    open_first(page)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("e")
    assert page.evaluate("document.getElementById('panel').contains(document.activeElement)")


def test_a_reason_typed_too_early_approves_nothing(signed_in_page):
    page = signed_in_page(PROVINCE)
    opened = open_first(page)
    page.keyboard.press("r")
    page.keyboard.type("an")
    page.keyboard.press("Escape")
    page.wait_for_load_state("networkidle")
    assert page.url == opened
    assert page.locator(".msgs").count() == 0


def test_typing_a_reason_presses_nothing(signed_in_page):
    page = signed_in_page(PROVINCE)
    opened = open_first(page)
    page.locator("#reason").click()
    page.keyboard.type("an e r 1 2 ?")
    assert page.url == opened
    assert page.locator("input[name=stock]:checked").count() == 0
    expect(page.locator("#reason")).to_have_value("an e r 1 2 ?")


@pytest.mark.parametrize("javascript", [True, False])
def test_what_carries_no_flag_is_taken_at_once(signed_in_page, javascript):
    page = signed_in_page(REVIEWER, javascript=javascript)
    page.goto("/duyet/")
    unit = page.locator(".queue .one").first
    unit.click()
    page.get_by_role("link", name="giá trị không có cảnh báo").click()
    counted = page.locator("main .hl4 .v").first.inner_text()
    assert_accessible(page) if javascript else None
    page.get_by_role("button", name=f"Thẩm tra {counted} giá trị").click()
    expect(page.locator(".msgs")).to_contain_text(f"Đã thẩm tra {counted} giá trị không có cảnh báo.")


def test_a_value_is_approved_without_javascript(signed_in_page):
    page = signed_in_page(PROVINCE, javascript=False)
    open_first(page)
    page.get_by_role("button", name=re.compile("^Phê duyệt A")).click()
    expect(page.locator(".msgs")).to_contain_text("Đã phê duyệt 1 giá trị.")


@pytest.mark.parametrize("javascript", [True, False])
def test_one_value_is_opened_again_in_two_presses_from_the_board_of_its_commune(signed_in_page, javascript):
    page = signed_in_page(PROVINCE, javascript=javascript)
    page.goto("/tien-do/")
    page.locator("summary", has_text="Đợt khác").click()
    page.get_by_role("link", name="Năm 2024: Bộ tiêu chí quốc gia về xã nông thôn mới giai đoạn").first.click()
    approved = page.locator("td[data-l='Phê duyệt']", has_not_text=re.compile(r"^0$"))
    page.locator("table.board tr", has=approved).first.get_by_role("link").click()
    row = page.locator("tr.unitrow", has=page.locator("summary", has_text="Mở khoá")).first
    name = row.get_attribute("id")
    row.locator("summary").click()
    row.get_by_label("Lý do mở khoá").fill("Sai số hộ")
    row.get_by_role("button", name="Mở khoá một ô").click()
    page.wait_for_url(f"**#{name}")
    expect(page.locator(".msgs")).to_contain_text("Đã mở khoá một giá trị.")
    expect(page.locator(f"#{name}")).not_to_contain_text("Đã duyệt")


def test_the_board_reminds_and_offers_the_text_to_send_on(signed_in_page):
    page = signed_in_page(REVIEWER)
    page.goto("/tien-do/")
    page.get_by_label("Lời nhắn kèm").fill("Hạn còn ba ngày")
    page.get_by_role("button", name="Nhắc các đơn vị đã chọn").click()
    expect(page.locator(".msgs")).to_contain_text("Đã nhắc")
    page.locator(".log summary").first.click()
    expect(page.locator(".log textarea").first).to_have_value(re.compile("Hạn còn ba ngày"))
    expect(page.locator(".log").get_by_role("button", name="Sao chép").first).to_be_visible()
    assert_accessible(page)
    officer = signed_in_page(OFFICER)
    officer.goto("/viec-cua-toi/")
    expect(officer.get_by_role("heading", name="Được nhắc nộp")).to_be_visible()
    expect(officer.locator("main")).to_contain_text("Hạn còn ba ngày")


PAGES = {
    PROVINCE: ["/duyet/", "/tien-do/", "/dot/", "/duyet/khong-canh-bao/?buoc=approve", "/viec-cua-toi/"],
    REVIEWER: ["/duyet/", "/duyet/khong-canh-bao/?buoc=verify"],
    OFFICER: ["/viec-cua-toi/", "/tien-do/", "/ma-truy-cap/", "/ma-truy-cap/moi/", "/uy-quyen/"],
}


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_every_page_is_accessible_and_fits(signed_in_page, size):
    for username, addresses in PAGES.items():
        page = signed_in_page(username, size=size)
        for address in addresses:
            page.goto(address)
            assert_accessible_in_both_schemes(page)
            assert page.evaluate(FITS), address
    page.goto("/uy-quyen/")
    follow(page.get_by_role("link", name="Uỷ quyền").last)
    assert_accessible_in_both_schemes(page)
    assert page.evaluate(FITS)
    province = signed_in_page(PROVINCE, size=size)
    for address, link in (("/dot/", "table a"), ("/tien-do/", "table.board a"), ("/duyet/", ".queue a")):
        province.goto(address)
        follow(province.locator(link).first)
        province.wait_for_load_state("networkidle")
        assert_accessible_in_both_schemes(province)
        assert province.evaluate(FITS), province.url


def test_what_is_pressed_on_a_phone_is_large_enough(signed_in_page):
    page = signed_in_page(PROVINCE, size=PHONE)
    open_first(page)
    small = page.evaluate(
        """[...document.querySelectorAll('.qbar .btn, .side .chip, .side .btn, .tolist a')]
        .filter((each) => each.offsetHeight && each.offsetHeight < 44).map((each) => each.textContent.trim())"""
    )
    assert small == []


def test_the_sheet_to_sign_is_one_table_on_white_paper(signed_in_page):
    page = signed_in_page(OFFICER)
    page.goto("/viec-cua-toi/")
    page.get_by_role("link", name="Kiểm tra và trình").first.click()
    page.get_by_role("link", name="Phiếu để ký").click()
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".hdr")).to_be_hidden()
    for words in ("Cộng hòa xã hội chủ nghĩa Việt Nam", "Chủ tịch Ủy ban nhân dân", "Mã kiểm"):
        expect(page.locator(".paper")).to_contain_text(words)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_board_is_printed_across_a3(signed_in_page):
    page = signed_in_page(PROVINCE)
    page.goto("/tien-do/")
    made = page.pdf(prefer_css_page_size=True)
    boxes = {tuple(map(float, box)) for box in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", made)}
    assert all(width > height and width > 1100 for width, height in boxes), boxes
