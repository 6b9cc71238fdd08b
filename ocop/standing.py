"""Which certificate a product holds: its latest recognised rating that no later revocation has ended."""

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from ocop.models import Product
from ocop.queries.products import standing_ratings


def restand(product_ids: Iterable[int] | None = None) -> None:
    """Point products (all without ids) at the certificate that they hold today: one statement."""
    latest = standing_ratings(timezone.localdate()).filter(product_id=OuterRef("pk")).order_by("-decided_on", "-id")
    rows = Product.objects.all() if product_ids is None else Product.objects.filter(pk__in=list(product_ids))
    rows.update(standing=Subquery(latest.values("pk")[:1]))
