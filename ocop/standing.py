"""Which certificate a product holds: its latest recognised rating that no later revocation has ended."""

from collections.abc import Iterable, Iterator

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from ocop.models import Product
from ocop.queries.products import standing_ratings


def _latest() -> Subquery:
    ratings = standing_ratings(timezone.localdate()).filter(product_id=OuterRef("pk"))
    return Subquery(ratings.order_by("-decided_on", "-id").values("pk")[:1])


def restand(product_ids: Iterable[int] | None = None) -> None:
    """Point products (all without ids) at the certificate that they hold today: one statement."""
    rows = Product.objects.all() if product_ids is None else Product.objects.filter(pk__in=list(product_ids))
    rows.update(standing=_latest())


def faults() -> Iterator[str]:
    """Products that point at another certificate than their ratings say, a line each; nothing is changed."""
    both = Product.objects.annotate(due=_latest(), stored_or_0=Coalesce("standing", 0), due_or_0=Coalesce("due", 0))
    wrong = both.exclude(stored_or_0=F("due_or_0"))
    for code, standing, due in wrong.order_by("pk").values_list("code", "standing", "due"):
        yield f"product {code}: stands at rating {standing}, its ratings say {due}"
