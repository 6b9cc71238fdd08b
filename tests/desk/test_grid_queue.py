"""The queue of edits in Chromium: two windows of one person, answers that got lost, what the server says of itself."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.seal import seals
from criteria.rules import numbers
from tests.desk.test_grid_in_the_browser import field, kept, number_row, put, ready
from tests.desk.test_in_the_browser import OFFICER

UNIT = "Xã Hương Lâm"
CELLS = "**/nhap-lieu/o/"
SAID = {
    403: "máy chủ từ chối",
    404: "không thấy nơi nhận",
    422: "không đọc được yêu cầu",
    500: "máy chủ gặp lỗi",
    503: "máy chủ đang bận hoặc bảo trì",
}


def beside(page: Page) -> Page:
    """A second window of the same person on the same sheet."""
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("[data-ready]")
    return other


def posts(page: Page) -> list:
    """The edits that the page sends from now on."""
    sent: list = []
    page.on("request", lambda request: sent.append(request.post_data_json) if request.method == "POST" else None)
    return sent


def only_posts(answer):
    """A route that answers what is saved and lets the rest pass."""
    return lambda route: answer(route) if route.request.method == "POST" else route.continue_()


def test_an_edit_that_waits_in_another_window_is_not_dropped_with_the_own_one(signed_in_page):
    page = ready(signed_in_page(OFFICER), UNIT)
    other = beside(page)
    mine, theirs = number_row(page, 0), number_row(other, 0)
    on_the_way = []
    page.route(CELLS, only_posts(on_the_way.append))
    other.route(CELLS, only_posts(lambda route: route.abort()))
    put(mine, "61,5")
    expect(mine.locator(".stt")).to_contain_text("Đang lưu")
    put(theirs, "62,5")
    expect(theirs.locator(".stt")).to_contain_text("Chờ gửi")
    page.wait_for_timeout(200)
    on_the_way[0].continue_()
    expect(mine.locator(".stt")).to_contain_text("Đã lưu")
    assert len(kept(page)) == 1, "What the other window typed still waits."
    other.unroute(CELLS)
    other.reload()
    expect(field(theirs)).to_have_value("62,5")
    expect(theirs.locator(".stt")).to_contain_text("của bạn 62,5")
    theirs.get_by_role("button", name="Giữ 62,5").click()
    expect(theirs.locator(".stt")).to_contain_text("Đã lưu")
    assert kept(page) == {}


def test_of_two_windows_that_seal_one_cell_at_once_the_one_typed_last_is_kept(signed_in_page):
    page = ready(signed_in_page(OFFICER), UNIT)
    other = beside(page)
    for each in (page, other):
        each.route(CELLS, only_posts(lambda route: route.abort()))
    # The first window takes its time to seal; the second types meanwhile.
    page.evaluate(
        """() => { const seal = crypto.subtle.encrypt.bind(crypto.subtle);
            crypto.subtle.encrypt = async (...what) => {
                await new Promise((done) => setTimeout(done, 800));
                return seal(...what);
            }; }"""
    )
    put(number_row(page, 7), "71,5")
    put(number_row(other, 7), "72,5")
    expect(number_row(other, 7).locator(".stt")).to_contain_text("Chờ gửi")
    # However often the first seals (anew after each try to send), both have written what they had.
    other.wait_for_function("navigator.locks.query().then(({ held, pending }) => !held.length && !pending.length)")
    page.close()
    other.unroute(CELLS)
    other.reload()
    expect(field(number_row(other, 7))).to_have_value("72,5")
    expect(number_row(other, 7).locator(".stt")).to_contain_text("Đã lưu")
    assert kept(other) == {}


def saves_and_loses_the_answer(route) -> None:
    route.fetch()
    route.abort()


def test_what_was_saved_before_its_answer_got_lost_is_no_conflict_when_it_is_sent_again(signed_in_page):
    page = ready(signed_in_page(OFFICER), UNIT)
    row = number_row(page, 1)
    page.route(CELLS, only_posts(saves_and_loses_the_answer))
    put(row, "63,50")
    expect(row.locator(".stt")).to_contain_text("Chờ gửi, mất mạng")
    field(row).fill("64,5")
    page.unroute(CELLS)
    field(row).press("Enter")
    expect(row.locator(".stt")).to_contain_text("Đã lưu")
    assert kept(page) == {}
    page.reload()
    expect(field(row)).to_have_value("64,5")


def test_two_people_who_typed_the_same_have_no_conflict(signed_in_page):
    mine, theirs = (ready(signed_in_page(who), "Xã Hà Linh") for who in (OFFICER, "xa-halinh"))
    rows = [number_row(page, 2) for page in (mine, theirs)]
    put(rows[1], "65,5")
    expect(rows[1].locator(".stt")).to_contain_text("Đã lưu")
    put(rows[0], "65,50")
    expect(rows[0].locator(".stt")).to_contain_text("Đã lưu")
    expect(field(rows[0])).to_have_value("65,5")


@pytest.mark.parametrize("status", SAID)
def test_what_the_server_says_of_itself_is_not_called_a_cut_link(signed_in_page, status):
    page = ready(signed_in_page(OFFICER), UNIT)
    row = number_row(page, 3)
    before = field(row).input_value()
    page.route(CELLS, only_posts(lambda route: route.fulfill(status=status)))
    put(row, f"{status % 100},75")
    expect(row.locator(".stt")).to_contain_text(SAID[status])
    expect(page.locator("#waits")).to_contain_text("1 ô chờ gửi")
    expect(page.locator("#waits")).not_to_contain_text("Mất mạng")
    page.unroute(CELLS)
    page.reload()
    expect(field(row)).to_have_value(f"{status % 100},75")
    expect(row.locator(".stt")).to_contain_text("Đã lưu")
    put(row, before or "1")
    expect(row.locator(".stt")).to_contain_text("Đã lưu")


@pytest.mark.parametrize("status", [429, 503])
def test_the_server_is_left_alone_for_as_long_as_it_asks(signed_in_page, status):
    page = ready(signed_in_page(OFFICER), UNIT)
    page.clock.install()
    row, following = number_row(page, 4), number_row(page, 5)
    page.route(CELLS, only_posts(lambda route: route.fulfill(status=status, headers={"Retry-After": "120"})))
    sent = posts(page)
    put(row, f"{status % 100},65")
    expect(row.locator(".stt")).to_contain_text("tự gửi lại sau 2 phút")
    page.unroute(CELLS)
    put(following, f"{status % 100},35")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.clock.run_for(100_000)
    expect(following.locator(".stt")).to_contain_text("Chờ gửi")
    assert len(sent) == 1
    page.clock.run_for(40_000)
    expect(row.locator(".stt")).to_contain_text("Đã lưu")
    expect(following.locator(".stt")).to_contain_text("Đã lưu")


def under_another_key(page: Page) -> None:
    """Every page comes with a new key in front of the present one, as after a change of SECRET_KEY."""

    def changed(route) -> None:
        answer = route.fetch()
        new = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
        route.fulfill(response=answer, body=answer.text().replace('data-key="', f'data-key="{new} '))

    page.route("**/nhap-lieu/*/*/", changed)


def test_what_was_sealed_under_the_earlier_secret_key_opens_again_and_goes_out(signed_in_page):
    page = ready(signed_in_page(OFFICER), UNIT)
    row = number_row(page, 6)
    page.route(CELLS, only_posts(lambda route: route.abort()))
    put(row, "68,5")
    expect(row.locator(".stt")).to_contain_text("Chờ gửi")
    before = kept(page)
    under_another_key(page)
    page.reload()
    expect(field(row)).to_have_value("68,5")
    expect(row.locator(".stt")).to_contain_text("Chờ gửi")
    assert list(kept(page)) == list(before)
    assert kept(page) != before, "It lies under the new key now."
    page.unroute(CELLS)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(row.locator(".stt")).to_contain_text("Đã lưu")
    assert kept(page) == {}


def test_signing_out_counts_what_this_browser_can_no_longer_open(signed_in_page):
    page = ready(signed_in_page(OFFICER), UNIT)
    user = page.locator("#desk").get_attribute("data-user")
    page.evaluate("(name) => localStorage.setItem(name, 'AAAA.AAAA')", f"ntm-o/{user}/7")
    page.locator(".who summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/dang-xuat/")
    expect(page.locator("#unsent-h")).to_have_text("1 ô chưa gửi")
    expect(page.locator("#unsent")).to_contain_text("1 ô không mở được")
    page.get_by_role("button", name="Xoá tất cả").click()
    expect(page.locator("#unsent")).to_be_hidden()
    assert kept(page) == {}


def test_a_seal_is_of_one_person_and_follows_a_change_of_the_secret_key(settings):
    one, other = User(pk=1), User(pk=2)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a" * 50, []
    (first,) = seals(one).split()
    assert first not in seals(other)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "b" * 50, ["a" * 50]
    new, old = seals(one).split()
    assert (old, new != old) == (first, True)


def test_the_browser_writes_numbers_as_the_server_does(signed_in_page):
    page = ready(signed_in_page(OFFICER), UNIT)
    values = ["61.50", "0061", "46.1250", "0.125", "5.0", "100", "-0", "0.1", "1234567.8"]
    told = {value: page.evaluate("(value) => NTM.numbers.plain(value)", value) for value in values}
    assert told == {value: numbers.typed(numbers.parse(value.replace(".", ","), "percent").value) for value in values}
