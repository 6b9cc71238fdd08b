"""The bench's arithmetic: in turn with the floor, medians, the share below a percentile."""

from bench.measure import against, percentile
from bench.timing import WARM_UP, Pair, in_turn


def test_both_run_in_turn_and_take_the_lead_in_turn():
    calls = []
    subject, floor = in_turn(Pair(lambda count: (lambda: calls.append("s"), lambda: calls.append("f"))), 4)
    assert (len(subject), len(floor)) == (4, 4)
    assert "".join(calls) == ("sffs" * (4 + WARM_UP))[: 2 * (4 + WARM_UP)]


def test_the_ratio_is_that_of_the_medians():
    told = against([0.004, 0.1, 0.006], [0.002, 0.001, 0.9])
    assert (told.value, told.floor, told.ratio, told.rounds) == (6.0, 2.0, 3.0, 3)


def test_a_percentile_is_a_value_that_was_measured():
    assert percentile([0.5, 0.1, 0.4, 0.2, 0.3], 0.95) == 0.5
    assert percentile([float(n) for n in range(1, 101)], 0.99) == 100.0
