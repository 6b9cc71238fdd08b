"""Scans of signed papers: the versions of one paper, and who may see which file."""

import datetime as dt
from dataclasses import dataclass

from accounts.errors import OutOfScope
from accounts.roles import Permission
from accounts.scope import Actor, has_permission
from criteria.models import Assessment, Decision, Scan
from criteria.queries import decisions
from criteria.queries.scope import assessments_in_scope


@dataclass(frozen=True)
class Scans:
    """The scan that stands, and those that it replaced, newest first."""

    standing: Scan | None
    replaced: list[Scan]

    def came_after(self, moment: dt.datetime | None) -> bool:
        """Whether the scan that stands came after that moment."""
        return moment is not None and self.standing is not None and self.standing.added_at > moment


def of_decision(user: Actor, decision: Decision) -> Scans:
    """Scans of a decision that the person sees; what was replaced is for officers. One statement."""
    found = list(Scan.objects.filter(decision=decision).select_related("file", "added_by").order_by("-pk"))
    return _parted(found if has_permission(user, Permission.SEE_DRAFTS) else [each for each in found if _stands(each)])


def of_folder(user: Actor, assessment: Assessment) -> Scans:
    """Scans of a unit's signed sheet, for those who see the whole folder: the sheet holds every value of it."""
    if not assessments_in_scope(user, Permission.SEE_DRAFTS).filter(pk=assessment.pk).exists():
        return Scans(None, [])
    return _parted(list(Scan.objects.filter(assessment=assessment).select_related("file", "added_by").order_by("-pk")))


def in_sight(user: Actor, key: str) -> Scan:
    """The scan whose file lies under `key`, where the person may see its paper. Raises OutOfScope."""
    found = Scan.objects.filter(file__key=key).select_related("file", "assessment__area").first()
    if found is None or not _is_in_sight(user, found):
        raise OutOfScope
    return found


def _is_in_sight(user: Actor, scan: Scan) -> bool:
    if folder := scan.assessment:
        return assessments_in_scope(user, Permission.SEE_DRAFTS).filter(pk=folder.pk).exists()
    is_seen = _stands(scan) or has_permission(user, Permission.SEE_DRAFTS)
    return is_seen and decisions.in_sight(user).filter(scans=scan).exists()


def _stands(scan: Scan) -> bool:
    return scan.replaced_at is None


def _parted(found: list[Scan]) -> Scans:
    return Scans(next(filter(_stands, found), None), [each for each in found if not _stands(each)])
