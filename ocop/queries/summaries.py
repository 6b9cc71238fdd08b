"""OCOP by district, star, group, year and market: every sum is the sum of its parts."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.errors import OutOfScope
from communes.models import Area
from ocop.models import Export, Product, Rating
from ocop.queries.listing import AFTER_DISTRICTS, NO_DISTRICT, SHORT_GROUPS
from ocop.queries.places import districts_of
from ocop.queries.points import Points, points
from ocop.rules.rulesets import markets

STARS = (3, 4, 5)


@dataclass(frozen=True)
class Line:
    """A district (or a commune) with its products by star."""

    code: str
    name: str
    by_star: list[int]
    lapsed: int

    @property
    def total(self) -> int:
        return sum(self.by_star)


@dataclass(frozen=True)
class Year:
    """Products whose standing certificate is a result of the year, and all until then."""

    year: int
    number: int
    cumulative: int
    share: int  # of the cumulative in hundredths of the whole


@dataclass(frozen=True)
class Summary:
    """The province, or one district, on a day."""

    on: dt.date
    district: Area | None
    lines: list[Line]
    sums: Line
    groups: list[tuple[str, str, int]]
    years: list[Year]
    markets: list[tuple[str, str, int]]
    exported: int
    is_illustrative: bool
    map: Points | None


def summary(district_code: str = "") -> Summary:
    """By district for the province, by commune for a district; OutOfScope for a code that names none."""
    on, places = timezone.localdate(), districts_of()
    district = next((area for area in places.values() if area.code == district_code), None)
    if district_code and district is None:
        raise OutOfScope
    inside = [pk for pk, parent in places.items() if parent.code == district_code]
    held = Product.objects.filter(standing__isnull=False)
    held = held.filter(area_id__in=inside) if district else held
    lines = _lines(held, on, None if district else places)
    sums = Line(
        "", "", [sum(line.by_star[n] for line in lines) for n in range(len(STARS))], sum(x.lapsed for x in lines)
    )
    exports = set(Export.objects.filter(product__in=held, known_on__lte=on).values_list("country", "product_id"))
    return Summary(
        on=on,
        district=district,
        lines=lines,
        sums=sums,
        groups=_groups(held),
        years=_years(held, sums.total),
        markets=_markets(exports),
        exported=len({product_id for _, product_id in exports}),
        is_illustrative=held.filter(is_illustrative=True).exists(),
        map=None if district else points(held, on),
    )


def _lines(held: QuerySet[Product], on: dt.date, places: dict[int, Area] | None) -> list[Line]:
    """By the district of `places`, or by commune without them."""
    lapsed = Count("pk", filter=Q(standing__expires_on__lt=on))
    rows = held.order_by().values_list("area_id", "standing__stars").annotate(n=Count("pk"), lapsed=lapsed)
    found = list(rows)
    areas = places or Area.objects.in_bulk({row[0] for row in found})
    stars: dict[str, Counter[int]] = {}
    ended: Counter[str] = Counter()
    named: dict[str, Area] = {}
    for area_id, star, number, gone in found:
        area = areas.get(area_id)
        code = area.code if area else NO_DISTRICT
        if area:
            named[code] = area
        stars.setdefault(code, Counter())[star] += number
        ended[code] += gone
    ordered = sorted(stars, key=lambda code: (code == NO_DISTRICT, named[code].sort_key if code in named else ""))
    return [
        Line(
            code,
            named[code].name if code in named else AFTER_DISTRICTS,
            [stars[code][star] for star in STARS],
            ended[code],
        )
        for code in ordered
    ]


def _groups(held: QuerySet[Product]) -> list[tuple[str, str, int]]:
    numbers = dict(held.order_by().values_list("group").annotate(n=Count("pk")))
    return [(value, SHORT_GROUPS.get(value, label), numbers.get(value, 0)) for value, label in Product.Group.choices]


def _years(held: QuerySet[Product], total: int) -> list[Year]:
    numbers = dict(held.order_by().values_list("standing__year").annotate(n=Count("pk")))
    found, reached = [], 0
    for year in sorted(numbers):
        reached += numbers[year]
        found.append(Year(year, numbers[year], reached, round(reached / total * 100) if total else 0))
    return found


def _markets(exports: set[tuple[str, int]]) -> list[tuple[str, str, int]]:
    numbers = Counter(code for code, _ in exports)
    found = [(code, markets().get(code, code), number) for code, number in numbers.items()]
    return sorted(found, key=lambda row: (-row[2], row[1]))


def proposed_upgrades() -> int:
    """Products proposed for more stars than they hold."""
    rows = Rating.objects.filter(status=Rating.Status.PROPOSED)
    return rows.values("product_id").distinct().count()
