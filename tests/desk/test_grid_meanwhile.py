"""What happens while somebody types, in Chromium: the round closes, the unit is merged, a value looks wrong."""

import sqlite3
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.desk.test_grid_in_the_browser import field, kept, number_row, paste, put, ready
from tests.desk.test_in_the_browser import OFFICER
from tests.services.browser import PHONE, assert_accessible

UNIT = "Xã Hương Bình"


def changed(portal, statement: str, *values) -> list:
    """Run one statement in the portal's database."""
    database = sqlite3.connect(portal.data_dir / "ntm.sqlite3", timeout=20)
    try:
        with database:
            return database.execute(statement, values).fetchall()
    finally:
        database.close()


def stored(portal, row) -> tuple:
    found = "SELECT value, note, version FROM criteria_reading WHERE id = ?"
    return changed(portal, found, row.get_attribute("data-row"))[0]


@contextmanager
def closed_round(portal, row):
    """The round of the row is closed as long as this lasts."""
    of_row = (
        "SELECT s.round_id FROM criteria_reading r JOIN criteria_assessment s ON s.id = r.assessment_id WHERE r.id = ?"
    )
    ((opened,),) = changed(portal, of_row, row.get_attribute("data-row"))
    changed(portal, "UPDATE criteria_round SET closed_on = '2025-01-31' WHERE id = ?", opened)
    try:
        yield
    finally:
        changed(portal, "UPDATE criteria_round SET closed_on = NULL WHERE id = ?", opened)


@contextmanager
def merged_unit(portal, row):
    """The unit of the row ended before the period did, as long as this lasts."""
    of_row = (
        "SELECT s.area_id FROM criteria_reading r JOIN criteria_assessment s ON s.id = r.assessment_id WHERE r.id = ?"
    )
    ((unit,),) = changed(portal, of_row, row.get_attribute("data-row"))
    ((pk, until),) = changed(
        portal,
        "SELECT id, valid_to FROM communes_placement WHERE area_id = ? AND coalesce(valid_to, '9999') > '2024-12-30'",
        unit,
    )
    changed(portal, "UPDATE communes_placement SET valid_to = '2024-06-30' WHERE id = ?", pk)
    try:
        yield
    finally:
        changed(portal, "UPDATE communes_placement SET valid_to = ? WHERE id = ?", until, pk)


def test_a_round_closed_while_typing_says_so_at_the_cell_and_keeps_what_was_typed(signed_in_page, portal):
    page = ready(signed_in_page(OFFICER), UNIT)
    row = number_row(page, 0)
    before = stored(portal, row)
    with closed_round(portal, row):
        put(row, "61,5")
        expect(row.locator(".stt")).to_contain_text("Kỳ này đã chốt. Cần mở lại kỳ để sửa. Chưa lưu.")
        expect(row.locator(".stt")).to_contain_text("Bạn đã gõ 61,5")
        assert_accessible(page)
        page.reload()
        page.wait_for_selector("[data-ready]")
        expect(page.locator(".lock-note")).to_contain_text("Kỳ này đã chốt")
        expect(row.locator(".stt")).to_contain_text("Bạn đã gõ 61,5")
        assert stored(portal, row) == before, "Nothing is half written."
    page.reload()
    expect(field(row)).to_have_value("61,5")
    field(row).press("Escape")
    assert kept(page) == {}
    assert stored(portal, row) == before


def test_of_a_block_that_is_pasted_when_the_round_has_just_closed_nothing_is_written(signed_in_page, portal):
    """That it is written whole where the round closes in the middle of it: tests/proof/test_blocks.py."""
    page = ready(signed_in_page(OFFICER), UNIT)
    rows = [number_row(page, place) for place in (1, 2)]
    before = [stored(portal, row) for row in rows]
    field(rows[0]).focus()
    paste(page, "\n".join(f"{row.get_attribute('data-code')}\t62,5" for row in rows))
    expect(page.locator("#paste")).to_contain_text("2 ô sẽ ghi")
    with closed_round(portal, rows[0]):
        page.locator("#paste [data-apply]").click()
        for row in rows:
            expect(row.locator(".stt")).to_contain_text("Kỳ này đã chốt")
        assert [stored(portal, row) for row in rows] == before
        expect(page.locator("#tallies")).to_contain_text("2 ô lỗi")
        for row in rows:
            row.get_by_role("button", name="Bỏ").click()
    assert kept(page) == {}


