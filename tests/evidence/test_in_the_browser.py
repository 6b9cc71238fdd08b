"""The panel in Chromium: files dropped and photographed, their progress, replies, keys, a phone, without JavaScript."""

import socket
import sqlite3
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.evidence.documents import PDF, XLSX, photograph
from tests.services.browser import PHONE, assert_accessible, sign_in

OFFICER, REVIEWER = "huyen-huongkhe", "huyen-huongkhe-duyet"
DROP = """async ([name, size]) => {
    const data = new DataTransfer();
    const head = new TextEncoder().encode("%PDF-1.4\\n"), tail = new TextEncoder().encode("\\n%%EOF\\n");
    data.items.add(new File([head, new Uint8Array(size), tail], name));
    const target = document.querySelector("[data-drop]");
    for (const type of ["dragover", "drop"])
        target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
}"""


def panel_of(page: Page, unit: str, number: int = 0) -> str:
    """Open the panel of one entered number of a unit; returns its address."""
    page.goto("/viec-cua-toi/")
    section = page.locator("section", has=page.get_by_role("heading", name="xã nông thôn mới giai đoạn"))
    section.get_by_role("link", name=unit, exact=True).click()
    page.wait_for_url("**/nhap-lieu/**")
    row = page.locator("tr[data-row]", has=page.locator("input[inputmode=decimal]")).nth(number)
    address = f"/gia-tri/{row.get_attribute('id').removeprefix('v-')}/"
    page.goto(address)
    return address


def files(page: Page):
    return page.locator("[data-files] .what a")


def file(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_a_file_is_dropped_shows_its_progress_and_is_listed(signed_in_page):
    page = signed_in_page(OFFICER)
    panel_of(page, "Xã Hương Trà")
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 500_000},
    )
    page.evaluate(DROP, ["Biên bản họp xã.pdf", 700_000])
    expect(page.locator("[data-uploads] .up")).to_contain_text("đang tải lên")
    expect(page.locator("[data-uploads] progress")).to_be_visible()
    expect(files(page)).to_have_text(["Biên bản họp xã.pdf"])
    expect(page.locator("[data-uploads] .up")).to_have_count(0)
    expect(page.locator("[data-count]")).to_have_text("1")
    with page.expect_download() as download:
        files(page).first.click()
    assert download.value.suggested_filename == "Biên bản họp xã.pdf"


def test_several_files_go_up_one_by_one_and_the_refused_one_says_why(signed_in_page):
    page = signed_in_page(OFFICER)
    panel_of(page, "Xã Hương Trà", 1)
    page.locator("#pn-text").fill("Đang gõ dở")
    sent = [file("a.pdf", PDF), file("ban-do.svg", b"<svg/>"), file("b.xlsx", XLSX)]
    page.locator("#pn-files").set_input_files(sent)
    expect(files(page)).to_have_text(["a.pdf", "b.xlsx"])
    expect(page.locator("[data-uploads] .fault")).to_have_text("Không nhận tệp .svg. Lưu lại thành .png rồi tải lên.")
    expect(page.locator("#pn-text")).to_have_value("Đang gõ dở")
    assert_accessible(page)


def test_an_upload_with_the_link_cut_says_so_and_is_sent_again(signed_in_page):
    page = signed_in_page(OFFICER)
    panel_of(page, "Xã Hương Trà", 2)
    page.context.set_offline(True)
    page.locator("#pn-files").set_input_files([file("a.pdf", PDF)])
    expect(page.locator("[data-uploads] .fault")).to_contain_text("mất mạng")
    page.locator("#pn-text").fill("Chờ mạng")
    # What htmx tells when nobody answers; it also writes it to the console, which the watch would take for a fault.
    page.locator("[data-reply]").dispatch_event("htmx:sendError", {"bubbles": True})
    expect(page.locator("[data-said]")).to_contain_text("Nội dung đang gõ được giữ.")
    expect(page.locator("#pn-text")).to_have_value("Chờ mạng")
    page.context.set_offline(False)
    page.get_by_role("button", name="Thử lại").press("Enter")
    expect(files(page)).to_have_text(["a.pdf"])
    expect(page.locator("[data-uploads] li")).to_have_count(0)
    page.locator("#pn-text").press("Control+Enter")
    expect(page.locator(".talk .said")).to_have_text(["Chờ mạng"])


def test_a_file_dropped_beside_its_place_does_not_open_in_place_of_the_page(signed_in_page):
    page = signed_in_page(OFFICER)
    panel_of(page, "Xã Hương Trà", 5)
    kept = page.evaluate(
        """() => ["dragover", "drop"].map((type) => {
            const data = new DataTransfer();
            data.items.add(new File(["x"], "a.pdf"));
            return !document.querySelector(".hdr").dispatchEvent(
                new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
        })"""
    )
    assert kept == [True, True]
    assert page.locator("[data-uploads] li").count() == 0


