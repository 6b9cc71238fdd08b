"""Cells come out of a workbook with their addresses; what is too large is refused before it is opened."""

import pytest

from files import Refusal, child
from files.sheets import address, letters, quoted
from tests.files.corpus import LARGE


@pytest.mark.parametrize("case", LARGE)
def test_a_sheet_that_is_too_large_is_refused_within_its_memory(case, tmp_path):
    _, make, code = LARGE[case]
    (tmp_path / "sent").write_bytes(make())
    with pytest.raises(Refusal) as refused:
        child.call("files.sheets:read", tmp_path / "sent", "xlsx", memory=220 * child.MB)
    assert refused.value.code == code


def test_a_csv_of_too_many_rows_or_columns_is_refused(tmp_path):
    for content in ("a\n" * 20_001, ";" * 301):
        (tmp_path / "sent").write_text(content)
        with pytest.raises(Refusal, match="20.000 hàng"):
            child.call("files.sheets:read", tmp_path / "sent", "csv")


def test_cells_are_called_as_people_call_them():
    assert [letters(column) for column in (0, 25, 26, 299)] == ["A", "Z", "AA", "KN"]
    assert address(0, 1) == "B1"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x"])
def test_a_formula_in_csv_gets_a_quote_and_loses_it_when_read(text, tmp_path):
    assert quoted(text) == f"'{text}"
    (tmp_path / "sent").write_text(f'"{quoted(text)}";1', newline="")
    (sheet,) = child.call("files.sheets:read", tmp_path / "sent", "csv")
    assert sheet["rows"] == [[text, "1"]]


def test_plain_text_gets_no_quote():
    assert quoted("Xã Hà Linh") == "Xã Hà Linh"
