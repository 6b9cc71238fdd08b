"""The province's year in one answer, counted from the records: what the yearly conference reports."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum

from communes.models import Area, Kind, Level
from criteria.models import (
    Attainment,
    Commendation,
    Criterion,
    DossierSubmission,
    Period,
    StatedDenominator,
    Target,
)
from reports.queries.holdings import Holdings, Ledger, ledger
from reports.queries.ocop_years import OcopYear, ocop_years
from reports.queries.standpoint import province_on
from reports.queries.units import is_rural, territory_on
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
    on = dt.date(year, 12, 31)
    province = province_on(on)
    found = ledger(province, as_of)
    communes, districts = commune_grants(found, year), district_grants(found, year)
    ocop, money, merits = ocop_years([year], as_of)[year], money_of(year, as_of), merits_of(year, as_of)
    return {
        "year": year,
        "as_of": as_of.isoformat() if as_of else None,
        "communes_recognised": communes.numbers,
        "districts_recognised": list(dict.fromkeys(row.area.short_name for row in districts)),
        "districts_submitted": _submitted(year, as_of),
        "province_criteria": _province_criteria(year),
        "ocop": _ocop_words(ocop),
        "sponsorship": money.sums,
        "commendations": merits.numbers,
        "targets": _targets(year, as_of),
        "in_force": _in_force(province, on, found.up_to(year)),
        "illustrative": {
            "communes_recognised": communes.illustrative,
            "districts_recognised": any(row.is_illustrative for row in districts),
            "ocop": ocop.illustrative > 0,
            "sponsorship": money.illustrative,
            "commendations": merits.illustrative,
        },
    }


def _by(field: str, as_of: dt.date | None, *, undated: bool = False) -> Q:
    """Condition: `field` is no later than `as_of` (any date without it); rows without a date count if `undated`."""
    if as_of is None:
        return Q()
    return Q(**{f"{field}__lte": as_of}) | (Q(**{field: None}) if undated else Q(pk__in=[]))


@dataclass(frozen=True)
class Figures:
    """Counts by name; `illustrative` where generated rows take part."""

    numbers: dict[str, int]
    illustrative: bool


def commune_grants(found: Ledger, year: int, within: set[int] | None = None) -> Figures:
    """Communes (of those units, if given) first recognised by the results of the year, by tier."""
    granted = {
        tier: [row for row in found.granted(tier, year, Level.COMMUNE) if within is None or row.area_id in within]
        for tier in COMMUNE_TIERS
    }
    illustrative = any(row.is_illustrative for rows in granted.values() for row in rows)
    return Figures({tier: len({row.area_id for row in rows}) for tier, rows in granted.items()}, illustrative)


def district_grants(found: Ledger, year: int) -> list[Any]:
    """Districts recognised by the results of the year, in Vietnamese order."""
    rows = [row for tier in DISTRICT_TIERS for row in found.granted(tier, year, Level.DISTRICT)]
    return sorted(rows, key=lambda row: row.area.sort_key)


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


def _ocop_words(found: OcopYear) -> dict[str, Any]:
    return {
        "rated_in_year": found.rated,
        "cumulative": found.cumulative,
        "proposed_4_star": found.proposed_4_star,
        "exported": found.exported,
        "export_markets": found.markets,
        "five_star": found.five_star,
    }


@dataclass(frozen=True)
class Money:
    """Đồng by channel with their sum."""

    sums: dict[str, int]
    illustrative: bool


def money_of(year: int, as_of: dt.date | None) -> Money:
    """Contributions that the year's totals count: two statements."""
    rows = counted_in(year, closing_of(year)).filter(_by("received_on", as_of, undated=True))
    generated = Count("pk", filter=Q(is_illustrative=True))
    found = list(rows.order_by().values_list("channel").annotate(amount=Sum("amount"), made_up=generated))
    sums = {channel: amount for channel, amount, _ in found}
    by_channel = {channel.value: sums.get(channel.value, 0) for channel in Channel}
    return Money({"total": sum(by_channel.values()), **by_channel}, any(number for _, _, number in found))


def merits_of(year: int, as_of: dt.date | None) -> Figures:
    """Commendations of the year: one statement."""
    rows = Commendation.objects.filter(_by("awarded_on", as_of, undated=True), year=year)
    generated = Count("pk", filter=Q(is_illustrative=True))
    counted = rows.values_list("recipient").annotate(n=Count("pk"), made_up=generated)
    found = {kind: (n, made_up) for kind, n, made_up in counted}
    kinds = {"collectives": Commendation.Recipient.COLLECTIVE, "individuals": Commendation.Recipient.INDIVIDUAL}
    numbers = {name: found.get(kind, (0, 0))[0] for name, kind in kinds.items()}
    return Figures(numbers, any(made_up for _, made_up in found.values()))


def _targets(year: int, as_of: dt.date | None) -> dict[str, int | float | list[str]]:
    """The plan of that very year by measure: a number, or the short names of the units that it names."""
    rows = Target.objects.filter(_by("decided_on", as_of, undated=True), year=year, area__code=settings.PROVINCE_CODE)
    return {target.measure: _promise(target) for target in rows.prefetch_related("areas")}


def _promise(target: Target) -> int | float | list[str]:
    named = [area.short_name for area in target.areas.all()]
    whole = target.value == int(target.value)
    return named or (int(target.value) if whole else float(target.value))


def _in_force(province: Area | None, on: dt.date, held: Holdings) -> dict[str, Any]:
    """Xã that hold each tier by the results up to the year, with both denominators: the stated and the register's."""
    xa = [unit.area for unit in territory_on(province, on)[on].communes if is_rural(unit.area)]
    counts = {tier: held.count(xa, tier) for tier in COMMUNE_TIERS}
    return {**counts, "stated": stated_on(stated_denominators(), on), "register": len(xa)}


def stated_denominators() -> list[StatedDenominator]:
    """The published numbers of xã of the province: one statement."""
    return list(StatedDenominator.objects.filter(kind=Kind.COMMUNE, area__code=settings.PROVINCE_CODE))


def stated_on(rows: list[StatedDenominator], on: dt.date) -> int | None:
    """The published number that holds on the day, where one differs from the register."""
    standing = (row for row in rows if (row.valid_from or on) <= on <= (row.valid_to or on))
    return max((row.value for row in standing), default=None)
