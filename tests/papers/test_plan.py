"""The plan of a year: set and replaced, its history kept, nobody's figure overwritten unseen."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.errors import OutOfScope, Refused, Stale
from communes import epochs
from criteria.actions.targets import set_target
from criteria.models import Target

ON = dt.date(2024, 2, 21)


@pytest.fixture
def target(area, province_officer):
    """`target(**said)`: 20 communes more in 2027, unless it says otherwise."""

    def make(**said) -> Target:
        usual = {
            "area": area("42"),
            "year": 2027,
            "measure": "ntm_advanced_new",
            "name": "Thêm xã đạt chuẩn NTM nâng cao",
            "value": Decimal(20),
            "unit": "xã",
            "source": "Kế hoạch 01/KH-UBND",
            "decided_on": ON,
            "by": province_officer,
        }
        return set_target(**{**usual, **said})

    return make


@pytest.fixture
def typed():
    def make(**said) -> dict[str, object]:
        usual = {
            "name": "Thêm xã đạt chuẩn NTM nâng cao",
            "value_text": "20",
            "unit": "xã",
            "units": "",
            "source": "Kế hoạch 01/KH-UBND",
            "decided_on": "21/02/2024",
            "version": "0",
            "measure": "",
        }
        return {**usual, **said}

    return make


def test_a_target_is_replaced_and_what_it_was_stays_in_its_history(db, target, province_officer, client_of, area):
    before = epochs.current()
    target()
    made = target(value=Decimal("22.5"), version=1, named=[area("445")])
    assert (made.value, made.version, made.set_by) == (Decimal("22.5"), 2, province_officer)
    assert epochs.current() > before
    measures = client_of(province_officer).get(reverse("criteria:plan", args=[2027])).context["measures"]
    told = measures[0].history[0].data
    assert (told["before"]["value"], told["after"]["value"], told["after"]["units"]) == ("20", "22.5", ["445"])


def test_a_figure_that_somebody_else_set_meanwhile_is_not_overwritten_unseen(db, target):
    target()
    with pytest.raises(Stale) as refused:
        target(value=Decimal(5), version=0)
    assert refused.value.details["theirs"]["value"] == "20"
    assert Target.objects.get(year=2027).value == 20


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"value": Decimal(-1)}, "value"),
        ({"value": Decimal(101), "unit": "%"}, "value"),
        ({"value": Decimal(10) ** 10}, "value"),
        ({"value": Decimal("0.001")}, "value"),
        ({"name": " "}, "name"),
        ({"unit": ""}, "unit"),
        ({"name": "…", "measure": ""}, "name"),
        ({"year": 1999}, "year"),
        ({"source": "x" * 1001}, "source"),
    ],
)
def test_what_cannot_be_a_target_is_refused_at_its_field(db, target, said, field):
    with pytest.raises(Refused) as refused:
        target(**said)
    assert refused.value.field == field
    assert not Target.objects.filter(year__in=(1999, 2027)).exists()


def test_nobody_but_the_province_office_sets_a_target(db, target, district_officer, commune_officer, client_of):
    for person in (district_officer, commune_officer):
        with pytest.raises(OutOfScope):
            target(by=person)
        for name, args in (("plan-years", []), ("plan", [2024]), ("target-new", [2024])):
            assert client_of(person).get(reverse(f"criteria:{name}", args=args)).status_code == 404


def test_a_target_is_set_from_the_page_with_the_units_it_names(db, province_officer, send, typed):
    said = typed(value_text="95,5", unit="%", units="Huyện Thạch Hà\n440", measure="ty-le")
    assert send(province_officer, "criteria:target-new", said, 2027).status_code == 303
    made = Target.objects.get(year=2027)
    assert (made.measure, made.value) == ("ty-le", Decimal("95.5"))
    assert set(made.areas.values_list("code", flat=True)) == {"445", "440"}


def test_a_new_target_makes_its_measure_from_its_name(db, province_officer, send, typed):
    send(province_officer, "criteria:target-new", typed(name="Số đường hoa kiểu mẫu"), 2027)
    assert Target.objects.get(year=2027).measure == "so-duong-hoa-kieu-mau"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"value_text": "1.234"}, "có hai cách hiểu"),
        ({"value_text": "nhiều"}, "Không đọc được số"),
        ({"value_text": "không áp dụng"}, "Ghi mức bằng số."),
        ({"value_text": ""}, "Ghi mức của mục tiêu."),
        ({"units": "Huyện Không Có"}, "không có đơn vị nào"),
        ({"decided_on": "30/02/2024"}, "Ngày không đọc được"),
        ({"decided_on": ""}, "Ghi ngày."),
        ({"source": ""}, "Ghi văn bản giao"),
        ({"unit": "%", "value_text": "101"}, "tỷ lệ không quá 100%"),
    ],
)
def test_bad_input_is_told_at_its_field_and_what_was_typed_stays(db, province_officer, send, typed, said, message):
    sent = send(province_officer, "criteria:target-new", typed(**said), 2027)
    page = sent.content.decode()
    assert sent.status_code == 422
    assert message in page
    assert 'value="Thêm xã đạt chuẩn NTM nâng cao"' in page
    assert not Target.objects.filter(year=2027).exists()


def test_a_conflict_shows_the_figure_that_stands_and_keeps_the_one_typed(db, target, province_officer, send, typed):
    target()
    target(value=Decimal(30), version=1)
    said = typed(value_text="25", measure="ntm_advanced_new", version="1")
    sent = send(province_officer, "criteria:target", said, 2027, "ntm_advanced_new")
    page = sent.content.decode()
    assert sent.status_code == 409
    assert 'Mức hiện nay: <b class="n">30</b>' in page
    assert 'value="25"' in page
    again = send(province_officer, "criteria:target", {**said, "version": "2"}, 2027, "ntm_advanced_new")
    assert again.status_code == 303
    assert Target.objects.get(year=2027).value == 25


def test_a_measure_that_no_year_ever_had_is_absent(db, province_officer, client_of):
    address = reverse("criteria:target", args=[2027, "khong-co"])
    assert client_of(province_officer).get(address).status_code == 404


def test_the_page_costs_the_same_for_one_and_for_many_measures(db, target, province_officer, client_of, area):
    client, address = client_of(province_officer), reverse("criteria:plan", args=[2027])

    def cost() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    target(named=[area("445")])
    one = cost()
    for number in range(10):
        target(measure=f"m{number}", named=[area("445"), area("440")])
        target(measure=f"m{number}", named=[area("440")])
    assert cost() == one <= 8
