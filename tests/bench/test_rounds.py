"""Forms and floors take turns; a warm-up is not counted, except of a form that is too slow to be called once more."""

import pytest

from bench import country


@pytest.fixture
def clock(monkeypatch):
    """`clock(name, took)`: a form that takes so many seconds by a clock of our own; the calls are kept."""
    calls = []
    monkeypatch.setattr(country, "seconds", lambda call: call())

    def form(name, took):
        return lambda: calls.append(name) or took

    form.calls = calls
    return form


def test_each_round_begins_with_the_next_form(clock):
    times = country.rounds_of({"a": (None, clock("a", 1.0)), "b": (None, clock("b", 2.0))}, 3)
    assert "".join(clock.calls) == "abbaabba"
    assert times == {"a": [1.0] * 3, "b": [2.0] * 3}


def test_what_stands_before_a_form_comes_before_each_call_and_is_not_timed(clock):
    before = clock("before", 50.0)
    times = country.rounds_of({"a": (before, clock("a", 1.0))}, 2)
    assert clock.calls == ["before", "a"] * 3
    assert times == {"a": [1.0, 1.0]}


def test_a_very_slow_form_is_called_as_often_as_there_are_rounds(clock):
    times = country.rounds_of({"slow": (None, clock("slow", 90.0)), "floor": (None, clock("floor", 1.0))}, 5)
    assert (clock.calls.count("slow"), clock.calls.count("floor")) == (5, 6)
    assert (len(times["slow"]), len(times["floor"])) == (5, 5)