def test_an_unsent_reply_comes_back_with_its_panel_and_holds_the_page(signed_in_page):
    page = signed_in_page(OFFICER)
    address = panel_of(page, "Xã Hương Trà", 6)
    page.locator("#pn-text").press_sequentially("Đang gõ dở")
    page.evaluate(
        """async (address) => {
            const answer = await fetch(address, { headers: { "HX-Request": "true" } });
            document.querySelector("[data-panel]").outerHTML = await answer.text();
        }""",
        address,
    )
    expect(page.locator("#pn-text")).to_have_value("Đang gõ dở")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/viec-cua-toi/")
    assert asked == ["beforeunload"]
    page.goto(address)
    expect(page.locator("#pn-text")).to_have_value("")


def test_whoever_signed_in_again_elsewhere_sends_on_from_here(signed_in_page, portal):
    page = signed_in_page(OFFICER)
    address = panel_of(page, "Xã Hương Trà", 7)
    page.locator("#pn-text").fill("Gõ từ trước")
    other = page.context.new_page()
    page.context.clear_cookies()
    sign_in(other, OFFICER, portal.password)
    page.locator("#pn-files").set_input_files([file("a.pdf", PDF)])
    expect(files(page)).to_have_text(["a.pdf"])
    page.locator("#pn-text").press("Control+Enter")
    expect(page.locator(".talk .said")).to_have_text(["Gõ từ trước"])
    assert page.url.endswith(address)


def test_a_person_is_asked_by_name_and_finds_it_under_the_own_work(signed_in_page):
    officer, reviewer = signed_in_page(OFFICER), signed_in_page(REVIEWER, size=PHONE)
    panel_of(officer, "Xã Hương Trà", 8)
    officer.locator("#pn-text").fill(f"Nhờ @{REVIEWER} xem giúp.")
    officer.locator("#pn-text").press("Control+Enter")
    expect(officer.locator(".talk")).to_contain_text("Nhắc Người thẩm tra minh hoạ, huyện Hương Khê")
    assert_accessible(officer)
    reviewer.goto("/viec-cua-toi/")
    assert_accessible(reviewer)
    assert reviewer.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    reviewer.locator(".backs li", has_text="xem giúp").get_by_role("link").click()
    reviewer.locator("#pn-text").fill("Đã xem.")
    reviewer.get_by_role("button", name="Gửi", exact=True).click()
    expect(reviewer.locator(".talk .said")).to_have_count(2)
    reviewer.goto("/viec-cua-toi/")
    expect(reviewer.locator(".backs li", has_text="xem giúp")).to_have_count(0)


def test_two_people_talk_with_keys_and_the_thread_is_marked_done(signed_in_page):
    officer, reviewer = signed_in_page(OFFICER), signed_in_page(REVIEWER)
    address = panel_of(officer, "Xã Hương Trà", 3)
    reviewer.goto(address)
    assert reviewer.locator("[data-drop]").count() == 0
    reviewer.locator("#pn-text").focus()
    reviewer.keyboard.type("Bổ sung 5 thôn còn lại.")
    reviewer.keyboard.press("Tab")
    reviewer.keyboard.press("Enter")
    expect(reviewer.locator(".talk .said")).to_have_text(["Bổ sung 5 thôn còn lại."])
    expect(reviewer.locator("[data-thread] .tag")).to_have_text("Chưa xong")
    officer.reload()
    officer.get_by_role("button", name="Đánh dấu đã xong").press("Enter")
    expect(officer.locator("[data-thread] .tag")).to_have_text("Đã xong")
    assert_accessible(officer)


def test_a_file_is_removed_with_a_reason(signed_in_page):
    page = signed_in_page(OFFICER)
    panel_of(page, "Xã Hương Trạch")
    page.locator("#pn-files").set_input_files([file("a.pdf", PDF)])
    page.locator(".off summary").press("Enter")
    page.get_by_role("button", name="Gỡ tệp").click()
    expect(page.locator(".off .fault")).to_contain_text("Ghi lý do gỡ tệp")
    page.get_by_label("Lý do gỡ").fill("Nhầm xã")
    page.get_by_role("button", name="Gỡ tệp").click()
    expect(page.locator("[data-files]")).to_contain_text("Chưa có minh chứng.")
    page.locator(".gone summary").click()
    expect(page.locator(".gone")).to_contain_text("Nhầm xã")


SAVE_TEN_TIMES = """async (id) => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
    const user = Number(document.querySelector("script[data-user]").dataset.user);
    const send = (cell) => fetch("/nhap-lieu/o/", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ user, cells: [cell] }),
    }).then((answer) => answer.json());
    let version = 0;
    for (let n = 0; n < 11; n += 1) {
        const [told] = (await send({ id, text: String(40 + n), version, note: "Thử" })).cells;
        version = told.stored ? told.stored.version : told.version;
    }
}"""


