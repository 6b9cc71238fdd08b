"""The grid in Chromium: the link cut, the session ended, two officers on one cell, the next person on the computer."""

import json
import re
import unicodedata

import pytest
from playwright.sync_api import Page, expect

from criteria.rules import numbers, ranges
from tests.desk.test_in_the_browser import OFFICER, open_sheet
from tests.services.browser import PHONE, assert_accessible, assert_accessible_in_both_schemes, sign_in

UNIT = "Xã Hương Xuân"
OTHER = "huyen-huongkhe-duyet"
NUMBERS = [
    "95,5", "95,5 %", "1.234,5", "1.234", "1,234", "1 234 567,8", "1.234.567", "12.34", "842", "-5", "−5", "–", "", " ",
    "x", "Đạt", "dat", "CĐ", "có", "không", "khong ap dung", "KAD", "n/a", "✓", "1", "0", "nhiều", "50 %", "0,12345",
    "999999999999", "1" + "0" * 12, "46,1250", "5,0", "5,5", "9" * 41, "1\u00a0234", "đạt.", "00012", "1.23.456", "100",
    "Kho\u0302ng a\u0301p du\u0323ng", "100,0001", "-0",
]  # fmt: skip
KINDS = ["percent", "number", "money", "count", "boolean"]


def ready(page: Page, unit: str = UNIT) -> Page:
    open_sheet(page, unit)
    page.wait_for_selector("[data-ready]")
    return page


def number_row(page: Page, place: int):
    found = page.locator("tr[data-open]:not([data-may-not-apply])", has=page.locator("input[inputmode=decimal]"))
    return page.locator(f"#{found.nth(place).get_attribute('id')}")


def field(row):
    return row.locator("input[inputmode=decimal]")


def put(row, text: str) -> None:
    field(row).fill(text)
    field(row).press("Enter")


def kept(page: Page) -> dict:
    return page.evaluate("Object.fromEntries(Object.entries(localStorage))")


def as_the_server_reads(text: str, kind: str) -> list:
    try:
        parsed = numbers.parse(text, kind, about="Không còn nhà tạm")
    except numbers.Unreadable as fault:
        return ["fault", str(fault)]
    if parsed.value is not None and (fault := ranges.fault(parsed.value, kind)):
        return ["fault", fault]
    return ["na"] if parsed.not_applicable else ["value", None if parsed.value is None else float(parsed.value)]


def test_the_browser_reads_numbers_as_the_server_does(signed_in_page):
    page = ready(signed_in_page(OFFICER))
    read = """([text, type]) => {
        const r = NTM.numbers.read(text, { type, about: "Không còn nhà tạm", mayNotApply: true });
        return r.fault ? ["fault", r.fault] : r.na ? ["na"] : ["value", r.value === null ? null : Number(r.value)]; }"""
    told = {(text, kind): page.evaluate(read, [text, kind]) for text in NUMBERS for kind in KINDS}
    assert told == {(text, kind): as_the_server_reads(text, kind) for text, kind in told}


def test_edits_wait_while_the_link_is_cut_survive_a_reload_and_go_out_when_it_is_back(signed_in_page):
    page = ready(signed_in_page(OFFICER))
    rows = [number_row(page, place) for place in (0, 1)]
    page.route("**/nhap-lieu/o/", lambda route: route.abort())
    put(rows[0], "61,5")
    put(rows[1], "62,5")
    expect(rows[1].locator(".stt")).to_contain_text("Chờ gửi, mất mạng")
    expect(page.locator("#waits")).to_contain_text("2 ô chờ gửi")
    assert_accessible(page)
    assert "61,5" not in json.dumps(kept(page)), "What waits is sealed."
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(field(rows[0])).to_have_value("61,5")
    expect(rows[0].locator(".stt")).to_contain_text("Chờ gửi")
    sent = []
    page.unroute("**/nhap-lieu/o/")
    page.on("request", lambda request: sent.append(request.post_data_json) if request.method == "POST" else None)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(rows[0].locator(".stt")).to_contain_text("Đã lưu")
    expect(rows[1].locator(".stt")).to_contain_text("Đã lưu")
    expect(page.locator("#waits")).to_be_hidden()
    assert [cell["text"] for cell in sent[0]["cells"]] == ["61,5", "62,5"], "In the order in which they were typed."
    assert kept(page) == {}


