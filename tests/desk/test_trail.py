"""The audit page: who did what, in one's own units, filtered and exported."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from criteria.actions import readings as act
from criteria.models import State
from criteria.queries import trail

PAGE, EXPORT = "/nhat-ky/", "/nhat-ky/xuat/"


@pytest.fixture
def lived(office, district_officer, person, area):
    """A value entered twice in Hương Khê, and one in Hương Sơn."""
    from accounts.roles import Role
    from tests.conftest import HUONG_SON

    neighbour = person("huongson-nhap", Role.DISTRICT_OFFICER, area=area(HUONG_SON))
    reading = office.reading("17.1")
    act.record(reading_id=reading.pk, text="36,2", version=1, by=district_officer)
    act.record(reading_id=reading.pk, text="40,5", version=2, by=district_officer, note="=1+1 đấu nối thêm")
    there = office.reading("10.1", office.other)
    act.record(reading_id=there.pk, text="47", version=1, by=neighbour)
    return reading


def page(client, **asked) -> str:
    return client.get(PAGE, asked).content.decode()


def exported(client, **asked) -> list[dict[str, str]]:
    answer = client.post(EXPORT, asked)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_change_says_who_where_from_what_to_what(lived, client_of, district_officer, office):
    shown = page(client_of(district_officer))
    assert "36,2% → <b>40,5%</b>" in shown
    assert "trống → <b>36,2%</b>" in shown
    assert office.home.name in shown
    assert str(district_officer) in shown


def test_a_district_sees_its_own_units_only(lived, client_of, district_officer, province_officer, office):
    assert office.other.name not in page(client_of(district_officer))
    assert office.other.name in page(client_of(province_officer))
    assert {row["Đơn vị"] for row in exported(client_of(district_officer))} == {office.home.name}


@pytest.mark.parametrize("who", ["commune_officer", "department_officer", "administrator"])
def test_others_have_no_trail(request, lived, client_of, who):
    client = client_of(request.getfixturevalue(who))
    assert client.get(PAGE).status_code == 404
    assert client.post(EXPORT).status_code == 404
    assert not AuditEvent.objects.filter(action="audit.export").exists()


def test_a_visitor_is_asked_to_sign_in(visitor):
    assert visitor.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("asked", "acts"),
    [
        ({"ma": "17.1"}, 2),
        ({"ma": "99.9"}, 0),
        ({"nguoi": "huyen-nhap"}, 2),
        ({"nguoi": "không ai"}, 0),
        ({"don-vi": "ha linh"}, 2),
        ({"don-vi": "18502"}, 2),
        ({"viec": "reading.record", "ma": "17.1"}, 2),
        ({"viec": "reading.approve", "ma": "17.1"}, 0),
        ({"den": "01/01/2020"}, 0),
        ({"tu": "01/01/2020", "ma": "17.1"}, 2),
    ],
)
def test_the_trail_is_filtered_by_person_unit_indicator_act_and_time(lived, client_of, province_officer, asked, acts):
    mine = [row for row in exported(client_of(province_officer), **asked) if row["Mã chỉ tiêu"] == "17.1"]
    assert len(mine) == acts


def test_a_filter_that_cannot_be_read_is_told_and_keeps_what_was_typed(lived, client_of, province_officer):
    answer = client_of(province_officer).get(PAGE, {"tu": "hôm qua"})
    assert answer.status_code == 422
    assert 'value="hôm qua"' in answer.content.decode()
    assert client_of(province_officer).post(EXPORT, {"tu": "hôm qua"}).status_code == 422


def test_steps_on_many_values_are_found_by_their_unit(office, client_of, person, district_officer, district_reviewer):
    office.put("17.1", 50, State.SUBMITTED, hands=[person("mot"), person("hai")])
    folder = office.reading("17.1").assessment_id
    act.verify(assessment_id=folder, by=district_reviewer)
    rows = exported(client_of(district_officer), **{"viec": "reading.verify"})
    assert [(row["Đơn vị"], row["Trước"], row["Sau"]) for row in rows] == [
        (office.home.name, "50% (đã nộp)", "50% (đã thẩm tra)")
    ]


def test_a_reason_that_looks_like_a_formula_stays_a_text(lived, client_of, province_officer, office, person):
    approved = office.put("11.1", 4, State.APPROVED, hands=[person(f"n{n}") for n in range(5)])
    act.unlock(reading_id=approved.pk, reason='=HYPERLINK("http://x")', version=approved.version, by=province_officer)
    (row,) = exported(client_of(province_officer), viec="reading.unlock", ma="11.1")
    assert row["Lý do"] == '\'=HYPERLINK("http://x")'


def test_the_export_is_itself_written_down(lived, client_of, district_officer):
    exported(client_of(district_officer), ma="17.1")
    event = AuditEvent.objects.get(action="audit.export")
    assert (event.actor_id, event.data) == (district_officer.pk, {"filter": "ma=17.1"})


def test_pages_follow_each_other_without_gap_or_repeat(lived, province_officer, monkeypatch):
    monkeypatch.setattr(trail, "PAGE", 2)
    seen, after = [], None
    for _ in range(3):
        shown = trail.trail(province_officer, trail.Filter(), after)
        seen += [entry.event.pk for entry in shown.entries]
        after = shown.after
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 6


def test_it_costs_the_same_for_one_act_and_for_many(lived, province_officer, office):
    def statements() -> int:
        with CaptureQueriesContext(connection) as ran:
            trail.trail(province_officer, trail.Filter(code="17.1"))
        return len(ran)

    statements()
    few = statements()
    for number in range(2, 20):
        office.reading("17.1").save()
        AuditEvent.objects.create(
            at=AuditEvent.objects.first().at, actor_name="x", action="reading.record",
            subject_type="criteria.reading", subject_id=str(lived.pk), area_path=f"/42/444/{number}/",
        )  # fmt: skip
    assert statements() == few <= 4


def test_the_menu_offers_the_trail_to_those_who_may_see_it(client_of, district_officer, commune_officer):
    home = reverse("criteria:my-work")
    assert PAGE in client_of(district_officer).get(home).content.decode()
    assert PAGE not in client_of(commune_officer).get(home).content.decode()