@pytest.mark.parametrize("javascript", [True, False])
def test_older_history_is_opened_by_key_with_and_without_javascript(signed_in_page, javascript):
    writer = signed_in_page(OFFICER)
    address = panel_of(writer, "Xã Hương Trà", 5)
    writer.evaluate(SAVE_TEN_TIMES, int(address.split("/")[2]))
    page = signed_in_page(OFFICER, javascript=javascript, size=(390, 844))
    page.goto(address)
    more = page.locator(".past .older a")
    assert page.locator(".past time").count() == 8
    assert more.bounding_box()["height"] >= 44
    more.press("Enter")
    if javascript:
        expect(page.locator(".past time").nth(9)).to_be_visible()
        assert_accessible(page)
    else:
        page.wait_for_url("**lich-su=**")
        expect(page.locator(".past time").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_panel_works_in_a_page_that_loads_it_later(signed_in_page):
    page = signed_in_page(OFFICER)
    address = panel_of(page, "Xã Hương Trà", 4)
    page.evaluate(
        """async (address) => {
            const answer = await fetch(address, { headers: { "HX-Request": "true" } });
            const fresh = document.createElement("aside");
            fresh.innerHTML = await answer.text();
            document.querySelector("[data-panel]").replaceWith(fresh);
            window.htmx.process(fresh);
        }""",
        address,
    )
    page.evaluate(DROP, ["a.pdf", 10])
    expect(files(page)).to_have_text(["a.pdf"])
    page.locator("#pn-text").fill("Đã gửi.")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator(".talk .said")).to_have_text(["Đã gửi."])
    assert_accessible(page)


@pytest.mark.parametrize("size", [(1440, 900), (390, 844), PHONE])
def test_the_panel_is_accessible_and_fits_the_screen(signed_in_page, size):
    page = signed_in_page(OFFICER, size=size)
    panel_of(page, "Xã Hương Trạch", 1)
    page.locator("#pn-files").set_input_files([file("anh.jpg", photograph()), file("x" * 100 + ".pdf", PDF)])
    expect(page.locator("[data-uploads] .up")).to_have_count(0)
    expect(files(page)).to_have_count(2)
    page.locator("#pn-text").fill("x" * 300)
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator(".talk .said").last).to_have_text("x" * 300)
    page.locator(".see summary").click()
    expect(page.locator(".see img")).to_be_visible()
    expect(page.locator(".see img")).to_have_js_property("naturalWidth", 20)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    if size[0] < 700:
        expect(page.locator("#pn-cam")).to_be_visible()
        for target in ("[data-files] .what a", ".off summary", ".see summary", "[data-reply] .btn", ".drop .pick"):
            assert page.locator(target).first.bounding_box()["height"] >= 44, target


def test_everything_works_without_javascript(signed_in_page):
    page = signed_in_page(OFFICER, javascript=False)
    panel_of(page, "Xã Hương Trạch", 2)
    page.locator("#pn-files").set_input_files([file("a.pdf", PDF), file("b.xlsx", XLSX)])
    page.get_by_role("button", name="Gửi tệp").click()
    expect(page.locator(".msgs")).to_contain_text("Đã thêm 2 tệp minh chứng.")
    page.locator("#pn-files").set_input_files([file("c.svg", b"<svg/>")])
    page.get_by_role("button", name="Gửi tệp").click()
    expect(page.locator("[data-fault]")).to_contain_text("Không nhận tệp .svg.")
    page.get_by_label("Ý kiến").fill("Đã gửi đủ.")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.locator(".talk .said")).to_have_text(["Đã gửi đủ."])
    page.get_by_role("button", name="Đánh dấu đã xong").click()
    expect(page.locator("[data-thread] .tag")).to_have_text("Đã xong")


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_connection_cut_while_sending_leaves_no_row_and_no_file(signed_in_page, portal, share):
    page = signed_in_page(OFFICER)
    address = panel_of(page, "Xã Hương Trạch", 3)
    token = page.locator("[data-drop] input[name=csrfmiddlewaretoken]").get_attribute("value")
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())
    fields = [
        ("csrfmiddlewaretoken", "", token),
        ("files", '; filename="a.pdf"', PDF.decode() + " " * 600_000),
        ("end", "", "het"),
    ]
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{said}\r\n' for name, more, said in fields
    ]
    body = "".join([*parts, "--x--\r\n"]).encode()
    where = urlsplit(portal.address)
    head = (
        f"POST {address}minh-chung/ HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {cookies}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    before = kept(portal)
    with socket.create_connection((where.hostname, where.port)) as line:
        line.sendall(head.encode() + body[: int(len(body) * share)])
    time.sleep(1)
    assert kept(portal) == before
    page.reload()
    expect(files(page)).to_have_count(0)


def kept(portal) -> tuple[int, list[str]]:
    """Rows and files of the portal, on their way in included."""
    with sqlite3.connect(portal.data_dir / "ntm.sqlite3") as database:
        rows = database.execute("SELECT count(*) FROM criteria_storedfile").fetchone()[0]
    database.close()
    return rows, sorted(path.name for path in (portal.data_dir / "uploads").rglob("*") if path.is_file())
