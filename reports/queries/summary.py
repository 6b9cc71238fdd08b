"""The province's year in one answer, counted from the records: what the yearly conference reports."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from communes.models import Area, Kind, Level, valid_on
from criteria.models import (
    Attainment,
    Commendation,
    Criterion,
    DossierSubmission,
    Period,
    Recognition,
    StatedDenominator,
    Target,
)
from criteria.queries.recognition import granted_in_year, in_force
from ocop.models import Export, Product, Rating
from sponsorship.models import Channel
from sponsorship.queries.years import closing_of, counted_in

COMMUNE_TIERS = ("ntm", "advanced", "model")
DISTRICT_TIERS = ("ntm", "completed")
PILOT = "pilot"


def summary(*, year: int, as_of: dt.date | None = None) -> dict[str, Any]:
    """Results of `year` as decided by `as_of`; without it, as known today. The number of queries is constant.

    Money is integer đồng. Names are short and in Vietnamese order, markets ISO 3166 codes in their order.
    `illustrative` tells for each key whether generated rows take part in it.
    """
    communes, illustrative_communes = _communes(year, as_of)
    districts, illustrative_districts = _districts(year, as_of)
    ocop, illustrative_ocop = _ocop(year, as_of)
    sponsorship, illustrative_sponsorship = _sponsorship(year, as_of)
    commendations, illustrative_commendations = _commendations(year, as_of)
    return {
        "year": year,
        "as_of": as_of.isoformat() if as_of else None,
        "communes_recognised": communes,
        "districts_recognised": districts,
        "districts_submitted": _submitted(year, as_of),
        "province_criteria": _province_criteria(year),
        "ocop": ocop,
        "sponsorship": sponsorship,
        "commendations": commendations,
        "targets": _targets(year, as_of),
        "in_force": _in_force(year, as_of),
        "illustrative": {
            "communes_recognised": illustrative_communes,
            "districts_recognised": illustrative_districts,
            "ocop": illustrative_ocop,
            "sponsorship": illustrative_sponsorship,
            "commendations": illustrative_commendations,
        },
    }


def _by(field: str, as_of: dt.date | None, *, undated: bool = False) -> Q:
    """Condition: `field` is no later than `as_of` (any date without it); rows without a date count if `undated`."""
    if as_of is None:
        return Q()
    return Q(**{f"{field}__lte": as_of}) | (Q(**{field: None}) if undated else Q(pk__in=[]))


def _communes(year: int, as_of: dt.date | None) -> tuple[dict[str, int], bool]:
    counts, illustrative = {}, False
    for tier in COMMUNE_TIERS:
        rows = granted_in_year(tier=tier, year=year, decided_by=as_of).filter(area__level=Level.COMMUNE)
        found = dict(rows.values_list("area_id", "is_illustrative"))
        counts[tier] = len(found)
        illustrative = illustrative or any(found.values())
    return counts, illustrative


def _districts(year: int, as_of: dt.date | None) -> tuple[list[str], bool]:
    rows = Recognition.objects.none()
    for tier in DISTRICT_TIERS:
        rows = rows | granted_in_year(tier=tier, year=year, decided_by=as_of).filter(area__level=Level.DISTRICT)
    found = list(rows.select_related("area").order_by("area__sort_key"))
    return list(dict.fromkeys(row.area.short_name for row in found)), any(row.is_illustrative for row in found)


def _submitted(year: int, as_of: dt.date | None) -> list[str]:
    """Districts whose dossier for the year's result was sent up."""
    rows = DossierSubmission.objects.filter(_by("known_on", as_of), result_year=year, area__level=Level.DISTRICT)
    return list(dict.fromkeys(rows.order_by("area__sort_key").values_list("area__short_name", flat=True)))


def _province_criteria(year: int) -> dict[str, int | None]:
    """Met criteria of the province's own scheme at the end of the year; None where the year has no round."""
    row = (
        Attainment.objects.filter(
            assessment__area__code=settings.PROVINCE_CODE,
            assessment__round__criteria_set__level=Level.PROVINCE,
            assessment__round__criteria_set__tier=PILOT,
            assessment__round__period__kind=Period.Kind.YEAR,
            assessment__round__period__year=year,
        )
        .values_list("criteria_met", "assessment__round__criteria_set_id")
        .first()
    )
    if row is None:
        return {"met": None, "total": None}
    met, set_id = row
    total = Criterion.objects.filter(criteria_set_id=set_id, role=Criterion.Role.CRITERION).count()
    return {"met": met, "total": total}


