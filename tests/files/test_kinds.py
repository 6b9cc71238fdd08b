"""Files told by ending and content; the hostile corpus is refused quickly, with words that help."""

import time
import zipfile

import pytest

from files import Refusal
from files.kinds import Kind, kind_of
from tests.files import making
from tests.files.hostile import AT_THE_DOOR, PNG
from tests.files.making import bytes_of, zipped

HONEST = {
    "bao-cao.pdf": (Kind.PDF, lambda path: bytes_of(path, b"%PDF-1.7\n1 0 obj\n%%EOF\n")),
    "anh.JPG": (Kind.JPEG, lambda path: bytes_of(path, b"\xff\xd8\xff\xe0" + b"\0" * 30)),
    "anh.jpeg": (Kind.JPEG, lambda path: bytes_of(path, b"\xff\xd8\xff\xe1" + b"\0" * 30)),
    "anh.png": (Kind.PNG, lambda path: bytes_of(path, PNG)),
    "Số liệu xã.xlsx": (Kind.XLSX, making.workbook),
    "số liệu.csv": (Kind.CSV, lambda path: bytes_of(path, "\ufeffxã;1.1\nHà Linh;95,5\n".encode())),
    "to-trinh.docx": (
        Kind.DOCX,
        lambda path: zipped(path, {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_told_by_ending_and_content(name, tmp_path):
    kind, make = HONEST[name]
    assert kind_of(make(tmp_path / "x"), name) is kind


@pytest.mark.parametrize("case", AT_THE_DOOR)
def test_a_hostile_file_is_refused_at_the_door_within_two_seconds(case, tmp_path):
    hostile = AT_THE_DOOR[case]
    path = hostile.make(tmp_path / "x")
    began = time.monotonic()
    with pytest.raises(Refusal) as refusal:
        kind_of(path, hostile.name)
    assert time.monotonic() - began < 2
    assert any(words in refusal.value.message for words in hostile.says.split("|")), refusal.value.message


def test_the_corpus_holds_at_least_twenty_five_files():
    assert len(AT_THE_DOOR) >= 25


def test_a_small_dense_entry_is_no_bomb(tmp_path):
    path = zipped(tmp_path / "x", making.parts() | {"xl/a.xml": b" " * 900_000})
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("xl/a.xml")
        assert entry.file_size > 100 * entry.compress_size
    assert kind_of(path, "a.xlsx") is Kind.XLSX
