"""The officers' screens in Chromium: keys, saving cell by cell, phone width, without JavaScript, accessibility."""

import pytest
from playwright.sync_api import Page, expect

from tests.services.browser import PHONE, assert_accessible, follow

OFFICER, REVIEWER, PROVINCE = "huyen-huongkhe", "huyen-huongkhe-duyet", "tinh"


def open_sheet(page: Page, unit: str) -> None:
    """The sheet of `unit` in the round of the NTM set, found as a person finds it."""
    page.goto("/viec-cua-toi/")
    section = page.locator("section", has=page.get_by_role("heading", name="xã nông thôn mới giai đoạn"))
    section.get_by_role("link", name=unit, exact=True).click()
    page.wait_for_url("**/nhap-lieu/**")


def first_row(page: Page, kind: str):
    """The first row of the sheet that is open to entry: `kind` is "number" or "choice"."""
    inside = "input[inputmode=decimal]" if kind == "number" else "input[type=radio]"
    found = page.locator("tr[data-open]", has=page.locator(inside)).first
    return page.locator(f"#{found.get_attribute('id')}")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.name || document.activeElement.id")


def test_a_cell_saves_itself_and_enter_moves_down(signed_in_page):
    page = signed_in_page(OFFICER)
    open_sheet(page, "Xã Hương Trà")
    row = first_row(page, "number")
    field = row.locator("input[inputmode=decimal]")
    name = field.get_attribute("name")
    field.fill("64,5")
    field.press("Enter")
    expect(row.locator(".stt")).to_contain_text("Đã lưu")
    assert focused(page) != name
    page.keyboard.press("ArrowUp")
    assert focused(page) == name
    page.reload()
    expect(first_row(page, "number").locator("input[inputmode=decimal]")).to_have_value("64,5")


def test_a_refused_value_stays_in_its_field_with_the_reason_beside_it(signed_in_page):
    page = signed_in_page(OFFICER)
    open_sheet(page, "Xã Hương Trà")
    field = first_row(page, "number").locator("input[inputmode=decimal]")
    before = field.input_value()
    field.fill("1.234")
    field.press("Tab")
    row = first_row(page, "number")
    expect(row.locator(".stt")).to_contain_text("có hai cách hiểu")
    expect(row.locator("input[inputmode=decimal]")).to_have_value("1.234")
    expect(row.locator("input[inputmode=decimal]")).to_have_attribute("aria-invalid", "true")
    assert_accessible(page)
    row.locator("input[inputmode=decimal]").press("Escape")
    expect(row.locator("input[inputmode=decimal]")).to_have_value(before)


def test_a_choice_is_made_with_one_press_on_a_phone(signed_in_page):
    page = signed_in_page(OFFICER, size=PHONE)
    open_sheet(page, "Xã Hương Trà")
    row = first_row(page, "choice")
    label = row.locator("label", has_text="Chưa đạt")
    assert label.bounding_box()["height"] >= 44
    label.click()
    expect(row.locator(".stt")).to_contain_text("Đã lưu")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_sheet_is_saved_as_a_whole_without_javascript(signed_in_page):
    page = signed_in_page(OFFICER, javascript=False)
    open_sheet(page, "Xã Hương Trạch")
    field = first_row(page, "number").locator("input[inputmode=decimal]")
    field.fill("71,25")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".msgs")).to_contain_text("Đã lưu 1 giá trị.")
    expect(first_row(page, "number").locator("input[inputmode=decimal]")).to_have_value("71,25")


def test_the_queue_is_worked_with_keys(signed_in_page):
    page = signed_in_page(PROVINCE)
    page.goto("/duyet/")
    page.keyboard.press("n")
    page.wait_for_url("**/duyet/*/?buoc=approve")
    opened = page.url
    page.keyboard.press("r")
    assert focused(page) == "stock"
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_url(lambda address: address != opened)
    expect(page.locator(".msgs")).to_contain_text("Đã phê duyệt 1 giá trị.")


def test_a_reason_typed_before_its_field_is_reached_approves_nothing(signed_in_page):
    page = signed_in_page(PROVINCE)
    page.goto("/duyet/?buoc=approve")
    page.locator(".queue a").first.click()
    page.wait_for_url("**/duyet/*/?*")
    opened = page.url
    page.keyboard.press("r")
    page.keyboard.type("an toàn")
    page.wait_for_timeout(1000)
    assert page.url == opened
    expect(page.locator(".item")).to_contain_text("Đã thẩm định")


