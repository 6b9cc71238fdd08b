"""The review queue, one value of it, and the steps: verify a folder, appraise, approve, return, unlock."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import Refused, Stale
from communes.templatetags.vietnamese import so
from criteria.actions import readings
from criteria.forms import REASONS, ReadingIdsForm, ReasonForm
from criteria.procedure import Step
from criteria.queries import item as items
from criteria.queries import review as queues
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other

CHANGED = "Giá trị này vừa đổi sau khi bạn mở trang. Xem lại rồi quyết định."
DONE = {Step.APPRAISE: "Đã thẩm định {} giá trị.", Step.APPROVE: "Đã phê duyệt {} giá trị."}


def _step(name: str) -> Step | None:
    return Step(name) if name in {step.value for step in queues.STEPS} else None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _queue(request: DeskRequest) -> queues.Queue:
    step, after = _step(request.GET.get("buoc", "")), queues.Place.read(request.GET.get("sau", ""))
    return queues.queue(request.user, step=step, after=after, chosen=_filter(request.GET))


def _filter(asked: QueryDict) -> queues.Filter:
    """The filter that an address or a form names; what is nonsense is left out."""
    return queues.Filter(
        criterion=_number(asked.get("tieu-chi", "")) or None,
        unit=asked.get("don-vi", "")[:10],
        flagged=asked.get("canh-bao") == "1",
    )


@desk_page
@require_GET
def review(request: DeskRequest) -> HttpResponse:
    """The page of the queue, with its first value opened beside it on a wide screen."""
    waiting = _queue(request)
    opened = items.item(request.user, waiting.values[0].reading.pk) if waiting.values else None
    return _page(request, waiting, opened)


@desk_page
@require_GET
def review_item(request: DeskRequest, reading_id: int) -> HttpResponse:
    """One value; the queue stands beside it where there is room."""
    return _page(request, _queue(request), items.item(request.user, reading_id), chosen=True)


def _page(
    request: DeskRequest,
    waiting: queues.Queue,
    opened: items.Item | None,
    *,
    chosen: bool = False,
    refused: Refused | None = None,
    form: ReasonForm | None = None,
) -> HttpResponse:
    context = {
        "queue": waiting,
        "item": opened,
        "chosen": chosen,
        "following": _following(waiting, opened),
        "steps": queues.STEP_WORDS,
        "reasons": REASONS,
        "fault": _told(refused),
        "form": form,
        "wide": True,
    }
    status = refused.status if refused else 422 if form and form.errors else 200
    return render(request, "criteria/review.html", context, status=status)


def _told(refused: Refused | None) -> str:
    if refused is None:
        return ""
    return CHANGED if isinstance(refused, Stale) else refused.message


def _following(waiting: queues.Queue, opened: items.Item | None) -> int | None:
    """The value after the opened one in the queue."""
    ids = [row.reading.pk for row in waiting.values]
    if opened is None or opened.reading.pk not in ids:
        return ids[0] if ids else None
    place = ids.index(opened.reading.pk) + 1
    return ids[place] if place < len(ids) else None


@desk_page
@require_http_methods(["GET", "POST"])
def verify(request: DeskRequest, assessment_id: int) -> HttpResponse:
    """The submitted values of one folder; verified as a whole."""
    folder = queues.folder(request.user, assessment_id)
    if request.method == "GET":
        return render(request, "criteria/verify.html", {"folder": folder})
    moved, refused = attempt(readings.verify, assessment_id=assessment_id, by=request.user)
    if refused:
        context = {"folder": folder, "fault": refused.message}
        return render(request, "criteria/verify.html", context, status=refused.status)
    messages.success(request, f"Đã thẩm tra {moved} giá trị của {folder.assessment.area.name}.")
    return see_other("criteria:review")


@desk_page
@require_POST
def appraise(request: DeskRequest) -> HttpResponse:
    """Appraise the values named in the post."""
    return _advance(request, Step.APPRAISE)


@desk_page
@require_POST
def approve(request: DeskRequest) -> HttpResponse:
    """Approve the values named in the post."""
    return _advance(request, Step.APPROVE)


AT_ONCE = 1000
ACTED = {Step.APPRAISE: "thẩm định", Step.APPROVE: "phê duyệt"}


@desk_page
@require_http_methods(["GET", "POST"])
def accept(request: DeskRequest) -> HttpResponse:
    """Take a step on every chosen value without a flag: first what that would be, then the act."""
    asked = request.GET if request.method == "GET" else request.POST
    step = _step(asked.get("buoc", ""))
    if step not in ACTED:
        raise Http404
    seen_at = _moment(asked.get("luc", "")) if request.method == "POST" else timezone.now()
    plain = queues.without_flags(request.user, step=step, chosen=_filter(asked), seen_at=seen_at)
    if request.method == "GET":
        return render(request, "criteria/accept.html", {"plain": plain, "word": ACTED[step]})
    moved, refused = _take_all(request, plain)
    if refused:
        context = {"plain": plain, "word": ACTED[step], "fault": refused.message}
        return render(request, "criteria/accept.html", context, status=refused.status)
    messages.success(request, _told_of(moved, len(plain.versions) - moved, ACTED[step]))
    return see_other("criteria:review")


def _take_all(request: DeskRequest, plain: queues.Plain) -> tuple[int, Refused | None]:
    """The step on all the values, a thousand a transaction: a crowd of readers and officers goes on meanwhile."""
    chosen, moved = sorted(plain.versions.items()), 0
    for start in range(0, len(chosen), AT_ONCE):
        some = dict(chosen[start : start + AT_ONCE])
        taken, refused = attempt(readings.accept, step=plain.step, versions=some, by=request.user)
        if refused:
            return moved, refused
        moved += taken
    return moved, None


def _told_of(moved: int, changed: int, word: str) -> str:
    left = f" {changed} giá trị vừa đổi nên để lại, xem từng giá trị." if changed else ""
    return f"Đã {word} {so(moved)} giá trị không có cảnh báo.{left}"


def _moment(text: str) -> dt.datetime:
    """When the page was shown; for nonsense the beginning of time, so that nothing is taken."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return queues.LONG_AGO
    return found if found.tzinfo else queues.LONG_AGO


