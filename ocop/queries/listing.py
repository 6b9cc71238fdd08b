"""The public list: products narrowed by links, counts of every choice, keyset pages; constant statements."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.text import fingerprint
from communes import epochs
from communes.models import Area
from communes.text import search_key
from ocop.models import Export, Producer, Product
from ocop.queries.places import districts_of
from ocop.rules.rulesets import markets, rules_on

PAGE = 50
_KEPT_SECONDS = 600
VALIDITY = {
    "con-han": "Còn hạn",
    "sap-het": "Hết hạn trong {} ngày",
    "het-han": "Đã hết hạn",
    "chua-co": "Chưa có hạng",
}
# The group's name where the whole one would break the line.
SHORT_GROUPS = {"herbal": "Dược liệu", "craft": "Thủ công mỹ nghệ", "tourism": "Du lịch"}
NO_DISTRICT = "-"
AFTER_DISTRICTS = "Từ 01/07/2025"


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty = everything. Names are those of the address."""

    text: str = ""
    stars: str = ""
    validity: str = ""
    group: str = ""
    kind: str = ""
    district: str = ""
    year: str = ""
    market: str = ""

    @property
    def is_narrowed(self) -> bool:
        return self != Filters()


@dataclass(frozen=True)
class Choice:
    """A value of a facet, its words and how many products it leaves."""

    value: str
    label: str
    number: int
    is_on: bool


@dataclass(frozen=True)
class Facet:
    """A way to narrow the list. `name` is the parameter of the address."""

    name: str
    title: str
    choices: list[Choice]


@dataclass(frozen=True)
class Row:
    """A product of the list with where it stood."""

    product: Product
    district: Area | None
    validity: str


@dataclass(frozen=True)
class Listing:
    """A page of the list. `after` is the id of the product that the next page starts behind."""

    on: dt.date
    filters: Filters
    rows: list[Row]
    after: int | None
    number: int
    facets: list[Facet]
    notice_days: int
    is_illustrative: bool = field(default=False)


FACETS = {
    "stars": ("sao", "Hạng sao"),
    "validity": ("han", "Chứng nhận"),
    "group": ("nhom", "Nhóm"),
    "kind": ("chu-the", "Loại hình chủ thể"),
    "district": ("huyen", "Huyện khi công nhận"),
    "year": ("nam", "Kết quả năm"),
    "market": ("thi-truong", "Xuất khẩu"),
}


def validity_on(on: dt.date) -> Case:
    """Expression over products: how their certificate stands on the day."""
    soon = on + dt.timedelta(days=rules_on(on).notice_days)
    return Case(
        When(standing=None, then=Value("chua-co")),
        When(standing__expires_on__lt=on, then=Value("het-han")),
        When(standing__expires_on__lte=soon, then=Value("sap-het")),
        default=Value("con-han"),
    )


def _matching(filters: Filters, on: dt.date) -> QuerySet[Product]:
    """Products found by what is not counted as a choice: the text, and the market."""
    found = Product.objects.all()
    if key := search_key(filters.text):
        by_text = Q(search_key__contains=key) | Q(producer__search_key__contains=key)
        found = found.filter(by_text | Q(code__icontains=filters.text.strip()))
    if filters.market:
        exports = Export.objects.filter(product_id=OuterRef("pk"), country=filters.market, known_on__lte=on)
        found = found.filter(Exists(exports))
    return found


def narrowed(filters: Filters, on: dt.date, places: dict[int, Area]) -> QuerySet[Product]:
    """The products of the list, in no order yet."""
    found = _matching(filters, on)
    if filters.stars:
        found = found.filter(standing__stars=int(filters.stars))
    if filters.validity:
        found = found.annotate(_validity=validity_on(on)).filter(_validity=filters.validity)
    if filters.group:
        found = found.filter(group=filters.group)
    if filters.kind:
        found = found.filter(producer__kind=filters.kind)
    if filters.year:
        found = found.filter(standing__year=int(filters.year))
    if filters.district:
        inside = [pk for pk, parent in places.items() if parent.code == filters.district]
        found = (
            found.exclude(area_id__in=places) if filters.district == NO_DISTRICT else found.filter(area_id__in=inside)
        )
    return found


def page(filters: Filters, *, after: int | None = None, on: dt.date | None = None) -> Listing:
    """A page of products in Vietnamese order: the same number of statements for one and for ten thousand."""
    on = on or timezone.localdate()
    places = districts_of()
    found = narrowed(filters, on, places)
    start = Product.objects.filter(pk=after).values("pk", "sort_key").first() if after else None
    if start:
        found = found.filter(sort_key__gte=start["sort_key"])
        found = found.exclude(sort_key=start["sort_key"], pk__lte=start["pk"])
    related = ("producer", "area", "product_set", "standing")
    shown = (
        found.select_related(*related)
        .defer("story")
        .annotate(
            validity=validity_on(on),
            is_exported=Exists(Export.objects.filter(product_id=OuterRef("pk"), known_on__lte=on)),
        )
    )
    rows = list(shown.order_by("sort_key", "pk")[: PAGE + 1])
    number, facets, illustrative = _counted(filters, on, places)
    return Listing(
        on=on,
        filters=filters,
        rows=[Row(each, places.get(each.area_id), each.validity) for each in rows[:PAGE]],
        after=rows[PAGE - 1].pk if len(rows) > PAGE else None,
        number=number,
        facets=facets,
        notice_days=rules_on(on).notice_days,
        is_illustrative=illustrative,
    )


