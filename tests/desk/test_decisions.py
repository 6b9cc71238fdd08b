"""Decisions on the page of the office: with all their units or none, compared with the paper by a second officer."""

import datetime as dt

import pytest

from accounts.models import AuditEvent
from communes import epochs
from criteria.models import Decision, Recognition
from criteria.queries import decisions
from criteria.queries.recognition import holding

NEW, LIST = "/quyet-dinh/moi/", "/quyet-dinh/"
HA_LINH = "18502"


@pytest.fixture
def typed():
    """`typed(**changed)`: the form as an officer fills it in."""

    def fill(**changed) -> dict[str, str]:
        return {
            "number": "3210/QĐ-UBND", "issued_on": "15/11/2024", "issuer": "UBND tỉnh Hà Tĩnh",
            "signer": "Nguyễn Văn Thử", "title": "Công nhận xã đạt chuẩn nông thôn mới nâng cao", "act": "granted",
            "tier": "advanced", "result_year": "2024", "units": "Xã Hà Linh", **changed,
        }  # fmt: skip

    return fill


def words(answer) -> str:
    return answer.content.decode()


def test_a_decision_is_recorded_with_its_units_and_counts_from_its_day(typed, client_of, province_officer, area):
    before = epochs.current()
    answer = client_of(province_officer).post(NEW, typed())
    assert answer.status_code == 303
    found = Decision.objects.get(number="3210/QĐ-UBND")
    assert (found.signer, found.recorded_by, found.confirmed_by) == ("Nguyễn Văn Thử", province_officer, None)
    assert holding(tier="advanced", decided_by=dt.date(2024, 11, 15)).filter(area=area(HA_LINH)).exists()
    assert not holding(tier="advanced", decided_by=dt.date(2024, 11, 14)).filter(area=area(HA_LINH)).exists()
    assert AuditEvent.objects.filter(action="recognition.granted").count() == 1
    assert epochs.current() > before


@pytest.mark.parametrize("units", ["18502", "xa ha linh", "Hà Linh", "  Xã   Hà Linh \r\n\r\n"])
def test_a_unit_is_named_by_code_or_name_in_any_spelling(typed, client_of, province_officer, units):
    assert client_of(province_officer).post(NEW, typed(units=units)).status_code == 303
    assert Recognition.objects.get(decision__number="3210/QĐ-UBND").area.code == HA_LINH


def test_everything_wrong_with_the_list_is_told_at_once_and_nothing_is_recorded(typed, client_of, province_officer):
    units = "Xã Hà Linh\nXã Không Có\nHà Linh\n99999"
    answer = client_of(province_officer).post(NEW, typed(units=units))
    page = words(answer)
    assert answer.status_code == 422
    assert "“Xã Không Có”: không có đơn vị nào tên hoặc mã như vậy vào ngày 15/11/2024." in page
    assert "“Hà Linh”: nêu hai lần." in page
    assert "“99999”" in page
    assert "Xã Không Có\nHà Linh" in page, "What was typed stays."
    assert not Decision.objects.filter(number="3210/QĐ-UBND").exists()


def test_units_that_cannot_hold_the_tier_are_all_named_and_none_is_recorded(typed, client_of, province_officer):
    answer = client_of(province_officer).post(NEW, typed(tier="model", units="Xã Hà Linh\nXã Hương Trạch\n18571"))
    assert answer.status_code == 422
    assert "Xã Hà Linh: Đơn vị chưa được công nhận bậc liền dưới." in words(answer)
    assert not Recognition.objects.filter(decision__number="3210/QĐ-UBND").exists()
    assert not Decision.objects.filter(number="3210/QĐ-UBND").exists()


def test_only_a_held_tier_is_revoked(typed, client_of, province_officer, area):
    client = client_of(province_officer)
    refused = client.post(NEW, typed(act="revoked", tier="model"))
    assert "Đơn vị không giữ bậc này để thu hồi." in words(refused)
    assert client.post(NEW, typed(act="revoked", tier="ntm")).status_code == 303
    assert not holding(tier="ntm").filter(area=area(HA_LINH)).exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"number": ""}, "bắt buộc"),
        ({"issued_on": "15/11/2999"}, "Ngày ban hành không thể sau hôm nay."),
        ({"issued_on": "hôm qua"}, "ngày"),
        ({"result_year": "1900"}, "2010"),
        ({"tier": "khac"}, "khac"),
        ({"units": ""}, "bắt buộc"),
    ],
)
def test_a_wrong_field_is_told_at_its_place(typed, client_of, province_officer, changed, said):
    answer = client_of(province_officer).post(NEW, typed(**changed))
    assert answer.status_code == 422
    assert said in words(answer)
    assert not Decision.objects.filter(recorded_by=province_officer).exists()


def test_the_same_decision_is_not_recorded_twice(typed, client_of, province_officer):
    client = client_of(province_officer)
    client.post(NEW, typed())
    again = client.post(NEW, typed(units="Xã Hương Trạch"))
    assert again.status_code == 422
    assert "Quyết định cùng số và ngày đã được ghi." in words(again)


def test_another_officer_compares_it_with_the_paper(typed, client_of, province_officer, second_province_officer):
    client_of(province_officer).post(NEW, typed())
    found = Decision.objects.get(number="3210/QĐ-UBND")
    page, confirm = f"{LIST}{found.pk}/", f"{LIST}{found.pk}/doi-chieu/"
    assert "Đã đối chiếu với bản giấy" not in words(client_of(province_officer).get(page))
    own = client_of(province_officer).post(confirm)
    assert own.status_code == 403
    assert "Người khác phải đối chiếu" in words(own)
    assert "Đã đối chiếu với bản giấy" in words(client_of(second_province_officer).get(page))
    assert client_of(second_province_officer).post(confirm).status_code == 303
    found.refresh_from_db()
    assert (found.confirmed_by, found.confidence) == (second_province_officer, "verified")
    assert set(found.recognitions.values_list("confidence", flat=True)) == {"verified"}
    assert client_of(second_province_officer).post(confirm).status_code == 409


def test_only_the_office_records(typed, client_of, district_officer):
    client = client_of(district_officer)
    assert client.get(NEW).status_code == 404
    assert client.post(NEW, typed()).status_code == 404
    assert client.post(f"{LIST}1/doi-chieu/").status_code == 404
    assert client.get(LIST).status_code == 200


def test_the_list_is_narrowed_and_paged_without_gap_or_repeat(db, monkeypatch):
    every = [row.pk for row in decisions.decisions().decisions]
    monkeypatch.setattr(decisions, "PAGE", 2)
    seen, after = [], ""
    while True:
        page = decisions.decisions(after=after)
        seen += [row.pk for row in page.decisions]
        if not page.after:
            break
        after = page.after
    assert seen[: len(every)] == every[: len(seen)]
    assert len(seen) == len(set(seen)) == Decision.objects.count()


@pytest.mark.parametrize(
    "asked", [{"sau": "x"}, {"sau": "2024-99-99.1"}, {"nam": "abcd"}, {"bac": "x"}, {"bac": "ntm", "nam": "2023"}]
)
def test_any_filter_is_answered(client_of, province_officer, asked):
    assert client_of(province_officer).get(LIST, asked).status_code == 200
