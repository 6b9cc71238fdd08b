"""Sponsors as lists and pages read them: only those whom this person may name, with what their money closed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.scope import Actor
from accounts.text import search_key
from communes.paging import DayPlace
from sponsorship.models import Assignment, Contribution, Pledge, Sponsor
from sponsorship.queries import effects, ledger, naming, totals

PAGE = 50


def known_to(user: Actor) -> QuerySet[Sponsor]:
    """Sponsors whom this person may name: not hidden, recorded by themselves, or with money in their scope."""
    own = Q(is_anonymous=False)
    if isinstance(user, User):
        inside = Contribution.objects.filter(naming.within_scope_of(user), sponsor=OuterRef("pk"))
        own |= Q(recorded_by=user) | Q(Exists(inside))
    return Sponsor.objects.filter(own)


def with_sums(user: Actor) -> QuerySet[Any]:
    """The same, each with `received`: what of its money counts in the years' totals and may be told as its own."""
    money = naming.named_for(totals.counted(), user).filter(may_name=True, sponsor=OuterRef("pk"))
    sums = money.order_by().values("sponsor").annotate(sum=Sum("amount")).values("sum")
    return known_to(user).annotate(received=Coalesce(Subquery(sums), Value(0), output_field=BigIntegerField()))


@dataclass(frozen=True)
class Listed:
    """A page of sponsors by name with `received`; `after` is the id of the row that the next page starts behind."""

    rows: list[Any]
    after: int | None


def listed(user: Actor, *, text: str = "", kind: str = "", after: int | None = None) -> Listed:
    """Sponsors in the order of their names."""
    found = with_sums(user)
    if text:
        found = found.filter(search_key__contains=search_key(text))
    if kind:
        found = found.filter(kind=kind)
    start = known_to(user).filter(pk=after).first() if after else None
    if start:
        found = found.filter(Q(search_key__gt=start.search_key) | Q(search_key=start.search_key, pk__gt=start.pk))
    rows = list(found.order_by("search_key", "pk")[: PAGE + 1])
    return Listed(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def find(user: Actor, pk: int) -> Sponsor:
    """One sponsor; absent where this person may not name it."""
    found = known_to(user).filter(pk=pk).first()
    if found is None:
        raise OutOfScope
    return found


def by_name(user: Actor, name: str) -> list[Sponsor]:
    """Sponsors of exactly that name, case and marks apart."""
    return list(known_to(user).filter(search_key=search_key(name)).order_by("pk")[:3])


@dataclass(frozen=True)
class Page:
    """A sponsor with what it was assigned, promised, gave, and what that closed."""

    sponsor: Sponsor
    years: list[totals.Part]
    assignments: list[Assignment]
    pledges: list[Pledge]
    effects: list[effects.Effect]
    entries: ledger.Listed

    @property
    def closed(self) -> int:
        """How many indicators were not met before the money and are met now."""
        return sum(effect.is_closed for effect in self.effects)

    @property
    def total(self) -> int:
        return sum(year.amount for year in self.years)


def page(user: Actor, pk: int, after: DayPlace | None = None) -> Page:
    """A sponsor's page: a constant number of statements."""
    sponsor = find(user, pk)
    mine = _mine(user, sponsor)
    pledges = Pledge.objects.filter(naming.may_name(user), sponsor=sponsor).select_related("area", "indicator")
    assignments = sponsor.assignments.prefetch_related("areas", "villages__commune").order_by("-year_from", "-pk")
    return Page(
        sponsor,
        totals.by_year(mine),
        list(assignments),
        list(pledges.order_by("-pledged_on", "-pk")[:PAGE]),
        effects.of(mine),
        ledger.listed(user, ledger.Filter(sponsor=pk), after),
    )


def _mine(user: Actor, sponsor: Sponsor) -> Any:
    return naming.named_for(totals.counted(), user).filter(may_name=True, sponsor=sponsor)
