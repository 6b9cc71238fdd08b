"""Requests made from the contract (schemathesis), as everybody who may come: no crash, no answer it does not promise.

In this process, through the whole stack, always the same requests. Places and values of the request are often known
ones, so that more than the check of parameters is reached. What is written is rolled back.
"""

from pathlib import Path
from random import Random

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
from tests.services.plugin import SQLITE, chosen_database

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
# On PostgreSQL one person sends them: what differs there is the database, not who asks.
ASKING = PEOPLE if chosen_database() == SQLITE else ["district_officer"]
# Well-formed requests of each operation, and as many that break the contract; everybody sends the same ones.
EXAMPLES = 3
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
def operations():
    schema = schemathesis.openapi.from_dict(yaml.safe_load(CONTRACT.read_text(encoding="utf-8")))
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture(scope="module")
def cases(operations):
    """Requests of every operation, by the contract and against it, each with a number to choose known values by."""
    made, unbreakable = [], []
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                made += requests_of(operation, mode)
            except Unsatisfiable:
                unbreakable.append(operation.path)
                assert mode is GenerationMode.NEGATIVE, operation.path
    assert len(unbreakable) < len(operations) / 2, unbreakable
    return made


def requests_of(operation, mode):
    made = []
    carries = [*operation.path_parameters, *operation.query, *operation.headers, *operation.body]
    if mode is GenerationMode.NEGATIVE and not carries:
        raise Unsatisfiable  # nothing can be wrong about a request that carries nothing

    @FUZZ
    @given(case=operation.as_strategy(mode), number=st.integers(0, 2**32))
    def keep(case, number):
        made.append((case, mode, number))

    keep()
    return made


@pytest.fixture
def known(folder):
    """Values that exist, by the name of the parameter or member."""
    ids = list(folder.readings.order_by("pk").values_list("pk", flat=True)[:3])
    return {**KNOWN, "id": ids, "assessment": [folder.pk]}


@pytest.mark.django_db
@pytest.mark.parametrize("who", ASKING)
def test_no_request_crashes_or_is_answered_against_the_contract(who, cases, known, client_of, visitor, request):
    client = client_of(request.getfixturevalue(who)) if who else visitor
    client.raise_request_exception = False
    faults: dict[str, None] = {}
    for case, mode, number in cases:
        if mode is GenerationMode.POSITIVE:
            put_known([case.path_parameters, case.query, case.body], known, Random(number))
        answer = sent(client, case)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            asked = f"{case.method} {answer.request.path_url[:300]} {str(answer.request.body)[:300]}"
            faults |= dict.fromkeys(f"{asked}\n→ {answer.status_code} {fault}" for fault in group.exceptions)
    assert not faults, "\n\n".join(faults)


def put_known(values, known, chance):
    """Half of the places and values that have a known name get one that exists."""
    if isinstance(values, dict):
        for name in sorted(values.keys() & known.keys()):
            if chance.random() < 0.5:
                values[name] = chance.choice(known[name])
        values = values.values()
    elif not isinstance(values, list):
        return
    for each in values:
        put_known(each, known, chance)


def sent(client, case):
    """The answer of the portal, as schemathesis reads one."""
    asked = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    headers = {name: value for name, value in asked.headers.items() if name.lower() != "content-type"}
    for name in ("Content-Length", "Cookie", "Authorization", "Accept-Encoding"):
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


def test_every_operation_of_the_contract_is_asked(cases):
    asked = {(case.method.lower(), case.operation.path) for case, _, _ in cases}
    paths = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["paths"]
    assert asked == {(verb, path) for path, verbs in paths.items() for verb in verbs if verb != "parameters"}
    assert {mode for _, mode, _ in cases} == {GenerationMode.POSITIVE, GenerationMode.NEGATIVE}


def test_there_is_something_to_find(known):
    assert Reading.objects.filter(pk__in=known["id"]).count() == 3
