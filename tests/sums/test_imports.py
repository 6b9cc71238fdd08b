"""Sums in imported tables: the file is looked at as a whole, and nothing broken is written."""

import pytest

from criteria.actions.readings import record
from criteria.models import Import
from tests.workbooks.conftest import HEADING, messages, table

pytestmark = pytest.mark.django_db
CODES = ["1.1", "1.2", "1.3", "1.4"]


def row(office, *values) -> list:
    return [office.home.code, office.home.name, *values]


def values(office) -> list:
    return [office.reading(code).value for code in CODES]


def test_a_table_whose_sum_adds_up_is_written_whatever_stood_before(office, enter, sent, applied, district_officer):
    for code, text in {"1.4": "không áp dụng", "1.1": "100", "1.2": "60", "1.3": "40"}.items():
        enter(code, text)
    made = sent(table([HEADING + CODES, row(office, 120, 70, 45, 5)]), district_officer)
    assert (made.state, made.faults) == (Import.State.READY, [])
    applied(made, district_officer)
    assert values(office) == [120, 70, 45, 5]


def test_every_value_of_a_sum_that_does_not_add_up_is_refused_at_its_cell(office, sent, applied, district_officer):
    made = sent(table([HEADING + [*CODES, "1.7"], row(office, 120, 60, 40, 0, 3)]), district_officer)
    said = "Tổng không khớp: 1.2 + 1.3 + 1.4 = 100, còn 1.1 là 120; lệch 20\u00a0hộ."
    assert [message.startswith(said) for message in messages(made)] == [True] * 4
    applied(made, district_officer, only_good=True)
    assert values(office) == [None] * 4
    assert office.reading("1.7").value == 3


def test_one_cell_that_breaks_a_stored_sum_is_refused(office, enter, sent, district_officer):
    enter("1.5", "80")
    made = sent(table([[*HEADING, "1.6"], row(office, 81)]), district_officer)
    assert messages(made)[0].startswith("Các phần vượt tổng: 1.6 = 81, còn 1.5 là 80; vượt 1\u00a0hộ.")
    assert made.staged == []


def test_a_value_typed_between_check_and_writing_is_not_overruled(office, sent, applied, district_officer):
    made = sent(table([[*HEADING, "1.6"], row(office, 81)]), district_officer)
    assert made.state == Import.State.READY
    reading = office.reading("1.5")
    record(reading_id=reading.pk, text="80", version=reading.version, by=district_officer)
    applied(made, district_officer)
    assert made.state == Import.State.REFUSED
    assert office.reading("1.6").value is None
