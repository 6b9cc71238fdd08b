"""The child process: what it finds comes back, and whatever it does the parent lives on."""

import os
import time

import pytest

from files import Refusal, child

BADLY = "tests.files.badly:"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tệp số liệu.xlsx"
    path.write_text("as it was")
    return path


def test_the_result_comes_back_as_it_was(file):
    assert child.call(BADLY + "echo", file, "Hương Khê") == ["tệp số liệu.xlsx", "Hương Khê"]


def test_a_refusal_in_the_child_is_a_refusal_here(file):
    with pytest.raises(Refusal) as refusal:
        child.call(BADLY + "refuse", file)
    assert (refusal.value.message, refusal.value.code) == ("Không nhận.", "no")


@pytest.mark.parametrize(
    ("name", "code"),
    [("die", "too_heavy"), ("eat", "too_heavy"), ("fail", "unreadable"), ("write", "unreadable")],
)
def test_whatever_the_child_does_is_a_refusal_in_vietnamese(name, code, file):
    with pytest.raises(Refusal) as refusal:
        child.call(BADLY + name, file)
    assert refusal.value.code == code
    assert file.read_text() == "as it was"


@pytest.mark.parametrize("name", ["sleep", "spin"])
def test_a_child_that_does_not_end_is_ended_in_time(name, file):
    began = time.monotonic()
    with pytest.raises(Refusal) as refusal:
        child.call(BADLY + name, file, seconds=0.5)
    assert refusal.value.code == "too_slow"
    assert time.monotonic() - began < 1.5


def test_a_result_that_is_too_long_is_refused(file):
    with pytest.raises(Refusal) as refusal:
        child.call(BADLY + "shout", file, largest=1 << 20)
    assert refusal.value.code == "too_large"


def test_what_the_child_prints_is_not_its_answer(file):
    assert child.call(BADLY + "print_much", file) == "answer"


def test_the_child_gets_no_descriptor_no_secret_and_no_django(file, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "planted")
    kept = os.open(file, os.O_RDONLY)
    os.set_inheritable(kept, True)
    seen = child.call(BADLY + "look_around", file)
    os.close(kept)
    # Standard input, output and error, the pipe, and the listing itself.
    assert len(seen["descriptors"]) <= 6
    assert set(seen["environment"]) <= {"PYTHONPATH", "LC_ALL", "LC_CTYPE"}
    assert not seen["django"]
