"""What a decision may say of which units, and the units that a pasted list means."""

import datetime as dt
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.models import User
from accounts.roles import Permission
from accounts.scope import granted_area_ids
from communes.models import Area, Kind
from communes.queries import areas_within, other_selves
from communes.text import search_key
from criteria.models import CriteriaSet, Decision, Recognition
from criteria.queries.decisions import LEVELS
from criteria.queries.recognition import holding
from criteria.queries.wording import tier_name

TIERS_BELOW = {"advanced": "ntm", "model": "advanced"}


@dataclass(frozen=True)
class Fault:
    """Why a decision cannot say this of that unit."""

    unit: str
    message: str
    code: str


@dataclass
class Held:
    """Who holds which tier on a day: by unit, its other rows in the registers included."""

    rows: dict[tuple[int, str], Recognition] = field(default_factory=dict)

    def by(self, area_id: int, tier: str) -> Recognition | None:
        return self.rows.get((area_id, tier))


def held(areas: Iterable[Area], tiers: Collection[str], on: dt.date) -> Held:
    """The recognitions of `tiers` in force on `on`; a unit that only moved keeps what it held. Two statements."""
    selves = other_selves([area.pk for area in areas])
    ids = {pk for group in selves.values() for pk in group}
    rows = holding(decided_by=on).filter(area_id__in=ids, tier__in=tiers).select_related("decision")
    by_row = {(row.area_id, row.tier): row for row in rows.order_by("counts_from", "pk")}
    found = Held()
    for area_id, group in selves.items():
        for tier in tiers:
            # The unit's own row says more than one of before its move.
            known = [by_row[pk, tier] for pk in (area_id, *sorted(group - {area_id})) if (pk, tier) in by_row]
            if known:
                found.rows[area_id, tier] = known[0]
    return found


def faults(areas: list[Area], *, tier: str, act: str, on: dt.date, by: User | None = None) -> list[Fault]:
    """Everything that speaks against `act` on the units: all at once, in the order of the units."""
    ids = [area.pk for area in areas]
    existing = set(Area.objects.as_of(on).filter(pk__in=ids).values_list("pk", flat=True))
    reach = None if by is None else _reached(by, ids, on)
    kinds, holders = _kinds_of(tier), held(areas, {tier, TIERS_BELOW.get(tier, tier)}, on)
    found = []
    for area in areas:
        if area.pk not in existing:
            found.append(Fault(area.name, f"{area.name} không tồn tại vào ngày quyết định.", "not_existing"))
        elif reach is not None and area.pk not in reach:
            found.append(Fault(area.name, f"Không tìm thấy {area.name} trong tỉnh.", "not_found"))
        elif fault := _against(area, tier, act, kinds, holders):
            found.append(Fault(area.name, *fault))
    return found


def _reached(by: User, ids: list[int], on: dt.date) -> set[int]:
    within = areas_within(granted_area_ids(by, Permission.RECORD_DECISIONS), on)
    return set(within.filter(pk__in=ids).values_list("pk", flat=True))


def _kinds_of(tier: str) -> set[tuple[str, str]]:
    """(level, kind) of the units that a set of the tier is for."""
    sets = CriteriaSet.objects.filter(tier=tier).values_list("level", "kinds")
    return {(level, kind) for level, kinds in sets for kind in kinds}


def _against(area: Area, tier: str, act: str, kinds: set[tuple[str, str]], holders: Held) -> tuple[str, str] | None:
    below = TIERS_BELOW.get(tier)
    if (area.level, area.kind) not in kinds:
        return f"Bậc {tier_name(tier)} không dành cho {Kind(area.kind).label}: {area.name}.", "wrong_kind"
    if act == Recognition.Act.REVOKED:
        missing = holders.by(area.pk, tier) is None
        return (f"{area.name} không giữ bậc {tier_name(tier)} để thu hồi.", "not_held") if missing else None
    if below and holders.by(area.pk, below) is None:
        return f"{area.name} chưa được công nhận bậc liền dưới ({tier_name(below)}).", "missing_lower_tier"
    return None


def same_number(number: str, issued_on: dt.date) -> Decision | None:
    """The decision of that number and year that is recorded already; numbers begin anew every year."""
    rows = Decision.objects.filter(issued_on__year=issued_on.year, withdrawn_at=None).exclude(number="")
    return next((row for row in rows.order_by("pk") if _plain(row.number) == _plain(number)), None)


@dataclass(frozen=True)
class Pasted:
    """Units found in a pasted list, each once, and what was not found, each with why."""

    areas: list[Area]
    misses: list[Fault]


def levels_of(tier: str) -> set[str]:
    """The levels of the units that a tier is for; every level for an unknown one."""
    return {level for level, _ in _kinds_of(tier)} or set(LEVELS)


def pasted(text: str, *, on: dt.date, levels: Collection[str] = LEVELS) -> Pasted:
    """Units named line by line: a code, a name, or both. One statement, whatever the number of lines."""
    index = _Index(Area.objects.filter(level__in=levels).order_by("sort_key", "id"), on)
    found: dict[int, Area] = {}
    misses = []
    for said in _said(text):
        match = index.find(said)
        if isinstance(match, Area):
            found.setdefault(match.pk, match)
        else:
            misses.append(Fault(said, f"“{said}”: {match}", "unknown_unit"))
    return Pasted(list(found.values()), misses)


def _said(text: str) -> list[str]:
    """What stands on the lines, tabs and list numbers aside; a comma or semicolon begins a new one."""
    lines = text.replace(";", "\n").replace(",", "\n").splitlines()
    words = (" ".join(line.split()) for line in lines)
    return list(dict.fromkeys(word for word in words if word))


class _Index:
    """Units by code and by name, marks aside; names are told apart by their marks where that helps."""

    def __init__(self, areas: Iterable[Area], on: dt.date) -> None:
        self.on = on
        self.by: dict[str, list[Area]] = defaultdict(list)
        for area in areas:
            for key in {area.code, search_key(area.name), search_key(area.short_name)}:
                self.by[key].append(area)

    def find(self, said: str) -> Area | str:
        """The one unit of the day that is meant, or why there is none."""
        known = self.by.get(search_key(said)) or self._by_code_and_name(said)
        if not known:
            return "không có đơn vị nào tên hoặc mã như vậy."
        today = [area for area in known if _exists(area, self.on)]
        if not today:
            return f"không tồn tại vào ngày {self.on:%d/%m/%Y}."
        exact = [area for area in today if _plain(said) in (_plain(area.name), _plain(area.short_name))]
        meant = exact if len(exact) == 1 else today
        if len(meant) > 1:
            return f"{len(meant)} đơn vị cùng tên; ghi mã: {', '.join(f'{a.code} {a.name}' for a in meant[:6])}."
        return meant[0]

    def _by_code_and_name(self, said: str) -> list[Area]:
        """Two columns pasted side by side: the code, then the name."""
        code, _, name = said.partition(" ")
        keys = {search_key(name)}
        return [a for a in self.by.get(code, ()) if keys & {search_key(a.name), search_key(a.short_name)}]


def _exists(area: Area, on: dt.date) -> bool:
    return (area.valid_from is None or area.valid_from <= on) and (area.valid_to is None or on <= area.valid_to)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()


def searched(text: str, *, on: dt.date, limit: int = 30) -> list[Area]:
    """Units of the day whose name holds the text or whose code it is, for the form to offer."""
    key = search_key(text)
    if not key:
        return []
    found = Area.objects.as_of(on).filter(Q(search_key__contains=key) | Q(code=key), level__in=LEVELS)
    return list(found.order_by("sort_key", "id")[:limit])