def _counted(filters: Filters, on: dt.date, places: dict[int, Area]) -> tuple[int, list[Facet], bool]:
    """How many products there are and what each choice leaves: one pass, kept under the data counter."""
    key = f"ocop-facets-{epochs.current()}-{on}-{fingerprint(filters)}"
    found = cache.get(key)
    if found is None:
        found = _count(filters, on, places)
        cache.set(key, found, _KEPT_SECONDS)
    return found


def _count(filters: Filters, on: dt.date, places: dict[int, Area]) -> tuple[int, list[Facet], bool]:
    cells = (
        _matching(filters, on)
        .order_by()
        .annotate(_validity=validity_on(on))
        .values_list("standing__stars", "_validity", "group", "producer__kind", "area_id", "standing__year")
        .annotate(n=Count("pk"), made_up=Count("pk", filter=Q(is_illustrative=True)))
    )
    asked = {name: getattr(filters, name) for name in FACETS if name != "market"}
    numbers: dict[str, Counter[str]] = {name: Counter() for name in asked}
    total, illustrative = 0, False
    for stars, validity, group, kind, area_id, year, n, made_up in cells:
        district = places[area_id].code if area_id in places else NO_DISTRICT
        said = {"stars": stars, "validity": validity, "group": group, "kind": kind, "district": district, "year": year}
        texts = {name: "" if value is None else str(value) for name, value in said.items()}
        misses = [name for name, value in asked.items() if value and texts[name] != value]
        if not misses:
            total += n
            illustrative = illustrative or bool(made_up)
        for name, value in texts.items():
            # A choice is counted within all others: what remains when it is taken.
            if not misses or misses == [name]:
                numbers[name][value] += n
    return total, _facets(filters, numbers, on, places), illustrative


def _facets(filters: Filters, numbers: dict[str, Counter[str]], on: dt.date, places: dict[int, Area]) -> list[Facet]:
    names = {area.code: area for area in places.values()}
    days = rules_on(on).notice_days
    ordered = sorted(names, key=lambda code: names[code].sort_key)
    words: dict[str, dict[str, str]] = {
        "stars": {str(stars): f"{stars} sao" for stars in (3, 4, 5)},
        "validity": {value: label.format(days) for value, label in VALIDITY.items()},
        "group": {value: SHORT_GROUPS.get(value, label) for value, label in Product.Group.choices},
        "kind": {value: label[:1].upper() + label[1:] for value, label in Producer.Kind.choices},
        "district": {code: names[code].short_name for code in ordered} | {NO_DISTRICT: AFTER_DISTRICTS},
        "year": {year: year for year in sorted(numbers["year"], reverse=True) if year},
    }
    facets = [
        Facet(FACETS[name][0], FACETS[name][1], _choices(getattr(filters, name), words[name], numbers[name], name))
        for name in words
    ]
    counts = _market_counts(on)
    chosen = [
        Choice(code, markets().get(code, code), counts[code], code == filters.market)
        for code in sorted(counts, key=lambda code: (-counts[code], code))
    ]
    return [*facets, Facet(*FACETS["market"], chosen)]


def _market_counts(on: dt.date) -> dict[str, int]:
    rows = Export.objects.filter(known_on__lte=on).order_by().values_list("country")
    return dict(rows.annotate(n=Count("product_id", distinct=True)))


def _choices(asked: str, words: dict[str, str], numbers: Counter[str], name: str) -> list[Choice]:
    shown = [Choice(value, label, numbers[value], value == asked) for value, label in words.items()]
    always = name in ("stars", "group")
    return [each for each in shown if each.number or each.is_on or always]


def key_figures(on: dt.date | None = None) -> dict[str, Any]:
    """What stands above the list: recognised in all, by star, exported. Kept under the data counter."""
    on = on or timezone.localdate()
    key = f"ocop-figures-{epochs.current()}-{on}"
    found = cache.get(key)
    if found is None:
        found = _key_figures(on)
        cache.set(key, found, _KEPT_SECONDS)
    return found


def _key_figures(on: dt.date) -> dict[str, Any]:
    counted = Product.objects.filter(standing__isnull=False).aggregate(
        total=Count("pk"),
        four=Count("pk", filter=Q(standing__stars=4)),
        five=Count("pk", filter=Q(standing__stars=5)),
        lapsed=Count("pk", filter=Q(standing__expires_on__lt=on)),
    )
    exports = Export.objects.filter(known_on__lte=on, product__standing__isnull=False)
    rows = set(exports.values_list("country", "product_id"))
    named = [markets().get(code, code) for code in sorted({code for code, _ in rows})]
    return {**counted, "exported": len({product for _, product in rows}), "markets": named}
