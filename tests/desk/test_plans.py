"""The plan of a year and its commendations on the pages of the office."""

import pytest

from accounts.models import AuditEvent
from criteria.models import Commendation, Target

PLAN, MERITS = "/ke-hoach/2027/", "/khen-thuong/"


def goal(**changed) -> dict[str, str]:
    return {
        "measure": "xa-nang-cao", "name": "Xã đạt chuẩn nâng cao", "value": "20", "unit": "xã", "named": "",
        "source": "Nghị quyết 12/NQ-HĐND", **changed,
    }  # fmt: skip


def merit(**changed) -> dict[str, str]:
    return {
        "year": "2026", "recipient": "collective", "names": "Xã Một\nXã Hai\n\n", "awarded_on": "21/02/2026",
        "source": "Quyết định 99/QĐ-UBND", **changed,
    }  # fmt: skip


def test_a_measure_is_set_and_replaced_and_both_are_kept_in_the_trail(client_of, province_officer):
    client = client_of(province_officer)
    assert client.post(PLAN, goal()).status_code == 303
    assert client.post(PLAN, goal(value="1.234,5")).status_code == 303
    target = Target.objects.get(year=2027)
    assert (float(target.value), target.set_by) == (1234.5, province_officer)
    events = AuditEvent.objects.filter(action="target.set", actor_id=province_officer.pk)
    assert [event.data["value"] for event in events.order_by("pk")] == ["20", "1234.5"]
    assert "1.234,5" in client.get(PLAN).content.decode()


def test_units_that_the_plan_names_are_kept_and_misses_are_told(client_of, province_officer):
    client = client_of(province_officer)
    refused = client.post(PLAN, goal(named="Xã Không Có\nXã Cũng Không"))
    assert refused.status_code == 422
    assert refused.content.decode().count("không có đơn vị nào tên hoặc mã như vậy") == 2
    assert not Target.objects.filter(year=2027).exists()


@pytest.mark.parametrize(
    "changed", [{"value": "nhiều"}, {"value": ""}, {"value": "-1"}, {"source": ""}, {"measure": "có dấu"}]
)
def test_a_wrong_measure_is_refused_and_keeps_what_was_typed(client_of, province_officer, changed):
    answer = client_of(province_officer).post(PLAN, goal(**changed))
    assert answer.status_code == 422
    assert "Xã đạt chuẩn nâng cao" in answer.content.decode()
    assert not Target.objects.filter(year=2027).exists()


def test_only_the_office_sets_the_plan_and_commends(client_of, district_officer):
    client = client_of(district_officer)
    for address in (PLAN, MERITS):
        assert client.get(address).status_code == 404
        assert client.post(address, {**goal(), **merit()}).status_code == 404
    assert not Commendation.objects.filter(year=2026).exists()


def test_many_names_are_recorded_at_once(client_of, province_officer):
    client = client_of(province_officer)
    assert client.post(MERITS, merit()).status_code == 303
    assert list(Commendation.objects.filter(year=2026).values_list("name", flat=True)) == ["Xã Một", "Xã Hai"]
    assert AuditEvent.objects.filter(action="commendation.add").count() == 2


def test_a_name_recorded_before_is_told_and_none_is_recorded(client_of, province_officer):
    client = client_of(province_officer)
    client.post(MERITS, merit(names="Xã Một"))
    answer = client.post(MERITS, merit())
    assert answer.status_code == 422
    assert "Đã có hoặc nêu hai lần: Xã Một." in answer.content.decode()
    assert Commendation.objects.filter(year=2026).count() == 1


def test_a_wrong_one_is_taken_out_with_a_reason_that_stays(client_of, province_officer):
    client = client_of(province_officer)
    client.post(MERITS, merit(names="Xã Một"))
    address = f"{MERITS}2026/{Commendation.objects.get(year=2026).pk}/bo/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Ghi nhầm năm"}).status_code == 303
    assert not Commendation.objects.filter(year=2026).exists()
    event = AuditEvent.objects.get(action="commendation.remove")
    assert (event.reason, event.data["name"]) == ("Ghi nhầm năm", "Xã Một")
    assert client.post(address, {"reason": "Lần nữa"}).status_code == 404
