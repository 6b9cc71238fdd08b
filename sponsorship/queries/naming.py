"""To whom a sponsor who asked not to be named is named: the one rule for pages, lists, search, files and the API."""

from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from accounts.roles import Permission
from accounts.scope import Actor, granted_area_ids
from communes.models import Placement

NOT_NAMED = "không nêu tên"


def within_scope_of(user: Actor) -> Q:
    """Condition on rows with an area: the person sees drafts where the money went."""
    granted = granted_area_ids(user, Permission.SEE_DRAFTS)
    if not granted:
        return Q(pk__in=[])
    below = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    above = Placement.objects.filter(area_id__in=granted).annotate(below=below).filter(below__startswith=F("path"))
    return Q(Exists(Placement.objects.filter(Exists(above), area_id=OuterRef("area_id"))))


def may_name(user: Actor) -> Q:
    """Condition on rows with a sponsor and an area: this person may read the sponsor's name there."""
    return Q(sponsor__is_anonymous=False) | within_scope_of(user)


def named_for(rows: QuerySet[Any], user: Actor) -> QuerySet[Any]:
    """The rows, each with `may_name`."""
    named = Case(When(may_name(user), then=Value(True)), default=Value(False), output_field=BooleanField())
    return rows.annotate(may_name=named)


def shown_name(row: Any) -> str:
    """The sponsor's name on a row of `named_for`, or that it is not named."""
    return said_name(row.sponsor.name, row.may_name)


def said_name(name: str, may_name: bool) -> str:
    """The same of columns."""
    return name if may_name else NOT_NAMED
