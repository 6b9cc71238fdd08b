"""Measures that PostgreSQL and SQLite share: the whole at once, with the floor of the same round."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

from django.core.management import call_command

from bench import whole
from bench.dataset import loading
from bench.measure import Figure, Group, Seconds, against, ms, say, spread
from bench.scales import Scale
from bench.timing import NotRun, seconds

Form = tuple[Callable[[], None] | None, Callable[[], None]]
# The first call of a form reads what is not in memory yet; beside this many seconds it does not count.
_WARM_UP = 1
_SLOW = 20.0


def rounds_of(forms: dict[str, Form], rounds: int) -> dict[str, Seconds]:
    """Every form once a round, each round beginning with the next one; what stands before a form is not timed.

    The first round is a warm-up; of a form that takes very long it counts, and the last is left out instead.
    """
    names = list(forms)
    times: dict[str, Seconds] = {name: [] for name in names}
    for number in range(rounds + _WARM_UP):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            if number == rounds and times[name][0] > _SLOW:
                continue
            before, call = forms[name]
            if before:
                before()
            times[name].append(seconds(call))
    return {name: taken[-rounds:] for name, taken in times.items()}


FORMS: dict[str, Form] = {
    "P1": (whole.make_stale, whole.recompute),
    "P2": (whole.tidy, whole.roll_up_all),
    "P3": (None, whole.verify),
    "nothing differs": (whole.tidy, whole.recompute),
    "engine at once": (whole.make_stale, whole.recompute_at_once),
}
_BESIDE_P1 = ("nothing differs", "engine at once")


def of_the_whole(ids: list[str], rounds: int) -> dict[str, Figure]:
    """P1, P2 and P3 as far as they are asked, beside one GROUP BY pass; other forms of P1 as its notes."""
    asked: list[str] = [name for name in ("P1", "P2", "P3") if name in ids]
    names = [*asked, *(_BESIDE_P1 if "P1" in asked else ())]
    times = rounds_of({"GB": (None, whole.group_by)} | {name: FORMS[name] for name in names}, rounds)
    floor = times["GB"]
    found: dict[str, Figure] = {}
    for name in asked:
        notes: dict[str, object] = {"least and most ms": spread(times[name]), "floor ms": spread(floor)}
        for form in _BESIDE_P1 if name == "P1" else ():
            taken = median(times[form])
            notes |= {f"{form} ms": ms(taken), f"{form} ratio": round(taken / median(floor), 3)}
        found[name] = against(times[name], floor, **notes)
    return found


def peak_memory() -> Figure:
    """The larger peak of a recompute with stale rows and of a verification, each in a process of its own, in MB."""
    whole.make_stale()
    peaks = {form: _peak(form) for form in ("recompute", "verify")}
    return Figure(value=max(most for _, most in peaks.values()), rounds=1, notes={"MB before, most": peaks})


def _peak(form: str) -> tuple[float, float]:
    command = [sys.executable, "-m", "bench.peak", form]
    done = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True)
    if done.returncode:
        raise NotRun(f"{form} failed: {done.stderr[-500:]}")
    before, most = done.stdout.split()
    return float(before), float(most)


def prepare(group: Group, scale: Scale) -> None:
    """Migrate, and load when the database is new; the product computes everything, so that forms start alike."""
    call_command("migrate", verbosity=0, interactive=False)
    mark = Path(os.environ["BENCH_LOADED"])
    if not mark.exists():
        say(f"… generating {scale.values:,} values of {scale.communes:,} communes in {len(scale.years)} years")
        say(f"  loaded in {seconds(lambda: loading.load(scale)):.0f} s")
        mark.touch()
    say("… bringing everything up to date")
    group.circumstances["first recompute s"] = round(seconds(whole.recompute), 1)
    whole.tidy()
    group.circumstances["rows"] = whole.rows()
