"""Who reads which decision: everybody what was compared with its paper, officers what concerns their units."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from criteria.actions.decisions import ask_withdrawal, confirm_decision, record_decision, withdraw_decision
from criteria.models import Decision
from tests.conftest import PROVINCE
from tests.papers.conftest import HUONG_TRACH

OF_THE_PLACE = ("commune_of_huong_trach", "district_officer", "district_reviewer", "department_officer", "reader")


@pytest.fixture
def commune_of_huong_trach(person, area):
    return person("xa-huongtrach", Role.COMMUNE_OFFICER, area=area(HUONG_TRACH))


@pytest.fixture
def reader(person, area):
    return person("xem", Role.READER, area=area(PROVINCE))


@pytest.fixture
def confirmed(recorded, second_province_officer) -> Decision:
    return confirm_decision(decision=recorded, by=second_province_officer)


def address(decision: Decision) -> str:
    return reverse("criteria:decision", args=[decision.pk])


def listed(client, **query) -> list[Decision]:
    page = client.get(reverse("criteria:decisions"), query).context["page"]
    return [line.decision for line in page.lines]


def test_everybody_reads_a_decision_that_was_compared_with_its_paper(visitor, confirmed):
    page = visitor.get(address(confirmed))
    assert page.status_code == 200
    assert "Xã Hương Trạch" in page.content.decode()
    assert confirmed in listed(visitor)


def test_the_page_of_the_unit_leads_to_the_decision_that_everybody_may_read(recorded, visitor, second_province_officer):
    unit = reverse("reports:commune", args=[HUONG_TRACH])
    before = visitor.get(unit).content.decode()
    assert recorded.number in before
    assert address(recorded) not in before
    confirm_decision(decision=recorded, by=second_province_officer)
    assert address(recorded) in visitor.get(unit).content.decode()


def test_the_public_page_names_no_officer_and_offers_no_step(visitor, confirmed):
    page = visitor.get(address(confirmed)).content.decode()
    for word in ("Cán bộ thử nghiệm", "Đề nghị rút", "Gửi bản quét", "Ghi quyết định", "<script"):
        assert word not in page


def test_a_decision_not_compared_yet_is_absent_for_visitors_and_for_other_districts(
    recorded, visitor, client_of, other_district_officer, administrator
):
    for client in (visitor, client_of(other_district_officer), client_of(administrator)):
        assert client.get(address(recorded)).status_code == 404
        assert recorded not in listed(client)


@pytest.mark.parametrize("who", OF_THE_PLACE)
def test_officers_of_its_units_and_departments_read_it_before_that_without_its_steps(recorded, client_of, request, who):
    client = client_of(request.getfixturevalue(who))
    page = client.get(address(recorded))
    assert page.status_code == 200
    assert "Đã đối chiếu với văn bản</button>" not in page.content.decode()
    assert recorded in listed(client)


def test_a_withdrawn_decision_stays_readable_with_its_reason_for_officers_of_its_units_only(
    confirmed, province_officer, second_province_officer, visitor, client_of, district_officer, other_district_officer
):
    ask_withdrawal(decision=confirmed, reason="Ghi nhầm xã", by=province_officer)
    asked = visitor.get(address(confirmed)).content.decode()
    assert "Ghi nhầm xã" not in asked
    withdraw_decision(decision=confirmed, by=second_province_officer)
    assert "Ghi nhầm xã" in client_of(district_officer).get(address(confirmed)).content.decode()
    for client in (visitor, client_of(other_district_officer)):
        assert client.get(address(confirmed)).status_code == 404
        assert confirmed not in listed(client)


def test_the_decisions_of_the_sources_are_readable_by_everybody(db, visitor):
    known = Decision.objects.filter(recorded_by=None).exclude(number="").first()
    assert visitor.get(address(known)).status_code == 200


def test_the_list_is_narrowed_by_links_of_act_year_and_district(confirmed, visitor):
    page = visitor.get(reverse("criteria:decisions"), {"bac": "model", "sau": "2024-01-01.5"}).content.decode()
    for link in ("?bac=model&amp;viec=revoked", "?bac=model&amp;nam=2024", "?bac=model&amp;huyen=444"):
        assert f'href="{link}"' in page
    assert confirmed in listed(visitor, nam=2024, viec="granted", huyen="444")
    assert confirmed not in listed(visitor, huyen="439")
    assert confirmed not in listed(visitor, viec="revoked")
    assert confirmed not in listed(visitor, nam=2023)


@pytest.mark.parametrize("who", ["visitor", "district_officer"])
def test_the_pages_cost_readers_the_same_for_one_and_for_many(
    db, paper, province_officer, second_province_officer, request, client_of, visitor, communes_of, who
):
    client = visitor if who == "visitor" else client_of(request.getfixturevalue(who))

    def cost(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    one = record_decision(paper=paper(), by=province_officer)
    confirm_decision(decision=one, by=second_province_officer)
    few = cost(reverse("criteria:decisions")), cost(address(one))
    for number in range(6):
        many = record_decision(
            paper=paper(number=f"{number}/QĐ-UBND", areas=communes_of("444")[:10], tier="ntm"), by=province_officer
        )
        confirm_decision(decision=many, by=second_province_officer)
    assert (cost(reverse("criteria:decisions")), cost(address(many))) == few
    assert max(few) <= 10
