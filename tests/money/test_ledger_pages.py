"""The ledger's pages: writing, comparing, cancelling, spending; what was typed stays."""

import pytest
from django.urls import reverse

from sponsorship.actions import years
from sponsorship.models import Contribution, Disbursement
from tests.money.conftest import post

pytestmark = pytest.mark.django_db


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
    assert Contribution.objects.filter(reverses=pk).count() == Disbursement.objects.filter(contribution=pk).count() == 0


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
    spent = Disbursement.objects.get(contribution=pk)
    assert post(client, "take-back", {"reason": ""}, pk, spent.pk).status_code == 422
    assert post(client, "take-back", {"reason": "Nhầm"}, pk, spent.pk).status_code == 303
    assert "còn 1.000.000 đ" in read(reverse("sponsorship:entry", args=[pk])).text
