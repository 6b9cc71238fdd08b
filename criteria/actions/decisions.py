"""Decisions of recognition: recorded with all their units or with none, confirmed and withdrawn by a second person."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, Refused, Stale, WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import has_permission
from accounts.text import one_line
from communes import epochs
from communes.models import Area, Confidence, Placement, valid_on
from criteria import dirty
from criteria.models import Decision, Recognition
from criteria.queries import deciding, decisions

MOST_UNITS = 400
_LONGEST = {"number": 60, "issuer": 200, "signer": 120, "title": 300, "ground": 500}
_ASK = {
    "number": "Ghi số quyết định.",
    "issuer": "Ghi cơ quan ban hành.",
    "signer": "Ghi người ký.",
    "ground": "Ghi căn cứ thu hồi.",
}


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A decision as its paper says it."""

    number: str
    issued_on: dt.date
    issuer: str
    signer: str
    tier: str
    act: str
    result_year: int
    areas: list[Area]
    title: str = ""
    ground: str = ""
    onto: Decision | None = None  # recorded already with another tier or act: this is one more part of it


def check_decision(*, paper: Paper, by: User) -> Paper:
    """The paper with its texts in order; nothing is written. Raises Refused, with every unit's reason in `faults`."""
    _require_office(by)
    cleaned = _cleaned(_of_its_decision(paper, by))
    _require_sense(cleaned)
    found = deciding.faults(cleaned.areas, tier=cleaned.tier, act=cleaned.act, on=cleaned.issued_on, by=by)
    faults = [fault.message for fault in found] + _said_already(cleaned)
    if faults:
        message = f"{len(faults)} đơn vị không ghi được; chưa ghi gì."
        raise Refused(message, field="units", code="units", faults=faults)
    return cleaned


def _of_its_decision(paper: Paper, by: User) -> Paper:
    """A further part has the number, the day and the people of the decision that it is a part of."""
    if paper.onto is None:
        return paper
    stored = Decision.objects.filter(pk=paper.onto.pk).first()
    if stored is None or stored.recorded_by_id is None or stored.issued_on is None:
        raise OutOfScope()
    _require_standing(stored)
    if stored.recorded_by_id != by.pk:
        raise NotAllowed("Chỉ người đã ghi quyết định này ghi thêm; người khác đối chiếu.", code="four_eyes")
    if stored.confirmed_by_id:
        raise WrongState(
            "Quyết định đã đối chiếu, không ghi thêm. Ghi thiếu thì đề nghị rút rồi ghi lại.", code="confirmed"
        )
    said = {name: getattr(stored, name) for name in ("number", "issued_on", "issuer", "signer", "title")}
    return replace(paper, **said, onto=stored)


def _said_already(paper: Paper) -> list[str]:
    """Units of which the decision says this already."""
    if paper.onto is None:
        return []
    said = paper.onto.recognitions.filter(tier=paper.tier, act=paper.act).values_list("area_id", flat=True)
    known = set(said)
    return [f"{area.name} đã ghi trong quyết định này." for area in paper.areas if area.pk in known]


@transaction.atomic
def record_decision(*, paper: Paper, by: User) -> Decision:
    """Record a decision and what it says of each unit: all of it, or nothing and every reason at once.

    It counts from its day, as not yet compared with the paper (confirm_decision). Raises as check_decision.
    """
    # First: whoever records at the same time waits here, and then sees what was recorded.
    epochs.bump()
    paper = check_decision(paper=paper, by=by)
    decision = paper.onto or _created(paper, by)
    rows = Recognition.objects.bulk_create(_recognitions(paper, decision))
    _tell(f"recognition.{paper.act}", rows, decision, by)
    audit.record(by=by, action="decision.record", subject=decision, data=_said(paper))
    dirty.mark_recognition(*paper.areas)
    return decision


def _created(paper: Paper, by: User) -> Decision:
    return Decision.objects.create(
        number=paper.number,
        issued_on=paper.issued_on,
        issuer=paper.issuer,
        signer=paper.signer,
        title=paper.title,
        confidence=Confidence.PLACEHOLDER if by.is_demo else Confidence.RECALLED,
        is_illustrative=by.is_demo,
        recorded_by=by,
        recorded_at=timezone.now(),
    )


def _recognitions(paper: Paper, decision: Decision) -> list[Recognition]:
    """One row a unit. A revocation stands on the row of the unit that holds the tier, and names what it ends."""
    revoked = paper.act == Recognition.Act.REVOKED
    held = deciding.held(paper.areas, {paper.tier}, paper.issued_on) if revoked else deciding.Held()
    return [_recognition(paper, decision, area, held.by(area.pk, paper.tier)) for area in paper.areas]


