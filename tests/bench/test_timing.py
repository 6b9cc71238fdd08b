"""The bench's arithmetic: in turn with the floor, medians, and a measure not taken is never a figure."""

from bench.timing import WARM_UP, NotRun, Pair, measure, result


def pair(prepare):
    return Pair("subject", "floor", 3, prepare)


def test_both_run_in_turn_and_take_the_lead_in_turn():
    calls = []
    measured = measure(pair(lambda count: (lambda: calls.append("s"), lambda: calls.append("f"))), 4)
    assert measured.rounds == 4
    assert "".join(calls) == ("sffs" * (4 + WARM_UP))[: 2 * (4 + WARM_UP)]


def test_the_ratio_is_that_of_the_medians():
    told = result(pair(None), [0.004, 0.1, 0.006], [0.002, 0.001, 0.9])
    assert (told.median_ms, told.floor_ms, told.ratio, told.p95_ms) == (6.0, 2.0, 3.0, 6.0)


def test_a_measure_that_cannot_be_taken_says_why_and_has_no_figure():
    def prepare(count):
        raise NotRun("no law")

    told = measure(pair(prepare), 5)
    assert (told.not_run, told.ratio, told.median_ms) == ("no law", None, None)
