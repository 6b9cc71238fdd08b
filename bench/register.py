"""P-ocop: pages of the list of 10,000 products beside those of a register of 100. To be imported after Django.

Both registers are there at the same time, each in a database file of its own, so that they are asked in turn.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections, router
from django.test import Client

from bench.timing import NotRun, Pair
from communes.models import Area, Level
from communes.text import search_key, sort_key
from ocop.models import Export, Producer, Product, Rating
from ocop.standing import restand

Calls = tuple[Callable[[], object], Callable[[], object]]
MANY, FEW = 10_000, 100
# The whole list, and one narrowed by each facet and by text.
WHOLE = ("/ocop/",)
NARROWED = (
    "sao=4",
    "han=het-han",
    "nhom=food",
    "chu-the=cooperative",
    "huyen=444",
    "nam=2024",
    "thi-truong=JP",
    "tim=cam",
)


class _Chosen:
    """Asks the database file that is chosen now."""

    alias = "default"

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return self.alias

    db_for_write = db_for_read


_chosen = _Chosen()


def listed(turns: int) -> Calls:
    """The list as the first reader after a write gets it: counts anew."""
    return _calls(WHOLE, anew=True)


def listed_again(turns: int) -> Calls:
    """The list as the next reader gets it."""
    return _calls(WHOLE, anew=False)


def narrowed(turns: int) -> Calls:
    """Eight narrowed lists, counts anew."""
    return _calls(tuple(f"/ocop/?{query}" for query in NARROWED), anew=True)


def _calls(addresses: tuple[str, ...], *, anew: bool) -> Calls:
    _two_registers()
    client = Client()

    def pages(alias: str) -> Callable[[], object]:
        def call() -> None:
            with _asked(alias):
                if anew:
                    cache.clear()
                for address in addresses:
                    if client.get(address).status_code != 200:
                        raise NotRun(f"{address} is not answered")

        return call

    return pages("default"), pages("few")


@contextmanager
def _asked(alias: str) -> Iterator[None]:
    """Meanwhile everything is asked of that database; each has its own kept counts."""
    usual = cache.key_prefix
    _chosen.alias, cache.key_prefix = alias, alias
    try:
        yield
    finally:
        _chosen.alias, cache.key_prefix = "default", usual


def _two_registers() -> None:
    if "few" in connections.databases:
        return
    file = Path(settings.DATABASES["default"]["NAME"]).with_name("few.sqlite3")
    file.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    connections.databases["few"] = {**connections.databases["default"], "NAME": str(file)}
    router.routers = [_chosen]
    kept = list(Product.objects.using("few").order_by("pk").values_list("pk", flat=True)[:FEW])
    Product.objects.using("few").exclude(pk__in=kept).delete()
    if Product.objects.using("few").count() != FEW:
        raise NotRun(f"the seed has no {FEW} products")
    _fill_up()
    for alias in ("default", "few"):
        with connections[alias].cursor() as cursor:
            cursor.execute("ANALYZE")


def _fill_up() -> None:
    """Each product with a certificate, spread over producers, communes, groups, years; some exported."""
    producers, areas = list(Producer.objects.all()[:500]), list(Area.objects.filter(level=Level.COMMUNE)[:200])
    groups = Product.Group.values
    made = Product.objects.bulk_create(
        [
            Product(
                name=(name := f"Sản phẩm {place:05d}"),
                code=f"BENCH-{place}",
                producer=producers[place % len(producers)],
                area=areas[place % len(areas)],
                group=groups[place % len(groups)],
                search_key=search_key(name),
                sort_key=sort_key(name),
            )
            for place in range(Product.objects.count(), MANY)
        ],
        batch_size=200,
    )
    Rating.objects.bulk_create([_rating(place, product) for place, product in enumerate(made)], batch_size=200)
    markets = ("JP", "US", "CN", "KR")
    Export.objects.bulk_create(
        [
            Export(product=product, country=markets[place % 4], year=2024, known_on=date(2024, 12, 31))
            for place, product in enumerate(made[::20])
        ],
        batch_size=200,
    )
    restand()


def _rating(place: int, product: Product) -> Rating:
    decided_on = date(2019 + place % 7, 12, 1)
    return Rating(
        product=product,
        stars=3 + place % 2,
        status=Rating.Status.RECOGNISED,
        year=decided_on.year,
        decided_on=decided_on,
        expires_on=decided_on.replace(year=decided_on.year + 3),
        rule_set="ocop-2023",
    )


PAIRS = {"P-ocop": Pair(listed), "P-ocop-at": Pair(listed_again), "P-ocop-by": Pair(narrowed)}
TURNS = {"P-ocop": 20, "P-ocop-at": 20, "P-ocop-by": 10}
