"""The two sheets: one unit with every input, one input with every unit. Scope, chooser, counts of statements."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Permission
from accounts.scope import granted_area_ids
from communes.models import Area, Placement
from communes.queries import placement_of
from criteria.models import Assessment, Input, Remark
from criteria.queries.scope import reach
from tests.conftest import HA_LINH, HUONG_KHE, HUONG_SON
from tests.desk.conftest import ON

MOST_STATEMENTS = 10


@pytest.fixture
def sheet_of(office):
    """`sheet_of(code)`: the address of the sheet of one input."""
    return lambda code: reverse("criteria:indicator-entry", args=[office.round.pk, office.reading(code).input_id])


def statements(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def remark_on(reading, person) -> None:
    Remark.objects.create(reading=reading, by=person, kind=Remark.Kind.COMMENT, text="Xem lại", at=timezone.now())


def text_of(response) -> str:
    return response.content.decode()


def test_one_input_shows_the_units_of_the_own_district_only(office, sheet_of, client_of, district_officer):
    page = text_of(client_of(district_officer).get(sheet_of("17.1")))
    assert "Xã Hà Linh" in page
    assert office.other.name not in page
    assert page.count("data-row=") == 2
    assert "≥\u00a045%" in page


def test_one_input_is_entered_for_several_units_at_once(office, sheet_of, client_of, district_officer):
    first = office.reading("17.1")
    second = first.__class__.objects.exclude(assessment__area__in=[office.home, office.other]).get(
        assessment__round=office.round, input=first.input
    )
    client = client_of(district_officer)
    answer = client.post(sheet_of("17.1"), {**office.typed(first, "50"), **office.typed(second, "842")})
    assert answer.status_code == 422
    assert "Đã lưu 1 giá trị. Còn ô chưa lưu được" in text_of(answer)
    assert 'value="842"' in text_of(answer)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.value, second.value) == (50, None)


def test_a_value_of_another_district_cannot_be_smuggled_in(office, sheet_of, client_of, district_officer):
    foreign = office.reading("17.1", office.other)
    client_of(district_officer).post(sheet_of("17.1"), office.typed(foreign, "50"))
    foreign.refresh_from_db()
    assert foreign.value is None


def test_the_sheet_of_one_input_is_absent_for_who_may_see_nothing_of_it(office, sheet_of, client_of, person, visitor):
    assert client_of(person("khong-viec")).get(sheet_of("17.1")).status_code == 404
    assert visitor.get(sheet_of("17.1")).status_code == 302
    away = reverse("criteria:indicator-entry", args=[office.round.pk, 999999])
    assert client_of(person("khong-viec-hai")).get(away).status_code == 404


def test_the_province_chooses_a_district_and_reads_without_entering(office, sheet_of, client_of, province_officer):
    client = client_of(province_officer)
    khe, son = (text_of(client.get(f"{sheet_of('17.1')}?huyen={code}")) for code in (HUONG_KHE, HUONG_SON))
    assert "Xã Hà Linh" in khe
    assert "Xã Hà Linh" not in son
    assert office.other.name in son
    assert "Bạn xem được phiếu này, không nhập." in khe


@pytest.mark.parametrize("asked", ["999", HUONG_SON, "x", "' OR 1"])
def test_a_district_that_is_not_of_this_sheet_is_absent(office, sheet_of, client_of, district_officer, asked):
    client = client_of(district_officer)
    for answer in (
        client.get(sheet_of("17.1"), {"huyen": asked}),
        client.post(f"{sheet_of('17.1')}?huyen={quote(asked)}", office.typed(office.reading("17.1"), "50")),
    ):
        assert answer.status_code == 404
    assert office.reading("17.1").value is None
    assert client.get(sheet_of("17.1"), {"huyen": HUONG_KHE}).status_code == 200
    assert client.get(sheet_of("17.1"), {"huyen": ""}).status_code == 200


@pytest.mark.parametrize("asked", ["", "x", "-1", "9" * 30, "²"])
def test_an_address_without_a_good_choice_opens_the_first_input(office, client_of, district_officer, asked):
    answer = client_of(district_officer).get(
        reverse("criteria:indicator-entry-first", args=[office.round.pk]), {"chi-tieu": asked}
    )
    first = office.reading("2.1").input_id
    assert answer["Location"] == reverse("criteria:indicator-entry", args=[office.round.pk, first])


def test_the_way_to_the_sheet_of_one_input_stands_in_my_work_and_in_the_grid(office, client_of, district_officer):
    client = client_of(district_officer)
    assert reverse("criteria:indicator-entry-first", args=[office.round.pk]) in text_of(client.get("/viec-cua-toi/"))
    first = reverse("criteria:indicator-entry", args=[office.round.pk, office.reading("2.1").input_id])
    assert first in text_of(client.get(office.sheet))


def test_the_sheet_of_one_input_takes_few_statements_whatever_the_number_of_units(
    office, sheet_of, client_of, district_officer, commune_officer, communes_of
):
    office.had("17.1", 40)
    alone = statements(client_of(commune_officer), sheet_of("17.1"))
    for unit in communes_of(HUONG_KHE):
        if unit.code != HA_LINH and not office.round.assessments.filter(area=unit).exists():
            office.add(unit)
    client = client_of(district_officer)
    many = statements(client, sheet_of("17.1"))
    assert text_of(client.get(sheet_of("17.1"))).count("data-row=") > 15
    assert many == alone
    assert many <= MOST_STATEMENTS


def test_sixty_units_take_as_many_statements_as_one(
    office, sheet_of, client_of, district_officer, commune_officer, area
):
    home, entry = office.home, office.reading("17.1").input
    office.had("17.1", 40)
    alone = statements(client_of(commune_officer), sheet_of("17.1"))
    for number in range(58):
        unit = Area.objects.create(
            code=f"9{number:04}", kind="xa", level="commune", name=f"Xã Thử {number}", sort_key=f"thu {number:03}"
        )
        Placement.objects.create(
            area=unit, parent=area(HUONG_KHE), path=placement_of(home, ON).path.replace(HA_LINH, unit.code)
        )
        reading = Assessment.objects.create(round=office.round, area=unit).readings.create(input=entry)
        Remark.objects.create(
            reading=reading, by=district_officer, kind=Remark.Kind.COMMENT, text="Xem lại", at=timezone.now()
        )
    client = client_of(district_officer)
    many = statements(client, sheet_of("17.1"))
    page = text_of(client.get(sheet_of("17.1")))
    assert page.count("data-row=") == 60
    assert many == alone
    assert many <= MOST_STATEMENTS


def test_the_grid_takes_few_statements_whatever_the_number_of_inputs(office, client_of, district_officer):
    client = client_of(district_officer)
    office.had("17.1", 40)
    few = statements(client, office.sheet)
    model = office.reading("17.1").input
    for number in range(60):
        Input.objects.create(
            indicator=model.indicator, code=f"17.1.{number}", name=f"Nội dung thêm {number}", ordinal=number + 1,
            value_type="percent", operator=">=", unit="%", confidence="recalled",
        )  # fmt: skip
    folder = office.reading("17.1").assessment
    for entry in Input.objects.filter(code__startswith="17.1.", indicator=model.indicator):
        folder.readings.create(input=entry)
    assert text_of(client.get(office.sheet)).count("data-row=") == 66
    assert statements(client, office.sheet) == few
    assert few <= MOST_STATEMENTS


def marks_of_row(page: str, reading) -> str:
    row = page[page.index(f'id="v-{reading.pk}"') :].split("</tr>")[0]
    return row[row.index("data-marks") :]


def shown(marks: str, name: str) -> bool:
    return f'data-m="{name}"' in marks and " hidden>" not in marks.split(f'data-m="{name}"')[1].split("<svg")[0]


def test_each_row_leads_to_its_panel_and_says_what_it_holds(office, client_of, district_officer):
    client, talked, silent = client_of(district_officer), office.reading("17.1"), office.reading("10.1")
    Remark.objects.create(
        reading=talked, by=district_officer, kind=Remark.Kind.COMMENT, text="Xem lại", at=timezone.now()
    )
    page = text_of(client.get(office.sheet))
    assert reverse("criteria:panel", args=[talked.pk]) in page
    assert [shown(marks_of_row(page, talked), name) for name in ("files", "open", "none")] == [False, True, False]
    assert [shown(marks_of_row(page, silent), name) for name in ("files", "open", "none")] == [False, False, True]


def test_somebody_with_no_place_costs_no_statement_about_places(person, django_assert_num_queries):
    nobody = person("chua-giao-viec")
    assert not reach(nobody, Permission.ENTER).places
    fresh = type(nobody).objects.get(pk=nobody.pk)
    list(granted_area_ids(fresh, Permission.ENTER))
    with django_assert_num_queries(0):
        assert reach(fresh, Permission.ENTER).places == ()
