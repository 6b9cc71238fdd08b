"""Keeping the scan of a signed paper; a newer one replaces it with a reason, and the older is kept."""

from collections.abc import Callable
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, Refused, WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import has_permission
from accounts.text import one_line
from communes import epochs
from communes.queries import path_of
from criteria.actions import taking
from criteria.actions.readings.shared import CLOSED, WRONG_ROLE
from criteria.models import Assessment, Decision, Scan
from criteria.queries import papers
from criteria.queries.sheet import Sheet, sheet
from files.receiving import Received

KINDS = ("pdf", "jpeg", "png")
LONGEST_NOTE = 300


class Paper(NamedTuple):
    """The place and the mark of what is scanned, where it has them."""

    place: str = ""
    mark: str = ""


def keep_of_decision(*, decision: Decision, received: Received, note: str = "", by: User) -> Scan:
    """Keep the scan of a decision. The bytes of the standing scan sent again are answered with it.

    Raises OutOfScope, WrongState (withdrawn), Refused (size, kind, content, no reason for a new version), NoSpace.
    """
    _require_recording(decision, by)
    return _keep({"decision_id": decision.pk}, received, note, by, lambda: _of_decision(decision, by))


def keep_of_sheet(*, assessment: Assessment, received: Received, note: str = "", by: User) -> Scan:
    """Keep the scan of a unit's signed sheet, with the mark of the figures that stand now.

    Raises OutOfScope, NotAllowed, WrongState (closed), Refused as keep_of_decision, NoSpace.
    """
    _entered(assessment, by)
    return _keep({"assessment_id": assessment.pk}, received, note, by, lambda: _of_folder(assessment, by))


def _require_recording(decision: Decision, by: User) -> None:
    if not has_permission(by, Permission.RECORD_DECISIONS):
        raise OutOfScope
    if decision.is_withdrawn:
        raise WrongState("Quyết định đã được rút, không nhận bản quét.", field="files", code="withdrawn")


def _of_decision(decision: Decision, by: User) -> Paper:
    """The decision under lock: it may have been withdrawn meanwhile."""
    epochs.bump()
    stored = Decision.objects.select_for_update(no_key=True).filter(pk=decision.pk).first()
    if stored is None:
        raise OutOfScope
    _require_recording(stored, by)
    return Paper()


def _entered(assessment: Assessment, by: User) -> Sheet:
    found = sheet(by, {"pk": assessment.pk})
    if not found.round.is_open:
        raise WrongState(CLOSED, field="files", code="round_closed")
    if not found.may_enter:
        raise NotAllowed(WRONG_ROLE, field="files")
    return found


def _of_folder(assessment: Assessment, by: User) -> Paper:
    """The folder under lock: its round may have been closed meanwhile."""
    Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
    found = _entered(assessment, by)
    place = path_of([found.area.pk], found.round.period.ends_on).get(found.area.pk, "")
    return Paper(place, papers.mark(found))


def _keep(of: dict[str, int], received: Received, note: str, by: User, lock: Callable[[], Paper]) -> Scan:
    taking.require_whole(received)
    before = _standing(of)
    if before and before.sent_sha256 == received.sha256:
        return before
    _reason(note, before)
    return taking.keep(received, KINDS, by, lambda kept: _written(of, received, kept, note, by, lock))


def _standing(of: dict[str, int]) -> Scan | None:
    return Scan.objects.filter(**of, replaced_at=None).select_related("file").first()


def _reason(note: str, before: Scan | None) -> str:
    """The note in order; Refused where a new version says no reason."""
    said = one_line(note)
    if len(said) > LONGEST_NOTE:
        raise Refused(f"Dài quá {LONGEST_NOTE} ký tự.", field="note", code="too_long")
    if before and not said:
        raise Refused("Ghi lý do thay bản quét.", field="note", code="required")
    return said


@transaction.atomic
def _written(
    of: dict[str, int], received: Received, kept: taking.Kept, note: str, by: User, lock: Callable[[], Paper]
) -> Scan:
    paper, before = lock(), _standing(of)
    if before and before.sent_sha256 == received.sha256:
        return before
    said, now = _reason(note, before), timezone.now()
    Scan.objects.filter(**of, replaced_at=None).update(replaced_at=now)
    made = Scan.objects.create(
        **of,
        file=taking.stored(kept, by),
        name=received.name,
        sent_sha256=received.sha256,
        note=said,
        mark=paper.mark,
        added_by=by,
        added_at=now,
        is_illustrative=by.is_demo,
    )
    data = {**of, "name": made.name, "sha256": made.sent_sha256, "replaces": before.pk if before else None}
    audit.record(by=by, action="scan.keep", subject=made, area_path=paper.place, reason=said, data=data)
    return made
