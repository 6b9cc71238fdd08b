"""The catalogue, the code lists and the status over the API."""

import csv
import datetime as dt
import io

import pytest
from django.utils import timezone

from accounts.models import Job
from communes.models import Area
from criteria.models import DirtyScope, Period, RecomputeRun
from exchange.queries.catalogue import datasets, written
from exchange.queries.code_lists import CODE_LISTS
from tests.api.conftest import as_problem


@pytest.fixture
def catalogue(read):
    return read("catalogue/")


def test_the_catalogue_is_linked_data_unless_json_is_asked_for(api, visitor):
    assert visitor.get("/api/v1/catalogue/")["Content-Type"] == "application/ld+json"
    assert api.get("/api/v1/catalogue/")["Content-Type"] == "application/json"


def test_every_data_set_has_what_a_harvester_needs(catalogue):
    assert catalogue["@type"] == "dcat:Catalog"
    assert [each["dct:identifier"] for each in catalogue["dcat:dataset"]] == list(written()["datasets"])
    for each in catalogue["dcat:dataset"]:
        assert {title["@language"] for title in each["dct:title"]} == {"vi", "en"}
        assert each["dct:license"]["@id"].startswith("https://creativecommons.org/")
        assert "đề xuất" in each["dct:rights"]["@value"]
        assert each["dct:temporal"]["dcat:startDate"]["@value"] >= "2014"
        assert each["dct:spatial"]["dcat:bbox"]["@value"].startswith("POLYGON((105.1")
        assert each["csvw:tableSchema"]["csvw:column"]


def test_every_distribution_and_sample_answers_with_its_media_type(api, catalogue):
    for each in catalogue["dcat:dataset"]:
        assert api.get(each["adms:sample"]["@id"]).status_code == 200
        for form in each["dcat:distribution"]:
            address = form["dcat:downloadURL"]["@id"]
            narrow = {"limit": "1", **dict(part.split("=") for part in address.partition("?")[2].split("&") if part)}
            answer = api.get(address.partition("?")[0], {} if "du-lieu-mo" in address else narrow)
            media_type = form["dcat:mediaType"]["@id"].partition("media-types/")[2]
            assert answer["Content-Type"].partition(";")[0] == media_type, address


def test_the_fields_of_a_data_set_are_the_columns_of_its_table(api):
    for each in datasets():
        heading = api.get(f"{each.sample_table}").getvalue().decode().splitlines()[0]
        assert [name for name, _, _ in each.fields] == heading.split(",")


def test_the_catalogue_changes_with_the_data_only(api, django_assert_num_queries):
    held = api.get("/api/v1/catalogue/")["ETag"]
    with django_assert_num_queries(1):
        assert api.get("/api/v1/catalogue/", headers={"if-none-match": held}).status_code == 304


@pytest.mark.parametrize("name", sorted(CODE_LISTS))
def test_every_code_list_is_the_same_as_json_and_as_a_table(api, read, name):
    told = read(f"code-lists/{name}/")
    body = api.get(f"/api/v1/code-lists/{name}/", {"format": "csv"}).content.decode()
    rows = list(csv.DictReader(io.StringIO(body, newline="")))
    assert told["count"] == len(told["results"]) == len(rows) > 0
    assert list(rows[0]) == list(told["results"][0]) == list(told["columns"])


def test_the_index_leads_to_every_list(api, read):
    lists = read("code-lists/")["results"]
    assert [each["name"] for each in lists] == list(CODE_LISTS)
    assert all(api.get(each["url"]).status_code == 200 for each in lists)


def test_a_unit_is_listed_with_what_it_came_from_and_became(read):
    lives = {
        row["valid_from"]: row for row in read("code-lists/units/", q="18502")["results"] if row["code"] == "18502"
    }
    assert lives[None]["successors"] == ["18502"]
    assert lives[None]["change"] == "merge"
    assert sorted(lives["2025-07-01"]["predecessors"]) == ["18499", "18502"]
    assert lives[None]["parent"] == "444"


def test_words_narrow_a_list_whatever_their_marks(read):
    assert {row["code"] for row in read("code-lists/units/", q="dien my")["results"]} == {"18499"}


def test_every_closed_word_of_the_contract_is_in_the_lists(read):
    words = {(row["list"], row["code"]) for row in read("code-lists/enums/")["results"]}
    assert {("verdict", "not_met"), ("reading.state", "approved"), ("tier", "advanced"), ("area.kind", "xa")} <= words


def test_a_list_costs_the_same_for_one_unit_and_for_all(read, django_assert_max_num_queries):
    for text in ("18499", ""):
        with django_assert_max_num_queries(5):  # the data counter before and after, changes, parents, units
            read("code-lists/units/", q=text)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("code-lists/nothing/", 404),
        ("code-lists/units/?page=2", 400),
        ("code-lists/units/?format=xlsx", 400),
        ("catalogue/?format=csv", 400),
        ("catalogue/?q=x", 400),
        ("status/?x=1", 400),
    ],
)
def test_what_is_not_there_is_refused_by_name(api, address, status):
    as_problem(api.get(f"/api/v1/{address}"), status)


@pytest.fixture
def waiting(db):
    """`waiting(minutes, failures=0)`: a district's figures have waited that long for their recompute."""

    def mark(minutes, failures=0):
        DirtyScope.objects.all().delete()
        return DirtyScope.objects.create(
            area=Area.objects.filter(level="district").first(),
            period=Period.objects.first(),
            marked_at=timezone.now() - dt.timedelta(minutes=minutes),
            failures=failures,
            reason="bí mật nội bộ",
        )

    return mark


def test_figures_that_follow_are_fresh(read, db):
    DirtyScope.objects.all().delete()
    assert read("status/")["freshness"] == "fresh"


@pytest.mark.parametrize(
    ("minutes", "failures", "said"), [(1, 0, "waiting"), (30, 0, "late"), (1, 2, "failing"), (30, 5, "failing")]
)
def test_figures_that_wait_are_said_to(read, waiting, minutes, failures, said):
    scope = waiting(minutes, failures)
    told = read("status/")
    assert told["freshness"] == said
    assert told["waiting_scopes"] == 1
    assert dt.datetime.fromisoformat(told["oldest_scope_at"]) == scope.marked_at


def test_reasons_of_failures_are_nobodys_business(api, waiting):
    waiting(1, failures=3)
    now = timezone.now()
    Job.objects.create(kind="x", state=Job.State.FAILED, reason="bí mật", asked_at=now, run_after=now, finished_at=now)
    for address in ("/api/v1/status/", "/nha-phat-trien/tinh-trang/"):
        answer = api.get(address)
        assert answer.status_code == 200
        assert "bí mật" not in answer.content.decode()


def test_the_last_run_of_each_kind_is_told(read, db):
    now = timezone.now()
    for number in (1, 2):
        RecomputeRun.objects.create(kind="verify", started_at=now, finished_at=now, differences=number)
    RecomputeRun.objects.create(kind="verify", started_at=now)  # still running
    runs = [run for run in read("status/")["runs"] if run["kind"] == "verify"]
    assert [run["differences"] for run in runs] == [2]


def test_nobody_keeps_the_status(api):
    assert api.get("/api/v1/status/")["Cache-Control"] == "no-store"


def test_the_status_costs_the_same_whatever_waits(api, waiting, django_assert_num_queries):
    with django_assert_num_queries(5):
        api.get("/api/v1/status/")
    waiting(5)
    with django_assert_num_queries(5):
        api.get("/api/v1/status/")
