"""Official documents as pages read them: what a person may ask for, the list, one, and what anybody may verify."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.errors import OutOfScope
from accounts.models import User
from accounts.roles import Permission
from accounts.scope import granted_area_ids, has_permission
from communes.models import Area, Level
from communes.queries import areas_within
from criteria.models import Period, Round
from reports.documents.paper import Paper, digest, inside, kinds
from reports.models import CODE_LENGTH, Document

PAGE = 30


@dataclass(frozen=True)
class Offer:
    """A kind of document with the units that this person may ask it for."""

    kind: str
    spec: dict[str, Any]
    units: list[Area]


@dataclass(frozen=True)
class Listed:
    """A page of documents, the newest first; `after` is the id that the next page starts behind."""

    rows: list[Document]
    after: int | None


def periods() -> list[Period]:
    """Periods with a round, the latest first."""
    return list(Period.objects.filter(pk__in=Round.objects.values("period")).order_by("-ends_on", "-pk"))


def offers(user: User, period: Period) -> list[Offer]:
    """What the person may ask for in a period: three statements."""
    if not has_permission(user, Permission.MAKE_DOCUMENTS):
        return []
    units = list(_units(user, period))
    found = []
    for kind, spec in kinds().items():
        of_level = [area for area in units if area.level == spec["for"]]
        if of_level and period.kind in spec["periods"]:
            found.append(Offer(kind, spec, of_level))
    return found


def unit_for(user: User, kind: str, period: Period, code: str) -> Area | None:
    """The unit of that code in the period, where the person may ask for this kind of it."""
    level = kinds().get(kind, {}).get("for", "")
    return _units(user, period).filter(code=code, level=level).first() if level else None


def _units(user: User, period: Period) -> QuerySet[Area]:
    """The province and districts of the period's last day that the person answers for."""
    granted = granted_area_ids(user, Permission.MAKE_DOCUMENTS)
    levels = (Level.PROVINCE, Level.DISTRICT)
    return (
        areas_within(granted, period.ends_on).filter(level__in=levels).order_by("-level", "sort_key", "pk")
    )  # the province first


def listed(user: User, after: int | None = None) -> Listed:
    """Documents on units within the person's scope: constant statements."""
    rows = _mine(user).select_related("period", "area", "asked_by", "job").defer("paper", "head").order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: PAGE + 1])
    return Listed(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def find(user: User, pk: int) -> Document:
    """One document within the person's scope. Raises OutOfScope."""
    related = ("period", "area", "asked_by", "job", "docx", "pdf", "xlsx")
    found = _mine(user).select_related(*related).filter(pk=pk).first()
    if found is None:
        raise OutOfScope
    return found


def _mine(user: User) -> QuerySet[Document]:
    """Documents on the units that the person was appointed for, whatever those became since."""
    granted = granted_area_ids(user, Permission.MAKE_DOCUMENTS)
    inside = Area.objects.filter(pk__in=granted, level=Level.PROVINCE).exists()
    return Document.objects.all() if inside else Document.objects.filter(area__in=granted)


@dataclass(frozen=True)
class Verified:
    """A published document. `is_whole` is False where the stored content no longer gives the hash kept beside it."""

    document: Document
    is_whole: bool

    @property
    def paper(self) -> Paper:
        return self.document.paper or {}


def verify(code: str) -> Verified | None:
    """The document with that code, however it was typed; None for a code that was never given out."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    if len(plain) != CODE_LENGTH:
        return None
    related = ("period", "area", "docx", "pdf", "xlsx")
    found = Document.objects.filter(code=plain, made_at__isnull=False).select_related(*related).first()
    return Verified(found, digest(found.paper or {}) == found.sha256) if found else None


@dataclass(frozen=True)
class Progress:
    """How far the making is, while it is under way."""

    done: int
    total: int

    @property
    def words(self) -> str:
        return "đang chờ" if not self.total else f"bước {min(self.done + 1, self.total)}/{self.total}"


def progress(found: Document) -> Progress | None:
    """None where it is made, was stopped or failed."""
    if found.made_at or found.job is None or found.job.is_finished:
        return None
    return Progress(found.job.done, found.job.total)


def last_head(user: User) -> dict[str, Any] | None:
    """What the person typed around their last document."""
    return Document.objects.filter(asked_by=user).order_by("-pk").values_list("head", flat=True).first()


def usual_head(user: User, period: Period | None) -> dict[str, str]:
    """Agency and place of the highest unit that the person answers for."""
    first = _units(user, period).first() if period else None
    if first is None:
        return {}
    authority = "Chánh Văn phòng" if first.level == Level.PROVINCE else ""
    issuer = {"superior": f"UBND {inside(first.name)}", "issuer": "Văn phòng Điều phối nông thôn mới"}
    return {**issuer, "place": first.short_name, "authority": authority, "recipients": "Lưu: VT."}
