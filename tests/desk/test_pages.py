"""The desk's pages: who opens them, what they cost, and that they carry no script of their own."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from criteria.models import State
from tests.conftest import HUONG_KHE

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


@pytest.fixture
def hands(person):
    return [person(f"nguoi-{number}") for number in range(5)]


def pages_of(office, reading) -> dict[str, str]:
    return {
        "my-work": reverse("criteria:my-work"),
        "entry": office.sheet,
        "submit": reverse("criteria:submit", args=[office.round.pk, office.home.code]),
        "review": reverse("criteria:review"),
        "item": reverse("criteria:review-item", args=[reading.pk]),
        "verify": reverse("criteria:verify", args=[reading.assessment_id]),
        "sets": reverse("criteria:sets"),
        "set": reverse("criteria:set", args=[office.round.criteria_set.slug]),
        "thresholds": reverse("criteria:thresholds"),
        "rounds": reverse("criteria:rounds"),
    }


OPEN_TO = {
    "my-work": {"district_officer", "district_reviewer", "department_officer", "province_officer"},
    "entry": {"district_officer", "district_reviewer", "department_officer", "province_officer"},
    "submit": {"district_officer", "district_reviewer", "department_officer", "province_officer"},
    "review": {"district_officer", "district_reviewer", "department_officer", "province_officer"},
    "item": {"district_officer", "district_reviewer", "department_officer", "province_officer"},
    "verify": {"district_officer", "district_reviewer", "department_officer", "province_officer"},
    "sets": {"district_officer", "district_reviewer", "department_officer", "province_officer"},
    "set": {"district_officer", "district_reviewer", "department_officer", "province_officer"},
    "thresholds": {"province_officer"},
    "rounds": {"province_officer"},
}
CAST = ("district_officer", "district_reviewer", "department_officer", "province_officer")


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("page", OPEN_TO)
def test_a_page_opens_for_its_people_and_carries_no_inline_script(request, office, client_of, hands, who, page):
    reading = office.put("17.1", 50, State.SUBMITTED, hands=hands)
    answer = client_of(request.getfixturevalue(who)).get(pages_of(office, reading)[page])
    assert answer.status_code == (200 if who in OPEN_TO[page] else 404)
    assert not INLINE.search(answer.content.decode())


@pytest.mark.parametrize("page", OPEN_TO)
def test_only_the_law_is_open_to_a_visitor(office, visitor, page):
    reading = office.reading("17.1")
    answer = visitor.get(pages_of(office, reading)[page])
    assert answer.status_code == (200 if page in ("sets", "set") else 302)


def test_a_department_sees_only_its_own_criteria_on_the_sheet(office, client_of, department_officer):
    page = client_of(department_officer).get(office.sheet).content.decode()
    assert "Nội dung 17.1" in page
    assert "Nội dung 10.1" not in page


def test_the_set_page_states_what_is_missing(office, visitor):
    page = visitor.get(reverse("criteria:set", args=["bo-thu-nghiem"])).content.decode()
    assert "6 trong 7 chỉ tiêu" in page
    assert "chưa có ngưỡng" in page
    assert "chưa đối chiếu văn bản gốc" in page


def test_the_queue_shows_the_value_before_and_the_median_of_the_district(
    office, client_of, communes_of, hands, province_officer
):
    for number, unit in enumerate(communes_of(HUONG_KHE)[:5]):
        if not unit.assessments.filter(round=office.round).exists():
            office.add(unit)
        office.put("17.1", 30 + number, State.APPRAISED, hands=hands, area=unit)
    item = reverse("criteria:review-item", args=[office.reading("17.1").pk])
    page = client_of(province_officer).get(item).content.decode()
    assert "giá trị chờ phê duyệt" in page
    assert "So với 5 đơn vị trong huyện" in page
    assert "trung vị 32%" in page


def test_the_queue_pages_by_key_and_repeats_nothing(
    office, client_of, communes_of, hands, province_officer, monkeypatch
):
    monkeypatch.setattr("criteria.queries.review.PAGE", 2)
    ids = [office.put(code, 1, State.APPRAISED, hands=hands).pk for code in ("2.1", "10.1", "11.1", "17.1", "17.3")]
    client, after, seen = client_of(province_officer), ids[0] - 1, []
    while after is not None:
        answer = client.get(reverse("criteria:review"), {"buoc": "approve", "sau": after})
        seen += [row.reading.pk for row in answer.context["queue"].values]
        after = answer.context["queue"].after
    assert seen == ids


def test_the_verifier_sees_folders(office, client_of, hands, district_reviewer):
    for code in ("17.1", "10.1"):
        office.put(code, 50, State.SUBMITTED, hands=hands)
    client = client_of(district_reviewer)
    page = client.get(reverse("criteria:review"), {"buoc": "verify"})
    assert office.home.pk in {folder.assessment.area_id for folder in page.context["queue"].folders}
    folder = client.get(reverse("criteria:verify", args=[office.reading("17.1").assessment_id])).content.decode()
    assert "Thẩm tra 2 giá trị" in folder


def queries_of(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("my-work", "district_officer"),
        ("entry", "district_officer"),
        ("review", "province_officer"),
        ("review", "district_reviewer"),
        ("item", "province_officer"),
        ("rounds", "province_officer"),
    ],
)
def test_a_page_costs_the_same_with_one_commune_and_with_many(
    request, office, client_of, communes_of, hands, page, who
):
    client = client_of(request.getfixturevalue(who))
    state = State.SUBMITTED if who == "district_reviewer" else State.APPRAISED
    reading = office.put("17.1", 50, state, hands=hands)
    url = pages_of(office, reading)[page]
    alone = queries_of(client, url)
    for unit in communes_of(HUONG_KHE):
        if not unit.assessments.filter(round=office.round).exists():
            office.add(unit)
        for code in ("10.1", "11.1", "17.1"):
            office.put(code, 50, state, hands=hands, area=unit)
    assert queries_of(client, url) <= alone + (1 if page == "item" else 0)
