"""A workbook into the register: every row checked first, then all written in one transaction or none."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import OutOfScope, Refused
from accounts.models import User
from accounts.roles import Permission
from accounts.text import one_line
from communes import epochs
from communes.book import last_day
from communes.models import Area, Level
from communes.queries import path_of
from communes.text import search_key
from ocop.actions import register
from ocop.actions.certificates import Certificate, bands_confirmed, columns, faults_of, place
from ocop.actions.register import Said
from ocop.models import Producer, Product, ProductSet, Rating
from ocop.queries.scope import area_ids
from ocop.rules import stars
from ocop.rules.rulesets import all_rules, rules_on
from ocop.standing import restand
from ocop.workbooks.reading import Fault, Row, Table

_BATCH = 500
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
    """What came of the check."""

    new: list[Staged] = field(default_factory=list)
    changed: list[Staged] = field(default_factory=list)
    unchanged: int = 0
    certificates: int = 0
    faults: list[Fault] = field(default_factory=list)


class _Known:
    """What the rows are compared with: read once, whatever their number."""

    def __init__(self, rows: list[Row], by: User) -> None:
        self.keeps, self.rates = area_ids(by, Permission.KEEP_OCOP), area_ids(by, Permission.RATE_OCOP)
        if not self.keeps:
            raise OutOfScope
        self.areas: dict[str, list[Area]] = {}
        for area in Area.objects.filter(level=Level.COMMUNE):
            self.areas.setdefault(area.code, []).append(area)
        self.sets = {each.number: each for each in ProductSet.objects.all()}
        codes = {one_line(row.said.get("code", "")) for row in rows}
        related = ("producer", "area", "product_set", "standing")
        self.products = {each.code: each for each in Product.objects.select_related(*related) if each.code in codes}
        numbers = {row.said.get("certificate_no") for row in rows} - {"", None}
        held = Rating.objects.exclude(certificate_no="").values_list("certificate_no", "product__code")
        self.numbers = {number: code for number, code in held if number in numbers}
        self.seen_codes: dict[str, Row] = {}
        self.seen_numbers: dict[str, Row] = {}

    def area_on(self, code: str, on: dt.date) -> Area | None:
        """The unit that the code named on the day, else the latest that ever had it."""
        units = self.areas.get(code, [])
        standing = [each for each in units if (each.valid_from or dt.date.min) <= on <= (each.valid_to or dt.date.max)]
        return standing[0] if standing else max(units, key=lambda each: each.valid_from or dt.date.min, default=None)


def check(read: Table, by: User) -> Outcome:
    """Every row against the register and the rules; nothing is written. A constant number of statements."""
    known, outcome = _Known(read.rows, by), Outcome(faults=list(read.faults))
    for row in read.rows:
        staged, faults = _staged(row, known)
        outcome.faults += faults
        if staged is None or faults:
            continue
        outcome.certificates += staged.certificate is not None
        if staged.product is None:
            outcome.new.append(staged)
        elif staged.certificate or _differs(staged):
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
    faults = [row.fault(*wrong)] if (wrong := faults_of(found)) else []
    if stored is None and found.kind != Rating.Kind.FIRST:
        faults.append(row.fault("kind", "Sản phẩm mới: đây là lần đầu."))
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


def _differs(staged: Staged) -> bool:
    stored, said = staged.product, staged.said
    if stored is None:
        return True
    now = (stored.name, stored.producer.name, stored.producer.kind, stored.traceability_code, stored.product_set_id)
    group = said.group or (said.product_set.group if said.product_set else "")
    set_id = said.product_set.pk if said.product_set else None
    typed = (one_line(said.name), one_line(said.producer_name), said.producer_kind, said.traceability_code, set_id)
    return (*now, stored.group) != (*typed, group)


@transaction.atomic
def write(*, read: Table, file_name: str, by: User) -> Outcome:
    """Check once more and write every row, or raise Refused with all `faults` and write none."""
    # First: whoever imports at the same time waits here, and then sees what was written.
    epochs.bump()
    outcome = check(read, by)
    if outcome.faults:
        _refuse(outcome.faults)
    _write_new(outcome.new, by)
    faults = [fault for staged in outcome.changed if (fault := _write_changed(staged, by))]
    if faults:
        _refuse(faults)
    # Of many products at once the place is the province's: each product has its own record as well.
    subject = outcome.new[0].product if outcome.new else outcome.changed[0].product if outcome.changed else None
    if subject is not None:
        data = {"name": file_name, "new": len(outcome.new), "changed": len(outcome.changed)}
        audit.record(by=by, action="ocop.import", subject=subject, data=data)
    return outcome


def _refuse(faults: list[Fault]) -> None:
    raise Refused(f"{len(faults)} chỗ không nhận được; chưa ghi gì.", field="file", code="faults", faults_of=faults)


def _write_new(staged: list[Staged], by: User) -> None:
    """New products with their producers and certificates: a few statements, whatever their number."""
    if not staged:
        return
    areas = {each.said.area.pk for each in staged}
    list(Area.objects.filter(pk__in=areas).order_by("pk").select_for_update())
    producers = _producers(staged, areas, by)
    codes = _Codes(areas)
    products = [
        Product(
            code=each.said.code or codes.next(each.said.area, each.said.on.year),
            area=each.said.area,
            producer=producers[_identity(each.said)],
            is_illustrative=by.is_demo,
            **register.written(each.said, by),
        )
        for each in staged
    ]
    for each, made in zip(staged, Product.objects.bulk_create(products, batch_size=_BATCH), strict=True):
        each.product = made
    confirmed = {rules.slug for rules in all_rules() if bands_confirmed(rules.slug)}
    ratings = [
        _rating(each.product, each.certificate, confirmed, by) for each in staged if each.product and each.certificate
    ]
    Rating.objects.bulk_create(ratings, batch_size=_BATCH)
    for start in range(0, len(products), _BATCH):
        restand(product.pk for product in products[start : start + _BATCH])
    _tell(products, ratings, by)


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


def _identity(said: Said) -> tuple[int, str]:
    return said.area.pk, one_line(said.producer_name).casefold()


def _producers(staged: list[Staged], areas: set[int], by: User) -> dict[tuple[int, str], Producer]:
    known = {(each.area_id, each.name.casefold()): each for each in Producer.objects.filter(area_id__in=areas)}
    fresh: dict[tuple[int, str], Producer] = {}
    for each in staged:
        key, name = _identity(each.said), one_line(each.said.producer_name)
        if key not in known and key not in fresh:
            fresh[key] = Producer(
                name=name,
                kind=each.said.producer_kind,
                area=each.said.area,
                search_key=search_key(name)[:240],
                is_illustrative=by.is_demo,
            )
    Producer.objects.bulk_create(fresh.values(), batch_size=_BATCH)
    return known | fresh


def _rating(product: Product, certificate: Certificate, confirmed: set[str], by: User) -> Rating:
    """The first certificate of a new product: nothing stands before it."""
    rules = rules_on(certificate.decided_on)
    doubtful = bool(certificate.scores) and stars.rate(certificate.scores, rules).is_provisional
    return Rating(
        product=product,
        stars=certificate.stars,
        status=Rating.Status.RECOGNISED,
        kind=certificate.kind,
        year=certificate.decided_on.year,
        decided_on=certificate.decided_on,
        expires_on=stars.certificate_end(certificate.decided_on, rules),
        rule_set=rules.slug,
        decision=one_line(certificate.decision)[:60],
        issuer=stars.recogniser_of(certificate.stars, certificate.decided_on, rules) or "",
        certificate_no=certificate.certificate_no[:60],
        is_provisional=doubtful and rules.slug not in confirmed,
        recorded_by=by,
        recorded_at=timezone.now(),
        is_illustrative=by.is_demo,
        **columns(certificate.scores),
    )


def _tell(products: list[Product], ratings: list[Rating], by: User) -> None:
    places = _places({product.area for product in products})
    events = [
        audit.event(
            by=by,
            action="product.register",
            subject=product,
            area_path=places.get(product.area_id, ""),
            data={"after": register.told(product)},
        )
        for product in products
    ]
    events += [
        audit.event(
            by=by,
            action="certificate.record",
            subject=rating,
            area_path=places.get(rating.product.area_id, ""),
            data={"name": rating.product.name, "stars": rating.stars, "number": rating.decision},
        )
        for rating in ratings
    ]
    audit.record_many(events)


def _places(areas: Iterable[Area]) -> dict[int, str]:
    """Where each unit stands, or stood last: a statement for each last day."""
    by_day: dict[dt.date, list[int]] = {}
    for area in areas:
        by_day.setdefault(last_day(area), []).append(area.pk)
    return {pk: path for on, ids in by_day.items() for pk, path in path_of(ids, on).items()}


def _write_changed(staged: Staged, by: User) -> Fault | None:
    stored = staged.product
    if stored is None:
        return None
    try:
        if _differs(staged):
            register.correct_product(product=stored, version=stored.version, said=staged.said, by=by)
        if staged.certificate:
            made = place(stored, staged.certificate, by)
            data = {"name": stored.name, "stars": made.stars, "number": made.decision}
            area_path = _places([stored.area]).get(stored.area_id, "")
            audit.record(by=by, action="certificate.record", subject=made, area_path=area_path, data=data)
    except Refused as refused:
        return staged.row.fault(refused.field, refused.message)
    return None
