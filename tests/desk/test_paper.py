"""The sheet for the chairman's signature, and what holds a folder back."""

from django.urls import reverse

from criteria.models import Reading, State


def address(office, name="paper", area=None) -> str:
    return reverse(f"criteria:{name}", args=[office.round.pk, (area or office.home).code])


def test_the_sheet_on_paper_holds_every_value_and_room_to_sign(office, client_of, district_officer):
    office.put("17.1", "36.2", State.DRAFT, hands=[district_officer])
    page = client_of(district_officer).get(address(office)).content.decode()
    for words in ("36,2%", "Nội dung 10.1", "Chủ tịch Ủy ban nhân dân", "Người lập phiếu", office.home.name):
        assert words in page
    assert "Đã có số liệu 1/6 chỉ tiêu; còn thiếu 5." in page


def test_the_sheet_of_another_district_is_absent(office, client_of, district_officer):
    assert client_of(district_officer).get(address(office, area=office.other)).status_code == 404


def test_a_value_without_its_explanation_holds_the_folder_back_and_is_named(office, client_of, district_officer):
    reading = office.put("17.1", 50, State.DRAFT, hands=[district_officer])
    Reading.objects.filter(pk=reading.pk).update(flags=2)
    client = client_of(district_officer)
    page = client.get(address(office, "submit")).content.decode()
    assert "giá trị khác thường cần ghi chú giải trình" in page
    assert "Khác xa các đơn vị cùng huyện." in page
    answer = client.post(address(office, "submit"))
    assert answer.status_code == 422
    assert "cần ghi chú giải trình trước khi nộp: 17.1" in answer.content.decode()
    Reading.objects.filter(pk=reading.pk).update(note="Trạm mới đấu nối")
    assert client.post(address(office, "submit")).status_code == 303
