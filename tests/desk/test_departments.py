"""Who answers for which criterion: read and assigned by the province office, dated, and never silently nobody."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Department
from criteria.models import LeadDepartment, State
from criteria.queries.departments import charges

LIST = "criteria:departments"
TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def other(db) -> Department:
    return Department.objects.create(code="so-khac", name="Sở khác", valid_to=dt.date(2025, 2, 28))


@pytest.fixture
def criterion(office):
    return office.round.criteria_set.criteria.get(code="17")


def form_of(criterion) -> str:
    return reverse("criteria:department-assign", args=[criterion.pk])


def charge_of(office, criterion, on=TODAY):
    (found,) = [each for each in charges(on) if each.criteria_set == office.round.criteria_set]
    return next(charge for charge in found.charges if charge.criterion == criterion)


def test_a_criterion_stands_with_its_department_and_the_others_say_that_nobody_appraises(
    office, client_of, province_officer, department
):
    page = client_of(province_officer).get(reverse(LIST)).content.decode()
    assert "Bộ tiêu chí thử nghiệm" in page
    assert department.name in page
    assert "Chưa có sở, ngành: không ai thẩm định được." in page
    (found,) = [each for each in charges(TODAY) if each.criteria_set == office.round.criteria_set]
    assert found.nobody == 3


def test_an_assigned_department_appraises_and_the_one_before_no_longer_does(
    office, client_of, person, criterion, other, department, department_officer, province_officer
):
    reading = office.put("17.1", 50, State.VERIFIED)
    sent = {"department": other.pk, "valid_from": "01/06/2024"}
    answer = client_of(province_officer).post(form_of(criterion), sent)
    assert (answer.status_code, answer["Location"]) == (303, reverse(LIST) + f"#tc-{criterion.pk}")
    now = charge_of(office, criterion).today
    assert (now.department, now.valid_from, now.set_by) == (other, dt.date(2024, 6, 1), province_officer)
    assert criterion.lead_departments.get(department=department).valid_to == dt.date(2024, 5, 31)
    chosen = {"chosen": f"{reading.pk}:{reading.version}"}
    assert client_of(department_officer).post(reverse("criteria:appraise"), chosen).status_code in (403, 404)
    appraiser = person("so-moi", "department_officer", department=other)
    assert client_of(appraiser).post(reverse("criteria:appraise"), chosen).status_code == 303
    told = AuditEvent.objects.filter(action="department.assign").latest("pk")
    assert (told.actor_id, told.data["before"]) == (province_officer.pk, [department.code])


def test_a_day_after_the_period_leaves_its_appraiser_and_the_page_says_so(
    office, client_of, criterion, other, department, province_officer
):
    Department.objects.filter(pk=other.pk).update(valid_to=None)
    client = client_of(province_officer)
    assert "31/12/2024" in client.get(form_of(criterion)).content.decode()
    client.post(form_of(criterion), {"department": other.pk, "valid_from": "01/01/2025"})
    charge = charge_of(office, criterion)
    assert charge.today.department == other
    assert [(each.period.code, each.lead.department) for each in charge.otherwise] == [("2024", department)]
    assert f"Năm 2024: {department.name} thẩm định" in client.get(reverse(LIST)).content.decode()


def test_a_later_assignment_gives_way_to_one_from_an_earlier_day(
    office, client_of, criterion, other, department, province_officer
):
    client = client_of(province_officer)
    for chosen, day in ((other, "01/06/2024"), (department, "01/09/2024"), (other, "01/03/2024")):
        assert client.post(form_of(criterion), {"department": chosen.pk, "valid_from": day}).status_code == 303
    rows = criterion.lead_departments.order_by("valid_from", "pk").values_list("department", "valid_from", "valid_to")
    assert set(rows) == {
        (department.pk, None, dt.date(2024, 2, 29)),
        (other.pk, dt.date(2024, 3, 1), None),
    }


def test_the_same_assignment_twice_changes_nothing(office, client_of, criterion, other, province_officer):
    client, sent = client_of(province_officer), {"department": other.pk, "valid_from": "01/06/2024"}
    assert client.post(form_of(criterion), sent).status_code == 303
    before = list(LeadDepartment.objects.filter(criterion=criterion).values())
    assert client.post(form_of(criterion), sent).status_code == 303
    assert list(LeadDepartment.objects.filter(criterion=criterion).values()) == before
    assert AuditEvent.objects.filter(action="department.assign").count() == 1


@pytest.mark.parametrize(
    ("field", "sent", "words"),
    [
        ("department", {"department": ""}, "bắt buộc"),
        ("department", {"department": "999999"}, "hợp lệ"),
        ("department", {"valid_from": "01/03/2025"}, "Sở khác không còn hoặc chưa có vào ngày này."),
        ("valid_from", {"valid_from": "hôm qua"}, "ngày"),
        ("valid_from", {"valid_from": ""}, "bắt buộc"),
        ("valid_from", {"valid_from": "31/12/2021"}, "Bộ tiêu chí này có từ năm 2022."),
        ("valid_from", {"valid_from": "01/01/0001"}, "Bộ tiêu chí này có từ năm 2022."),
    ],
)
def test_a_bad_assignment_is_told_beside_its_field_and_nothing_changes(
    office, client_of, criterion, other, province_officer, field, sent, words
):
    before = list(LeadDepartment.objects.values())
    full = {"department": other.pk, "valid_from": "01/06/2024", **sent}
    answer = client_of(province_officer).post(form_of(criterion), full)
    page = answer.content.decode()
    assert answer.status_code == 422
    fault = page.split(f'id="id_{field}_error"')[1].split("</p>")[0]
    assert words in fault
    assert f'value="{full["valid_from"]}"' in page or not full["valid_from"]
    assert list(LeadDepartment.objects.values()) == before


def test_departments_without_criteria_are_listed(office, client_of, province_officer, department):
    Department.objects.create(code="so-ranh", name="Sở chưa có việc")
    page = client_of(province_officer).get(reverse(LIST)).content.decode()
    idle = page.split("chưa phụ trách tiêu chí nào")[1]
    assert "Sở chưa có việc" in idle
    assert department.name not in idle


def test_illustrative_assignments_are_marked(office, client_of, criterion, province_officer):
    LeadDepartment.objects.filter(criterion=criterion).update(is_illustrative=True)
    page = client_of(province_officer).get(reverse(LIST)).content.decode()
    row = page.split(f'id="tc-{criterion.pk}"')[1].split("</tr>")[0]
    assert "minh hoạ" in row
    assert "minh hoạ" in client_of(province_officer).get(form_of(criterion)).content.decode()


def test_only_the_province_office_assigns(office, client_of, criterion, other, district_officer, department_officer):
    for somebody in (district_officer, department_officer):
        client = client_of(somebody)
        assert client.get(reverse(LIST)).status_code == 404
        sent = {"department": other.pk, "valid_from": "01/06/2024"}
        assert client.post(form_of(criterion), sent).status_code == 404
        assert reverse(LIST) not in client.get("/").content.decode()
    assert not LeadDepartment.objects.filter(department=other).exists()


def test_the_menu_leads_to_departments_and_rounds(client_of, province_officer):
    page = client_of(province_officer).get("/").content.decode()
    assert f'href="{reverse(LIST)}"' in page
    assert f'href="{reverse("criteria:rounds")}"' in page
