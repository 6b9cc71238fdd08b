"""The pages of sponsorship: what they show to whom, forms that keep what was typed, statements."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from criteria.models import Indicator
from sponsorship.actions import ledger, pledges, years
from sponsorship.models import Contribution, Disbursement, Funding, Need, Pledge, Sponsor
from sponsorship.queries import gaps
from tests.money.conftest import DAY, HA_LINH
from tests.pages.conftest import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(visitor):
    """`read(address, client=visitor)`: the page, which must answer 200 and hold nothing that the policy refuses."""

    def get(address, client=visitor) -> Reader:
        response = client.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        reader = Reader()
        reader.feed(response.content.decode())
        assert reader.faults == []
        assert reader.tags.count("h1") == 1
        return reader

    return get


@pytest.fixture
def typed():
    """What a browser posts for money to Hà Linh."""

    def make(**said):
        usual = {
            "received_on": "20/05/2024",
            "sponsor": "Công ty thử nghiệm",
            "area": "Xã Hà Linh",
            "channel": "called",
            "kind": "money",
            "amount": "15.000.000",
            "indicator": "17.1 Nước sạch",
            "purpose": "Nước sạch",
            "receipt": "BN-1",
        }
        return {**usual, **said}

    return make


def post(client, view, data, *args):
    return client.post(reverse(f"sponsorship:{view}", args=args), data)


def test_the_year_reads_as_the_report_wrote_it(read):
    page = read("/do-dau/?nam=2023")
    assert "15,739" in page.text
    assert "79,800" in page.text
    assert "95,539" in page.text
    assert "cộng lại 95.539.000.000 đ , lệch 0 đ" in page.text
    assert "Khớp tổng" in page.text
    assert "số liệu minh hoạ" in page.text


@pytest.mark.parametrize("split", ["kenh", "loai", "nguon", "huyen", "noi-nhan", "tieu-chi", "nha-tai-tro"])
def test_every_split_ends_in_the_same_total(read, split):
    assert "95,539 tỷ đồng" in read(f"/do-dau/tong-hop/{split}/?nam=2023").text
    assert "95.539.000.000 đ" in read(f"/do-dau/tong-hop/{split}/?nam=2023").text


@pytest.mark.parametrize("address", ["/do-dau/?nam=abc", "/do-dau/so/999999999/", "/do-dau/tong-hop/khac/?nam=2023"])
def test_what_is_not_there_is_absent(visitor, address):
    assert visitor.get(address).status_code == 404


def test_a_filter_that_cannot_be_read_is_told_at_its_field(visitor):
    response = visitor.get("/do-dau/so/?nam=hai")
    assert response.status_code == 422
    assert "id_nam_error" in response.content.decode()


def test_pages_of_officers_are_closed_to_visitors_and_strangers(
    visitor, client_of, received, other_district_officer, administrator
):
    pk = received().pk
    for view in ("receipt", "thanks"):
        address = reverse(f"sponsorship:{view}", args=[pk])
        assert visitor.get(address).status_code == 302
        assert client_of(other_district_officer).get(address).status_code == 404
    assert client_of(administrator).get(reverse("sponsorship:entry-new")).status_code == 404
    for view in ("confirm", "reverse", "spend"):
        assert post(client_of(other_district_officer), view, {"reason": "x"}, pk).status_code in (404, 422)
    assert Contribution.objects.filter(reverses=pk).count() == Disbursement.objects.count() == 0


def test_a_contribution_is_written_and_shown(client_of, district_officer, sponsor, typed, read):
    sponsor()
    response = post(client_of(district_officer), "entry-new", typed())
    assert response.status_code == 303
    made = Contribution.objects.get(recorded_by=district_officer)
    assert (made.amount, made.indicator.code, made.receipt) == (15_000_000, "17.1", "BN-1")
    text = read(response["Location"]).text
    assert "15.000.000 đ" in text
    assert "Chờ một người khác đối chiếu" in text
    assert "BN-1" not in text
    assert "BN-1" in read(response["Location"], client_of(district_officer)).text


@pytest.mark.parametrize(
    ("said", "field", "message"),
    [
        ({"amount": "-5"}, "amount", "không được âm"),
        ({"amount": "12,5"}, "amount", "đồng chẵn"),
        ({"amount": "12 triệu"}, "amount", "không phải số tiền"),
        ({"amount": ""}, "amount", "Ghi số tiền"),
        ({"received_on": "31/02/2024"}, "received_on", "không đọc được"),
        ({"received_on": "01/01/2199"}, "area", "bạn không ghi cho đơn vị này"),
        ({"sponsor": "Không có ai"}, "sponsor", "Chưa có nhà tài trợ này"),
        ({"area": "Xã Sơn Hồng"}, "area", "bạn không ghi cho đơn vị này"),
        ({"indicator": "99.9"}, "indicator", "Không có chỉ tiêu"),
        ({"channel": "called_by_communes"}, "channel", "không dùng kênh"),
        ({"kind": "workdays", "amount": ""}, "rate_basis", "Ghi căn cứ"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_what_was_typed_stays(
    client_of, district_officer, sponsor, typed, said, field, message
):
    sponsor()
    response = post(client_of(district_officer), "entry-new", typed(**said))
    body = response.content.decode()
    assert response.status_code in (409, 422)
    assert message in body
    assert f'id="id_{field}_error"' in body
    assert 'value="BN-1"' in body
    assert not Contribution.objects.filter(recorded_by=district_officer).exists()


def test_a_closed_year_and_a_known_receipt_are_told_at_their_fields(
    client_of, district_officer, province_officer, received, typed
):
    received(receipt="BN-1")
    body = post(client_of(district_officer), "entry-new", typed()).content.decode()
    assert "Số biên nhận BN-1 của Xã Hà Linh năm 2024 đã được ghi." in body
    years.close(year=2024, by=province_officer)
    response = post(client_of(district_officer), "entry-new", typed(receipt="BN-2"))
    assert response.status_code == 409
    assert "Năm 2024 đã chốt" in response.content.decode()


def test_a_second_person_compares_and_the_writer_does_not(
    client_of, received, district_reviewer, district_officer, read
):
    pk = received().pk
    address = reverse("sponsorship:entry", args=[pk])
    assert "Đã đối chiếu với chứng từ" not in read(address, client_of(district_officer)).text
    assert "Đã đối chiếu với chứng từ" in read(address, client_of(district_reviewer)).text
    assert post(client_of(district_reviewer), "confirm", {}, pk).status_code == 303
    assert "Chờ một người khác" not in read(address).text


def test_an_entry_is_cancelled_with_a_reason_and_both_are_shown_together(client_of, received, district_officer, read):
    first, client = received(), client_of(district_officer)
    assert "Ghi lý do." in post(client, "reverse", {"reason": ""}, first.pk).content.decode()
    assert post(client, "reverse", {"reason": "Ghi hai lần"}, first.pk).status_code == 303
    address = reverse("sponsorship:entry", args=[first.pk])
    assert "Ghi hai lần" in read(address).text
    back = Contribution.objects.get(reverses=first)
    assert reverse("sponsorship:entry", args=[first.pk]) in read(reverse("sponsorship:entry", args=[back.pk])).links
    listed = read("/do-dau/so/?nam=2024").text
    assert "đã huỷ" in listed
    assert "huỷ khoản" in listed


def test_money_is_spent_and_taken_back_on_the_entrys_page(client_of, received, district_officer, read):
    pk, client = received(1_000_000).pk, client_of(district_officer)
    said = {"paid_on": "01/06/2024", "amount": "1.000.001", "purpose": "Đường"}
    assert "Chỉ còn 1.000.000" in post(client, "spend", said, pk).content.decode().replace("\u00a0", " ")
    assert post(client, "spend", {**said, "amount": "400.000"}, pk).status_code == 303
    assert "còn 600.000 đ" in read(reverse("sponsorship:entry", args=[pk])).text
    spent = Disbursement.objects.get()
    assert post(client, "take-back", {"reason": ""}, pk, spent.pk).status_code == 422
    assert post(client, "take-back", {"reason": "Nhầm"}, pk, spent.pk).status_code == 303
    assert "còn 1.000.000 đ" in read(reverse("sponsorship:entry", args=[pk])).text


def test_who_asked_not_to_be_named_is_named_nowhere_to_the_public(
    sponsor, received, read, visitor, client_of, district_officer, other_district_officer
):
    hidden = sponsor("Bà Giấu Tên", "individual", is_anonymous=True)
    entry = received(sponsor=hidden)
    pledges.pledge(sponsor=hidden, area=entry.area, channel="called", pledged_on=DAY, amount=5, by=district_officer)
    page = reverse("sponsorship:sponsor", args=[hidden.pk])
    shown = ["/do-dau/?nam=2024", "/do-dau/so/", "/do-dau/nha-tai-tro/?tim=giau", "/do-dau/thieu-von/"]
    shown += [reverse("sponsorship:entry", args=[entry.pk]), "/do-dau/tong-hop/nha-tai-tro/?nam=2024"]
    shown += [f"/do-dau/so/?nha={hidden.pk}", "/do-dau/so/?tim=giau+ten"]
    for client in (visitor, client_of(other_district_officer)):
        for address in shown:
            assert "Giấu Tên" not in read(address, client).text, address
        assert client.get(page).status_code == 404
    for offered in ("entry-new", "pledge-new"):
        body = client_of(other_district_officer).get(reverse(f"sponsorship:{offered}")).content.decode()
        assert "Giấu Tên" not in body
    assert "Giấu Tên" in read(page, client_of(district_officer)).text
    assert "Giấu Tên" in read("/do-dau/so/?tim=giau+ten", client_of(district_officer)).text


def test_a_sponsors_page_tells_what_its_money_closed(sponsor, received, read, area):
    indicator = Indicator.objects.get(criterion__criteria_set__slug="commune-ntm-2021-2025", code="17.1")
    who = sponsor()
    received(7_000_000, sponsor=who, indicator=indicator)
    text = read(reverse("sponsorship:sponsor", args=[who.pk])).text
    assert "Tiền đã giúp chỉ tiêu nào" in text
    assert "17.1" in text
    assert "2023:" in text
    assert "7.000.000 đ" in text


def test_a_sponsor_is_recorded_corrected_assigned_and_promises(client_of, district_officer, province_officer, read):
    client = client_of(district_officer)
    said = {"name": "Hội đồng hương", "kind": "compatriot"}
    assert post(client, "sponsor-new", said).status_code == 303
    made = Sponsor.objects.get(name="Hội đồng hương")
    assert "đã được ghi" in post(client, "sponsor-new", said).content.decode()
    assert post(client, "sponsor-edit", {**said, "name": "Hội Hà Linh", "version": 0}, made.pk).status_code == 303
    assign = {"decision": "7/QĐ-UBND", "decided_on": "02/01/2024", "year_from": "2024", "areas": "Hà Linh\n18553"}
    assert post(client, "assign", assign, made.pk).status_code == 404
    wrong = post(client_of(province_officer), "assign", {**assign, "areas": "Xã Không Có"}, made.pk)
    assert "không rõ là đơn vị nào" in wrong.content.decode()
    assert post(client_of(province_officer), "assign", assign, made.pk).status_code == 303
    promise = {
        "pledged_on": "20/05/2024",
        "sponsor": "Hội Hà Linh",
        "area": HA_LINH,
        "channel": "called",
        "amount": "9.000",
    }
    assert post(client, "pledge-new", promise).status_code == 303
    pledge = Pledge.objects.get()
    text = read(reverse("sponsorship:sponsor", args=[made.pk])).text
    assert "7/QĐ-UBND" in text
    assert "9.000 đ" in text
    kept = client.get(f"/do-dau/so/ghi/?cam-ket={pledge.pk}").content.decode()
    assert "Thực hiện cam kết" in kept
    assert post(client, "pledge-withdraw", {"reason": "Dừng"}, pledge.pk).status_code == 303


def test_the_board_puts_the_unfunded_first(client_of, district_officer, other_district_officer, read, received):
    client = client_of(district_officer)
    own = [link for link in read("/do-dau/thieu-von/", client).links if re.match(r"/do-dau/thieu-von/\d+/", link)]
    address = own[0]
    assert client_of(other_district_officer).get(address).status_code == 404
    assert "không được âm" in client.post(address, {"amount": "-1"}).content.decode()
    assert client.post(address, {"amount": "2.350.000.000"}).status_code == 303
    need = Need.objects.get()
    (first, *_) = gaps.board().gaps
    assert (first.area, first.indicator_id, first.missing) == (need.area, need.indicator_id, 2_350_000_000)
    assert "thiếu 2,350 tỷ đồng" in read("/do-dau/thieu-von/").text
    received(2_350_000_000, code=need.area.code, indicator=need.indicator)
    assert gaps.board().gaps[-1].received == 2_350_000_000
    assert "đủ" in read(f"/do-dau/thieu-von/?chi-tieu={need.indicator.code}").text


def test_a_promise_fills_the_gap_until_it_is_kept_once(area, received, sponsor, district_officer):
    gap = next(gap for gap in gaps.board(size=10_000).gaps if gap.district == "Hương Khê")
    indicator, who = Indicator.objects.get(pk=gap.indicator_id), sponsor()
    usual = {"area": gap.area, "indicator": indicator, "by": district_officer}
    pledges.ask(**usual, year=2024, amount=1_000)
    promise = pledges.pledge(**usual, sponsor=who, channel="called", pledged_on=DAY, amount=600)

    def now():
        found = next(each for each in gaps.board(size=10_000).gaps if each.key == gap.key)
        return found.received, found.promised, found.missing

    assert now() == (0, 600, 400)
    received(500, sponsor=who, code=gap.area.code, indicator=indicator, pledge=promise)
    assert now() == (500, 100, 400)


def test_pages_of_the_board_lose_nothing():
    whole = [gap.key for gap in gaps.board(size=10_000).gaps]
    seen, after = [], ""
    while after is not None:
        page = gaps.board(after=after, size=97)
        seen += [gap.key for gap in page.gaps]
        after = page.after
    assert seen == whole
    assert len(whole) == len(set(whole)) > 0


def test_a_years_funding_is_the_sum_of_its_lines(client_of, commune_officer, other_district_officer, area, read):
    unit = area(HA_LINH)
    address = reverse("sponsorship:funding-sheet", args=[2024, unit.pk])
    client = client_of(commune_officer)
    assert client_of(other_district_officer).get(address).status_code == 404
    said = {"central-plan": "1.000.000.000", "central-mobilised": "900.000.000", "central-disbursed": "800.000.000"}
    wrong = client.post(address, {**said, "central-disbursed": "900.000.001"})
    assert wrong.status_code == 422
    assert "không được quá số huy động" in wrong.content.decode()
    assert "900.000.001" in wrong.content.decode()
    assert client.post(address, {**said, "district-plan": "5.000.000", "arrears": "7.000.000"}).status_code == 303
    text = read("/do-dau/nguon-von/?nam=2024").text
    assert "1.005 900 800" in text
    assert "Ngân sách huyện" in text
    stale = client.post(address, {**said, "central-plan": "2.000.000.000"})
    assert "Người khác vừa ghi số này" in stale.content.decode()
    assert Funding.objects.get(line="central").plan == 1_000_000_000
    assert "Ngân sách huyện" not in read("/do-dau/nguon-von/?nam=2026").text


def test_the_receipt_and_the_letter_are_printed_for_what_still_counts(client_of, received, district_officer):
    first, client = received(2_000_000, receipt="BN-3", purpose="Nước sạch"), client_of(district_officer)
    for view, words in (("receipt", "Số: BN-3"), ("thanks", "trân trọng cảm ơn Công ty thử nghiệm")):
        body = client.get(reverse(f"sponsorship:{view}", args=[first.pk])).content.decode()
        assert words in body
        assert "2.000.000" in body
    ledger.reverse(entry=first, reason="Sai", by=district_officer, on=dt.date(2025, 1, 5))
    assert client.get(reverse("sponsorship:receipt", args=[first.pk])).status_code == 404


def test_a_year_is_closed_and_reopened_by_the_province(client_of, received, province_officer, district_officer, read):
    first = received()
    assert post(client_of(district_officer), "close", {}, 2024).status_code == 404
    client = client_of(province_officer)
    assert post(client, "close", {}, 2024).status_code == 303
    ledger.reverse(entry=first, reason="Sai", by=district_officer, on=dt.date(2025, 1, 5))
    text = read("/do-dau/?nam=2024").text
    assert "Tổng đã công bố khi chốt: 1.500.000 đ" in text
    assert "chênh −1.500.000 đ" in text
    post(client, "reopen", {"reason": ""}, 2024)
    assert "Tổng đã công bố" in read("/do-dau/?nam=2024").text
    assert post(client, "reopen", {"reason": "Thiếu"}, 2024).status_code == 303
    assert "Tổng đã công bố" not in read("/do-dau/?nam=2024").text


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/do-dau/so/?nam=2024", 10),
        ("/do-dau/nha-tai-tro/", 10),
        ("/do-dau/thieu-von/", 16),
        ("/do-dau/nguon-von/?nam=2024", 10),
        ("/do-dau/?nam=2024", 24),
    ],
)
def test_a_page_costs_the_same_for_one_row_and_for_many(client_of, province_officer, entry, address, most):
    client = client_of(province_officer)

    def cost():
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    entry()
    cost()
    one = cost()
    for number in range(12):
        entry(1 + number, code=(HA_LINH, "18553", "444", "18133")[number % 4])
    assert cost() == one <= most
