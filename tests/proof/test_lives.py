"""Whatever happens, in whatever order, what is stored is what the law says: 500 steps here, 10,000 by `make soak`."""

import hashlib
import os

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.proof.machine import Lives

STEPS = int(os.environ.get("SOAK_STEPS", "500"))
STEPS_OF_A_LIFE = 25
LIVES = 7
# The same seeds on every machine and database; a failure is found again by running the test again.
PROFILE = settings(
    max_examples=LIVES,
    stateful_step_count=STEPS_OF_A_LIFE,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)


def test_after_every_step_of_every_life_what_is_stored_is_what_the_law_says(world, capsys):
    Lives.steps.clear()
    Lives.told = hashlib.sha256()
    seed = 0
    while Lives.steps.total() < STEPS:
        seed += 1
        run_state_machine_as_test(hypothesis.seed(seed)(lambda: Lives(world)), settings=PROFILE)
    with capsys.disabled():
        print(f"\n{Lives.steps.total()} steps in {seed} batches of {LIVES} lives, {Lives.told.hexdigest()[:12]}")  # noqa: T201
        for name, count in sorted(Lives.steps.items()):
            print(f"  {count:6} {name}")  # noqa: T201
    assert Lives.steps.total() >= STEPS