def _advance(request: DeskRequest, step: Step) -> HttpResponse:
    form = ReadingIdsForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Không rõ giá trị nào được chọn. Mở lại hàng đợi.")
        return see_other("criteria:review")
    versions = form.versions
    action = readings.approve if step is Step.APPROVE else readings.appraise
    moved, refused = attempt(action, reading_ids=list(versions), versions=versions, by=request.user)
    if refused:
        first = items.item(request.user, next(iter(versions)))
        return _page(request, _queue(request), first, chosen=True, refused=refused)
    messages.success(request, DONE[step].format(moved))
    return _onward(form.cleaned_data["then"])


def _onward(following: int | None) -> HttpResponse:
    return see_other("criteria:review-item", following) if following else see_other("criteria:review")


@desk_page
@require_POST
def send_back(request: DeskRequest, reading_id: int) -> HttpResponse:
    """Return one value, with a reason, to the person who entered it."""
    return _with_reason(request, reading_id, readings.return_reading, "Đã trả lại một giá trị, kèm lý do.")


@desk_page
@require_POST
def unlock(request: DeskRequest, reading_id: int) -> HttpResponse:
    """Open one approved value again, with a reason."""
    return _with_reason(request, reading_id, readings.unlock, "Đã mở khoá một giá trị. Người nhập sửa được.")


def _with_reason(request: DeskRequest, reading_id: int, action, done: str) -> HttpResponse:
    opened, form = items.item(request.user, reading_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, _queue(request), opened, chosen=True, form=form)
    reason, version = form.cleaned_data["full_reason"], form.cleaned_data["version"]
    _, refused = attempt(action, reading_id=reading_id, reason=reason, version=version, by=request.user)
    if refused:
        return _page(
            request, _queue(request), items.item(request.user, reading_id), chosen=True, refused=refused, form=form
        )
    messages.success(request, done)
    return _onward(_number(request.POST.get("then", "")))
