"""A client generated from the contract works against a running portal: it reads, follows pages, explains and enters."""

import ast
import datetime as dt
import re
import subprocess
import sys
from html import unescape
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.e2e

ON_2024 = dt.date(2024, 12, 31)


@pytest.fixture
def call(library):
    """`call("communes", "list", client, **parameters)`: one operation, its answer as the client's own types."""

    def operation(resource, verb, *args, **parameters):
        return library(f"api.{resource}.{resource}_{verb}").sync(*args, **parameters)

    return operation


@pytest.fixture
def anybody(library, portal):
    with library("").Client(base_url=portal.address, raise_on_unexpected_status=True) as client:
        yield client


@pytest.fixture
def officer(library, portal, call, anybody):
    """The client of Hương Khê's officer, with a token."""
    asked = library("models").Credentials(username="huyen-huongkhe", password=portal.password)
    token = library("api.auth.auth_token_create").sync(client=anybody, body=asked).token
    asked = {"token": token, "prefix": "Token", "raise_on_unexpected_status": True}
    with library("").AuthenticatedClient(base_url=portal.address, **asked) as client:
        yield client


def test_the_generator_understands_the_whole_contract(generated):
    folder, said = generated
    assert "WARNING" not in said.upper().replace("ABSOLUTELY", ""), said
    names = [path.name for path in folder.rglob("*.py")]
    assert [name for name in names if not name.isascii()] == []
    for path in folder.rglob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"))


def test_answers_have_types_and_not_only_a_dictionary(library):
    untyped = {name for name in dir(library("models")) if name.endswith("Response200")}
    assert untyped <= {"CatalogueRetrieveResponse200"}  # JSON-LD has a vocabulary of its own


def test_the_page_tells_how_a_generated_client_is_used(generated, portal, tmp_path):
    with urlopen(f"{portal.address}/nha-phat-trien/") as answer:
        page = answer.read().decode()
    program = unescape(re.search(r"<code[^>]*>(from ntm_portal_api_client.*?)</code>", page, re.DOTALL)[1])
    done = subprocess.run([sys.executable, "-c", program], cwd=generated[0], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "Hà Linh" in done.stdout


def test_a_list_is_followed_to_its_end(call, anybody):
    codes, cursor = [], {}
    while cursor is not None:
        page = call("communes", "list", client=anybody, as_of=ON_2024, limit=50, **cursor)
        codes += [unit.code for unit in page.results]
        following = page.next_ and parse_qs(urlsplit(page.next_).query)["cursor"][0]
        cursor = {"cursor": following} if following else None
    assert len(codes) == len(set(codes)) == 216


def test_an_explanation_is_read_down_to_the_article_of_law(call, anybody):
    why = call("explanations", "retrieve", "18502", client=anybody, period="2023")
    assert why.unit.name == "Xã Hà Linh"
    assert why.criteria_total == 19
    values = [value for each in why.criteria for indicator in each.indicators for value in indicator.values]
    assert any(value.legal_reference for value in values)


def test_the_summary_of_a_year_has_its_members(call, anybody):
    found = call("summary", "retrieve", client=anybody, year=2023)
    assert found.in_force.register > 100
    assert found.sponsorship.additional_properties["total"] == 95_539_000_000


def test_an_officer_enters_a_value_and_meets_the_stale_version(call, library, officer):
    draft = library("models").ReadingsListState.DRAFT
    mine = call("readings", "list", client=officer, period="2024", district="444", state=draft, limit=1000)
    reading = next(each for each in reversed(mine.results) if each.value_type == "percent" and each.value is None)
    entry = library("models").Entry
    update = library("api.readings.readings_partial_update")
    stored = update.sync(str(reading.id), client=officer, body=entry(value=61.5, version=reading.version))
    try:
        assert stored.value == 61.5
        assert stored.version == reading.version + 1
        late = library("api.readings.readings_partial_update")._get_kwargs(
            str(reading.id), body=entry(value=60.0, version=reading.version)
        )
        refused = officer.get_httpx_client().request(**late)
        assert refused.status_code == 409
        assert refused.json()["theirs"]
    finally:
        update.sync(str(reading.id), client=officer, body=entry(value=None, version=stored.version))
