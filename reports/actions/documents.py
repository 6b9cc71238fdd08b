"""Asking for an official document, and making it: composed and frozen, then written to three files, as a job."""

from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import audit, jobs
from accounts.errors import OutOfScope, Refused
from accounts.models import Job, User
from accounts.text import fingerprint
from communes import epochs
from communes.queries import path_of
from criteria.models import Period, StoredFile
from files import storage
from reports.documents import content, pdf, sheet, word
from reports.documents.paper import Paper, digest, kinds
from reports.models import Document
from reports.queries import documents as queries

KIND = "document"
WRITERS: dict[str, Callable[..., bytes]] = {"docx": word.document, "pdf": pdf.document, "xlsx": sheet.workbook}
NOT_OF_PERIOD = "Loại văn bản này không lập cho kỳ đã chọn."
RESTLESS = "Số liệu đang được duyệt liên tục, chưa lập được văn bản. Thử lại sau ít phút."
_TRIES = 5


def ask(*, kind: str, period: Period, area_code: str, head: dict[str, Any], by: User) -> Document:
    """Ask for a document; the same asked again while no figure changed is answered with the first.

    Raises OutOfScope (kind, unit), Refused at the field `period`.
    """
    spec = kinds().get(kind)
    area = queries.unit_for(by, kind, period, area_code)
    if spec is None or area is None:
        raise OutOfScope
    if period.kind not in spec["periods"]:
        raise Refused(NOT_OF_PERIOD, field="period", code="period")
    with transaction.atomic():
        epoch = epochs.current()
        asked = fingerprint(kind, period.pk, area.pk, sorted(head.items()), epoch)
        made, is_new = Document.objects.get_or_create(
            asked=asked,
            defaults={
                "kind": kind,
                "period": period,
                "area": area,
                "head": head,
                "epoch": epoch,
                "asked_by": by,
                "asked_at": timezone.now(),
            },
        )
        if is_new or _has_failed(made):
            made.job = jobs.ask(kind=KIND, arguments={"document": made.pk}, by=by)
            made.save(update_fields=["job"])
            audit.record(by=by, action="document.ask", subject=made, area_path=_place(made), data={"kind": kind})
    return made


def _has_failed(made: Document) -> bool:
    return made.made_at is None and (made.job is None or made.job.is_finished)


def cancel(*, document: Document, by: User) -> None:
    """Stop the making. What was asked for stays listed, and can be asked for again. Raises OutOfScope."""
    if document.asked_by_id != by.pk or document.job_id is None:
        raise OutOfScope
    jobs.cancel(document.job_id)


# What was made ahead of a step, outside its transaction: the one writer of SQLite is not kept waiting.
_ready: dict[int, Any] = {}


def prepare(job: Job) -> None:
    """Make the next piece: the content first, then a file a step."""
    made = Document.objects.select_related("period", "area").get(pk=job.arguments["document"])
    if made.paper is None:
        _ready[job.pk] = _composed(made)
    elif name := _next_file(made):
        body = WRITERS[name](made.paper, code=made.shown_code, address=address_of(made))
        _ready[job.pk] = (name, body)


@jobs.step_of(KIND, before=prepare)
def make_step(job: Job) -> bool:
    """Keep what was made: the content, frozen with its hash; then the files."""
    made = Document.objects.select_for_update(of=("self",)).get(pk=job.arguments["document"])
    ready = _ready.pop(job.pk, None)
    if ready and made.paper is None:
        _freeze(made, *ready)
    elif ready and ready[0] == _next_file(made):
        _keep(made, *ready)
    job.total = 1 + len(WRITERS)
    job.done = (made.paper is not None) + sum(bool(getattr(made, f"{name}_id")) for name in WRITERS)
    return made.made_at is None


def _next_file(made: Document) -> str | None:
    return next((name for name in WRITERS if not getattr(made, f"{name}_id")), None)


def _composed(made: Document) -> tuple[content.Source, Paper]:
    """The content from one state of the figures: where they changed meanwhile it is composed anew."""
    for _ in range(_TRIES):
        source = content.Source(made.period, made.area)
        paper = content.compose(kind=made.kind, source=source, head=made.head)
        if epochs.current() == source.standpoint.epoch:
            return source, paper
    raise Refused(RESTLESS, code="restless")


def _freeze(made: Document, source: content.Source, paper: Paper) -> None:
    made.paper, made.sha256, made.epoch = paper, digest(paper), source.standpoint.epoch
    made.is_official, made.is_illustrative = source.is_official, any(source.made_up.values())
    made.save(update_fields=["paper", "sha256", "epoch", "is_official", "is_illustrative"])


def _keep(made: Document, name: str, body: bytes) -> None:
    setattr(made, name, _stored(made, name, body))
    made.made_at = None if _next_file(made) else timezone.now()
    made.save(update_fields=[name, "made_at"])
    if made.made_at:
        said = {"sha256": made.sha256, "code": made.code}
        audit.record(by=made.asked_by, action="document.made", subject=made, area_path=_place(made), data=said)


def _stored(made: Document, name: str, body: bytes) -> StoredFile:
    """The file in the store, whole before a row refers to it."""
    with NamedTemporaryFile(dir=storage.incoming(), delete=False) as file:
        file.write(body)
    path = Path(file.name)
    sha256 = storage.digest(path)
    return StoredFile.objects.create(
        key=storage.keep(path),
        kind=name,
        size=len(body),
        sha256=sha256,
        stored_by=made.asked_by,
        stored_at=timezone.now(),
    )


def _place(made: Document) -> str:
    return path_of([made.area_id], made.period.ends_on).get(made.area_id, "")


def address_of(made: Document) -> str:
    """The address of the page of verification, as paper shows it."""
    return f"{settings.PUBLIC_ADDRESS.rstrip('/')}/kiem-chung/{made.code}/"
