"""Products with the stars that they hold on a date."""

import datetime as dt

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from ocop.models import Export, Product, Rating


def standing_ratings(on: dt.date) -> QuerySet[Rating]:
    """Recognised ratings decided by `on` that no later revocation has ended; an expired one still stands."""
    revoked = Rating.objects.filter(
        status=Rating.Status.REVOKED,
        product_id=OuterRef("product_id"),
        decided_on__lte=on,
        decided_on__gte=OuterRef("decided_on"),
    )
    return Rating.objects.filter(~Exists(revoked), status=Rating.Status.RECOGNISED, decided_on__lte=on)


def products_on(on: dt.date) -> QuerySet[Product]:
    """Products with `stars` and `expires_on` of their latest standing rating (empty without one), and what was known.

    `known_ratings` and `known_exports` are the history by `on`: two further queries a page.
    """
    latest = standing_ratings(on).filter(product_id=OuterRef("pk")).order_by("-decided_on", "-id")
    return (
        Product.objects.annotate(
            stars=Subquery(latest.values("stars")[:1]), expires_on=Subquery(latest.values("expires_on")[:1])
        )
        .select_related("producer", "area", "product_set")
        .prefetch_related(
            Prefetch("ratings", ratings_by(on), to_attr="known_ratings"),
            Prefetch("exports", exports_by(on), to_attr="known_exports"),
        )
    )


def ratings_by(on: dt.date) -> QuerySet[Rating]:
    """Every rating decided by `on`, the oldest first."""
    return Rating.objects.filter(decided_on__lte=on).order_by("decided_on", "id")


def exports_by(on: dt.date) -> QuerySet[Export]:
    """Every market known by `on`."""
    return Export.objects.filter(known_on__lte=on).order_by("country", "year")


def rated_in(year: int, on: dt.date) -> Exists:
    """Condition on products: a standing rating has the result of `year`."""
    return Exists(standing_ratings(on).filter(product_id=OuterRef("pk"), year=year))


def exported_to(country: str, on: dt.date) -> Exists:
    """Condition on products: known by `on` to be exported to the country (ISO 3166-1 alpha-2)."""
    return Exists(Export.objects.filter(product_id=OuterRef("pk"), country=country, known_on__lte=on))


def proposed(stars: int, on: dt.date) -> Q:
    """Condition on products: proposed for that many stars by `on`."""
    rows = Rating.objects.filter(
        product_id=OuterRef("pk"), status=Rating.Status.PROPOSED, stars=stars, decided_on__lte=on
    )
    return Q(Exists(rows))
