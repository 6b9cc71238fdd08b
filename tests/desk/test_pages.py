"""The desk's pages: who opens them, what they cost, and that they carry no script of their own."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from criteria.models import Reading, State
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
        "departments": reverse("criteria:departments"),
        "assign": reverse("criteria:department-assign", args=[reading.input.indicator.criterion_id]),
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
    "departments": {"province_officer"},
    "assign": {"province_officer"},
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


@pytest.fixture
def waited(office, hands):
    """`waited(code, days, state)`: a value whose last step was taken so many days before today."""
    stems = {State.SUBMITTED: "submitted", State.VERIFIED: "verified", State.APPRAISED: "appraised"}

    def put(code: str, days: int, state: State = State.APPRAISED, **where) -> Reading:
        reading = office.put(code, 1, state, hands=hands, **where)
        setattr(reading, f"{stems[state]}_at", timezone.now() - dt.timedelta(days=days))
        reading.save()
        return reading

    return put


def paged(client, step: str, rows: str) -> list:
    """Every row of the queue, page by page."""
    after, seen = "", []
    while after is not None:
        queue = client.get(reverse("criteria:review"), {"buoc": step, "sau": after}).context["queue"]
        seen += getattr(queue, rows)
        after = queue.after
    return seen


def test_the_queue_stands_by_how_long_a_value_has_waited_and_repeats_nothing(
    office, client_of, waited, province_officer, monkeypatch
):
    Reading.objects.exclude(assessment__round=office.round).filter(state=State.APPRAISED).update(state=State.DRAFT)
    monkeypatch.setattr("criteria.queries.review.PAGE", 2)
    days = {"2.1": 3, "10.1": 40, "11.1": 3, "17.1": 90, "17.3": 0}
    at = {code: waited(code, number) for code, number in days.items()}
    Reading.objects.filter(pk=at["11.1"].pk).update(appraised_at=at["2.1"].appraised_at)
    seen = paged(client_of(province_officer), "approve", "values")
    assert [row.reading.input.code for row in seen] == ["17.1", "10.1", "2.1", "11.1", "17.3"]
    assert [row.days for row in seen] == [90, 40, 3, 3, 0]


def test_the_waiting_counts_from_the_last_step_not_from_the_submission(office, client_of, waited, department_officer):
    early = waited("17.1", 1, State.VERIFIED)
    Reading.objects.filter(pk=early.pk).update(submitted_at=timezone.now() - dt.timedelta(days=200))
    late = waited("17.3", 5, State.VERIFIED)
    rows = paged(client_of(department_officer), "appraise", "values")
    own = [row.reading.pk for row in rows if row.reading.pk in (early.pk, late.pk)]
    assert own == [late.pk, early.pk]


def test_folders_stand_by_their_longest_waiting_value(
    office, client_of, waited, communes_of, district_reviewer, monkeypatch
):
    monkeypatch.setattr("criteria.queries.review.PAGE", 1)
    second = next(unit for unit in communes_of(HUONG_KHE) if unit.code != office.home.code)
    waited("17.1", 2, State.SUBMITTED)
    waited("17.1", 300, State.SUBMITTED, area=second)
    waited("10.1", 400, State.SUBMITTED)
    folders = paged(client_of(district_reviewer), "verify", "folders")
    here = [folder.assessment.area for folder in folders if folder.assessment.round_id == office.round.pk]
    assert here == [office.home, second]
    assert len({folder.assessment.pk for folder in folders}) == len(folders)


@pytest.mark.parametrize("after", ["17", "x", "-1-2", "9" * 30, "1-99999999999999999999", "٣-٣"])
def test_an_unreadable_place_in_the_queue_starts_it_anew(office, client_of, waited, province_officer, after):
    waited("17.1", 1)
    answer = client_of(province_officer).get(reverse("criteria:review"), {"buoc": "approve", "sau": after})
    assert answer.context["queue"].values


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
        ("departments", "province_officer"),
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