def test_a_refused_text_survives_a_reload_with_its_reason(signed_in_page):
    page = ready(signed_in_page(OFFICER))
    row = number_row(page, 2)
    put(row, "842")
    expect(row.locator(".stt")).to_contain_text("Chưa lưu")
    page.reload()
    page.wait_for_selector("[data-ready]")
    expect(field(row)).to_have_value("842")
    expect(row.locator(".stt")).to_contain_text("Tỷ lệ phải từ 0 đến 100%.")
    field(row).press("Escape")
    assert kept(page) == {}


def test_two_officers_on_one_cell_see_both_values_and_the_base_and_choose(signed_in_page):
    mine, theirs = ready(signed_in_page(OFFICER)), ready(signed_in_page(OFFICER))
    rows = [number_row(page, 3) for page in (mine, theirs)]
    base = field(rows[0]).input_value()
    put(rows[1], "97,5")
    expect(rows[1].locator(".stt")).to_contain_text("Đã lưu")
    put(rows[0], "98,2")
    told = rows[0].locator(".stt")
    expect(told).to_contain_text("của bạn 98,2")
    expect(told).to_contain_text("97,5")
    expect(told).to_contain_text(f"trước đó {base or 'trống'}")
    assert_accessible(mine)
    told.get_by_role("button", name="Giữ 98,2").click()
    expect(told).to_contain_text("Đã lưu")
    put(rows[1], "96,1")
    expect(rows[1].locator(".stt")).to_contain_text("của bạn 96,1")
    rows[1].get_by_role("button", name="Lấy 98,2").click()
    expect(field(rows[1])).to_have_value("98,2")


def test_a_session_that_ended_while_typing_is_taken_up_again_in_place(signed_in_page, portal):
    page = ready(signed_in_page(OFFICER))
    row = number_row(page, 4)
    page.context.clear_cookies()
    put(row, "63,5")
    dialog = page.locator("#again")
    expect(dialog).to_be_visible()
    assert_accessible(page)
    dialog.get_by_label("Mật khẩu").fill("sai-mat-khau-roi")
    dialog.get_by_role("button", name="Đăng nhập").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Mật khẩu chưa đúng.")
    expect(field(row)).to_have_value("63,5")
    dialog.get_by_label("Mật khẩu").fill(portal.password)
    dialog.get_by_role("button", name="Đăng nhập").click()
    expect(row.locator(".stt")).to_contain_text("Đã lưu")
    expect(dialog).to_be_hidden()
    page.reload()
    expect(field(row)).to_have_value("63,5")


def test_the_next_person_on_the_computer_neither_sees_nor_sends_what_waits(signed_in_page, portal):
    page = ready(signed_in_page(OFFICER))
    row = number_row(page, 5)
    before = field(row).input_value()
    page.route("**/nhap-lieu/o/", lambda route: route.abort())
    put(row, "64,5")
    expect(row.locator(".stt")).to_contain_text("Chờ gửi")
    address = page.url
    page.unroute("**/nhap-lieu/o/")
    page.context.clear_cookies()
    sign_in(page, "tinh", portal.password)
    page.goto(address)
    page.wait_for_selector("[data-row]")
    expect(page.locator("#waits")).to_be_hidden()
    assert "64,5" not in page.locator("#sheet").inner_text()
    opened = """async () => { const store = await NTM.Store.of(document.getElementById("desk").dataset);
        store.prefix = Object.keys(localStorage)[0].split("/").slice(0, 2).join("/") + "/"; return store.all(); }"""
    assert page.evaluate(opened) == [], "The key of the next person opens nothing."
    page.context.clear_cookies()
    sign_in(page, OFFICER, portal.password)
    page.goto(address)
    expect(row.locator(".stt")).to_contain_text("Đã lưu")
    expect(field(row)).to_have_value("64,5")
    assert before != "64,5"


def test_another_person_who_signed_in_meanwhile_does_not_sign_for_what_was_typed(signed_in_page, portal):
    page = ready(signed_in_page(OFFICER))
    row = number_row(page, 6)
    page.context.clear_cookies()
    beside = page.context.new_page()
    sign_in(beside, OTHER, portal.password)
    put(row, "65,5")
    # The form's token is the other session's now, so the page asks whose session it is before anything is sent.
    expect(page.locator("#again")).to_be_visible()
    expect(field(row)).to_have_value("65,5")
    beside.goto(page.url)
    assert "65,5" not in beside.content()


