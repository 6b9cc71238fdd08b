"""Recording decisions, their revocation, and dossiers sent up."""

import datetime as dt

from django.db import transaction

from accounts import audit
from accounts.errors import OutOfScope, Refused
from accounts.models import User
from accounts.roles import Permission
from communes import epochs
from communes.models import Area, Confidence
from criteria import dirty
from criteria.models import Decision, DossierSubmission, Recognition
from criteria.queries.deciding import faults
from criteria.queries.scope import areas_for


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


def _require_sense(area: Area, tier: str, act: str, on: dt.date) -> None:
    for fault in faults([area], tier=tier, act=act, on=on):
        raise Refused(fault.message, field="area", code=fault.code)


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
