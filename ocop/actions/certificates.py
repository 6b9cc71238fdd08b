"""Certificates: recorded from their paper, compared by a second person, reminded of, revoked by two."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import has_permission
from accounts.text import one_line
from communes import epochs
from ocop.actions.shared import held, tell
from ocop.models import CertificateReminder, Entry, Product, Rating, RevocationRequest, RuleSet
from ocop.rules import stars as rules_of_stars
from ocop.rules.rulesets import RuleSet as Rules
from ocop.rules.rulesets import rules_of, rules_on
from ocop.standing import restand

P = Permission.RATE_OCOP
PART_FIELDS = {"A": "part_a", "B": "part_b", "C": "part_c"}
_LONGEST_REASON = 500


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate as its paper says it. `scores` by part, or none where the sheet is not at hand."""

    stars: int
    kind: str
    decided_on: dt.date
    decision: str
    certificate_no: str = ""
    scores: dict[str, Decimal] = field(default_factory=dict)


@transaction.atomic
def record_certificate(*, product: Product, certificate: Certificate, by: User) -> Rating:
    """Enter a certificate that was issued. It counts from its day, as not yet compared with the paper.

    Raises OutOfScope, Refused (stars outside the band of the score, over the time of another, number taken).
    """
    stored = held(product.pk, by, P)
    if fault := faults_of(certificate):
        raise Refused(fault[1], field=fault[0], code="certificate")
    made = place(stored, certificate, by)
    tell("certificate.record", made, stored.area, by, **_told(stored, made))
    return made


def faults_of(certificate: Certificate) -> tuple[str, str] | None:
    """The field and the message of what is wrong with a certificate by itself; no statement but the bands'."""
    if certificate.decided_on > timezone.localdate():
        return "decided_on", "Ngày quyết định không được sau hôm nay."
    try:
        rules = rules_on(certificate.decided_on)
    except LookupError:
        return "decided_on", "Chưa có bộ tiêu chí OCOP nào vào ngày này."
    if certificate.kind not in Rating.Kind.values:
        return "kind", "Chọn lần đầu, nâng hạng hoặc phân hạng lại."
    band = rules.band_of(certificate.stars)
    if band is None or not band.is_certifiable:
        return "stars", "Giấy chứng nhận chỉ cấp cho 3, 4 và 5 sao."
    if not one_line(certificate.decision):
        return "decision", "Ghi số quyết định."
    return _outside_band(certificate, rules) if certificate.scores else None


def _outside_band(certificate: Certificate, rules: Rules) -> tuple[str, str] | None:
    wrong = rules_of_stars.faults(certificate.scores, rules)
    if wrong:
        part, message = next(iter(wrong.items()))
        return PART_FIELDS.get(part, "part_a"), message
    found = rules_of_stars.rate(certificate.scores, rules)
    if found.stars != certificate.stars:
        return (
            "stars",
            f"{found.total} điểm là {found.stars} sao theo {rules.number}, không phải {certificate.stars} sao.",
        )
    return None


def place(product: Product, certificate: Certificate, by: User, *, is_provisional: bool | None = None) -> Rating:
    """Write the certificate after those that the product holds; the caller has locked the product."""
    known = Rating.objects.filter(product=product, status=Rating.Status.RECOGNISED)
    if fault := order_fault(certificate, list(known)):
        raise Refused(fault[1], field=fault[0], code="overlap")
    known.filter(replaced_on=None).update(replaced_on=certificate.decided_on)
    made = built(product, certificate, by, confirmed=confirmed_bands())
    if is_provisional is not None:
        made.is_provisional = is_provisional
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as twin:
        number = made.certificate_no
        raise Refused(f"Số giấy chứng nhận {number} đã có trong sổ.", field="certificate_no", code="taken") from twin
    restand([product.pk])
    return made


def built(product: Product, certificate: Certificate, by: User, *, confirmed: set[str]) -> Rating:
    """The certificate as a rating that is not saved yet; `confirmed` are the rule sets whose bands were compared."""
    rules = rules_on(certificate.decided_on)
    doubtful = (
        bool(certificate.scores)
        and rules_of_stars.rate(certificate.scores, rules, are_bands_confirmed=rules.slug in confirmed).is_provisional
    )
    return Rating(
        product=product,
        stars=certificate.stars,
        status=Rating.Status.RECOGNISED,
        kind=certificate.kind,
        year=certificate.decided_on.year,
        decided_on=certificate.decided_on,
        expires_on=rules_of_stars.certificate_end(certificate.decided_on, rules),
        rule_set=rules.slug,
        decision=one_line(certificate.decision)[:60],
        issuer=rules_of_stars.recogniser_of(certificate.stars, certificate.decided_on, rules) or "",
        certificate_no=one_line(certificate.certificate_no)[:60],
        is_provisional=doubtful,
        recorded_by=by,
        recorded_at=timezone.now(),
        is_illustrative=by.is_demo,
        **columns(certificate.scores),
    )