def _recognition(paper: Paper, decision: Decision, area: Area, ends: Recognition | None) -> Recognition:
    return Recognition(
        area_id=ends.area_id if ends else area.pk,
        tier=paper.tier,
        act=paper.act,
        decision=decision,
        result_year=paper.result_year,
        counts_from=paper.issued_on,
        confidence=decision.confidence,
        number_confidence=decision.confidence,
        is_illustrative=decision.is_illustrative,
        revokes=ends,
        ground=paper.ground,
    )


def _said(paper: Paper) -> dict[str, object]:
    return {
        "number": paper.number,
        "issued_on": paper.issued_on.isoformat(),
        "tier": paper.tier,
        "act": paper.act,
        "result_year": paper.result_year,
        "units": [area.code for area in paper.areas],
    }


@transaction.atomic
def confirm_decision(*, decision: Decision, by: User, units: int | None = None) -> Decision:
    """State that the decision was compared with its paper. Four eyes: not by who recorded it.

    `units` is how many lines the person saw; Stale where others were recorded meanwhile.
    """
    epochs.bump()
    stored = _locked(decision, by)
    if stored.is_withdrawn:
        raise WrongState("Quyết định này đã được rút.", code="withdrawn")
    if stored.confirmed_by_id:
        raise WrongState("Quyết định này đã được đối chiếu.", code="confirmed")
    if stored.recorded_by_id == by.pk:
        raise NotAllowed("Người ghi quyết định không tự đối chiếu; cần một người khác.", code="four_eyes")
    if units is not None and units != stored.recognitions.count():
        raise Stale("Quyết định vừa được ghi thêm. Xem lại rồi đối chiếu.", code="stale")
    before = stored.confidence
    stored.confidence = Confidence.PLACEHOLDER if stored.is_illustrative else Confidence.VERIFIED
    stored.confirmed_by, stored.confirmed_at = by, timezone.now()
    stored.save(update_fields=["confidence", "confirmed_by", "confirmed_at"])
    stored.recognitions.update(confidence=stored.confidence, number_confidence=stored.confidence)
    data = {"number": stored.number, "before": before, "after": stored.confidence}
    audit.record(by=by, action="decision.confirm", subject=stored, data=data)
    return stored


@transaction.atomic
def ask_withdrawal(*, decision: Decision, reason: str, by: User) -> Decision:
    """Say that the decision was recorded wrongly, and why. It goes on counting until a second person agrees."""
    stored = _locked(decision, by)
    _require_standing(stored)
    if stored.withdrawal_asked_by_id:
        raise WrongState("Đã có đề nghị rút quyết định này.", code="asked")
    stored.withdrawal_reason = _reason(reason)
    stored.withdrawal_asked_by, stored.withdrawal_asked_at = by, timezone.now()
    stored.save(update_fields=["withdrawal_reason", "withdrawal_asked_by", "withdrawal_asked_at"])
    data = {"number": stored.number}
    audit.record(by=by, action="decision.ask", subject=stored, reason=stored.withdrawal_reason, data=data)
    return stored


@transaction.atomic
def keep_decision(*, decision: Decision, by: User) -> Decision:
    """Turn the request to withdraw down, or take it back: the decision stays as it is."""
    stored = _locked(decision, by)
    _require_asked(stored)
    data = {"number": stored.number, "asked_by": stored.withdrawal_asked_by_id, "reason": stored.withdrawal_reason}
    stored.withdrawal_reason, stored.withdrawal_asked_by, stored.withdrawal_asked_at = "", None, None
    stored.save(update_fields=["withdrawal_reason", "withdrawal_asked_by", "withdrawal_asked_at"])
    audit.record(by=by, action="decision.keep", subject=stored, data=data)
    return stored


@transaction.atomic
def withdraw_decision(*, decision: Decision, by: User) -> Decision:
    """Withdraw a wrongly recorded decision: it stays readable, and nothing of it counts on any date.

    Four eyes: not by who asked. Raises WrongState where a later revocation rests on it.
    """
    epochs.bump()
    stored = _locked(decision, by)
    _require_asked(stored)
    if stored.withdrawal_asked_by_id == by.pk:
        raise NotAllowed("Người đề nghị rút không tự rút; cần một người khác.", code="four_eyes")
    _require_nothing_rests_on(stored)
    stored.withdrawn_by, stored.withdrawn_at = by, timezone.now()
    stored.save(update_fields=["withdrawn_by", "withdrawn_at"])
    rows = list(stored.recognitions.select_related("area"))
    stored.recognitions.update(withdrawn_at=stored.withdrawn_at)
    _tell("recognition.withdrawn", rows, stored, by)
    reason, data = stored.withdrawal_reason, {"number": stored.number, "asked_by": stored.withdrawal_asked_by_id}
    audit.record(by=by, action="decision.withdraw", subject=stored, reason=reason, data=data)
    dirty.mark_recognition(*(row.area for row in rows))
    return stored


