"""Rating by a council: a round is opened, products come before it, members score, one concludes, another settles."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfScope, Refused, Stale, WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.text import one_line
from communes.models import Area, Level
from communes.queries import areas_within
from ocop.actions import certificates
from ocop.actions.certificates import PART_FIELDS, Certificate, columns, confirmed_bands
from ocop.actions.shared import tell
from ocop.models import CouncilMember, Entry, Product, Rating, RatingRound, ScoreSheet
from ocop.queries.scope import reaches
from ocop.rules import stars
from ocop.rules.rulesets import RuleSet, rules_of, rules_on

MOST_MEMBERS = 30
STALE = "Người khác vừa sửa. Xem lại rồi làm tiếp."
_LEVELS = {Level.DISTRICT: Rating.Issuer.DISTRICT, Level.PROVINCE: Rating.Issuer.PROVINCE}


@dataclass(frozen=True)
class Member:
    """A member as typed: name and post."""

    name: str
    post: str = ""


@transaction.atomic
def open_round(
    *, area: Area, year: int, number: int, held_on: dt.date, members: list[Member], decision: str, by: User
) -> RatingRound:
    """Open a round of a district or the province with its council; the rules are those of the day it sits."""
    if not reaches(by, Permission.RATE_OCOP, area):
        raise OutOfScope
    rules = _require_sense(area, year, held_on)
    made = _created(area=area, year=year, number=number, held_on=held_on, rules=rules, decision=decision, by=by)
    CouncilMember.objects.bulk_create(
        CouncilMember(round=made, name=each.name, post=each.post) for each in _members(members)
    )
    tell("council.open", made, area, by, name=str(made), set=rules.slug, members=len(members))
    return made


def _require_sense(area: Area, year: int, held_on: dt.date) -> RuleSet:
    if area.level not in _LEVELS:
        raise Refused("Hội đồng là của cấp huyện hoặc cấp tỉnh.", field="area", code="level")
    if area.valid_to and held_on > area.valid_to:
        raise Refused(f"{area.name} đã kết thúc ngày {area.valid_to:%d/%m/%Y}.", field="held_on", code="ended")
    if held_on > timezone.localdate() or not held_on.year - 1 <= year <= held_on.year:
        raise Refused("Ngày họp đến hôm nay, trong năm của đợt hoặc năm sau.", field="held_on", code="out_of_range")
    try:
        return rules_on(held_on)
    except LookupError as unknown:
        raise Refused("Chưa có bộ tiêu chí OCOP nào vào ngày này.", field="held_on", code="no_rules") from unknown


def _created(
    *, area: Area, year: int, number: int, held_on: dt.date, rules: RuleSet, decision: str, by: User
) -> RatingRound:
    if not 1 <= number <= 99:
        raise Refused("Số đợt từ 1 đến 99.", field="number", code="out_of_range")
    try:
        with transaction.atomic():
            return RatingRound.objects.create(
                area=area,
                year=year,
                number=number,
                held_on=held_on,
                rule_set=rules.slug,
                decision=one_line(decision)[:60],
                opened_by=by,
                opened_at=timezone.now(),
                is_illustrative=by.is_demo,
            )
    except IntegrityError as twin:
        raise Refused(f"Đợt {number}/{year} đã có.", field="number", code="taken") from twin


def _members(members: list[Member]) -> list[Member]:
    cleaned = [Member(one_line(each.name), one_line(each.post)) for each in members if one_line(each.name)]
    names = [each.name.casefold() for each in cleaned]
    if not cleaned:
        raise Refused("Ghi ít nhất một thành viên.", field="members", code="required")
    if len(cleaned) > MOST_MEMBERS:
        raise Refused(f"Nhiều nhất {MOST_MEMBERS} thành viên.", field="members", code="too_many")
    for number, each in enumerate(cleaned, start=1):
        if len(each.name) > 120 or len(each.post) > 120:
            raise Refused(f"Dòng {number}: dài quá 120 ký tự.", field="members", code="too_long")
        if names.index(each.name.casefold()) != number - 1:
            raise Refused(f"Dòng {number}: {each.name} ghi hai lần.", field="members", code="twice")
    return cleaned


@transaction.atomic
def enter_product(*, round: RatingRound, code: str, kind: str, by: User) -> Entry:
    """Bring a product before the council: a first rating, an upgrade, or a rating again at the end of a certificate."""
    opened = _held_round(round.pk, by)
    product = Product.objects.select_related("area", "standing").filter(code=one_line(code)).first()
    if product is None or not _stands_in(product, opened):
        raise Refused(f"Không có sản phẩm mã “{one_line(code)[:40]}” ở {opened.area.name}.", field="code")
    if kind not in Rating.Kind.values:
        raise Refused("Chọn lần đầu, nâng hạng hoặc phân hạng lại.", field="kind", code="unknown")
    if fault := _wrong_kind(product, kind, opened.held_on):
        raise Refused(fault, field="kind", code="kind")
    try:
        with transaction.atomic():
            made = Entry.objects.create(round=opened, product=product, kind=kind)
    except IntegrityError as twin:
        raise Refused("Sản phẩm này đã có trong đợt.", field="code", code="taken") from twin
    tell("council.enter", made, product.area, by, name=product.name, number=str(opened))
    return made


def _stands_in(product: Product, opened: RatingRound) -> bool:
    if opened.area.level == Level.PROVINCE:
        return True
    inside = areas_within([opened.area_id], min(opened.held_on, product.area.valid_to or opened.held_on))
    return inside.filter(pk=product.area_id).exists()


def _wrong_kind(product: Product, kind: str, on: dt.date) -> str:
    standing = product.standing
    if kind == Rating.Kind.FIRST and standing and (standing.expires_on is None or standing.expires_on >= on):
        return f"Sản phẩm đang có chứng nhận {standing.stars} sao: chọn nâng hạng hoặc phân hạng lại."
    if kind != Rating.Kind.FIRST and standing is None:
        return "Sản phẩm chưa có chứng nhận nào: chọn lần đầu."
    if kind == Rating.Kind.UPGRADE and standing and standing.stars == 5:
        return "Sản phẩm đã có 5 sao."
    return ""


def _held_round(round_id: int, by: User) -> RatingRound:
    found = RatingRound.objects.select_for_update(of=("self",)).select_related("area").filter(pk=round_id).first()
    if found is None or not reaches(by, Permission.RATE_OCOP, found.area):
        raise OutOfScope
    return found


def _held_entry(entry_id: int, by: User, *, state: str, version: int) -> Entry:
    rows = Entry.objects.select_for_update(of=("self",)).select_related("round__area", "product__area")
    found = rows.filter(pk=entry_id).first()
    if found is None or not reaches(by, Permission.RATE_OCOP, found.round.area):
        raise OutOfScope
    if found.version != version:
        raise Stale(STALE, version=found.version)
    if found.state != state:
        raise WrongState(f"Hồ sơ {found.get_state_display()}.", code="state")
    return found


def _rules(entry: Entry) -> RuleSet:
    rules = rules_of(entry.round.rule_set)
    if rules is None:
        raise Refused("Không có bộ tiêu chí của đợt này.", code="no_rules")
    return rules


@transaction.atomic
def score(
    *, entry: Entry, member_id: int, scores: dict[str, Decimal], comment: str, version: int, by: User
) -> ScoreSheet:
    """Write the sheet of one member; past the most of a part it is refused at that part. `version` of the sheet."""
    rows = Entry.objects.select_for_update(of=("self",)).select_related("round__area", "product__area")
    found = rows.filter(pk=entry.pk).first()
    if found is None or not reaches(by, Permission.RATE_OCOP, found.round.area):
        raise OutOfScope
    if found.state != Entry.State.SCORING:
        raise WrongState(f"Hồ sơ {found.get_state_display()}: không ghi phiếu nữa.", code="state")
    member = CouncilMember.objects.filter(pk=member_id, round=found.round).first()
    if member is None:
        raise OutOfScope
    wrong = {PART_FIELDS.get(part, part): said for part, said in stars.faults(scores, _rules(found)).items()}
    if wrong:
        field, message = next(iter(wrong.items()))
        raise Refused(message, field=field, code="scores", faults=wrong)
    sheet = ScoreSheet.objects.filter(entry=found, member=member).first() or ScoreSheet(entry=found, member=member)
    if sheet.pk and sheet.version != version:
        raise Stale(STALE, version=sheet.version)
    before = [str(getattr(sheet, name)) for name in PART_FIELDS.values()] if sheet.pk else None
    for part, value in scores.items():
        setattr(sheet, PART_FIELDS[part], value)
    sheet.comment, sheet.version = one_line(comment)[:500], sheet.version + 1
    sheet.written_by, sheet.written_at = by, timezone.now()
    sheet.save()
    Entry.objects.filter(pk=found.pk).update(version=found.version + 1)
    after = [str(value) for value in scores.values()]
    about: dict[str, Any] = {"name": found.product.name, "person": member.name, "before": before, "after": after}
    tell("council.score", sheet, found.product.area, by, **about)
    return sheet


@transaction.atomic
def conclude(*, entry: Entry, version: int, minutes: str, absent_note: str, by: User) -> Entry:
    """The mean of the sheets, its stars, and the minutes. Members without a sheet must be accounted for."""
    found = _held_entry(entry.pk, by, state=Entry.State.SCORING, version=version)
    sheets = list(found.sheets.all())
    if not sheets:
        raise Refused("Chưa có phiếu chấm nào.", field="minutes", code="no_sheet")
    missing = found.round.members.count() - len(sheets)
    if missing and not one_line(absent_note):
        message = f"{missing} thành viên chưa có phiếu: ghi phiếu, hoặc ghi ai vắng và vì sao."
        raise Refused(message, field="absent_note", code="required")
    if not minutes.strip():
        raise Refused("Ghi biên bản.", field="minutes", code="required")
    rules = _rules(found)
    mean = stars.mean([{part: getattr(s, name) for part, name in PART_FIELDS.items()} for s in sheets], rules)
    result = stars.rate(mean, rules, are_bands_confirmed=rules.slug in confirmed_bands())
    for name, value in columns(mean).items():
        setattr(found, name, value)
    found.stars, found.is_provisional = result.stars, result.is_provisional
    found.minutes, found.absent_note = minutes.strip()[:4000], one_line(absent_note)[:300]
    found.concluded_by, found.concluded_at = by, timezone.now()
    _move(found, Entry.State.CONCLUDED)
    about: dict[str, Any] = {
        "name": found.product.name,
        "stars": found.stars,
        "total": str(found.total),
        "sheets": len(sheets),
    }
    tell("council.conclude", found, found.product.area, by, **about)
    return found


@transaction.atomic
def send_back(*, entry: Entry, version: int, reason: str, by: User) -> Entry:
    """Back to scoring, with the reason; the sheets stay as they are."""
    found = _held_entry(entry.pk, by, state=Entry.State.CONCLUDED, version=version)
    reason = one_line(reason)[:500]
    if not reason:
        raise Refused("Ghi lý do trả lại.", field="reason", code="required")
    found.concluded_by, found.concluded_at, found.stars, found.is_provisional = None, None, None, False
    found.part_a, found.part_b, found.part_c, found.total = None, None, None, None
    _move(found, Entry.State.SCORING)
    tell("council.send-back", found, found.product.area, by, reason=reason, name=found.product.name)
    return found


@transaction.atomic
def settle(*, entry: Entry, version: int, decision: str, decided_on: dt.date, certificate_no: str, by: User) -> Entry:
    """Settle a concluded result: a certificate where this level recognises the star, a proposal upward where another
    does, refused below three stars. Four eyes: not by who concluded."""
    found = _held_entry(entry.pk, by, state=Entry.State.CONCLUDED, version=version)
    if found.concluded_by_id == by.pk:
        raise NotAllowed("Người kết luận không tự duyệt; cần một người khác.", code="four_eyes")
    product = (
        Product.objects.select_for_update(of=("self",)).select_related("area", "standing").get(pk=found.product_id)
    )
    level = stars.recogniser_of(found.stars or 1, found.round.held_on, _rules(found))
    found.settled_by, found.settled_at = by, timezone.now()
    if level is None or _is_no_higher(found, product):
        _move(found, Entry.State.REFUSED)
    elif level == _LEVELS[Level(found.round.area.level)]:
        found.rating = _certified(found, product, decision, decided_on, certificate_no, by)
        _move(found, Entry.State.RECOGNISED)
    else:
        found.rating = _proposed(found, product, by)
        _move(found, Entry.State.PROPOSED)
    about: dict[str, Any] = {
        "name": product.name,
        "stars": found.stars,
        "state": found.state,
        "concluded_by": found.concluded_by_id,
    }
    tell("council.settle", found, product.area, by, **about)
    return found


def _is_no_higher(entry: Entry, product: Product) -> bool:
    """An upgrade that reached no more stars than the product has: the certificate stays as it is."""
    held = product.standing
    return entry.kind == Rating.Kind.UPGRADE and held is not None and held.stars >= (entry.stars or 0)


def _move(entry: Entry, state: Entry.State) -> None:
    entry.state, entry.version = state, entry.version + 1
    entry.save()


def _scores(entry: Entry) -> dict[str, Decimal]:
    return {part: getattr(entry, name) for part, name in PART_FIELDS.items()}


def _certified(
    entry: Entry, product: Product, decision: str, decided_on: dt.date, certificate_no: str, by: User
) -> Rating:
    if decided_on < entry.round.held_on:
        raise Refused("Ngày quyết định không được trước ngày họp.", field="decided_on", code="out_of_range")
    if rules_on(decided_on).slug != entry.round.rule_set:
        raise Refused("Ngày quyết định phải trong thời gian của bộ tiêu chí đã chấm.", field="decided_on", code="rules")
    certificate = Certificate(
        stars=entry.stars or 0,
        kind=entry.kind,
        decided_on=decided_on,
        decision=decision,
        certificate_no=certificate_no,
        scores=_scores(entry),
    )
    if fault := certificates.faults_of(certificate):
        raise Refused(fault[1], field=fault[0], code="certificate")
    made = certificates.place(product, certificate, by, is_provisional=entry.is_provisional)
    # Two people stand behind it already: who concluded and who settles.
    Rating.objects.filter(pk=made.pk).update(
        year=entry.round.year, confirmed_by=entry.concluded_by, confirmed_at=entry.concluded_at
    )
    return made


def _proposed(entry: Entry, product: Product, by: User) -> Rating:
    return Rating.objects.create(
        product=product,
        stars=entry.stars or 1,
        status=Rating.Status.PROPOSED,
        kind=entry.kind,
        year=entry.round.year,
        decided_on=entry.round.held_on,
        rule_set=entry.round.rule_set,
        is_provisional=entry.is_provisional,
        recorded_by=by,
        recorded_at=timezone.now(),
        is_illustrative=by.is_demo,
        **columns(_scores(entry)),
    )