def test_the_whole_grid_is_filled_with_the_keyboard_alone(signed_in_page):
    page = ready(signed_in_page(OFFICER), "Xã Hương Vĩnh")
    count = page.locator("tr[data-open]").count()
    page.locator("tr[data-open] [data-cell]").first.focus()
    for _ in range(count):
        kind = page.evaluate("document.activeElement.type")
        na = page.evaluate("Boolean(document.activeElement.closest('tr').querySelector('[data-na]:checked'))")
        if kind == "radio":
            page.keyboard.press("c")
        elif not na:
            page.keyboard.type("7")
        page.keyboard.press("Enter")
    expect(page.locator("tr.k-saving")).to_have_count(0)
    assert page.locator("tr.k-inv").count() == 0
    page.reload()
    values = page.locator("tr[data-open]:not(.yn) input[inputmode=decimal]").evaluate_all(
        "all => all.map(one => one.value)"
    )
    assert set(values) <= {"7", ""}
    assert values.count("7") > 25
    choices = page.locator("tr[data-open].yn input:checked").evaluate_all("all => all.map(one => one.value)")
    assert set(choices) == {"Chưa đạt"}


def test_the_verdict_stands_beside_the_value_as_typed(signed_in_page):
    page = ready(signed_in_page(OFFICER))
    page.route("**/nhap-lieu/o/", lambda route: route.abort())
    row = page.locator("tr[data-open][data-op='>='][data-level]:not([data-level=''])").first
    row = page.locator(f"#{row.get_attribute('id')}")
    for text, words in (("0", "Chưa đạt"), ("100", "Đạt")):
        field(row).fill(text)
        expect(row.locator("[data-mark]")).to_have_text(re.compile(f"^{words}$"))
    field(row).fill("1.234")
    expect(row.locator(".stt")).to_contain_text("có hai cách hiểu")


