"""OCOP as years report it: what was rated, what stands until then, and where it is exported."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ocop.models import Export, Rating

FOUR_STARS, FIVE_STARS = 4, 5


@dataclass(frozen=True)
class OcopYear:
    """Products of one year, and of all years up to it."""

    rated: int = 0
    cumulative: int = 0
    proposed_4_star: int = 0
    four_star_plus: int = 0
    five_star: int = 0
    illustrative: int = 0
    exported: int = 0
    markets: list[str] = field(default_factory=list)


def ocop_years(years: list[int], as_of: dt.date | None) -> dict[int, OcopYear]:
    """The figures of each year as decided by `as_of`: two statements for any number of years."""
    standing = _standing(as_of)
    counted = standing.aggregate(**{key: _products(of) for year in years for key, of in _conditions(year).items()})
    held = {year: standing.filter(_recognised(year), product_id=OuterRef("product_id")) for year in years}
    exports = Export.objects.annotate(**{f"in_{year}": Exists(found) for year, found in held.items()})
    if as_of:
        exports = exports.filter(known_on__lte=as_of)
    rows = list(exports.order_by().values("product_id", "country", "year", *(f"in_{year}" for year in years)))
    return {year: _of_year(year, counted, rows) for year in years}


def _standing(as_of: dt.date | None) -> QuerySet[Rating]:
    """Ratings that no later revocation has ended."""
    known = Rating.objects.filter(decided_on__lte=as_of) if as_of else Rating.objects.all()
    revoked = known.filter(
        status=Rating.Status.REVOKED, product_id=OuterRef("product_id"), decided_on__gte=OuterRef("decided_on")
    )
    return known.filter(~Exists(revoked)).exclude(status=Rating.Status.REVOKED)


def _recognised(year: int) -> Q:
    return Q(status=Rating.Status.RECOGNISED, year__lte=year)


def _products(of: Q) -> Count:
    return Count("product_id", distinct=True, filter=of)


def _conditions(year: int) -> dict[str, Q]:
    until, of_year = _recognised(year), Q(year=year)
    return {
        f"rated_{year}": until & of_year,
        f"cumulative_{year}": until,
        f"proposed_4_star_{year}": Q(status=Rating.Status.PROPOSED, stars=FOUR_STARS) & of_year,
        f"four_star_plus_{year}": until & of_year & Q(stars__gte=FOUR_STARS),
        f"five_star_{year}": until & Q(stars=FIVE_STARS),
        f"illustrative_{year}": until & Q(product__is_illustrative=True),
    }


def _of_year(year: int, counted: dict[str, int], rows: list[dict[str, Any]]) -> OcopYear:
    sold = [row for row in rows if row["year"] <= year and row[f"in_{year}"]]
    return OcopYear(
        **{name.removesuffix(f"_{year}"): counted[name] for name in _conditions(year)},
        exported=len({row["product_id"] for row in sold}),
        markets=sorted({row["country"] for row in sold}),
    )