def columns(scores: dict[str, Decimal]) -> dict[str, Decimal]:
    """Part scores as columns, with their total."""
    if not scores:
        return {}
    return {PART_FIELDS[part]: score for part, score in scores.items()} | {"total": sum(scores.values(), Decimal(0))}


def order_fault(certificate: Certificate, known: Sequence[Rating]) -> tuple[str, str] | None:
    """The field and the message of what speaks against it beside the product's `known` certificates.

    No two over the same time: an upgrade or a new rating takes the place of the one before.
    """
    expires_on = rules_of_stars.certificate_end(certificate.decided_on, rules_on(certificate.decided_on))
    if certificate.kind == Rating.Kind.FIRST:
        crossing = [each for each in known if _crosses(each, certificate.decided_on, expires_on)]
        other = max(crossing, key=lambda each: each.decided_on, default=None)
        return ("decided_on", _over(other)) if other else None
    standing = [each for each in known if each.replaced_on is None]
    before = max(standing, key=lambda each: (each.decided_on, each.pk), default=None)
    if before is None:
        return "kind", "Sản phẩm chưa có chứng nhận nào: đây là lần đầu."
    if certificate.decided_on <= before.decided_on:
        return "decided_on", _over(before)
    if certificate.kind == Rating.Kind.UPGRADE and certificate.stars <= before.stars:
        return "stars", f"Sản phẩm đang có {before.stars} sao: nâng hạng phải cao hơn."
    return None


def _crosses(other: Rating, start: dt.date, end: dt.date) -> bool:
    ended = other.replaced_on or other.expires_on
    return other.decided_on <= end and (ended is None or ended > start)


def _over(other: Rating) -> str:
    until = other.replaced_on or other.expires_on
    number = f" {other.certificate_no}" if other.certificate_no else ""
    said = f"Trùng thời gian với chứng nhận{number} {other.stars} sao từ {other.decided_on:%d/%m/%Y}"
    return f"{said} đến {until:%d/%m/%Y}." if until else f"{said}."


def confirmed_bands() -> set[str]:
    """The rule sets whose bands an officer has compared with the legal text."""
    return set(RuleSet.objects.filter(bands_confirmed_at__isnull=False).values_list("slug", flat=True))


def _told(product: Product, rating: Rating) -> dict[str, Any]:
    return {
        "name": product.name,
        "stars": rating.stars,
        "kind": rating.kind,
        "number": rating.decision,
        "certificate": rating.certificate_no,
        "decided_on": rating.decided_on.isoformat(),
    }


@transaction.atomic
def confirm_certificate(*, rating: Rating, by: User) -> Rating:
    """State that the certificate was compared with its paper. Four eyes: not by who recorded it."""
    stored = _held_rating(rating, by)
    if stored.confirmed_by_id:
        raise WrongState("Giấy chứng nhận này đã được đối chiếu.", code="confirmed")
    if stored.recorded_by_id == by.pk:
        raise NotAllowed("Người ghi không tự đối chiếu; cần một người khác.", code="four_eyes")
    stored.confirmed_by, stored.confirmed_at = by, timezone.now()
    stored.save(update_fields=["confirmed_by", "confirmed_at"])
    tell("certificate.confirm", stored, stored.product.area, by, **_told(stored.product, stored))
    return stored


def _held_rating(rating: Rating, by: User) -> Rating:
    """A standing certificate, its product under lock; absent outside the scope."""
    product = held(rating.product_id, by, P)
    stored = Rating.objects.filter(pk=rating.pk, status=Rating.Status.RECOGNISED).first()
    if stored is None:
        raise OutOfScope
    stored.product = product
    return stored


@transaction.atomic
def remind(*, rating: Rating, note: str, by: User) -> CertificateReminder:
    """Log that the producer was reminded that the certificate ends; once a day is enough."""
    product = held(rating.product_id, by)
    stored = Rating.objects.filter(pk=rating.pk, status=Rating.Status.RECOGNISED).first()
    if stored is None or product.standing_id != stored.pk:
        raise WrongState("Chứng nhận này không còn là chứng nhận hiện nay.", code="replaced")
    today = timezone.localdate()
    if stored.reminders.filter(sent_at__date=today).exists():
        raise WrongState("Hôm nay đã nhắc chủ thể này.", code="reminded")
    made = CertificateReminder.objects.create(
        rating=stored, note=one_line(note)[:300], sent_by=by, sent_at=timezone.now()
    )
    tell("certificate.remind", made, product.area, by, reason=made.note, name=product.name)
    return made