@pytest.mark.parametrize("size", [(1440, 900), PHONE])
def test_both_sheets_are_accessible_in_light_and_dark(signed_in_page, size):
    page = signed_in_page(OFFICER, size=size)
    ready(page)
    assert_accessible_in_both_schemes(page)
    page.goto("/viec-cua-toi/")
    page.get_by_role("link", name="Nhập theo chỉ tiêu").first.click()
    page.wait_for_selector("[data-ready]")
    assert_accessible_in_both_schemes(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


PASTE = """(text) => { const data = new DataTransfer(); data.setData("text/plain", text);
    document.activeElement.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }"""


def paste(page: Page, text: str) -> None:
    """Ctrl+V of `text` where the keyboard stands."""
    page.evaluate(PASTE, text)


def codes_of(page: Page, count: int) -> list[tuple[str, str]]:
    """The first open cells of numbers below each other: id and what stands in it."""
    found = page.locator("tr[data-open]:not([data-may-not-apply])", has=page.locator("input[inputmode=decimal]"))
    rows = [found.nth(place) for place in range(count)]
    return [(row.get_attribute("data-row"), row.get_attribute("data-code")) for row in rows]


def test_a_pasted_block_is_previewed_applied_as_a_batch_and_undone_once(signed_in_page):
    page = ready(signed_in_page(OFFICER), "Xã Hương Trà")
    wanted = codes_of(page, 3)
    rows = [page.locator(f"#v-{pk}") for pk, _ in wanted]
    before = [field(row).input_value() for row in rows]
    lines = [f"{code}\t{value}" for (_, code), value in zip(wanted, ("51,5", "52,5", "1.234"), strict=True)]
    sent = []
    page.on("request", lambda request: sent.append(request.post_data_json) if request.method == "POST" else None)
    field(rows[0]).focus()
    paste(page, "\r\n".join([*lines, '"99.99"\t5', "", ""]))
    dialog = page.locator("#paste")
    expect(dialog).to_contain_text("2 ô sẽ ghi, 2 dòng bỏ qua.")
    expect(dialog).to_contain_text("có hai cách hiểu")
    expect(dialog).to_contain_text("Không thấy ô nào có mã hoặc tên này")
    assert_accessible(page)
    assert field(rows[0]).input_value() == before[0], "Nothing is written before it is applied."
    page.keyboard.press("Enter")
    expect(rows[1].locator(".stt")).to_contain_text("Đã lưu")
    assert [field(row).input_value() for row in rows] == ["51,5", "52,5", before[2]]
    assert len(sent) == 1, "One batch."
    page.keyboard.press("Control+z")
    expect(field(rows[0])).to_have_value(before[0])
    expect(page.locator("tr.k-saving")).to_have_count(0)
    page.reload()
    assert [field(row).input_value() for row in rows] == before


def test_a_column_without_codes_lands_downwards_and_says_what_is_locked(signed_in_page):
    page = ready(signed_in_page(OFFICER), "Xã Hương Trà")
    first = page.locator(f"#v-{codes_of(page, 1)[0][0]}")
    field(first).focus()
    paste(page, "55,5\n" * 100)
    dialog = page.locator("#paste")
    expect(dialog).to_contain_text("Hết ô trong phiếu")
    expect(dialog.locator("tbody tr").first).to_contain_text("→ 55,5")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert kept(page) == {}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_and_values_pasted_into_the_sheet_of_one_input_find_their_communes(signed_in_page, form):
    page = signed_in_page(OFFICER)
    page.goto("/viec-cua-toi/")
    section = page.locator("section", has=page.get_by_role("heading", name="xã nông thôn mới giai đoạn"))
    section.get_by_role("link", name="Nhập theo chỉ tiêu").click()
    page.wait_for_selector("[data-ready]")
    number = page.locator("#chon option", has_text=re.compile("^2.2 ")).first.get_attribute("value")
    page.locator("#chon").select_option(number)
    page.get_by_role("button", name="Mở").click()
    page.wait_for_url(f"**/chi-tieu/{number}/")
    page.wait_for_selector("[data-ready]")
    page.locator("[data-open] [data-cell]").first.focus()
    value = {"NFC": "91,25", "NFD": "92,25"}[form]
    paste(page, unicodedata.normalize(form, f"Hương Trà\t{value}\nXA HUONG XUAN\t{value}\nXã Không Có\t3"))
    expect(page.locator("#paste")).to_contain_text("2 ô sẽ ghi, 1 dòng bỏ qua.")
    page.keyboard.press("Enter")
    for name in ("Xã Hương Trà", "Xã Hương Xuân"):
        row = page.locator(f"tr[data-name='{name}']")
        expect(field(row)).to_have_value(value)
        expect(row.locator(".stt")).to_contain_text("Đã lưu")


def test_blocks_of_excel_are_taken_apart_as_excel_writes_them(signed_in_page):
    page = ready(signed_in_page(OFFICER))
    apart = {
        "1\t2\r\n3\t4\r\n": [["1", "2"], ["3", "4"]],
        '"a ""b"" c"\t1\n': [['a "b" c', "1"]],
        '"hai\ndòng"\t1': [["hai\ndòng", "1"]],
        "1\n\n3\n\n": [["1"], [""], ["3"]],
        "": [],
        "5": [["5"]],
        '5"': [['5"']],
        "a\rb": [["a"], ["b"]],
    }
    assert {text: page.evaluate("(text) => NTM.table(text)", text) for text in apart} == apart


def test_signing_out_lists_what_was_not_sent_and_lets_it_be_removed_or_sent_or_kept(signed_in_page):
    page = ready(signed_in_page(OFFICER))
    rows = [number_row(page, place) for place in (7, 8, 9)]
    page.route("**/nhap-lieu/o/", lambda route: route.abort())
    for row, text in zip(rows, ("66,5", "67,5", "68,5"), strict=True):
        put(row, text)
    expect(page.locator("#waits")).to_contain_text("3 ô chờ gửi")
    page.locator(".who summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/dang-xuat/")
    expect(page.locator("#unsent-h")).to_have_text("3 ô chưa gửi")
    expect(page.locator("#unsent li").first).to_contain_text("66,5")
    assert_accessible(page)
    page.locator("#unsent li").first.get_by_role("button").click()
    expect(page.locator("#unsent-h")).to_have_text("2 ô chưa gửi")
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("#unsent-h")).to_contain_text("chưa gửi được")
    page.unroute("**/nhap-lieu/o/")
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("#unsent")).to_be_hidden()
    assert kept(page) == {}
    page.get_by_role("button", name="Đăng xuất").last.click()
    page.wait_for_url(lambda address: "/dang-xuat/" not in address)
