"""The steps of the seed, in the order in which they build on each other."""

from reports.seed import ocop, plans, recognitions, sponsorship
from reports.seed.loading import Step, loaded_steps

STEPS = (
    Step("recognitions", recognitions.load),
    Step("plans", plans.load),
    Step("ocop", ocop.load),
    Step("sponsorship", sponsorship.load),
)


def is_loaded() -> bool:
    """Whether every step of the seed is in the database; one query."""
    return {step.name for step in STEPS} <= loaded_steps().keys()
