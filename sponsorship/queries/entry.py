"""One entry of the ledger: its page, and what an action or a form on it begins with."""

from dataclasses import dataclass
from typing import Any

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import Actor
from communes.book import reached
from sponsorship.amounts import typed
from sponsorship.models import Contribution, Disbursement
from sponsorship.queries.ledger import RELATED, SPENT, Line, contributions_for, lines_of
from sponsorship.queries.years import closing_of


@dataclass(frozen=True)
class Page:
    """One entry, what was spent of it, what replaces it, and what this person may do with it."""

    line: Line
    spending: list[Disbursement]
    replacements: list[Contribution]
    is_closed: bool
    sees_papers: bool
    may_keep: bool
    may_confirm: bool

    @property
    def entry(self) -> Contribution:
        return self.line.entry

    @property
    def left(self) -> int:
        return self.entry.amount - self.line.spent

    @property
    def is_cancelled(self) -> bool:
        return hasattr(self.entry, "reversed_by")


def page(user: Actor, pk: int) -> Page:
    """One entry; OutOfScope where there is none."""
    related = (*RELATED, "recorded_by", "confirmation__confirmed_by")
    found = contributions_for(user).select_related(*related).annotate(spent=SPENT).filter(pk=pk).first()
    if found is None:
        raise OutOfScope
    spending = found.disbursements.select_related("recorded_by", "reversed_by").order_by("paid_on", "pk")
    is_member = isinstance(user, User)
    may_check = is_member and reached(user, Permission.CHECK_LEDGER, found.area)
    return Page(
        lines_of([found])[0],
        list(spending),
        list(found.replacements.order_by("pk")),
        closing_of(found.year) is not None,
        is_member and reached(user, Permission.SEE_DRAFTS, found.area),
        is_member and reached(user, Permission.KEEP_LEDGER, found.area),
        may_check and not hasattr(found, "confirmation") and found.recorded_by_id != user.pk,
    )


def entry_of(user: User, pk: int) -> Contribution:
    """One entry, for an action on it; absent where there is none."""
    found = Contribution.objects.select_related("area", "sponsor").filter(pk=pk).first()
    if found is None:
        raise OutOfScope
    return found


def to_replace(user: User, pk: int) -> Contribution:
    """A cancelled entry, for somebody who writes the ledger of its unit; any other is absent."""
    related = ("area", "sponsor", "village", "indicator")
    found = Contribution.objects.filter(pk=pk, reversed_by__isnull=False).select_related(*related).first()
    if found is None or not reached(user, Permission.KEEP_LEDGER, found.area):
        raise OutOfScope
    return found


def as_typed(entry: Contribution) -> dict[str, Any]:
    """An entry as the form of a contribution begins with it."""
    plain = ("channel", "kind", "unit", "rate_basis", "purpose", "receipt", "source", "pledge_id")
    said = {name.removesuffix("_id"): getattr(entry, name) for name in plain}
    return said | {
        "received_on": entry.happened_on,
        "sponsor": entry.sponsor.name,
        "area": entry.area.name,
        "village": entry.village.name if entry.village else "",
        "indicator": f"{entry.indicator.code} {entry.indicator.name}" if entry.indicator else "",
        "amount": typed(entry.amount) if entry.kind == Contribution.Kind.MONEY else "",
        "quantity": f"{entry.quantity.normalize():f}".replace(".", ",") if entry.quantity else "",
        "rate": typed(entry.rate),
    }


def spending_of(pk: int, spent_id: int) -> Disbursement:
    """A payment from an entry."""
    found = Disbursement.objects.filter(pk=spent_id, contribution=pk).first()
    if found is None:
        raise OutOfScope
    return found
