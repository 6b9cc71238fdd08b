"""Rounds and what stands before their councils, for the officers in whose scope they are."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from communes.models import Area, Level
from ocop.models import PARTS, CouncilMember, Entry, RatingRound, ScoreSheet
from ocop.queries.scope import area_ids
from ocop.rules.rulesets import RuleSet, rules_of

PAGE = 50


@dataclass(frozen=True)
class Rounds:
    """A page of rounds, the latest first; `after` names the row that the next page starts behind."""

    rounds: list[Any]
    after: int | None
    areas: list[Area]


def rounds(user: User, after: int | None = None) -> Rounds:
    """The rounds of the person's units, with how many products wait in each."""
    mine = _mine(user)
    waiting = Count("entries", filter=Q(entries__state__in=(Entry.State.SCORING, Entry.State.CONCLUDED)))
    rows = RatingRound.objects.filter(area_id__in=mine).select_related("area")
    rows = rows.filter(pk__lt=after) if after else rows
    found = list(rows.annotate(number_of=Count("entries"), waiting=waiting).order_by("-pk")[: PAGE + 1])
    areas = Area.objects.filter(pk__in=mine, level__in=(Level.DISTRICT, Level.PROVINCE)).order_by("-level", "sort_key")
    return Rounds(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None, list(areas))


def _mine(user: User) -> set[int]:
    mine = area_ids(user, Permission.RATE_OCOP)
    if not mine:
        raise OutOfScope
    return mine


@dataclass(frozen=True)
class RoundPage:
    """A round with its council and the products before it; `after` as everywhere."""

    round: RatingRound
    rules: RuleSet | None
    members: list[CouncilMember]
    entries: list[Any]
    after: int | None


def _round(user: User, round_id: int) -> RatingRound:
    found = RatingRound.objects.select_related("area", "opened_by").filter(pk=round_id, area_id__in=_mine(user)).first()
    if found is None:
        raise OutOfScope
    return found


def round_page(user: User, round_id: int, after: int | None = None) -> RoundPage:
    """Absent outside the person's scope."""
    found = _round(user, round_id)
    rows = found.entries.select_related("product__producer", "product__area").annotate(sheet_count=Count("sheets"))
    rows = rows.filter(pk__gt=after) if after else rows
    shown = list(rows.order_by("pk")[: PAGE + 1])
    last = shown[PAGE - 1].pk if len(shown) > PAGE else None
    return RoundPage(found, rules_of(found.rule_set), list(found.members.all()), shown[:PAGE], last)


@dataclass(frozen=True)
class Minutes:
    """A round as its minutes tell it: every product with the sheets of the members, in their order."""

    round: RatingRound
    rules: RuleSet | None
    members: list[CouncilMember]
    lines: list[tuple[Entry, list[tuple[CouncilMember, ScoreSheet | None]]]]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many products came to which end, what none came to left out."""
        found = Counter(entry.state for entry, _ in self.lines)
        return [(str(state.label), found[state]) for state in Entry.State if found[state]]

    @property
    def waiting(self) -> int:
        return sum(1 for entry, _ in self.lines if entry.state in (Entry.State.SCORING, Entry.State.CONCLUDED))


def minutes(user: User, round_id: int) -> Minutes:
    """The minutes of a round, whole; absent outside the person's scope."""
    page = _round(user, round_id)
    members = list(page.members.all())
    entries = page.entries.select_related("product__producer", "product__area").prefetch_related("sheets")
    lines = []
    for entry in entries.order_by("pk"):
        sheets = {sheet.member_id: sheet for sheet in entry.sheets.all()}
        lines.append((entry, [(member, sheets.get(member.pk)) for member in members]))
    return Minutes(page, rules_of(page.rule_set), members, lines)


@dataclass(frozen=True)
class EntryPage:
    """A product before a council: a line for each member, with the sheet where there is one."""

    entry: Entry
    rules: RuleSet | None
    lines: list[tuple[CouncilMember, ScoreSheet | None]]

    @property
    def missing(self) -> int:
        return sum(1 for _, sheet in self.lines if sheet is None)

    @property
    def means(self) -> list[Any]:
        return [getattr(self.entry, name) for name in PARTS]


def entry_page(user: User, entry_id: int) -> EntryPage:
    """Absent outside the person's scope."""
    related = ("round__area", "product__producer", "product__area", "product__standing", "concluded_by", "settled_by")
    found = Entry.objects.select_related(*related, "rating").filter(pk=entry_id, round__area_id__in=_mine(user)).first()
    if found is None:
        raise OutOfScope
    sheets = {sheet.member_id: sheet for sheet in found.sheets.all()}
    lines = [(member, sheets.get(member.pk)) for member in found.round.members.all()]
    return EntryPage(found, rules_of(found.round.rule_set), lines)
