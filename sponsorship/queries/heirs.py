"""What became of units: what a merged commune lacked is its successor's, and so is the money for it."""

from collections import defaultdict

from django.db.models import F
from django.utils import timezone

from communes.models import AreaChange


class Heirs:
    """The unit that holds today what was another's. A unit that was split among several has none but itself."""

    def __init__(self) -> None:
        """One statement: all changes of the province, a few hundred."""
        changes = AreaChange.objects.filter(new__isnull=False, effective_on__lte=timezone.localdate())
        whole: dict[int, set[int]] = defaultdict(set)
        parts: dict[int, set[int]] = defaultdict(set)
        for old, new, is_partial in changes.exclude(old=F("new")).values_list("old_id", "new_id", "is_partial"):
            (parts if is_partial else whole)[old].add(new)
        # A part that went elsewhere does not take the commune along.
        followed = parts | whole
        self._next = {old: found.pop() for old, found in followed.items() if len(found) == 1}

    def of(self, area_id: int) -> int:
        """The unit of today; the unit itself where it exists still, or no single one took it over."""
        seen = {area_id}
        while (following := self._next.get(area_id)) is not None and following not in seen:
            seen.add(following)
            area_id = following
        return area_id
