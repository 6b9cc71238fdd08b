"""Recording decisions, their revocation, and dossiers sent up."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from communes import epochs
from communes.models import Area, Confidence
from criteria import dirty
from criteria.models import Decision, DossierSubmission, Recognition
from criteria.queries.recognition import holding
from criteria.queries.scope import areas_for

TIERS_BELOW = {"advanced": "ntm", "model": "advanced"}


def _require_reach(by: User | None, area: Area, on: dt.date) -> None:
    if by is not None and not areas_for(by, Permission.RECORD_DECISIONS, on).filter(pk=area.pk).exists():
        raise OutOfScope()


@transaction.atomic
def record_recognition(
    *,
    area: Area,
    tier: str,
    act: str,
    decision: Decision,
    result_year: int,
    by: User | None,
    confidence: str = Confidence.VERIFIED,
    model_field: str = "",
    note: str = "",
) -> Recognition:
    """Record a tier granted, carried over or revoked by a dated decision.

    The unit must exist on the decision's day; a higher tier needs the one below it; only a held tier is revoked.
    """
    if decision.issued_on is None:
        raise Refused("Quyết định phải có ngày ban hành.", field="decision", code="required")
    _require_reach(by, area, decision.issued_on)
    _require_sense(area, tier, act, decision.issued_on)
    recognition = Recognition.objects.create(
        area=area,
        tier=tier,
        act=act,
        decision=decision,
        result_year=result_year,
        counts_from=decision.issued_on,
        confidence=confidence,
        number_confidence=confidence,
        model_field=model_field,
        note=note,
        is_illustrative=bool(by and by.is_demo),
    )
    data = {"area": area.code, "tier": tier, "decision": decision.number}
    audit.record(by=by, action=f"recognition.{act}", subject=recognition, data=data)
    dirty.mark_recognition(area)
    epochs.bump()
    return recognition


@dataclass(frozen=True)
class Paper:
    """A decision as an officer has it on the desk."""

    number: str
    issued_on: dt.date
    issuer: str
    signer: str
    title: str
    tier: str
    act: str
    result_year: int


class UnitsRefused(Refused):
    """Some units of a decision cannot be taken; `faults` says why, unit by unit. Nothing was recorded."""

    default_code = "units"

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Chưa ghi được: có đơn vị không hợp lệ.", field="units", faults=faults)
        self.faults = faults


@transaction.atomic
def record_decision(*, paper: Paper, areas: Iterable[Area], by: User) -> Decision:
    """Record a decision and what it does to each of its units: all of them, or none with every reason at once.

    It counts from its day on. Until another officer has compared it with the paper it reads "chưa đối chiếu".
    """
    units = list(areas)
    if not units:
        raise Refused("Chưa nêu đơn vị nào.", field="units", code="required")
    if Decision.objects.filter(number=paper.number, issued_on=paper.issued_on).exists():
        raise Refused("Quyết định cùng số và ngày đã được ghi.", field="number", code="already_recorded")
    decision = Decision.objects.create(
        number=paper.number,
        issued_on=paper.issued_on,
        issuer=paper.issuer,
        signer=paper.signer,
        title=paper.title,
        confidence=Confidence.RECALLED,
        is_illustrative=by.is_demo,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    faults = [fault for unit in units if (fault := _recognised(decision, unit, paper, by))]
    if faults:
        raise UnitsRefused(faults)
    return decision


def _recognised(decision: Decision, area: Area, paper: Paper, by: User) -> str:
    """Record one unit of a decision; the reason where it is refused."""
    try:
        record_recognition(
            area=area,
            tier=paper.tier,
            act=paper.act,
            decision=decision,
            result_year=paper.result_year,
            by=by,
            confidence=Confidence.RECALLED,
        )
    except Refused as refused:
        return f"{area.name}: {refused.message}"
    return ""


@transaction.atomic
def confirm_decision(*, decision_id: int, by: User) -> Decision:
    """Say that a recorded decision agrees with the paper; another officer than the one who recorded it."""
    decision = Decision.objects.select_for_update(of=("self",)).filter(pk=decision_id).first()
    if decision is None or decision.recorded_by_id is None:
        raise OutOfScope()
    for area in Area.objects.filter(recognitions__decision=decision):
        _require_reach(by, area, decision.issued_on or timezone.localdate())
    if decision.confirmed_by_id is not None:
        raise WrongState("Quyết định này đã được đối chiếu.", field="decision")
    if decision.recorded_by_id == by.pk:
        raise NotAllowed("Người khác phải đối chiếu quyết định do bạn ghi.", field="decision", code="four_eyes")
    decision.confirmed_by, decision.confirmed_at = by, timezone.now()
    decision.confidence = Confidence.VERIFIED
    decision.save(update_fields=["confirmed_by", "confirmed_at", "confidence"])
    checked = {"confidence": Confidence.VERIFIED, "number_confidence": Confidence.VERIFIED}
    Recognition.objects.filter(decision=decision).update(**checked)
    audit.record(by=by, action="decision.confirm", subject=decision, data={"number": decision.number})
    epochs.bump()
    return decision


def _require_sense(area: Area, tier: str, act: str, on: dt.date) -> None:
    if not Area.objects.as_of(on).filter(pk=area.pk).exists():
        raise Refused(f"{area.name} không tồn tại vào ngày quyết định.", field="area", code="not_existing")
    wanted = (tier, TIERS_BELOW.get(tier, tier))
    held = {each for each in wanted if holding(tier=each, decided_by=on).filter(area=area).exists()}
    if act == Recognition.Act.REVOKED and tier not in held:
        raise Refused("Đơn vị không giữ bậc này để thu hồi.", field="act", code="not_held")
    if act != Recognition.Act.REVOKED and tier in TIERS_BELOW and TIERS_BELOW[tier] not in held:
        raise Refused("Đơn vị chưa được công nhận bậc liền dưới.", field="tier", code="missing_lower_tier")


@transaction.atomic
def record_submission(
    *, area: Area, tier: str, result_year: int, submitted_on: dt.date, submitted_to: str, by: User | None
) -> DossierSubmission:
    """Record that a unit's dossier was sent up."""
    _require_reach(by, area, submitted_on)
    submission = DossierSubmission.objects.create(
        area=area,
        tier=tier,
        result_year=result_year,
        submitted_on=submitted_on,
        known_on=submitted_on,
        submitted_to=submitted_to,
        recorded_by=by,
    )
    audit.record(by=by, action="dossier.submit", subject=submission, data={"area": area.code, "tier": tier})
    epochs.bump()
    return submission
