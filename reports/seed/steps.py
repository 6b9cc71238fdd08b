"""The steps of the seed, in the order in which they build on each other."""

from communes.models import Area
from criteria import ledger
from reports.seed import (
    current,
    departments,
    funding,
    ocop,
    plans,
    readings,
    recognitions,
    rounds,
    sponsorship,
    thresholds,
)
from reports.seed.loading import Step, loaded_steps


def _roll_up(province: Area) -> int:
    """What the job for districts and the province would do next: the first page shows whole results."""
    run = ledger.recompute_dirty()
    return run.scopes if run else 0


STEPS = (
    Step("departments", departments.load),
    Step("thresholds", thresholds.load),
    Step("recognitions", recognitions.load),
    Step("plans", plans.load),
    Step("ocop", ocop.load),
    Step("sponsorship", sponsorship.load),
    Step("funding", funding.load),
    Step("rounds of 2023", rounds.open_first),
    Step("readings of 2023", readings.load),
    Step("closing 2023", rounds.close_first),
    Step("needs", funding.load_needs),
    Step("rounds of 2024", rounds.open_second),
    Step("work of 2024", current.load),
    Step("districts and province", _roll_up),
)


def is_loaded() -> bool:
    """Whether every step of the seed is in the database; one query."""
    return {step.name for step in STEPS} <= loaded_steps().keys()
