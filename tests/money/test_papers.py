"""Papers of an entry: the receipt and the thank-you letter, laid out as Decree 30 asks, and amounts in words."""

import datetime as dt

import pytest

from sponsorship.actions import ledger
from sponsorship.spelling import spelled
from tests.pages.conftest import Reader


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (5, "Năm đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (105, "Một trăm lẻ năm đồng"),
        (1_000_000, "Một triệu đồng"),
        (1_500_000, "Một triệu năm trăm nghìn đồng"),
        (2_005_010, "Hai triệu không trăm lẻ năm nghìn không trăm mười đồng"),
        (15_739_000_000, "Mười lăm tỷ bảy trăm ba mươi chín triệu đồng"),
        (95_539_000_001, "Chín mươi lăm tỷ năm trăm ba mươi chín triệu không trăm lẻ một đồng"),
        (1_024_000_000_000, "Một nghìn không trăm hai mươi bốn tỷ đồng"),
        (-40, "Âm bốn mươi đồng"),
        (0, "Không đồng"),
    ],
)
def test_an_amount_is_read_as_one_says_it(amount, words):
    assert spelled(amount) == words


@pytest.mark.django_db
def test_the_papers_are_laid_out_and_printed_for_what_still_counts(client_of, received, district_officer):
    first, client = received(2_000_000, receipt="BN-3", purpose="Nước sạch"), client_of(district_officer)
    said = {
        "bien-nhan": ("Số: BN-3", "Hai triệu đồng", "Ngày nhận 20/05/2024", "Người giao"),
        "thu-cam-on": ("Kính gửi: Công ty thử nghiệm", "(hai triệu đồng)", "Nơi nhận:", "TM. Ủy ban nhân dân Chủ tịch"),
    }
    for paper, words in said.items():
        reader = Reader()
        reader.feed(client.get(f"/do-dau/so/{first.pk}/{paper}/").content.decode())
        for word in ("Ủy ban nhân dân Xã Hà Linh", "Độc lập - Tự do - Hạnh phúc", "2.000.000 đ", *words):
            assert word in reader.text, word
    ledger.reverse(entry=first, reason="Sai", by=district_officer, on=dt.date(2025, 1, 5))
    for paper in said:
        assert client.get(f"/do-dau/so/{first.pk}/{paper}/").status_code == 404
