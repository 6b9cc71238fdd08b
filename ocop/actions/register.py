"""Products, producers, markets and revenue: registered, corrected, ended. Nothing of a product's past is lost."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import OutOfScope, Refused, Stale, WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.text import one_line
from communes.models import Area, Level
from communes.text import search_key, sort_key
from ocop.actions.shared import held, tell
from ocop.models import Export, Producer, Product, ProductSet, Revenue
from ocop.queries.scope import reaches
from ocop.rules.rulesets import markets

LONGEST = {"name": 200, "producer_name": 200, "story": 4000, "traceability_code": 60, "code": 40}
FIRST_YEAR = 2018
_LONGEST_SOURCE = 300
_MOST_DONG = 10**14


@dataclass(frozen=True, kw_only=True)
class Said:
    """A product as an officer states it. `on` is the day it came into the register: its commune existed then."""

    name: str
    producer_name: str
    producer_kind: str
    area: Area
    on: dt.date
    group: str = ""
    product_set: ProductSet | None = None
    story: str = ""
    traceability_code: str = ""
    code: str = ""


def faults_of(said: Said) -> dict[str, str]:
    """What speaks against the product, by field; no statement."""
    found: dict[str, str] = {}
    if not one_line(said.name):
        found["name"] = "Ghi tên sản phẩm."
    if not one_line(said.producer_name):
        found["producer_name"] = "Ghi tên chủ thể."
    for field, most in LONGEST.items():
        if len(getattr(said, field)) > most:
            found[field] = f"Dài quá {most} ký tự."
    if said.producer_kind not in Producer.Kind.values:
        found["producer_kind"] = "Chọn loại hình chủ thể."
    if _group(said) not in Product.Group.values:
        found["group"] = "Chọn nhóm sản phẩm hoặc bộ sản phẩm."
    elif said.product_set and said.group and said.group != said.product_set.group:
        found["group"] = f"Bộ {said.product_set.number} không thuộc nhóm này."
    if fault := _wrong_area(said.area, said.on):
        found["area"] = fault
    if said.code and not all(char.isalnum() or char in "-._" for char in said.code):
        found["code"] = "Mã chỉ gồm chữ, số, dấu gạch, dấu chấm."
    return found


def _group(said: Said) -> str:
    return said.group or (said.product_set.group if said.product_set else "")


def _wrong_area(area: Area, on: dt.date) -> str:
    if area.level != Level.COMMUNE:
        return "Chọn xã, phường hoặc thị trấn."
    if area.valid_to and on > area.valid_to:
        return f"{area.name} đã kết thúc ngày {area.valid_to:%d/%m/%Y}. Chọn đơn vị hiện nay hoặc ghi ngày trước đó."
    if area.valid_from and on < area.valid_from:
        return f"{area.name} chỉ có từ ngày {area.valid_from:%d/%m/%Y}."
    return ""


@transaction.atomic
def register_product(*, said: Said, by: User) -> Product:
    """Enter a product with its producer. Without a code it gets the next of its commune and year.

    Raises OutOfScope, Refused (a field is wrong, the commune had ended, the code is taken).
    """
    if not reaches(by, Permission.KEEP_OCOP, said.area):
        raise OutOfScope
    if said.on > timezone.localdate():
        raise Refused("Ngày vào sổ không được sau hôm nay.", field="on", code="future")
    refuse(faults_of(said))
    # Two officers of one commune wait here for each other: the next number is given once.
    Area.objects.select_for_update().get(pk=said.area.pk)
    code = said.code or next_code(said.area, said.on.year)
    if Product.objects.filter(code=code).exists():
        raise Refused(f"Mã {code} đã có trong sổ.", field="code", code="taken")
    product = Product.objects.create(
        code=code, area=said.area, producer=producer_for(said, by), **written(said, by), is_illustrative=by.is_demo
    )
    tell("product.register", product, said.area, by, after=told(product))
    return product


def refuse(faults: dict[str, str]) -> None:
    """Refused with every field's fault in `faults`; nothing where there is none."""
    if faults:
        field, message = next(iter(faults.items()))
        raise Refused(message, field=field, code="fields", faults=faults)


def next_code(area: Area, year: int) -> str:
    """(province)-(commune)-(number)-(year), as the programme numbers products."""
    start, end = f"{settings.PROVINCE_CODE}-{area.code}-", f"-{year}"
    taken = Product.objects.filter(code__startswith=start, code__endswith=end).values_list("code", flat=True)
    numbers = [int(code[len(start) : -len(end)]) for code in taken if code[len(start) : -len(end)].isdecimal()]
    return f"{start}{max(numbers, default=0) + 1:03d}{end}"


def written(said: Said, by: User) -> dict[str, Any]:
    """The product's own fields, in order."""
    name = one_line(said.name)
    return {
        "name": name,
        "group": _group(said),
        "product_set": said.product_set,
        "story": said.story.strip(),
        "traceability_code": one_line(said.traceability_code),
        "search_key": search_key(name)[:240],
        "sort_key": sort_key(name),
        "written_by": by,
        "written_at": timezone.now(),
    }


def producer_for(said: Said, by: User) -> Producer:
    """The producer of that name in that commune, or a new one."""
    name = one_line(said.producer_name)
    for each in Producer.objects.filter(area=said.area, search_key=search_key(name)[:240]):
        if each.name.casefold() == name.casefold():
            return each
    return Producer.objects.create(
        name=name,
        kind=said.producer_kind,
        area=said.area,
        search_key=search_key(name)[:240],
        is_illustrative=by.is_demo,
    )


