"""The OpenAPI document: complete, without a warning, and the same as the copy kept in docs/api/openapi.yaml."""

from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

from ntm_portal.contract import examples

KEPT = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.yaml"
RENEW = "The contract changed: python manage.py spectacular --file docs/api/openapi.yaml"
RESOURCES = {
    "communes",
    "districts",
    "provinces",
    "criteria-sets",
    "indicators",
    "periods",
    "rounds",
    "readings",
    "assessments",
    "attainment",
    "recognitions",
    "targets",
    "ocop/products",
    "sponsorship/arrears",
    "sponsorship/assignments",
    "sponsorship/contributions",
    "sponsorship/disbursements",
    "sponsorship/funding",
    "sponsorship/gaps",
    "sponsorship/pledges",
    "sponsorship/sponsors",
    "sponsorship/totals",
    "summary",
    "auth/token",
    "auth/logout",
}


@pytest.fixture(scope="module")
def contract(tmp_path_factory):
    """The text of the contract; a warning of the generator is an error."""
    file = tmp_path_factory.mktemp("contract") / "openapi.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))
    return file.read_text(encoding="utf-8")


def test_the_kept_copy_is_the_contract(contract):
    assert KEPT.read_text(encoding="utf-8") == contract, RENEW


@pytest.mark.parametrize("resource", sorted(RESOURCES))
def test_every_resource_is_in_the_contract(contract, resource):
    assert f"/api/v1/{resource}/" in yaml.safe_load(contract)["paths"]


def test_every_read_of_the_contract_answers_a_visitor(contract, api, summary_year):
    """No address of the contract crashes; those with a place in their path are read by their own tests."""
    addresses = [
        address for address, verbs in yaml.safe_load(contract)["paths"].items() if "get" in verbs and "{" not in address
    ]
    statuses = {address: api.get(address, summary_year.get(address, {})).status_code for address in addresses}
    assert set(statuses.values()) == {200}, statuses


@pytest.fixture
def summary_year():
    return {"/api/v1/summary/": {"year": 2023}, "/api/v1/sponsorship/totals/": {"year": 2023}}


def test_the_contract_is_served_to_everybody(api):
    response = api.get("/api/v1/schema/", headers={"accept": "application/json"})
    assert response.status_code == 200
    assert b'"openapi"' in response.content


@pytest.mark.parametrize("path", examples())
def test_an_example_is_what_the_portal_answers(api, path):
    """To the value, except for moments, numbers of rows and of writes."""
    example = examples()[path]
    answer = api.get(f"/api/v1/{example['address']}")
    assert answer.status_code == 200
    assert _lasting(answer.json()) == _lasting(example["answer"])


_PASSING = {"epoch", "computed_at", "input_watermark", "id", "assessment", "source_value_id"}


def _lasting(found):
    if isinstance(found, list):
        return [_lasting(each) for each in found]
    if isinstance(found, dict):
        return {name: None if name in _PASSING else _lasting(each) for name, each in found.items()}
    return found.partition("?")[0] if isinstance(found, str) and found.startswith("http") else found
