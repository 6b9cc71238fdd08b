"""Decisions as the office lists them, and the units that a typed list names."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.errors import OutOfScope
from communes.models import Area
from communes.text import search_key
from criteria.models import Decision, Recognition

PAGE = 40
_NO_DAY = dt.date(1, 1, 1)
MOST_UNITS = 300


@dataclass(frozen=True)
class Listed:
    """A page of decisions, the latest first; `after` names the row that the next page starts behind."""

    decisions: Sequence[Decision]
    after: str | None


def decisions(*, tier: str = "", year: int | None = None, after: str = "") -> Listed:
    """Decisions that recognise or revoke, each with `units`; of a tier and of a result year, if given."""
    wanted = Q()
    if tier:
        wanted &= Q(recognitions__tier=tier)
    if year:
        wanted &= Q(recognitions__result_year=year)
    rows = (
        Decision.objects.filter(wanted)
        .annotate(units=Count("recognitions", distinct=True), day=Coalesce("issued_on", _NO_DAY))
        .order_by("-day", "-pk")
    )
    if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.(\d{1,15})", after):
        rows = rows.filter(_behind(found[1], int(found[2])))
    page = list(rows[: PAGE + 1])
    last = page[PAGE - 1] if len(page) > PAGE else None
    return Listed(page[:PAGE], f"{(last.issued_on or _NO_DAY).isoformat()}.{last.pk}" if last else None)


def _behind(day: str, pk: int) -> Q:
    try:
        on = dt.date.fromisoformat(day)
    except ValueError:
        return Q()
    return Q(**{"day__lt": on}) | Q(**{"day": on, "pk__lt": pk})


def decision(pk: int) -> tuple[Decision, QuerySet[Recognition]]:
    """One decision and what it did, in Vietnamese order of the units. Raises OutOfScope where there is none."""
    found = Decision.objects.select_related("recorded_by", "confirmed_by").filter(pk=pk).first()
    if found is None:
        raise OutOfScope
    return found, found.recognitions.select_related("area").order_by("area__sort_key", "pk")


def tiers_and_years() -> tuple[list[str], list[int]]:
    """What decisions can be narrowed to."""
    rows = Recognition.objects.order_by()
    tiers = sorted(set(rows.values_list("tier", flat=True)))
    years = {year for year in rows.values_list("result_year", flat=True).distinct() if year}
    return tiers, sorted(years, reverse=True)


@dataclass
class Named:
    """Units that a text names, in its order, and what is wrong with the rest."""

    areas: list[Area] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def units_named(text: str, on: dt.date) -> Named:
    """The units of the day `on` that the lines of a text name by code or by name, each fault named at once.

    A name with or without its kind, marks or no marks; one that several units bear needs its code.
    """
    lines = [" ".join(line.split()) for line in re.split(r"[\n;\t]", text) if line.strip()]
    found = Named()
    if len(lines) > MOST_UNITS:
        found.faults.append(f"Danh sách quá dài: nhiều nhất {MOST_UNITS} đơn vị một lần.")
        return found
    known, seen = _by_name(on), set()
    for line in lines:
        matches = known.get(search_key(line), []) or known.get(line, [])
        if not matches:
            found.faults.append(f"“{line}”: không có đơn vị nào tên hoặc mã như vậy vào ngày {on:%d/%m/%Y}.")
        elif len(matches) > 1:
            codes = ", ".join(f"{area.name} ({area.code})" for area in matches)
            found.faults.append(f"“{line}”: có {len(matches)} đơn vị, ghi mã để chọn: {codes}.")
        elif matches[0].pk in seen:
            found.faults.append(f"“{line}”: nêu hai lần.")
        else:
            seen.add(matches[0].pk)
            found.areas.append(matches[0])
    return found


def _by_name(on: dt.date) -> dict[str, list[Area]]:
    """Units of the day by code, by name with its kind and by bare name, folded."""
    known: dict[str, list[Area]] = defaultdict(list)
    for area in Area.objects.as_of(on).order_by("sort_key", "pk"):
        for name in _names(area):
            known[name].append(area)
    return known


def _names(area: Area) -> Iterable[str]:
    return {area.code, search_key(area.name), search_key(area.short_name)}
