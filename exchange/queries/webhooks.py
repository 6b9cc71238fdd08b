"""Webhooks and their deliveries as pages and the API show them."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import Actor, has_permission, token_area_id
from exchange.models import Delivery, Webhook

PAGE = 50


def webhooks(user: Actor) -> QuerySet[Webhook]:
    """Every webhook with what waits and when something was last taken; OutOfScope for who may not keep them."""
    require_keeper(user)
    waits, taken = Q(deliveries__state=Delivery.State.WAITING), Q(deliveries__state=Delivery.State.DELIVERED)
    rows = Webhook.objects.select_related("area", "made_by").annotate(
        waiting=Count("deliveries", waits), taken_at=Max("deliveries__tried_at", filter=taken)
    )
    return rows.order_by("name", "pk")


def require_keeper(user: Actor) -> None:
    """OutOfScope for who may not keep webhooks. They are the whole province's: a token of an area keeps none."""
    if not has_permission(user, Permission.MANAGE_WEBHOOKS) or token_area_id(user) is not None:
        raise OutOfScope


def find(user: Actor, webhook_id: int) -> Webhook:
    """One of them; OutOfScope where there is none."""
    found = webhooks(user).filter(pk=webhook_id).first()
    if found is None:
        raise OutOfScope
    return found


@dataclass(frozen=True)
class Log:
    """A page of deliveries, newest first; `after` names the one that the next page starts behind."""

    deliveries: list[Delivery]
    after: int | None


def log(webhook: Webhook, *, after: int | None = None) -> Log:
    """What was sent to the webhook; without the bodies."""
    rows = Delivery.objects.filter(webhook=webhook, **({"pk__lt": after} if after else {})).defer("body")
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return Log(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)
