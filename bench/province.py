"""`python -m bench.province …`: measures on one province, on SQLite. Started by bench.__main__."""

import django

django.setup()

from bench import country, whole  # noqa: E402  (after Django)
from bench.approving import Approvals  # noqa: E402
from bench.country import Form  # noqa: E402
from bench.measure import Figure, Group, against, spread  # noqa: E402
from bench.scales import PROVINCE  # noqa: E402


def recompute(rounds: int) -> dict[str, Figure]:
    """P6, with the engine alone beside the product's job."""
    forms: dict[str, Form] = {
        "GB": (None, whole.group_by),
        "P6": (whole.make_stale, whole.recompute),
        "at once": (whole.make_stale, whole.recompute_at_once),
    }
    times = country.rounds_of(forms, rounds)
    alone = against(times["at once"], times["GB"])
    notes = {"least and most ms": spread(times["P6"]), "engine at once ms": alone.value}
    return {"P6": against(times["P6"], times["GB"], **notes, **{"engine at once ratio": alone.ratio})}


def main() -> None:
    group = Group.from_arguments()
    country.prepare(group, PROVINCE[group.scale])
    group.take(("P6",), lambda: recompute(group.rounds))
    if group.wants("P10-embedded"):
        group.take(("P10-embedded",), lambda: Approvals(group).seen("P10-embedded"))
    group.write()


if __name__ == "__main__":
    main()
