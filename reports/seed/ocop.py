"""OCOP products with their producers, ratings and exports: counts of the report, names and places illustrative."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from communes.models import Area, Kind
from communes.text import search_key, sort_key
from ocop.models import Export, Producer, Product, Rating
from ocop.standing import restand
from reports.seed import files
from reports.seed.areas import Register
from reports.seed.chance import fraction, pick


def load(province: Area) -> int:
    """Write producers, products, ratings and exports; returns how many rows."""
    plan = files.document("ocop.yaml")
    communes = Register(plan["territory_on"]).of_kind(Kind.COMMUNE, Kind.WARD, Kind.TOWNSHIP)
    producers = Producer.objects.bulk_create(_producers(plan, communes))
    products = Product.objects.bulk_create(_products(plan, producers), batch_size=100)
    ratings = Rating.objects.bulk_create(_ratings(plan, products), batch_size=100)
    exports = Export.objects.bulk_create(_exports(plan, products))
    restand()
    return len(producers) + len(products) + len(ratings) + len(exports)


def _by_share(entries: list[dict[str, Any]], field: str, *key: object) -> str:
    """One of `entries`, as often as its share says."""
    drawn = fraction(*key) * sum(entry["share"] for entry in entries)
    for entry in entries:
        drawn -= entry["share"]
        if drawn < 0:
            return entry[field]
    return entries[-1][field]


def _producers(plan: dict[str, Any], communes: list[Area]) -> Iterator[Producer]:
    made = plan["producers"]
    for number in range(1, made["count"] + 1):
        name = plan["names"]["producer"].format(number)
        yield Producer(
            name=name,
            kind=_by_share(made["kinds"], "kind", "producer", number),
            area=pick(communes, "producer-area", number),
            search_key=search_key(name),
            is_illustrative=True,
        )


def _total(plan: dict[str, Any]) -> int:
    return sum(entry["products"] for entry in plan["years"])


def _products(plan: dict[str, Any], producers: list[Producer]) -> Iterator[Product]:
    for number in range(1, _total(plan) + 1):
        name, producer = plan["names"]["product"].format(number), pick(producers, "product", number)
        yield Product(
            name=name,
            code=plan["names"]["code"].format(number),
            producer=producer,
            area=producer.area,
            group=_by_share(plan["groups"], "group", "group", number),
            search_key=search_key(name),
            sort_key=sort_key(name),
            is_illustrative=True,
        )


def _ratings(plan: dict[str, Any], products: list[Product]) -> Iterator[Rating]:
    """The products in order: each year takes its number; its first ones hold four stars or are proposed for them."""
    waiting = iter(products)
    for entry in plan["years"]:
        for place in range(entry["products"]):
            product, decided_on = next(waiting), _decided_on(plan, entry["year"], place)
            yield _rating(plan, product, 4 if place < entry["four_star"] else 3, "recognised", decided_on)
            if place < entry.get("proposed_four_star", 0):
                yield _rating(plan, product, 4, "proposed", decided_on)


def _rating(plan: dict[str, Any], product: Product, stars: int, status: str, decided_on: dt.date) -> Rating:
    recognised = status == Rating.Status.RECOGNISED
    return Rating(
        product=product,
        stars=stars,
        status=status,
        year=decided_on.year,
        decided_on=decided_on,
        expires_on=_later(decided_on, plan["certificate_valid_months"]) if recognised else None,
        rule_set=[entry["id"] for entry in plan["rule_sets"] if entry["from"] <= decided_on][-1],
        is_illustrative=True,
    )


def _decided_on(plan: dict[str, Any], year: int, place: int) -> dt.date:
    days = plan["decided"]
    return dt.date(year, days["month"], days["first_day"] + place % days["days"])


def _later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the decisions here never fall on a month's last days."""
    month = day.month - 1 + months
    return day.replace(year=day.year + month // 12, month=month % 12 + 1)


def _exports(plan: dict[str, Any], products: list[Product]) -> Iterator[Export]:
    made = plan["exports"]
    for entry in made["products"]:
        for country in entry["countries"]:
            yield Export(
                product=products[entry["number"] - 1],
                country=country,
                year=made["year"],
                known_on=made["known_on"],
                source=made["source"],
                is_illustrative=True,
            )
