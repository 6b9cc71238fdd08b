"""One search over units, indicators, products, sponsors and decisions: with or without marks, old names too.

Every word must begin a syllable of the name. Each kind asks its own app what this person may see. Constant statements.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.scope import Actor
from communes.models import Area, Level
from communes.queries import all_successors_on
from communes.text import search_key
from criteria.models import CriteriaSet, Decision, Indicator
from criteria.queries import decisions
from ocop.models import Product
from sponsorship.models import Sponsor
from sponsorship.queries import sponsors

SHOWN = 8
SHORTEST = 2
LONGEST = 80


@dataclass(frozen=True)
class Unit:
    """A unit, and for one that ended the units of today that hold what it was."""

    area: Area
    today: list[Area]


@dataclass(frozen=True)
class Found:
    """What was found, at most SHOWN of each kind; `more` names the kinds of which there are others."""

    text: str
    units: list[Unit]
    indicators: list[Indicator]
    products: list[Product]
    sponsors: list[Sponsor]
    decisions: list[Decision]
    more: frozenset[str]

    @property
    def is_too_short(self) -> bool:
        return len(search_key(self.text)) < SHORTEST

    @property
    def number(self) -> int:
        kinds: tuple[list[Any], ...] = (self.units, self.indicators, self.products, self.sponsors, self.decisions)
        return sum(len(rows) for rows in kinds)


def search(user: Actor, text: str) -> Found:
    """What `user` may see that holds every word of `text`: seven statements, none for less than two letters."""
    text = "".join(letter for letter in text if letter.isprintable())[:LONGEST].strip()
    words = search_key(text).split()
    if len(" ".join(words)) < SHORTEST:
        return Found(text, [], [], [], [], [], frozenset())
    found = {
        "units": _first(_areas(words)),
        "indicators": _indicators(words),
        "products": _first(_products(words)),
        "sponsors": _first(_holding(sponsors.known_to(user), words, "search_key").order_by("search_key", "pk")),
        "decisions": _decisions(user, words),
    }
    more = frozenset(kind for kind, rows in found.items() if len(rows) > SHOWN)
    shown = {kind: rows[:SHOWN] for kind, rows in found.items()}
    return Found(text=text, more=more, **{**shown, "units": _with_successors(shown["units"])})


def _first(rows: QuerySet) -> list:
    return list(rows[: SHOWN + 1])


def _holding(rows: QuerySet, words: Iterable[str], *fields: str) -> QuerySet:
    """Rows where each word begins a syllable of one of the fields."""
    for word in words:
        condition = Q()
        for field in fields:
            condition |= Q(**{f"{field}__startswith": word}) | Q(**{f"{field}__contains": f" {word}"})
        rows = rows.filter(condition)
    return rows


def _holds(name: str, words: Iterable[str]) -> bool:
    """The same for a name that is compared here."""
    key = f" {search_key(name)}"
    return all(f" {word}" in key for word in words)


def _areas(words: list[str]) -> QuerySet[Area]:
    """Units of every time, those that exist first, larger before smaller; a code alone finds its bearers."""
    named = _holding(Area.objects.exclude(level=Level.VILLAGE), words, "search_key")
    if len(words) == 1 and words[0].isdecimal():
        named = Area.objects.filter(code=words[0])
    return named.order_by(F("valid_to").desc(nulls_first=True), "sort_key", "pk")


def _with_successors(areas: list[Area]) -> list[Unit]:
    today = timezone.localdate()
    ended = [area for area in areas if area.valid_to is not None and area.valid_to < today]
    became = all_successors_on(ended, today)
    return [Unit(area, became.get(area.pk, [])) for area in areas]


def _indicators(words: list[str]) -> list[Indicator]:
    """Indicators by name or code, those of the set in force first.

    Their names carry no folded form of their own: there are some hundreds, read at once and compared here.
    """
    sets = CriteriaSet.objects.order_by(F("effective_to").desc(nulls_first=True), "-effective_from", "slug", "-version")
    order = {pk: place for place, pk in enumerate(sets.values_list("pk", flat=True))}
    every = Indicator.objects.values_list("pk", "code", "name", "criterion__criteria_set_id", "criterion__bit")
    met = [
        (order[in_set], sort, _by_number(code), pk)
        for pk, code, name, in_set, sort in every
        if _holds(f"{code} {name}", words)
    ]
    wanted = [pk for *_, pk in sorted(met)[: SHOWN + 1]]
    rows = Indicator.objects.select_related("criterion__criteria_set").in_bulk(wanted)
    return [rows[pk] for pk in wanted]


def _by_number(code: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", code)))


def _products(words: list[str]) -> QuerySet[Product]:
    found = _holding(Product.objects.select_related("producer"), words, "search_key", "producer__search_key")
    if len(words) == 1:
        found |= Product.objects.select_related("producer").filter(code__iexact=words[0])
    return found.order_by("search_key", "pk")


def _decisions(user: Actor, words: list[str]) -> list[Decision]:
    """Decisions by number or title: a few hundred, compared here like the indicators."""
    every = decisions.in_sight(user).order_by(F("issued_on").desc(nulls_last=True), "-pk")
    met = [
        pk for pk, number, title in every.values_list("pk", "number", "title") if _holds(f"{number} {title}", words)
    ][: SHOWN + 1]
    rows = Decision.objects.in_bulk(met)
    return [rows[pk] for pk in met]
