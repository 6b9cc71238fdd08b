"""Rows of the register's sheet against the register and the rules: what would be written, every fault. No change."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission
from accounts.text import one_line
from communes.models import Area, Level
from criteria.workbooks.rows import Row
from criteria.workbooks.table import Fault
from ocop.actions import register
from ocop.actions.certificates import Certificate, faults_of, order_fault
from ocop.actions.register import Said
from ocop.models import Product, ProductSet, Rating
from ocop.queries.scope import area_ids

_PARTS = {"A": "part_a", "B": "part_b", "C": "part_c"}


@dataclass
class Staged:
    """A row that would be written: a new product or a correction, with its certificate if it has one."""

    row: Row
    said: Said
    certificate: Certificate | None
    product: Product | None = None


@dataclass
class Outcome:
    """What came of the check: rows that would be written, how many stand already, what is wrong."""

    new: list[Staged] = field(default_factory=list)
    changed: list[Staged] = field(default_factory=list)
    unchanged: int = 0
    certificates: int = 0
    faults: list[Fault] = field(default_factory=list)


class _Known:
    """What the rows are compared with: read once, whatever their number."""

    def __init__(self, rows: list[Row], by: User) -> None:
        self.keeps, self.rates = area_ids(by, Permission.KEEP_OCOP), area_ids(by, Permission.RATE_OCOP)
        self.areas: dict[str, list[Area]] = {}
        for area in Area.objects.filter(level=Level.COMMUNE):
            self.areas.setdefault(area.code, []).append(area)
        self.sets = {each.number: each for each in ProductSet.objects.all()}
        codes = {one_line(row.said.get("code", "")) for row in rows}
        related = ("producer", "area", "product_set", "standing")
        named = Product.objects.select_related(*related).filter(code__in=codes - {""})
        self.products = {each.code: each for each in named}
        self.certificates: dict[int, list[Rating]] = defaultdict(list)
        for rating in Rating.objects.filter(status=Rating.Status.RECOGNISED, product__code__in=[*self.products]):
            self.certificates[rating.product_id].append(rating)
        numbers = {row.said.get("certificate_no") for row in rows} - {"", None}
        held = Rating.objects.filter(certificate_no__in=numbers).values_list("certificate_no", "product__code")
        self.numbers = dict(held)
        self.seen_codes: dict[str, Row] = {}
        self.seen_numbers: dict[str, Row] = {}

    def area_on(self, code: str, on: dt.date) -> Area | None:
        """The unit that the code named on the day, else the latest that ever had it."""
        units = self.areas.get(code, [])
        standing = [each for each in units if (each.valid_from or dt.date.min) <= on <= (each.valid_to or dt.date.max)]
        return standing[0] if standing else max(units, key=lambda each: each.valid_from or dt.date.min, default=None)


def check(rows: list[Row], by: User) -> Outcome:
    """Every row against the register and the rules: a constant number of statements."""
    known, outcome = _Known(rows, by), Outcome()
    for row in rows:
        staged, faults = _staged(row, known)
        outcome.faults += faults
        if staged is None or faults:
            continue
        outcome.certificates += staged.certificate is not None
        if staged.product is None:
            outcome.new.append(staged)
        elif staged.certificate or differs(staged):
            outcome.changed.append(staged)
        else:
            outcome.unchanged += 1
    return outcome


def _staged(row: Row, known: _Known) -> tuple[Staged | None, list[Fault]]:
    said = row.said
    code = one_line(said.get("code", ""))
    stored = known.products.get(code)
    on = said.get("on") or said.get("decided_on") or (timezone.localdate() if stored else None)
    if on is None:
        return None, [row.fault("on", "Ghi ngày vào sổ hoặc ngày quyết định.")]
    area = stored.area if stored else known.area_on(one_line(said.get("area_code", "")), on)
    if area is None or area.pk not in known.keeps:
        return None, [row.fault("area_code", "Không có xã mã này trong địa bàn của bạn.")]
    if stored and said.get("area_code") != area.code:
        return None, [row.fault("area_code", f"Sản phẩm này được công nhận ở {area.name} (mã {area.code}).")]
    faults = _twice(row, code, known)
    product = Said(
        name=said.get("name", ""),
        producer_name=said.get("producer_name", ""),
        producer_kind=said.get("producer_kind", ""),
        area=area,
        on=min(on, area.valid_to or on) if stored else on,
        group=said.get("group", ""),
        product_set=known.sets.get(said.get("set_number") or 0),
        story=stored.story if stored else "",
        traceability_code=said.get("traceability_code", ""),
        code=code,
    )
    if said.get("set_number") and product.product_set is None:
        faults.append(row.fault("set_number", f"Không có bộ sản phẩm số {said['set_number']}."))
    wrong = {{"area": "area_code"}.get(name, name): text for name, text in register.faults_of(product).items()}
    faults += [row.fault(name, message) for name, message in wrong.items()]
    if on > timezone.localdate():
        faults.append(row.fault("on", "Ngày vào sổ không được sau hôm nay."))
    certificate, wrong_certificate = _certificate(row, area, stored, known)
    return Staged(row, product, certificate, stored), faults + wrong_certificate


def _twice(row: Row, code: str, known: _Known) -> list[Fault]:
    if not code:
        return []
    first = known.seen_codes.setdefault(code, row)
    return [] if first is row else [row.fault("code", f"Mã {code} đã có ở dòng {first.number + 1}.")]


def _certificate(row: Row, area: Area, stored: Product | None, known: _Known) -> tuple[Certificate | None, list[Fault]]:
    """The certificate of the row; none where it has no stars, or where the product holds that very one."""
    said = row.said
    if not said.get("stars"):
        return None, []
    held = stored.standing if stored else None
    if held and (held.stars, held.decided_on) == (said["stars"], said.get("decided_on")):
        return None, []
    if not said.get("decided_on"):
        return None, [row.fault("decided_on", "Ghi ngày quyết định.")]
    if area.pk not in known.rates:
        return None, [row.fault("stars", "Bạn không được ghi giấy chứng nhận; để trống các cột này.")]
    scores = {part: said[name] for part, name in _PARTS.items() if said.get(name) is not None}
    found = Certificate(
        stars=said["stars"],
        kind=said.get("kind") or Rating.Kind.FIRST,
        decided_on=said["decided_on"],
        decision=said.get("decision", ""),
        certificate_no=said.get("certificate_no", ""),
        scores=scores,
    )
    wrong = faults_of(found) or order_fault(found, known.certificates[stored.pk] if stored else ())
    faults = [row.fault(*wrong)] if wrong else []
    return found, faults + _numbered_twice(row, found.certificate_no, known)


def _numbered_twice(row: Row, number: str, known: _Known) -> list[Fault]:
    if not number:
        return []
    if number in known.numbers:
        return [row.fault("certificate_no", f"Số {number} đã có ở sản phẩm {known.numbers[number]}.")]
    first = known.seen_numbers.setdefault(number, row)
    if first is row:
        return []
    return [row.fault("certificate_no", f"Số {number} đã có ở dòng {first.number + 1}.")]


def differs(staged: Staged) -> bool:
    stored, said = staged.product, staged.said
    if stored is None:
        return True
    now = (stored.name, stored.producer.name, stored.producer.kind, stored.traceability_code, stored.product_set_id)
    group = said.group or (said.product_set.group if said.product_set else "")
    set_id = said.product_set.pk if said.product_set else None
    typed = (one_line(said.name), one_line(said.producer_name), said.producer_kind, said.traceability_code, set_id)
    return (*now, stored.group) != (*typed, group)
