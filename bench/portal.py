"""`python -m bench.portal …`: small measures on a portal with the seed, on SQLite. Started by bench.__main__."""

import os
import shutil
from functools import partial
from pathlib import Path

# Made anew by every run; the spool of the broker takes the hint of each approval, as in use.
_FOLDER = Path(os.environ["DATA_DIR"])
shutil.rmtree(_FOLDER, ignore_errors=True)
for _name in ("spool/queue", "spool/control"):
    (_FOLDER / _name).mkdir(parents=True)

import django  # noqa: E402

django.setup()

from bench import hostile, money, pairs, register  # noqa: E402  (after Django)
from bench.measure import Figure, Group, against, ms, percentile, say  # noqa: E402
from bench.timing import in_turn  # noqa: E402

TURNS = {"full": 40, "small": 20}
# Money last: it fills the ledger of the portal that the others measure.
PAIRS = {**pairs.PAIRS, **register.PAIRS, **money.PAIRS}


def measure(name: str, turns: int) -> dict[str, Figure]:
    """One pair as a figure."""
    subject, floor = in_turn(PAIRS[name], turns)
    return {name: against(subject, floor, **{"p95 ms": ms(percentile(subject, 0.95))})}


def main() -> None:
    group = Group.from_arguments()
    say("… a portal with its seed, on SQLite")
    group.circumstances["loaded"] = pairs.build()
    for name in pairs.PAIRS:
        group.take((name,), partial(measure, name, TURNS[group.scale]))
    group.take(("G9", "G9-memory"), hostile.measure)
    for name, turns in {**register.TURNS, **money.TURNS}.items():
        group.take((name,), partial(measure, name, turns))
    group.write()


if __name__ == "__main__":
    main()
