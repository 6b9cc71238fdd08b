"""The public list: products narrowed by links, counts of every choice, keyset pages; constant statements."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
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
    order: str = ""


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
    """A page of products in Vietnamese order, or the highest score first: as many statements for one as for 10,000."""
    on = on or timezone.localdate()
    places = districts_of()
    found = narrowed(filters, on, places)
    start = Product.objects.filter(pk=after).values("pk", "sort_key", "standing__total").first() if after else None
    if start:
        found = found.filter(_behind_score(start) if filters.order else _behind_name(start))
    related = ("producer", "area", "product_set", "standing")
    shown = (
        found.select_related(*related)
        .defer("story")
        .annotate(
            validity=validity_on(on),
            is_exported=Exists(Export.objects.filter(product_id=OuterRef("pk"), known_on__lte=on)),
        )
    )
    by_score = (F("standing__total").desc(nulls_last=True), "pk")
    rows = list(shown.order_by(*(by_score if filters.order else ("sort_key", "pk")))[: PAGE + 1])
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


def _behind_name(start: Mapping[str, Any]) -> Q:
    return Q(sort_key__gte=start["sort_key"]) & ~Q(sort_key=start["sort_key"], pk__lte=start["pk"])


def _behind_score(start: Mapping[str, Any]) -> Q:
    """Products without a score stand last."""
    score, behind = start["standing__total"], Q(pk__gt=start["pk"])
    if score is None:
        return Q(standing__total=None) & behind
    return Q(standing__total__lt=score) | Q(standing__total=None) | (Q(standing__total=score) & behind)


def _counted(filters: Filters, on: dt.date, places: dict[int, Area]) -> tuple[int, list[Facet], bool]:
    """How many products there are and what each choice leaves: one pass, kept under the data counter."""
    key = f"ocop-facets-{epochs.current()}-{on}-{fingerprint(replace(filters, order=''))}"
    found = cache.get(key)
    if found is None:
        found = _count(filters, on, places)
        cache.set(key, found, _KEPT_SECONDS)
    return found


def _count(filters: Filters, on: dt.date, places: dict[int, Area]) -> tuple[int, list[Facet], bool]:
    districts = {pk: area.code for pk, area in places.items()}
    asked = {place: value for place, name in enumerate(_COUNTED) if (value := getattr(filters, name))}
    numbers: list[Counter[Any]] = [Counter() for _ in _COUNTED]
    total, illustrative = 0, False
    for *cell, area_id, n, made_up in _cells(filters, on):
        cell.append(districts.get(area_id, NO_DISTRICT))
        missed = [place for place, value in asked.items() if str(cell[place]) != value]
        if not missed:
            total += n
            illustrative = illustrative or bool(made_up)
            for counter, value in zip(numbers, cell, strict=True):
                counter[value] += n
        elif len(missed) == 1:
            # A choice is counted within all others: what remains when it is taken.
            numbers[missed[0]][cell[missed[0]]] += n
    named = {
        name: Counter({str(value): n for value, n in counter.items() if value is not None})
        for name, counter in zip(_COUNTED, numbers, strict=True)
    }
    return total, _facets(filters, named, on, places), illustrative


# The facets that are counted in one pass, in the order of its cells; the district stands for the unit.
_COUNTED = ("stars", "validity", "group", "kind", "year", "district")


def _cells(filters: Filters, on: dt.date) -> Iterable[tuple]:
    """How many products there are of each kind, and how many of them are made up."""
    found = _matching(filters, on).order_by().annotate(_validity=validity_on(on))
    kinds = found.values_list("standing__stars", "_validity", "group", "producer__kind", "standing__year", "area_id")
    return kinds.annotate(n=Count("pk"), made_up=Count("pk", filter=Q(is_illustrative=True)))


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
