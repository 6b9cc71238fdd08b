"""What an import leaves in the history of each value: word for word what entering it by hand leaves."""

import pytest

from accounts import audit
from accounts.models import AuditEvent
from criteria.actions import readings
from criteria.models import Reading, State
from tests.workbooks.conftest import HEADING, table

pytestmark = pytest.mark.django_db
CODE = "18502"


def told(reading: Reading) -> AuditEvent:
    return audit.history_of(reading).last()


@pytest.mark.parametrize(
    ("code", "first", "then"),
    [
        ("10.1", "1500", "1.234,5"),
        ("10.1", "1.234,5", "1500"),
        ("17.1", "100", "0"),
        ("17.1", "0", "99,0625"),
        ("17.9", "100", "không áp dụng"),
        ("17.9", "không áp dụng", "12"),
        ("17.3", "Đạt", "Chưa đạt"),
    ],
)
def test_the_history_is_the_same_by_hand_and_by_table(code, first, then, office, district_officer, sent, applied):
    value = office.reading(code)
    readings.record(reading_id=value.pk, text=first, version=1, by=district_officer)
    readings.record(reading_id=value.pk, text=then, version=2, by=district_officer)
    by_hand = told(value)
    readings.record(reading_id=value.pk, text=first, version=3, by=district_officer)
    made = applied(sent(table([[*HEADING, code], [CODE, None, then]]), district_officer), district_officer)
    assert made.applied == 1
    by_table = told(value)
    assert by_table.pk > by_hand.pk
    for name in ("data", "actor_id", "actor_name", "action", "subject_type", "area_path", "reason"):
        assert getattr(by_table, name) == getattr(by_hand, name), name


def test_a_returned_value_is_told_as_returned_before(office, district_officer, sent, applied):
    value = office.reading("17.1")
    readings.record(reading_id=value.pk, text="50", version=1, by=district_officer)
    Reading.objects.filter(pk=value.pk).update(state=State.RETURNED)
    applied(sent(table([[*HEADING, "17.1"], [CODE, None, 60]]), district_officer), district_officer)
    assert told(value).data == {
        "before": {"value": "50", "state": "returned"},
        "after": {"value": "60", "state": "draft"},
    }
