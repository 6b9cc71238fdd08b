"""How far folders are: a constant number of queries a page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q

from accounts.scope import Actor
from criteria.models import Reading, State
from criteria.queries.scope import visible_readings


@dataclass
class Progress:
    """How many values a folder has, and where those stand that the person may see."""

    total: int = 0
    is_illustrative: bool = False
    by_state: dict[str, int] = field(default_factory=lambda: {state.name.lower(): 0 for state in State})

    @property
    def state(self) -> str | None:
        """The least advanced state; None where not every value may be seen, or there is none."""
        if not self.total or sum(self.by_state.values()) < self.total:
            return None
        return next(word for word, count in self.by_state.items() if count)


def progress_of(folders: Iterable[int], *, user: Actor) -> Mapping[int, Progress]:
    """How far each folder is, by its id: two queries."""
    ids = list(folders)
    progress: dict[int, Progress] = defaultdict(Progress)
    inside = Reading.objects.filter(assessment__in=ids)
    marked = Count("pk", filter=Q(is_illustrative=True))
    for pk, total, illustrative in inside.values_list("assessment_id").annotate(n=Count("pk"), mh=marked).order_by():
        progress[pk] = Progress(total=total, is_illustrative=illustrative > 0)
    seen = visible_readings(user).filter(assessment__in=ids).values_list("assessment_id", "state")
    for pk, state, count in seen.annotate(n=Count("pk")).order_by():
        progress[pk].by_state[State(state).name.lower()] = count
    return progress