def test_a_unit_merged_while_the_form_is_open_says_so_and_keeps_what_was_typed(signed_in_page, portal):
    page = ready(signed_in_page(OFFICER), UNIT)
    row = number_row(page, 3)
    before = stored(portal, row)
    with merged_unit(portal, row):
        put(row, "63,5")
        expect(row.locator(".stt")).to_contain_text("đơn vị đã sáp nhập hoặc phân công đã đổi. Chưa lưu.")
        expect(row.locator(".stt")).to_contain_text("Bạn đã gõ 63,5")
        expect(field(row)).to_have_value("63,5")
        assert stored(portal, row) == before
        row.get_by_role("button", name="Bỏ").click()
        assert kept(page) == {}


def warned(page: Page, place: int, text: str):
    """A row in which a value far from the period before was saved."""
    row = number_row(page, place)
    put(row, text)
    expect(row.locator("[data-why]")).to_be_visible()
    return row


def test_a_value_that_looks_wrong_says_so_at_once_and_takes_its_note_in_place(signed_in_page, portal):
    for size in ((1440, 900), PHONE):  # in this order: the first leaves its note to the second
        says_so_and_takes_its_note(signed_in_page, portal, size)


def says_so_and_takes_its_note(signed_in_page, portal, size):
    page = ready(signed_in_page(OFFICER, size=size), UNIT)
    row = warned(page, 4, {PHONE: "11,5"}.get(size, "12,5"))
    if size != PHONE:
        expect(row.locator("[data-flags]")).to_contain_text("so với kỳ trước")
        expect(row.locator(".stt")).to_contain_text("Cần giải trình")
        expect(page.locator("#tallies")).to_contain_text("1 ô cần giải trình")
        expect(page.locator("#said")).to_contain_text("Cần giải trình")
    assert_accessible(page)
    note = row.locator("[data-note]")
    note.fill(f"Điều tra lại {size[0]}")
    note.press("Enter")
    expect(row.locator("[data-state]")).to_contain_text("Đã lưu")
    expect(row.locator("[data-state]")).not_to_contain_text("Cần giải trình")
    assert not note.evaluate("one => one === document.activeElement"), "Enter goes on to the next cell."
    assert stored(portal, row)[1] == f"Điều tra lại {size[0]}"
    page.reload()
    expect(note).to_have_value(f"Điều tra lại {size[0]}")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_note_waits_for_the_link_like_its_cell_and_survives_a_reload(signed_in_page, portal):
    page = ready(signed_in_page(OFFICER), UNIT)
    row = warned(page, 5, "13,5")
    page.route("**/nhap-lieu/o/", lambda route: route.abort())
    note = row.locator("[data-note]")
    note.fill("Theo sổ mới")
    note.press("Tab")
    expect(row.locator(".stt")).to_contain_text("Chờ gửi, mất mạng")
    page.reload()
    expect(note).to_have_value("Theo sổ mới")
    expect(row.locator(".stt")).to_contain_text("Chờ gửi")
    assert stored(portal, row)[1] == ""
    page.unroute("**/nhap-lieu/o/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(row.locator("[data-state]")).to_contain_text("Đã lưu")
    assert stored(portal, row)[1] == "Theo sổ mới"


def test_esc_in_a_note_brings_the_stored_one_back(signed_in_page):
    page = ready(signed_in_page(OFFICER), UNIT)
    row = warned(page, 6, "14,5")
    note = row.locator("[data-note]")
    note.fill("Theo sổ")
    note.press("Enter")
    expect(row.locator("[data-state]")).not_to_contain_text("Cần giải trình")
    expect(row.locator("[data-state]")).to_contain_text("Đã lưu")
    note.fill("nhầm")
    note.press("Escape")
    expect(note).to_have_value("Theo sổ")
    assert kept(page) == {}
