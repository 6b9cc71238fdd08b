"""Files are told by name and content; hostile ones are refused in Vietnamese, quickly, and the parent lives on."""

import os
import resource
import sys
import time

import pytest

from bench import hostile
from files import Refusal, child
from files.kinds import Kind, kind_of
from tests.files.corpus import HOSTILE, OLE, PNG, WORD_MAIN, workbook

MEGABYTES = 256


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_advice(case, tmp_path):
    name, make, code = HOSTILE[case]
    path = tmp_path / "sent"
    path.write_bytes(make())
    with pytest.raises(Refusal) as refused:
        kind_of(path, name)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")
    assert len(refused.value.message) > 20
    assert os.listdir(tmp_path) == ["sent"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("báo cáo.PDF", b"%PDF-1.7\n", Kind.PDF),
        ("ảnh.jpg", b"\xff\xd8\xff\xe0" + bytes(20), Kind.JPEG),
        ("ảnh.jpeg", b"\xff\xd8\xff\xe1" + bytes(20), Kind.JPEG),
        ("ảnh.png", PNG, Kind.PNG),
        ("bảng.xlsx", workbook(), Kind.XLSX),
        ("văn bản.docx", workbook(main=WORD_MAIN), Kind.DOCX),
        ("bảng.csv", "\ufeffmã;tên\n18502;Xã Hà Linh\n".encode(), Kind.CSV),
    ],
)
def test_each_kind_that_is_taken_is_told_by_name_and_content(name, content, kind, tmp_path):
    path = tmp_path / "sent"
    path.write_bytes(content)
    assert kind_of(path, name) is kind


def test_an_old_workbook_is_told_what_to_save_it_as(tmp_path):
    (tmp_path / "sent").write_bytes(OLE)
    with pytest.raises(Refusal, match=r"Lưu lại thành \.xlsx rồi tải lên\."):
        kind_of(tmp_path / "sent", "số liệu.xls")


# What a reader may do to its own process; called by name in the child.
def swell(path: str) -> int:
    return len(bytearray(2 * 1024 * child.MB))


def abort(path: str) -> None:
    os.abort()


def sleep(path: str) -> None:
    time.sleep(60)


def spin(path: str) -> None:
    while True:
        pass


def chatter(path: str) -> str:
    return "x" * (child.LONGEST_ANSWER + 1)


def shout(path: str) -> str:
    sys.stdout.write('{"value": "not the answer"}')
    os.write(1, b"noise")
    return "the answer"


def burn(path: str) -> None:
    """Its processor time ends long before the clock's."""
    resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
    while True:
        pass


def leak(path: str) -> list[str]:
    return [
        os.readlink(f"/proc/self/fd/{fd}")
        for fd in os.listdir("/proc/self/fd")
        if os.path.exists(f"/proc/self/fd/{fd}")
    ]


def environment(path: str) -> list[str]:
    return sorted(os.environ)


def write(path: str) -> None:
    with open(path, "w") as out:
        out.write("taken over")


@pytest.mark.parametrize(
    ("work", "code"),
    [
        ("swell", "too_much"),
        ("abort", "died"),
        ("sleep", "too_long"),
        ("spin", "too_long"),
        ("burn", "too_long"),
        ("chatter", "too_much"),
    ],
)
def test_a_reader_that_swells_dies_hangs_or_talks_without_end_is_a_refusal(work, code, tmp_path):
    with pytest.raises(Refusal) as refused:
        child.call(f"tests.files.test_kinds:{work}", tmp_path / "x", seconds=3)
    assert refused.value.code == code


def test_what_a_library_prints_is_not_taken_for_the_answer(tmp_path):
    assert child.call("tests.files.test_kinds:shout", tmp_path) == "the answer"


def test_the_reader_inherits_neither_files_nor_secrets_and_cannot_write(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "planted")
    mine = tmp_path / "mine"
    with mine.open("w") as opened:
        opened.write("as it was")
        opened.flush()
        os.set_inheritable(opened.fileno(), True)
        assert str(mine) not in child.call("tests.files.test_kinds:leak", mine)
        assert "SECRET_KEY" not in child.call("tests.files.test_kinds:environment", mine)
    other = tmp_path / "other"
    with pytest.raises(Refusal):
        child.call("tests.files.test_kinds:write", other)
    assert not other.exists() or other.read_text() == ""


def test_the_largest_reader_of_a_hostile_file_stays_within_its_memory():
    """Every hostile file once, in a process of its own: only its readers are counted. Seconds are told, not judged."""
    figures = hostile.measure()
    assert figures["G9-memory"].value <= MEGABYTES
