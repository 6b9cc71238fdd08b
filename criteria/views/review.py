"""The review queue, one value of it, and the steps: verify a folder, appraise, approve, return, unlock."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import Refused, Stale
from criteria.actions import readings
from criteria.forms import REASONS, ReadingIdsForm, ReasonForm
from criteria.procedure import Step
from criteria.queries import item as items
from criteria.queries import review as queues
from criteria.queries import scans
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other

# Choices of the filter by age, in days.
AGES = (7, 14, 30)
CHANGED = "Giá trị này vừa đổi sau khi bạn mở trang. Xem lại rồi quyết định."
DONE = {
    Step.VERIFY: "Đã thẩm tra {} giá trị.",
    Step.APPRAISE: "Đã thẩm định {} giá trị.",
    Step.APPROVE: "Đã phê duyệt {} giá trị.",
}


ACTIONS = {Step.VERIFY: readings.verify_readings, Step.APPRAISE: readings.appraise, Step.APPROVE: readings.approve}


def asked_step(name: str) -> Step | None:
    """The step that an address names; None for anything else."""
    return Step(name) if name in {step.value for step in queues.STEPS} else None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _queue(request: DeskRequest) -> queues.Queue:
    step, after = asked_step(request.GET.get("buoc", "")), queues.Place.read(request.GET.get("sau", ""))
    return queues.queue(request.user, step=step, after=after, chosen=asked_filter(request.GET))


def asked_filter(asked: QueryDict) -> queues.Filter:
    """The filter that an address or a form names; what is nonsense is left out."""
    return queues.Filter(
        criterion=_number(asked.get("tieu-chi", "")) or None,
        unit=asked.get("don-vi", "")[:10],
        flagged=asked.get("canh-bao") == "1",
        days=min(_number(asked.get("cho", "")), 3660),
    )


def address(step: Step | None, chosen: queues.Filter) -> str:
    """The queue at a step, as it is filtered."""
    return reverse("criteria:review") + queues.query_of(step, chosen)


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
    request.menu_counts = {"criteria:review": sum(waiting.counts.values())}
    context = {
        "queue": waiting,
        "item": opened,
        "chosen": chosen,
        "following": _following(waiting, opened),
        "above": _neighbour(waiting, opened, -1),
        "steps": queues.STEP_WORDS,
        "reasons": REASONS,
        "fault": _told(refused),
        "form": form,
        "ages": AGES,
        "wide": True,
    }
    status = refused.status if refused else 422 if form and form.errors else 200
    return render(request, "criteria/review.html", context, status=status)


def _told(refused: Refused | None) -> str:
    if refused is None:
        return ""
    return CHANGED if isinstance(refused, Stale) else refused.message


def _neighbour(waiting: queues.Queue, opened: items.Item | None, by: int) -> int | None:
    """The value so many places from the opened one."""
    ids = [row.reading.pk for row in waiting.values]
    if opened is None or opened.reading.pk not in ids:
        return None
    place = ids.index(opened.reading.pk) + by
    return ids[place] if 0 <= place < len(ids) else None


def _following(waiting: queues.Queue, opened: items.Item | None) -> int | None:
    """The value after the opened one in the queue."""
    ids = [row.reading.pk for row in waiting.values]
    if opened is None or opened.reading.pk not in ids:
        return ids[0] if ids else None
    return _neighbour(waiting, opened, 1)


@desk_page
@require_http_methods(["GET", "POST"])
def verify(request: DeskRequest, assessment_id: int) -> HttpResponse:
    """The submitted values of one folder; verified as a whole."""
    folder = queues.folder(request.user, assessment_id)
    context = {"folder": folder, "signed": scans.of_folder(request.user, folder.assessment).standing}
    if request.method == "GET":
        return render(request, "criteria/verify.html", context)
    moved, refused = attempt(readings.verify, assessment_id=assessment_id, by=request.user)
    if refused:
        return render(request, "criteria/verify.html", {**context, "fault": refused.message}, status=refused.status)
    messages.success(request, f"Đã thẩm tra {moved} giá trị của {folder.assessment.area.name}.")
    return see_other("criteria:review")


@desk_page
@require_POST
def verify_values(request: DeskRequest) -> HttpResponse:
    """Verify the values named in the post."""
    return _advance(request, Step.VERIFY)


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


def _advance(request: DeskRequest, step: Step) -> HttpResponse:
    form = ReadingIdsForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Không rõ giá trị nào được chọn. Mở lại hàng đợi.")
        return see_other("criteria:review")
    versions = form.versions
    moved, refused = attempt(ACTIONS[step], reading_ids=list(versions), versions=versions, by=request.user)
    if refused:
        first = items.item(request.user, next(iter(versions)))
        return _page(request, _queue(request), first, chosen=True, refused=refused)
    messages.success(request, DONE[step].format(moved))
    return _onward(request, form.cleaned_data["then"])


def _onward(request: DeskRequest, following: int | None) -> HttpResponse:
    """The next value of the queue as it is filtered now; the queue itself behind the last one."""
    step, chosen = asked_step(request.GET.get("buoc", "")), asked_filter(request.GET)
    if following:
        return see_other(reverse("criteria:review-item", args=[following]) + queues.query_of(step, chosen))
    return see_other(address(step, chosen))


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
    if request.POST.get("ve") == "don-vi":
        folder = opened.reading.assessment
        return see_other("criteria:board-unit", folder.round_id, folder.area.code, anchor=f"v-{reading_id}")
    return _onward(request, _number(request.POST.get("then", "")))