# The queue, the board, rounds and one's own work: tests/queue/.
ADDRESSES = [
    "/bo-tieu-chi/",
    "/bo-tieu-chi/commune-ntm-2021-2025/",
    "/nguong/",
    "/so-nganh/",
    "/quyet-dinh/",
    "/quyet-dinh/moi/",
    "/nhat-ky/",
]


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_the_officers_pages_are_accessible_and_fit_the_screen(signed_in_page, size):
    page = signed_in_page(PROVINCE, size=size)
    for address in ADDRESSES:
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
    officer = signed_in_page(OFFICER, size=size)
    open_sheet(officer, "Xã Hà Linh")
    assert_accessible(officer)
    follow(officer.get_by_role("link", name="Kiểm tra và trình").first)
    assert_accessible(officer)


# What reaches past its own box sideways: the page, or a region that scrolls for itself.
TOO_WIDE = """[document.documentElement, ...document.querySelectorAll('.scroll')]
    .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className || box.tagName)"""


def test_nothing_scrolls_sideways_on_a_phone(signed_in_page):
    page = signed_in_page(PROVINCE, size=(390, 844))
    sets = ["commune-ntm-2021-2025", "commune-advanced-2021-2025", "province-ntm-2026-2030", "urban-civilised"]
    pages = ["/bo-tieu-chi/", *(f"/bo-tieu-chi/{slug}/" for slug in sets), "/nguong/", "/so-nganh/", "/dot/"]
    for address in pages:
        page.goto(address)
        assert page.evaluate(TOO_WIDE) == [], address
    page.goto("/nguong/")
    page.locator("summary", has_text="Đối chiếu").first.click()
    assert page.evaluate(TOO_WIDE) == []
    reviewer = signed_in_page(REVIEWER, size=(390, 844))
    reviewer.goto("/duyet/")
    follow(reviewer.locator(".queue a").first)
    assert reviewer.evaluate(TOO_WIDE) == []


def test_the_menu_of_the_province_office_fits_between_phone_and_desktop(signed_in_page):
    for width in (861, 1024, 1181, 1280):
        page = signed_in_page(PROVINCE, size=(width, 800))
        page.goto("/so-nganh/")
        assert page.evaluate(TOO_WIDE) == [], width


def test_a_choice_is_taken_back_without_javascript(signed_in_page):
    page = signed_in_page(OFFICER, javascript=False)
    open_sheet(page, "Xã Hương Trạch")
    row = first_row(page, "choice")
    name = row.locator("input[type=radio]").first.get_attribute("name")
    for words, stored in (("Chưa đạt", "Chưa đạt"), ("Chưa nhập", "")):
        row.get_by_text(words, exact=True).locator("xpath=ancestor::label").click()
        page.get_by_role("button", name="Lưu", exact=True).click()
        expect(page.locator(".msgs")).to_contain_text("Đã lưu 1 giá trị.")
        assert page.locator(f"input[name='{name}']:checked").get_attribute("value") == stored


def test_a_choice_is_taken_back_with_delete(signed_in_page):
    page = signed_in_page(OFFICER)
    open_sheet(page, "Xã Hương Trạch")
    row = first_row(page, "choice")
    row.locator("label", has_text="Chưa đạt").click()
    expect(row.locator(".stt")).to_contain_text("Đã lưu")
    row.locator("input:checked").press("Delete")
    expect(row.locator(".stt")).to_contain_text("Chưa nhập")
    expect(row.locator("input[type=radio][value='']")).to_be_checked()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_number_that_does_not_apply_is_ticked_and_taken_back_on_a_phone(signed_in_page, javascript):
    page = signed_in_page(OFFICER, size=PHONE, javascript=javascript)
    open_sheet(page, "Xã Hương Trạch")

    def save(row, words):
        if javascript:
            row.locator("input[inputmode=decimal]").press("Tab")
            expect(row.locator(".stt")).to_contain_text(words)
        else:
            page.get_by_role("button", name="Lưu", exact=True).click()
            expect(page.locator(".msgs")).to_contain_text("Đã lưu 1 giá trị.")

    found = page.locator("tr[data-open]", has=page.locator("[data-na]:not(:checked)")).first
    row = page.locator(f"#{found.get_attribute('id')}")
    assert row.locator(".nabox").bounding_box()["height"] >= 44
    before = row.locator("input[inputmode=decimal]").input_value()
    # Of two contents that replace each other one must apply: the other gets a number first.
    other = page.locator("tr[data-open]", has=page.locator("[data-na]:checked")).first
    partner = page.locator(f"#{other.get_attribute('id')}")
    partner.locator("input[inputmode=decimal]").fill("71")
    save(partner, "Đã lưu")
    expect(partner.locator("[data-na]")).not_to_be_checked()
    row.locator("[data-na]").check()
    save(row, "Đã lưu")
    expect(row.locator("[data-na]")).to_be_checked()
    expect(row.locator("input[inputmode=decimal]")).to_have_value("")
    row.locator("input[inputmode=decimal]").fill(before or "72")
    save(row, "Đã lưu")
    expect(row.locator("[data-na]")).not_to_be_checked()
    partner.locator("[data-na]").check()
    save(partner, "Đã lưu")
