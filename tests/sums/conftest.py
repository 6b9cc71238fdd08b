"""A rulebook that states sums, loaded beside the law, with a round of 2024 open for Hà Linh."""

import datetime as dt

import pytest
from django.utils import timezone

from criteria.actions.readings import record
from criteria.actions.rounds import ensure_year
from criteria.law_loading import load
from criteria.models import CriteriaSet, Reading, Round
from tests.conftest import HA_LINH, PROVINCE
from tests.desk.conftest import Desk, communes_of  # noqa: F401
from tests.law.conftest import rulebooks  # noqa: F401
from tests.workbooks.conftest import _uploads_of_the_test, applied, sent  # noqa: F401

HEAD = """
slug: sums-test
version: 1
level: commune
kinds: [xa]
tier: ntm
name: Bộ tiêu chí có tổng
confidence: placeholder
effective_from: '2022-01-01'
effective_to: null
complete: true
declared: {criteria: null, indicators: null}
legal_basis:
  - {kind: basis, number: 1/QĐ-THU, date: '2022-01-01', issuer: Cơ quan thử nghiệm, confidence: placeholder}
criteria:
  - code: '1'
    name: Hộ dân
    confidence: placeholder
    indicators:
"""
# 1.1 is the sum of 1.2, 1.3 and 1.4; of the households of 1.1, not more than these have clean water or a latrine.
INPUTS = [
    ("1.1", "parts: {codes: ['1.2', '1.3', '1.4'], rule: equal, source: Biểu thử nghiệm}"),
    ("1.2", ""),
    ("1.3", ""),
    ("1.4", "may_not_apply: true"),
    ("1.5", "parts: {codes: ['1.6'], rule: at_most, source: Biểu thử nghiệm}"),
    ("1.6", ""),
    ("1.7", ""),
]


def rulebook(**changed: str) -> str:
    """The file; `changed` says anew what stands beside an input, as c1_1='…'."""
    said = dict(INPUTS) | {name[1:].replace("_", "."): text for name, text in changed.items()}
    return HEAD.lstrip() + "".join(_indicator(code, text) for code, text in said.items())


def _indicator(code: str, more: str) -> str:
    lines = [
        f"      - code: '{code}'",
        f"        name: Số hộ {code}",
        "        value_type: count",
        "        unit: hộ",
        "        operator: '>='",
        "        threshold: 1",
        "        confidence: placeholder",
        *([f"        {more}"] if more else []),
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture
def write(rulebooks):  # noqa: F811
    """`write(**changed)`: the rulebook put beside the law; returns its folder."""

    def put(**changed: str):
        rulebooks.path("sums-test").write_text(rulebook(**changed), encoding="utf-8")
        return rulebooks.folder

    return put


@pytest.fixture
def office(db, write, area) -> Desk:
    load(write())
    opened = Round.objects.create(
        province=area(PROVINCE),
        period=ensure_year(2024),
        criteria_set=CriteriaSet.objects.get(slug="sums-test"),
        due_on=dt.date(2024, 12, 31),
        opened_at=timezone.now(),
    )
    desk = Desk(opened, area(HA_LINH), area("18553"))
    for unit in (desk.home, desk.other):
        desk.add(unit)
    return desk


@pytest.fixture
def enter(office, district_officer):
    """`enter("1.1", "120")`: what the district's officer types into a value of Hà Linh."""

    def type_in(code: str, text: str, **more) -> Reading:
        reading = office.reading(code)
        return record(reading_id=reading.pk, text=text, version=reading.version, by=district_officer, **more)

    return type_in