@transaction.atomic
def ask_revocation(*, rating: Rating, reason: str, by: User) -> RevocationRequest:
    """Ask that a certificate be revoked, and why. It goes on counting until a second person agrees."""
    stored = _held_rating(rating, by)
    if stored.replaced_on:
        raise WrongState("Chứng nhận này không còn là chứng nhận hiện nay.", code="replaced")
    if stored.revocation_requests.filter(settled_at=None).exists():
        raise WrongState("Đã có đề nghị thu hồi chứng nhận này.", code="asked")
    reason = one_line(reason)[:_LONGEST_REASON]
    if not reason:
        raise Refused("Ghi lý do thu hồi.", field="reason", code="required")
    made = RevocationRequest.objects.create(rating=stored, reason=reason, asked_by=by, asked_at=timezone.now())
    tell("certificate.ask-revocation", made, stored.product.area, by, reason=reason, name=stored.product.name)
    return made


@transaction.atomic
def revoke(*, request: RevocationRequest, decision: str, decided_on: dt.date, by: User) -> Rating:
    """Revoke by a decision. Four eyes: not by who asked. The certificate stays in the history, without its stars."""
    asked, certificate = _asked(request, by)
    if asked.asked_by_id == by.pk:
        raise NotAllowed("Người đề nghị thu hồi không tự quyết; cần một người khác.", code="four_eyes")
    if not one_line(decision):
        raise Refused("Ghi số quyết định thu hồi.", field="decision", code="required")
    if not certificate.decided_on <= decided_on <= timezone.localdate():
        raise Refused("Ngày thu hồi phải từ ngày chứng nhận đến hôm nay.", field="decided_on", code="out_of_range")
    made = Rating.objects.create(
        product=certificate.product,
        stars=certificate.stars,
        status=Rating.Status.REVOKED,
        kind=certificate.kind,
        year=decided_on.year,
        decided_on=decided_on,
        rule_set=certificate.rule_set,
        decision=one_line(decision)[:60],
        issuer=certificate.issuer,
        reason=asked.reason,
        recorded_by=by,
        recorded_at=timezone.now(),
        is_illustrative=by.is_demo,
    )
    Rating.objects.filter(pk=certificate.pk).update(replaced_on=decided_on)
    _settle(asked, by, is_granted=True)
    restand([certificate.product_id])
    told = {**_told(certificate.product, made), "asked_by": asked.asked_by_id}
    tell("certificate.revoke", made, certificate.product.area, by, reason=asked.reason, **told)
    return made


@transaction.atomic
def keep(*, request: RevocationRequest, by: User) -> None:
    """Turn the request down, or take it back: the certificate stays."""
    asked, certificate = _asked(request, by)
    _settle(asked, by, is_granted=False)
    tell("certificate.keep", asked, certificate.product.area, by, name=certificate.product.name, reason=asked.reason)


def _asked(request: RevocationRequest, by: User) -> tuple[RevocationRequest, Rating]:
    certificate = _held_rating(Rating.objects.get(pk=request.rating_id), by)
    asked = RevocationRequest.objects.select_for_update().get(pk=request.pk)
    if asked.settled_at:
        raise WrongState("Đề nghị này đã được giải quyết.", code="settled")
    return asked, certificate


def _settle(asked: RevocationRequest, by: User, *, is_granted: bool) -> None:
    asked.settled_by, asked.settled_at, asked.is_granted = by, timezone.now(), is_granted
    asked.save(update_fields=["settled_by", "settled_at", "is_granted"])


@transaction.atomic
def confirm_bands(*, slug: str, reference: str, by: User) -> RuleSet:
    """State that the bands of a rule set were compared with the legal text: its stars are provisional no more."""
    if not has_permission(by, Permission.SET_THRESHOLDS):
        raise OutOfScope
    stored = RuleSet.objects.select_for_update().filter(slug=slug).first()
    if stored is None or rules_of(slug) is None:
        raise OutOfScope
    if stored.bands_confirmed_at:
        raise WrongState("Dải điểm này đã được đối chiếu.", code="confirmed")
    reference = one_line(reference)[:300]
    if not reference:
        raise Refused("Ghi văn bản, điều, phụ lục đã đối chiếu.", field="reference", code="required")
    stored.bands_reference, stored.bands_confirmed_by, stored.bands_confirmed_at = reference, by, timezone.now()
    stored.save(update_fields=["bands_reference", "bands_confirmed_by", "bands_confirmed_at"])
    Rating.objects.filter(rule_set=slug, is_provisional=True).update(is_provisional=False)
    Entry.objects.filter(round__rule_set=slug, is_provisional=True).update(is_provisional=False)
    audit.record(by=by, action="bands.confirm", subject=stored, data={"slug": slug, "reference": reference})
    epochs.bump()
    return stored