def _locked(decision: Decision, by: User) -> Decision:
    _require_office(by)
    stored = Decision.objects.select_for_update().filter(pk=decision.pk).first()
    if stored is None:
        raise OutOfScope()
    return stored


def _require_office(by: User) -> None:
    if not has_permission(by, Permission.RECORD_DECISIONS):
        raise OutOfScope()


def _require_standing(stored: Decision) -> None:
    if stored.is_withdrawn:
        raise WrongState("Quyết định này đã được rút.", code="withdrawn")


def _require_asked(stored: Decision) -> None:
    _require_standing(stored)
    if stored.withdrawal_asked_by_id is None:
        raise WrongState("Chưa có đề nghị rút quyết định này.", code="not_asked")


def _require_nothing_rests_on(stored: Decision) -> None:
    later = Recognition.objects.filter(revokes__decision=stored, withdrawn_at=None).select_related("decision")
    if first := later.order_by("counts_from", "pk").first():
        message = f"Quyết định {first.decision} thu hồi theo quyết định này; rút quyết định đó trước."
        raise WrongState(message, code="revoked_later")


def _tell(action: str, rows: Iterable[Recognition], decision: Decision, by: User) -> None:
    """An event a unit, at its place on the decision's day."""
    rows = list(rows)
    on = decision.issued_on or timezone.localdate()
    placed = Placement.objects.filter(valid_on(on), area__in=[row.area_id for row in rows])
    paths = dict(placed.values_list("area_id", "path"))
    codes = dict(Area.objects.filter(pk__in=[row.area_id for row in rows]).values_list("pk", "code"))
    audit.record_many(
        audit.event(
            by=by,
            action=action,
            subject=row,
            area_path=paths.get(row.area_id, ""),
            data={"area": codes[row.area_id], "tier": row.tier, "decision": decision.number},
        )
        for row in rows
    )


def _cleaned(paper: Paper) -> Paper:
    said: dict[str, Any] = {name: one_line(getattr(paper, name)) for name in _LONGEST}
    for name, text in said.items():
        if not text and name in _ASK and (name != "ground" or paper.act == Recognition.Act.REVOKED):
            raise Refused(_ASK[name], field=name, code="required")
        if len(text) > _LONGEST[name]:
            raise Refused(f"Dài quá {_LONGEST[name]} ký tự.", field=name, code="too_long")
    if paper.act != Recognition.Act.REVOKED:
        said["ground"] = ""
    areas = list({area.pk: area for area in paper.areas}.values())
    return replace(paper, **said, areas=areas)


def _reason(text: str) -> str:
    cleaned = text.strip()
    if not cleaned:
        raise Refused("Ghi lý do rút: ghi sai chỗ nào.", field="reason", code="required")
    return cleaned[:2000]


def _require_sense(paper: Paper) -> None:
    if paper.issued_on > timezone.localdate():
        raise Refused("Ngày quyết định không được sau hôm nay.", field="issued_on", code="future")
    if paper.result_year > paper.issued_on.year:
        raise Refused("Năm của kết quả không được sau năm của quyết định.", field="result_year", code="future")
    if paper.act not in Recognition.Act.values:
        raise Refused("Chọn việc của quyết định.", field="act", code="unknown")
    if paper.tier not in dict(decisions.tiers()):
        raise Refused("Chọn bậc trong danh sách.", field="tier", code="unknown")
    if paper.onto is None and (known := deciding.same_number(paper.number, paper.issued_on)):
        message = f"Quyết định số {known.number} ngày {known.issued_on:%d/%m/%Y} đã được ghi."
        raise Refused(message, field="number", code="recorded", decision=known.pk)
    if not paper.areas:
        raise Refused("Chọn ít nhất một đơn vị.", field="units", code="required")
    if len(paper.areas) > MOST_UNITS:
        raise Refused(f"Nhiều nhất {MOST_UNITS} đơn vị một quyết định.", field="units", code="too_many")
    if paper.act == Recognition.Act.REVOKED:
        _require_limb(paper)


def _require_limb(paper: Paper) -> None:
    """Where the rulebook lists when a tier is revoked, the decision names one of these cases."""
    limbs = [text for text, _ in decisions.limbs(paper.tier)]
    if limbs and paper.ground not in limbs:
        raise Refused("Chọn trường hợp thu hồi theo quy định của bậc này.", field="ground", code="unknown_limb")