@transaction.atomic
def correct_product(*, product: Product, version: int, said: Said, by: User) -> Product:
    """Correct what the register says; the commune of recognition and the code stay. Raises Stale, Refused."""
    stored = held(product.pk, by, version=version)
    faults = faults_of(said)
    faults.pop("area", None)
    refuse(faults)
    before = told(stored)
    for name, value in written(said, by).items():
        setattr(stored, name, value)
    stored.producer = _corrected_producer(stored, said, by)
    stored.version += 1
    stored.save()
    tell("product.correct", stored, stored.area, by, before=before, after=told(stored))
    return stored


def _corrected_producer(stored: Product, said: Said, by: User) -> Producer:
    """Another name is another producer; the same name with another kind corrects the producer."""
    producer = stored.producer
    if producer.name.casefold() != one_line(said.producer_name).casefold():
        producer = producer_for(said, by)
    if producer.kind != said.producer_kind:
        producer.kind = said.producer_kind
        producer.version += 1
        producer.save(update_fields=["kind", "version"])
    return producer


def told(product: Product) -> dict[str, Any]:
    """A product as the trail tells it."""
    return {
        "code": product.code,
        "name": product.name,
        "producer": product.producer.name,
        "kind": product.producer.kind,
        "area": product.area.code,
        "group": product.group,
        "set": product.product_set.number if product.product_set else None,
        "traceability_code": product.traceability_code,
    }


@transaction.atomic
def stop_producer(*, producer: Producer, version: int, on: dt.date, reason: str, by: User) -> Producer:
    """Say that a producer works no more: its products wait in a queue for what becomes of their certificates."""
    stored = Producer.objects.select_for_update(of=("self",)).select_related("area").filter(pk=producer.pk).first()
    if stored is None or not reaches(by, Permission.KEEP_OCOP, stored.area):
        raise OutOfScope
    if stored.version != version:
        raise Stale("Người khác vừa sửa chủ thể này. Xem lại rồi sửa tiếp.", field="on", version=stored.version)
    if stored.stopped_on:
        raise WrongState(f"Chủ thể đã ngừng từ {stored.stopped_on:%d/%m/%Y}.", code="stopped")
    reason = one_line(reason)[:_LONGEST_SOURCE]
    if not reason:
        raise Refused("Ghi lý do ngừng.", field="reason", code="required")
    if on > timezone.localdate():
        raise Refused("Ngày ngừng không được sau hôm nay.", field="on", code="future")
    stored.stopped_on, stored.stop_reason, stored.version = on, reason, stored.version + 1
    stored.save(update_fields=["stopped_on", "stop_reason", "version"])
    tell("producer.stop", stored, stored.area, by, reason=reason, name=stored.name, on=on.isoformat())
    return stored


@transaction.atomic
def add_market(*, product: Product, country: str, year: int, source: str, by: User) -> Export:
    """Enter an export market by its ISO code. An unknown one is refused at the field, one that stands too."""
    stored, code = held(product.pk, by), country.strip().upper()
    if code not in markets():
        raise Refused(f"Không có thị trường mã “{country.strip()[:20]}”. Dùng mã hai chữ, ví dụ JP.", field="country")
    _require_year(year)
    try:
        with transaction.atomic():
            made = Export.objects.create(
                product=stored,
                country=code,
                year=year,
                known_on=timezone.localdate(),
                source=one_line(source)[:_LONGEST_SOURCE],
                is_illustrative=by.is_demo,
            )
    except IntegrityError as twin:
        raise Refused(f"{markets()[code]} năm {year} đã có.", field="country", code="taken") from twin
    tell("product.market", made, stored.area, by, name=stored.name, country=code, year=year)
    return made


@transaction.atomic
def remove_market(*, export: Export, by: User) -> None:
    """Take out a market that was entered wrongly; the trail keeps it."""
    stored = held(export.product_id, by)
    found = Export.objects.filter(pk=export.pk).first()
    if found is None:
        raise OutOfScope
    tell("product.market-remove", found, stored.area, by, name=stored.name, country=found.country, year=found.year)
    found.delete()


@transaction.atomic
def set_revenue(*, product: Product, year: int, amount: int, source: str, by: User) -> Revenue:
    """Enter or correct what the product brought in a year, in whole đồng; what stood there stays in the trail."""
    stored = held(product.pk, by)
    _require_year(year)
    if not 0 <= amount < _MOST_DONG:
        raise Refused("Doanh thu là số đồng không âm.", field="amount", code="out_of_range")
    before = Revenue.objects.filter(product=stored, year=year).values_list("amount", flat=True).first()
    said = {"amount": amount, "source": one_line(source)[:_LONGEST_SOURCE], "written_by": by}
    said |= {"written_at": timezone.now(), "is_illustrative": by.is_demo}
    row, _ = Revenue.objects.update_or_create(product=stored, year=year, defaults=said)
    tell("product.revenue", row, stored.area, by, name=stored.name, year=year, before=before, after=amount)
    return row


def _require_year(year: int) -> None:
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Refused(f"Năm từ {FIRST_YEAR} đến năm nay.", field="year", code="out_of_range")
