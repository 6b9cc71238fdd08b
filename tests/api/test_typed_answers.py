"""What the contract promises of the summary and the explanations is what they answer, member by member."""

import pytest
from rest_framework import serializers

from reports.api.serializers import ExplanationSerializer, SummarySerializer


def assert_as_promised(promised, told, place="answer"):
    """The members of objects are the same; of a list its first item is looked at."""
    if isinstance(promised, serializers.ListSerializer):
        for item in told[:1]:
            assert_as_promised(promised.child, item, f"{place}[]")
    elif isinstance(promised, serializers.Serializer):
        if told is None:
            assert promised.allow_null, place
            return
        assert set(promised.fields) == set(told), place
        for name, field in promised.fields.items():
            assert_as_promised(field, told[name], f"{place}.{name}")
    else:
        assert told is not None or promised.allow_null, place


@pytest.mark.parametrize("year", [2023, 1999])
def test_the_summary_answers_what_the_contract_promises(read, year):
    assert_as_promised(SummarySerializer(), read("summary/", year=year))


@pytest.mark.parametrize(
    ("code", "parameters"),
    [
        ("18502", {"period": "2023"}),
        ("18502", {"period": "2023", "criterion": "17", "indicator": "17.1"}),
        ("444", {"period": "2023"}),
        ("42", {"period": "2023"}),
        ("18502", {"as_of": "2025-08-01"}),
    ],
)
def test_an_explanation_answers_what_the_contract_promises(read, code, parameters):
    assert_as_promised(ExplanationSerializer(), read(f"explanations/{code}/", **parameters))
