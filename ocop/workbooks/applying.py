"""Checked rows into the register, in the caller's transaction: a few statements for each batch."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from accounts import audit
from accounts.models import AuditEvent, User
from accounts.text import one_line
from communes import epochs
from communes.book import last_paths
from communes.models import Area, Level
from communes.text import search_key
from criteria.workbooks.rows import Row
from ocop.actions import register
from ocop.actions.certificates import built, confirmed_bands
from ocop.actions.register import Said
from ocop.models import Producer, Product, Rating
from ocop.standing import restand
from ocop.workbooks.checking import Outcome, Staged, differs

_BATCH = 500


def hold(rows: list[Row]) -> None:
    """Lock what the rows name, in the order in which every action locks: units, products, producers, data counter."""
    named = Area.objects.filter(level=Level.COMMUNE, code__in={row.said["area_code"] for row in rows})
    list(named.order_by("pk").select_for_update().values_list("pk"))
    codes = {row.said["code"] for row in rows} - {""}
    list(Product.objects.filter(code__in=codes).order_by("pk").select_for_update().values_list("pk"))
    list(Producer.objects.filter(area__in=named).order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    # Whoever imports at the same time waits here, and then sees what was written.
    epochs.bump()


def write(found: Outcome, by: User) -> None:
    """New products, corrections, certificates and the history of each. The rows were checked behind `hold`."""
    staged = [*found.new, *found.changed]
    corrected = [each for each in found.changed if differs(each)]
    before = {each.product.pk: register.told(each.product) for each in corrected if each.product}
    producers = _producers(staged, by)
    _register(found.new, producers, by)
    _correct(corrected, producers, by)
    ratings = _certify([each for each in staged if each.certificate], by)
    places = last_paths({each.said.area for each in staged})
    events = [_event("product.register", each, places, by, after=_told(each)) for each in found.new]
    events += [
        _event("product.correct", each, places, by, before=before[each.product.pk], after=_told(each))
        for each in corrected
        if each.product
    ]
    audit.record_many([*events, *_certified(ratings, places, by)])


def _producers(staged: list[Staged], by: User) -> dict[tuple[int, str], Producer]:
    """The producer of each row by unit and name: known ones, corrected where another kind is said, and new ones."""
    areas = {each.said.area.pk for each in staged}
    known = {(each.area_id, each.name.casefold()): each for each in Producer.objects.filter(area_id__in=areas)}
    fresh: dict[tuple[int, str], Producer] = {}
    other: dict[int, Producer] = {}
    for each in staged:
        key, name, kind = _identity(each.said), one_line(each.said.producer_name), each.said.producer_kind
        if key in known and each.product and known[key].kind != kind:
            known[key].kind, known[key].version = kind, known[key].version + 1
            other[known[key].pk] = known[key]
        elif key not in known and key not in fresh:
            fresh[key] = Producer(
                name=name,
                kind=kind,
                area=each.said.area,
                search_key=search_key(name)[:240],
                is_illustrative=by.is_demo,
            )
    Producer.objects.bulk_create(fresh.values(), batch_size=_BATCH)
    Producer.objects.bulk_update(other.values(), ["kind", "version"], batch_size=_BATCH)
    return known | fresh


def _identity(said: Said) -> tuple[int, str]:
    return said.area.pk, one_line(said.producer_name).casefold()


def _register(staged: list[Staged], producers: dict[tuple[int, str], Producer], by: User) -> None:
    codes = _Codes({each.said.area.pk for each in staged})
    for each in staged:
        said = each.said
        each.product = Product(
            code=said.code or codes.next(said.area, said.on.year),
            area=said.area,
            producer=producers[_identity(said)],
            is_illustrative=by.is_demo,
            **register.written(said, by),
        )
    Product.objects.bulk_create([each.product for each in staged if each.product], batch_size=_BATCH)


class _Codes:
    """The next code of each commune and year, read once."""

    def __init__(self, areas: set[int]) -> None:
        self.taken: Counter[str] = Counter()
        for code in Product.objects.filter(area_id__in=areas).values_list("code", flat=True):
            stem, _, rest = code.rpartition("-")
            head, _, number = stem.rpartition("-")
            if number.isdecimal():
                self.taken[f"{head}-{rest}"] = max(self.taken[f"{head}-{rest}"], int(number))

    def next(self, area: Area, year: int) -> str:
        head, rest = f"{settings.PROVINCE_CODE}-{area.code}", str(year)
        key = f"{head}-{rest}"
        self.taken[key] += 1
        return f"{head}-{self.taken[key]:03d}-{rest}"


def _correct(staged: list[Staged], producers: dict[tuple[int, str], Producer], by: User) -> None:
    fields: set[str] = {"producer", "version"}
    for each in staged:
        written = register.written(each.said, by)
        fields |= written.keys()
        for name, value in written.items():
            setattr(each.product, name, value)
        if each.product:
            each.product.producer = producers[_identity(each.said)]
            each.product.version += 1
    # Each row stands: its insertion only ever updates. bulk_update would build an expression for every cell.
    Product.objects.bulk_create(
        [each.product for each in staged if each.product],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=sorted(fields),
        batch_size=_BATCH,
    )


def _certify(staged: list[Staged], by: User) -> list[Rating]:
    """Each certificate after those that its product held: these end on its day."""
    ended: dict[dt.date, list[int]] = defaultdict(list)
    confirmed = confirmed_bands()
    ratings = []
    for each in staged:
        if each.product and each.certificate:
            ended[each.certificate.decided_on].append(each.product.pk)
            ratings.append(built(each.product, each.certificate, by, confirmed=confirmed))
    for day, ids in ended.items():
        open_ones = Rating.objects.filter(product__in=ids, status=Rating.Status.RECOGNISED, replaced_on=None)
        open_ones.update(replaced_on=day)
    Rating.objects.bulk_create(ratings, batch_size=_BATCH)
    for start in range(0, len(ratings), _BATCH):
        restand(rating.product_id for rating in ratings[start : start + _BATCH])
    return ratings


def _event(action: str, staged: Staged, places: dict[int, str], by: User, **data: Any) -> AuditEvent:
    assert staged.product
    place = places.get(staged.said.area.pk, "")
    return audit.event(by=by, action=action, subject=staged.product, area_path=place, data=data)


def _told(staged: Staged) -> dict[str, Any]:
    assert staged.product
    return register.told(staged.product)


def _certified(ratings: list[Rating], places: dict[int, str], by: User) -> Iterator[AuditEvent]:
    for rating in ratings:
        data = {"name": rating.product.name, "stars": rating.stars, "number": rating.decision}
        place = places.get(rating.product.area_id, "")
        yield audit.event(by=by, action="certificate.record", subject=rating, area_path=place, data=data)
