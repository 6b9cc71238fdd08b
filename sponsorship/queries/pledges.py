"""Promises with what came of them."""

from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest

from accounts.scope import Actor
from sponsorship.models import Contribution, Pledge
from sponsorship.queries import naming
from sponsorship.queries.totals import counted

_NOTHING = Value(0, BigIntegerField())


def kept_of(money: QuerySet[Contribution]) -> Coalesce:
    """What of this money keeps a pledge, in đồng."""
    sums = money.filter(pledge=OuterRef("pk")).order_by().values("pledge").annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(sums), _NOTHING, output_field=BigIntegerField())


def left_of(money: QuerySet[Contribution]) -> Greatest:
    """What of a pledge has not come yet."""
    return Greatest(F("amount") - kept_of(money), _NOTHING, output_field=BigIntegerField())


def with_kept(user: Actor) -> QuerySet[Any]:
    """Every pledge as this person may read it."""
    rows = naming.named_for(Pledge.objects.select_related("sponsor", "area", "indicator"), user)
    money = counted()
    left = Case(When(withdrawn_at=None, then=left_of(money)), default=_NOTHING)
    return rows.annotate(kept=kept_of(money), left=left)
