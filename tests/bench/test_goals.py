"""Goals and reports: what passes is computed from the table, and a measure not taken never passes."""

import json

import pytest

from bench import report
from bench.goals import GOALS, RATIO, chosen


def built(figures, ids):
    return report.build(figures, ids=ids, scale="small", rounds=5, circumstances={})


def test_only_names_measures_in_the_order_of_the_table():
    assert chosen("P7, P1") == ["P1", "P7"]
    assert chosen("") == list(GOALS)


def test_an_unknown_measure_is_refused_with_the_known_ones():
    with pytest.raises(SystemExit, match="P99; known: P1, P2"):
        chosen("P1,P99")


@pytest.mark.parametrize("name", GOALS)
def test_a_goal_is_met_at_its_bound_and_missed_just_beyond(name):
    goal = GOALS[name]
    key = "ratio" if goal.of == RATIO else "value"
    missed = goal.goal * (0.999 if goal.at_least else 1.001) or 1.0
    at, beyond = ({"value": 1.0, "ratio": 1.0, key: bound} for bound in (goal.goal, missed))
    assert built({name: at}, [name])["results"][name]["pass"] is True
    assert built({name: beyond}, [name])["results"][name]["pass"] is False


def test_a_measure_that_was_not_taken_says_why_and_has_not_passed():
    made = built({"P1": {"not_run": "no law"}}, ["P1", "P2"])["results"]
    assert (made["P1"]["value"], made["P1"]["pass"], made["P1"]["not_run"]) == (None, False, "no law")
    assert (made["P2"]["value"], made["P2"]["pass"]) == (None, False)
    assert "not taken: no law" in report.table({"results": made})


def test_a_deadlock_fails_the_goal_however_fast_it_was():
    made = built({"P8": {"value": 1.0, "floor": 1.0, "ratio": 1.0, "fault": "1 deadlocks"}}, ["P8"])
    assert made["results"]["P8"]["pass"] is False


def test_a_part_never_replaces_the_results_of_a_whole_run(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setattr(report, "LATEST", tmp_path / "latest.json")
    monkeypatch.setattr(report, "PART", tmp_path / "part.json")
    made = built({"P1": {"value": 1.0, "floor": 1.0, "ratio": 1.0}}, ["P1"])
    report.write(made, whole=False)
    assert not (tmp_path / "latest.json").exists()
    stored = json.loads((tmp_path / "part.json").read_text())
    assert {"machine", "date", "scale", "rows", "rounds", "commit", "results"} <= stored.keys()
    assert {"name", "value", "floor", "ratio", "goal", "pass"} <= stored["results"]["P1"].keys()
