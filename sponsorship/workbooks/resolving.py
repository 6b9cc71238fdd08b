"""Read rows as contributions: sponsors, units, channels and indicators found among what the person may see.

A constant number of statements, whatever the number of rows.
"""

import datetime as dt
from collections import defaultdict
from functools import cached_property, lru_cache

from django.utils import timezone

from accounts import text
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import granted_area_ids
from communes.models import Area, Village
from communes.queries import areas_within
from criteria.models import CriteriaSet, Indicator
from criteria.workbooks.rows import Row
from criteria.workbooks.table import Fault
from sponsorship import checks, rulebook
from sponsorship.actions.ledger import receipt_faults
from sponsorship.checks import Received
from sponsorship.models import Channel, Contribution, Sponsor
from sponsorship.queries.entering import sets_of_communes
from sponsorship.queries.sponsors import known_to
from sponsorship.queries.years import closed_years

# The same few names stand in thousands of rows.
search_key = lru_cache(maxsize=20_000)(text.search_key)


class Known:
    """What the person may name: loaded once."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.sponsors: dict[str, list[Sponsor]] = defaultdict(list)
        for sponsor in known_to(user):
            self.sponsors[sponsor.search_key].append(sponsor)
        self.units: dict[str, list[Area]] = defaultdict(list)
        for unit in reached(user):
            for key in {unit.code, search_key(unit.name), search_key(unit.short_name)}:
                self.units[key].append(unit)
        self.channels = {key: each.code for each in rulebook.rules().channels for key in _keys(each)}
        self.channels |= {search_key(word): code for code, word in Channel.choices}
        self.kinds = {search_key(word): code for code, word in Contribution.Kind.choices}

    def unit(self, name: str, on: dt.date) -> list[Area]:
        """Units of that name that exist on the day."""
        named, start, end = self.units.get(search_key(name), ()), dt.date.min, dt.date.max
        return [unit for unit in named if (unit.valid_from or start) <= on <= (unit.valid_to or end)]

    def villages(self, area: Area, name: str, on: dt.date) -> list[Village]:
        """Villages of the unit of that name on the day; one with the very marks comes alone."""
        named, start, end = self._villages.get((area.pk, search_key(name)), ()), dt.date.min, dt.date.max
        found = [each for each in named if (each.valid_from or start) <= on <= (each.valid_to or end)]
        exact = text.one_line(name).casefold()
        return [each for each in found if each.name.casefold() == exact] or found

    @cached_property
    def _villages(self) -> dict[tuple[int, str], list[Village]]:
        """Read where the first row names one."""
        found: dict[tuple[int, str], list[Village]] = defaultdict(list)
        units = {unit.pk for units in self.units.values() for unit in units}
        for each in Village.objects.filter(commune__in=units):
            found[each.commune_id, search_key(each.name)].append(each)
        return found

    def indicator(self, code: str, on: dt.date) -> Indicator | None:
        """The indicator of that code in the communes' set of the day."""
        found = next(
            (each for each in self._sets if each.effective_from <= on <= (each.effective_to or dt.date.max)), None
        )
        chosen = found or (self._sets[0] if self._sets else None)
        return self._indicators.get((chosen.pk, code)) if chosen else None

    @cached_property
    def _sets(self) -> list[CriteriaSet]:
        return list(sets_of_communes())

    @cached_property
    def _indicators(self) -> dict[tuple[int, str], Indicator]:
        found = Indicator.objects.filter(criterion__criteria_set__in=self._sets).select_related("criterion")
        return {(each.criterion.criteria_set_id, each.code): each for each in found}


def _keys(channel: rulebook.Dated) -> set[str]:
    return {channel.code, search_key(channel.name), search_key(channel.short)}


def reached(user: User) -> list[Area]:
    """Every unit whose ledger the person writes, ended ones among them: a statement for each last day there is."""
    granted, today = granted_area_ids(user, Permission.KEEP_LEDGER), timezone.localdate()
    if not granted:
        return []
    ends = Area.objects.filter(valid_to__lt=today).order_by().values_list("valid_to", flat=True).distinct()
    days = {today, *filter(None, ends)}
    found = {unit.pk: (unit, day) for day in sorted(days) for unit in areas_within(granted, day)}
    return [unit for unit, day in found.values() if day == min(today, unit.valid_to or today)]


def resolve(rows: list[Row], user: User) -> tuple[list[Received], list[Fault]]:
    """The contributions, and every fault of the rows that are none; one whose receipt is taken is none either."""
    known, closed, today = Known(user), closed_years(), timezone.localdate()
    made: list[tuple[Row, Received]] = []
    faults: list[Fault] = []
    for row in rows:
        said, wrong = _one(row, known)
        if said:
            against = checks.faults(said, closed=closed, today=today)
            wrong += [row.fault(fault.field, fault.message) for fault in against]
        faults += wrong
        if said and not wrong:
            made.append((row, said))
    good = []
    for (row, said), found in zip(made, receipt_faults([said for _, said in made]), strict=True):
        faults += [row.fault(fault.field, fault.message) for fault in found]
        good += [] if found else [said]
    return good, faults


def _one(row: Row, known: Known) -> tuple[Received | None, list[Fault]]:
    said, wrong = row.said, []
    sponsors = known.sponsors.get(search_key(said["sponsor"]), [])
    units = known.unit(said["area"], said["received_on"])
    if len(sponsors) != 1:
        found = "có nhiều nhà tài trợ cùng tên." if sponsors else "chưa có nhà tài trợ này."
        wrong.append(row.fault("sponsor", f"{said['sponsor'][:60]}: {found}"))
    if len(units) != 1:
        found = "có nhiều đơn vị cùng tên; ghi mã." if units else "bạn không ghi cho đơn vị này vào ngày đó."
        wrong.append(row.fault("area", f"{said['area'][:60]}: {found}"))
    channel, kind = known.channels.get(search_key(said["channel"])), Contribution.Kind.MONEY.value
    if channel is None:
        wrong.append(row.fault("channel", f"không có kênh “{said['channel'][:60]}”."))
    if said["kind"]:
        kind = known.kinds.get(search_key(said["kind"]), "")
    indicator = known.indicator(said["indicator"], said["received_on"]) if said["indicator"] else None
    if said["indicator"] and indicator is None:
        wrong.append(row.fault("indicator", f"không có chỉ tiêu mã “{said['indicator'][:14]}”."))
    village = None
    if said["village"] and len(units) == 1:
        villages = known.villages(units[0], said["village"], said["received_on"])
        village = villages[0] if len(villages) == 1 else None
        if village is None:
            found = "có nhiều thôn cùng tên." if villages else f"không có thôn này ở {units[0].name} vào ngày đó."
            wrong.append(row.fault("village", f"{said['village'][:60]}: {found}"))
    if wrong:
        return None, wrong
    links = {"sponsor": sponsors[0], "area": units[0], "channel": channel, "kind": kind, "indicator": indicator}
    return Received(**{**said, **links, "village": village}), []