def _standing(year: int, as_of: dt.date | None) -> QuerySet[Rating]:
    """Recognised ratings of results up to `year` that no later revocation has ended."""
    known = Rating.objects.filter(_by("decided_on", as_of), year__lte=year)
    ended = Rating.objects.filter(
        _by("decided_on", as_of),
        status=Rating.Status.REVOKED,
        product_id=OuterRef("product_id"),
        decided_on__gte=OuterRef("decided_on"),
    )
    return known.filter(~Exists(ended)).exclude(status=Rating.Status.REVOKED)


def _ocop(year: int, as_of: dt.date | None) -> tuple[dict[str, Any], bool]:
    standing = _standing(year, as_of)
    recognised = standing.filter(status=Rating.Status.RECOGNISED)
    proposed = standing.filter(status=Rating.Status.PROPOSED, stars=4, year=year)
    products = Product.objects.filter(pk__in=recognised.values("product_id"))
    exports = Export.objects.filter(_by("known_on", as_of), year__lte=year, product__in=products)
    return {
        "rated_in_year": _products_in(recognised.filter(year=year)),
        "cumulative": products.count(),
        "proposed_4_star": _products_in(proposed),
        "exported": exports.values("product_id").distinct().count(),
        "export_markets": sorted(set(exports.values_list("country", flat=True))),
        "five_star": _products_in(recognised.filter(stars=5)),
    }, products.filter(is_illustrative=True).exists()


def _products_in(ratings: QuerySet[Rating]) -> int:
    return ratings.values("product_id").distinct().count()


def _sponsorship(year: int, as_of: dt.date | None) -> tuple[dict[str, int], bool]:
    rows = counted_in(year, closing_of(year)).filter(_by("received_on", as_of, undated=True))
    sums = dict(rows.values_list("channel").annotate(amount=Sum("amount")))
    by_channel = {channel.value: sums.get(channel.value, 0) for channel in Channel}
    return {"total": sum(by_channel.values()), **by_channel}, rows.filter(is_illustrative=True).exists()


def _commendations(year: int, as_of: dt.date | None) -> tuple[dict[str, int], bool]:
    rows = Commendation.objects.filter(_by("awarded_on", as_of, undated=True), year=year)
    found = list(rows.values_list("recipient", "is_illustrative"))
    recipients = [recipient for recipient, _ in found]
    return {
        "collectives": recipients.count(Commendation.Recipient.COLLECTIVE),
        "individuals": recipients.count(Commendation.Recipient.INDIVIDUAL),
    }, any(illustrative for _, illustrative in found)


def _targets(year: int, as_of: dt.date | None) -> dict[str, int | float | list[str]]:
    """The plan of that very year by measure: a number, or the short names of the units that it names."""
    rows = Target.objects.filter(_by("decided_on", as_of, undated=True), year=year, area__code=settings.PROVINCE_CODE)
    return {target.measure: _promise(target) for target in rows.prefetch_related("areas")}


def _promise(target: Target) -> int | float | list[str]:
    named = [area.short_name for area in target.areas.all()]
    whole = target.value == int(target.value)
    return named or (int(target.value) if whole else float(target.value))


def _in_force(year: int, as_of: dt.date | None) -> dict[str, Any]:
    """Xã that hold each tier by the results up to `year`, with both denominators: the stated and the register's."""
    on = dt.date(year, 12, 31)
    xa = Area.objects.as_of(on).filter(kind=Kind.COMMUNE)
    held = {
        tier: in_force(tier=tier, on=on, up_to_year=year, decided_by=as_of).filter(kind=Kind.COMMUNE).count()
        for tier in COMMUNE_TIERS
    }
    stated = StatedDenominator.objects.filter(valid_on(on), kind=Kind.COMMUNE, area__code=settings.PROVINCE_CODE)
    return {**held, "stated": stated.aggregate(value=Max("value"))["value"], "register": xa.count()}
