"""Sums in a rulebook: loaded with their source, and refused with file and line where they make no sense."""

import pytest

from criteria.law_loading import LawRefused, load
from criteria.models import Input

pytestmark = pytest.mark.django_db


def test_a_stated_sum_is_kept_with_its_source(write):
    load(write())
    entries = {e.code: e for e in Input.objects.filter(indicator__criterion__criteria_set__slug="sums-test")}
    assert entries["1.1"].parts == {"codes": ["1.2", "1.3", "1.4"], "rule": "equal", "source": "Biểu thử nghiệm"}
    assert [code for code, entry in entries.items() if entry.in_sum] == ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6"]


def test_the_law_of_the_repository_states_no_sum(db):
    assert not Input.objects.filter(in_sum=True).exists()


WRONG = [
    ("parts: {codes: ['9.9'], rule: equal, source: a}", "1.1: '9.9' is no input of the set"),
    ("parts: {codes: [], rule: equal, source: a}", "[] should be non-empty"),
    ("parts: {codes: ['1.2', '1.2'], rule: equal, source: a}", "has non-unique elements"),
    ("parts: {codes: ['1.2'], rule: equal}", "'source' is a required property"),
    ("parts: {codes: ['1.2'], rule: about, source: a}", "'about' is not one of"),
    ("parts: {codes: ['1.2'], rule: equal, source: a, part: b}", "unknown key 'part'"),
    ("parts: {codes: ['1.1'], rule: equal, source: a}", "in a circle"),
]


@pytest.mark.parametrize(("said", "reason"), WRONG)
def test_a_wrong_sum_is_refused_with_its_line_and_nothing_changes(write, said, reason):
    with pytest.raises(LawRefused) as refused:
        load(write(c1_1=said))
    named = [fault for fault in refused.value.faults if reason in fault.reason]
    assert named, [str(fault) for fault in refused.value.faults]
    assert named[0].file == "sums-test.yaml"
    assert named[0].line == (1 if "circle" in reason else 26)
    assert not Input.objects.filter(in_sum=True).exists()


def test_a_part_measured_otherwise_or_computed_and_sums_in_a_circle_are_refused(write):
    folder = write(c1_5="parts: {codes: ['1.1'], rule: at_most, source: a}", c1_6="notes: [a]")
    path = folder / "sums-test.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("unit: hộ", "unit: người", 2).replace("unit: người", "unit: hộ", 1)
    text = text.replace("'1.4'], rule", "'1.5'], rule")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LawRefused) as refused:
        load(folder)
    said = [fault.reason for fault in refused.value.faults]
    assert "1.1: '1.2' is not of the same value_type and unit" in said
    assert any("in a circle: 1.1 → 1.5 → 1.1" in reason or "1.5 → 1.1 → 1.5" in reason for reason in said)
