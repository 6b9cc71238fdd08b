"""The communes of a period, and of the year before it, by commune group: what they meet and what they hold."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from communes.models import Classification, Level, valid_on
from criteria.models import Criterion, DossierSubmission, Verdict
from reports.queries.holdings import Holdings, ledger
from reports.queries.results import Result, codes_by_bit, results
from reports.queries.standpoint import Standpoint
from reports.queries.units import is_rural, territory_on


@dataclass(frozen=True)
class Moment:
    """The xã of a day: their group, their results in the set, the tiers that they hold.

    Counts are None where nothing is known: no group given out, nothing approved in the set yet.
    """

    groups: dict[int, str]
    results: dict[int, Result]
    criteria: dict[str, Criterion]
    held: Holdings
    held_before: Holdings
    sent: dict[str, set[int]]

    @property
    def ungrouped(self) -> int:
        """Communes that nobody put into a group yet."""
        return sum(not group for group in self.groups.values())

    @property
    def silent(self) -> int:
        """Communes of which nothing is approved in the set yet."""
        return len(self.groups) - len(self.results)

    def communes(self, group: str | None = None) -> int | None:
        return self._count(self.groups, group)

    def meeting(self, criterion: str, group: str | None = None) -> int | None:
        """How many meet the criterion of that number."""
        found = self.criteria.get(criterion)
        if found is None or not self.results:
            return None
        return self._count((pk for pk, row in self.results.items() if row.verdict_of(found) == Verdict.MET), group)

    def meeting_between(self, least: int, most: int | None, group: str | None = None) -> int | None:
        """How many meet between `least` and `most` criteria of the set."""
        if not self.results:
            return None
        met = (pk for pk, row in self.results.items() if least <= row.met and (most is None or row.met <= most))
        return self._count(met, group)

    def recognised(self, tier: str, group: str | None = None) -> int | None:
        """How many hold the tier by results of the set's own years."""
        held = (pk for pk in self.groups if self.held.has(pk, tier) and not self.held_before.has(pk, tier))
        return self._count(held, group)

    def holding_before(self, tier: str) -> int:
        """How many hold it by the results of the years before the set."""
        return sum(self.held_before.has(pk, tier) for pk in self.groups)

    def submitted(self, tier: str, group: str | None = None) -> int | None:
        """Dossiers sent up and not decided. None where the portal was told of none: it may not have been told."""
        waiting = [pk for pk in self.sent.get(tier, ()) if pk in self.groups and not self.held.has(pk, tier)]
        return self._count(waiting, group) if waiting else None

    def _count(self, ids: Iterable[int], group: str | None) -> int | None:
        if group is None:
            return sum(1 for _ in ids)
        if not any(self.groups.values()):
            return None
        return sum(self.groups.get(pk) == group for pk in ids)


def moments(standpoint: Standpoint, slug: str, since: int) -> tuple[Moment, Moment]:
    """The end of the year before the period, and the period: seven statements. `since` is the set's first year."""
    now = standpoint.period
    assert now is not None  # a document is of a period
    before = next((each for each in standpoint.periods if each.code == str(now.year - 1)), None)
    days = {dt.date(now.year - 1, 12, 31): before, now.ends_on: now}
    territory = territory_on(standpoint.province, *days)
    rural = {day: [unit.area.pk for unit in territory[day].communes if is_rural(unit.area)] for day in days}
    groups = {day: _groups(day, rural[day]) for day in days}
    found = results(filter(None, days.values()), round__criteria_set__slug=slug)
    criteria = {
        row.code: row for rows in codes_by_bit({r.criteria_set_id for r in found}).values() for row in rows.values()
    }
    known = ledger(standpoint.province, standpoint.as_of)
    sent = list(
        DossierSubmission.objects.filter(area__level=Level.COMMUNE).values_list(
            "area_id", "tier", "result_year", "known_on"
        )
    )
    first, last = (
        Moment(
            groups=groups[day],
            results={row.area_id: row for row in found if period and row.period_id == period.pk and row.is_begun},
            criteria=criteria,
            held=known.up_to(day.year),
            held_before=known.up_to(since - 1),
            sent=_sent(sent, day, since),
        )
        for day, period in days.items()
    )
    return first, last


def _groups(day: dt.date, ids: list[int]) -> dict[int, str]:
    """Unit → its commune group on the day, empty where none was given."""
    rows = Classification.objects.filter(valid_on(day), scheme=Classification.Scheme.COMMUNE_GROUP, area__in=ids)
    return dict.fromkeys(ids, "") | dict(rows.values_list("area_id", "value"))


def _sent(rows: Iterable[tuple[int, str, int, dt.date]], day: dt.date, since: int) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for area_id, tier, year, known_on in rows:
        if since <= year <= day.year and known_on <= day:
            found.setdefault(tier, set()).add(area_id)
    return found
