"""Requests made from the contract (schemathesis), as everybody who may come: no crash, no answer it does not promise.

In this process, through the whole stack, always the same requests. Places and values of the request are often known
ones, so that more than the check of parameters is reached. What is written is rolled back.
"""

from pathlib import Path

import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from criteria.models import Reading

CONTRACT = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.yaml"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
PEOPLE = [
    None,
    "commune_officer",
    "district_officer",
    "district_reviewer",
    "department_officer",
    "province_officer",
    "administrator",
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# Well-formed requests of each operation for each person, and as many that break the contract.
EXAMPLES = 2
KNOWN = {
    "area": ["18553", "18502"],
    "code": ["18553", "444", "42"],
    "district": ["444"],
    "period": ["2024"],
    "set": ["commune-ntm-2021-2025"],
    "input": ["17.9"],
    "indicator": ["17.9"],
    "criterion": ["17"],
    "year": [2023, 2024],
    "as_of": ["2024-12-31"],
}
FUZZ = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def contract():
    """Every operation with the requests that can be made of it: by the contract, and against it where one can be."""
    schema = schemathesis.openapi.from_dict(yaml.safe_load(CONTRACT.read_text(encoding="utf-8")))
    operations = [found.ok() for found in schema.get_all_operations()]
    return [(each, mode, each.as_strategy(mode)) for each in operations for mode in MODES if can_be(each, mode)]


def can_be(operation, mode):
    """Nothing can be wrong about a request that carries nothing."""
    carries = [*operation.path_parameters, *operation.query, *operation.headers, *operation.body]
    return mode is GenerationMode.POSITIVE or bool(carries)


@pytest.fixture
def known(folder):
    """Values that exist, by the name of the parameter or member."""
    ids = list(folder.readings.order_by("pk").values_list("pk", flat=True)[:3])
    return {**KNOWN, "id": ids, "assessment": [folder.pk]}


@pytest.mark.django_db
@pytest.mark.parametrize("who", PEOPLE)
def test_no_request_crashes_or_is_answered_against_the_contract(who, contract, known, client_of, visitor, request):
    client = client_of(request.getfixturevalue(who), raise_request_exception=False) if who else visitor
    client.raise_request_exception = False
    faults: list[str] = []
    unbreakable = []
    for operation, mode, cases in contract:
        try:
            requests_of(cases, mode, client, known, faults)
        except Unsatisfiable:  # of a code in the path every text is a good one
            unbreakable.append(operation.path)
            assert mode is GenerationMode.NEGATIVE
    assert not faults, "\n\n".join(dict.fromkeys(faults))
    assert len(unbreakable) < len(contract) / 5, unbreakable


def requests_of(cases, mode, client, known, faults):
    """Send some requests of one operation; what is wrong with the answers is added to `faults`."""

    @FUZZ
    @given(case=cases, data=st.data())
    def send(case, data):
        if mode is GenerationMode.POSITIVE:
            for values in (case.path_parameters, case.query, case.body):
                put_known(values, known, data)
        answer = sent(client, case)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            asked = f"{case.method} {answer.request.path_url[:300]} {str(answer.request.body)[:300]}"
            faults.extend(f"{asked}\n→ {answer.status_code} {fault}" for fault in group.exceptions)

    send()


def put_known(values, known, data):
    """Half of the places and values that have a known name get one that exists."""
    if isinstance(values, list):
        for each in values:
            put_known(each, known, data)
    elif isinstance(values, dict):
        for name in sorted(values.keys() & known.keys()):
            if data.draw(st.booleans()):
                values[name] = data.draw(st.sampled_from(known[name]))
        for each in values.values():
            if isinstance(each, list):
                put_known(each, known, data)


def sent(client, case):
    """The answer of the portal, as schemathesis reads one."""
    asked = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    headers = {name: value for name, value in asked.headers.items() if name.lower() != "content-type"}
    for name in ("Content-Length", "Cookie", "Authorization"):
        headers.pop(name, None)
    body = asked.body.encode() if isinstance(asked.body, str) else asked.body or b""
    kind = asked.headers.get("Content-Type", "application/octet-stream")
    given_back = client.generic(asked.method, asked.path_url, body, kind, headers=headers)
    return schemathesis.Response(
        status_code=given_back.status_code,
        headers={name.lower(): [value] for name, value in given_back.headers.items()},
        content=b"".join(given_back) if given_back.streaming else given_back.content,
        request=asked,
        elapsed=0.0,
        verify=False,
    )


def test_every_operation_of_the_contract_is_asked(contract):
    asked = {(operation.method.lower(), operation.path) for operation, _, _ in contract}
    paths = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["paths"]
    stated = {(verb, path) for path, verbs in paths.items() for verb in verbs if verb != "parameters"}
    assert {verb for verb, _ in asked} >= {"get", "post", "patch"}
    assert asked == stated


def test_there_is_something_to_find(known):
    assert Reading.objects.filter(pk__in=known["id"]).count() == 3
