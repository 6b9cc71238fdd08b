"""Money for a village: written, listed, on the receipt, in the file; sponsors are assigned to villages."""

import pytest

from sponsorship.models import Assignment, Contribution
from tests.money.conftest import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(client_of, district_officer, sponsor, typed):
    """`write(village=...)`: what is answered to money for a village."""
    sponsor()
    return lambda **said: post(client_of(district_officer), "entry-new", typed(**said))


def test_money_goes_to_a_village_by_its_name_without_marks(village, write, read, client_of, district_officer):
    made = village("Thôn Đông Hải")
    assert write(village="thon dong hai").status_code == 303
    entry = Contribution.objects.get(recorded_by=district_officer)
    assert entry.village == made
    assert "Thôn Đông Hải, Xã Hà Linh" in read("/do-dau/so/?nam=2024").text
    client = client_of(district_officer)
    for paper in ("bien-nhan", "thu-cam-on"):
        assert "Thôn Đông Hải" in client.get(f"/do-dau/so/{entry.pk}/{paper}/").content.decode()


@pytest.mark.parametrize("name", ["Thôn 9", "Thôn 5"])
def test_a_village_that_was_not_there_that_day_is_told_at_its_field(village, write, name):
    village("Thôn 5", valid_to="2024-01-31")
    response = write(village=name)
    assert response.status_code == 422
    assert 'id="id_village_error"' in response.content.decode()
    assert f'value="{name}"' in response.content.decode()


def test_a_village_of_another_commune_is_not_found(village, write):
    village("Thôn 7", code="18553")
    assert "không có thôn này trong sổ thôn" in write(village="Thôn 7").content.decode()


def test_the_list_is_narrowed_to_a_village_of_the_chosen_unit(village, received, read, area, visitor):
    here, there = village("Thôn 1"), village("Thôn 2")
    received(1_000_000, village=here)
    received(2_000_000, village=there)
    address = f"/do-dau/so/?xa={here.commune_id}"
    assert "Mọi thôn" in read(address).text
    text = read(f"{address}&thon={here.pk}").text
    assert "Cộng 1 khoản đang xem" in text
    assert visitor.get(f"{address}&thon=999999").status_code == 422


def test_a_sponsor_is_assigned_to_villages_alone(village, sponsor, client_of, province_officer, read):
    who, hamlet = sponsor(), village("Thôn 3")
    said = {"decision": "9/QĐ-UBND", "decided_on": "02/01/2024", "year_from": "2024", "areas": ""}
    client = client_of(province_officer)
    wrong = post(client, "assign", {**said, "villages": "Thôn 8, Hà Linh"}, who.pk)
    assert "không rõ là thôn nào" in wrong.content.decode()
    assert "Thôn 8, Hà Linh" in wrong.content.decode()
    assert "Ghi ít nhất một xã hoặc thôn" in post(client, "assign", said, who.pk).content.decode()
    assert post(client, "assign", {**said, "villages": "thon 3, Xã Hà Linh"}, who.pk).status_code == 303
    assert list(Assignment.objects.get(sponsor=who).villages.all()) == [hamlet]
    assert "Thôn 3 (Xã Hà Linh)" in read(f"/do-dau/nha-tai-tro/{who.pk}/").text
