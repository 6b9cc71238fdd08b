"""Values without a flag that one person may take a step with at once, and what is left out of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from criteria.models import Reading, Verdict
from criteria.procedure import Step
from criteria.queries.review import Filter, at_step, query_of
from criteria.queries.scope import own_waiting, waiting_for

# So many values are confirmed on one page; what is left is offered again.
AT_MOST = 5000


@dataclass(frozen=True)
class Plain:
    """Values without a flag that may be taken at once, in the versions that they have now."""

    step: Step
    chosen: Filter
    versions: dict[int, int]
    units: int
    not_met: int
    flagged: int  # to be looked at one by one
    own: int  # the person took a step on them: left to others
    more: int  # beyond what one page confirms

    @property
    def query(self) -> str:
        return query_of(self.step, self.chosen)

    @property
    def written(self) -> str:
        """The values as the form names them: 17:3 18:1."""
        return " ".join(f"{pk}:{version}" for pk, version in self.versions.items())


def without_flags(user: User, *, step: Step, chosen: Filter) -> Plain:
    """What `step` may be taken on at once, and what is left out of it and why."""
    wanted = waiting_for(user).filter(at_step(step), chosen.of_readings())
    all_plain = list(wanted.filter(flags=0).values_list("pk", "version", "assessment_id", "verdict"))
    plain = all_plain[:AT_MOST]
    own = own_waiting(user).filter(at_step(step), chosen.of_readings(), flags=0)
    return Plain(
        step,
        chosen,
        {pk: version for pk, version, *_ in plain},
        len({folder_id for _, _, folder_id, _ in plain}),
        sum(verdict == Verdict.NOT_MET for *_, verdict in plain),
        wanted.exclude(flags=0).count(),
        own.count(),
        len(all_plain) - len(plain),
    )


def names_of(reading_ids: Iterable[int]) -> list[str]:
    """What values are called in a message: Xã Hà Linh 17.1."""
    rows = Reading.objects.filter(pk__in=list(reading_ids)).order_by("assessment__area__sort_key", "input__code", "pk")
    return [f"{unit} {code}" for unit, code in rows.values_list("assessment__area__name", "input__code")]
