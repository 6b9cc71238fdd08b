"""A step on every value of the queue that carries no flag: first what that would be, then the act."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from communes.templatetags.vietnamese import so
from criteria.actions import readings
from criteria.forms import AcceptForm
from criteria.procedure import Step
from criteria.queries import at_once
from criteria.queries import review as queues
from criteria.views.refusals import DeskRequest, attempt, desk_page, see_other
from criteria.views.review import address, asked_filter, asked_step

NAMED = 10
UNREAD = "Danh sách giá trị không đọc được. Xem lại số dưới đây rồi bấm lần nữa."


@desk_page
@require_http_methods(["GET", "POST"])
def accept(request: DeskRequest) -> HttpResponse:
    """GET counts and asks; POST takes the step on the values that the page showed, in the versions it showed."""
    step = asked_step(request.GET.get("buoc", ""))
    if step is None:
        raise Http404
    if request.method == "GET":
        return _page(request, step)
    form = AcceptForm({**request.POST.dict(), "buoc": step.value})
    if not form.is_valid():
        return _page(request, step, fault=UNREAD, status=422)
    done, refused = attempt(readings.accept, step=step, versions=form.versions, by=request.user)
    if refused:
        return _page(request, step, fault=refused.message, status=refused.status)
    _tell(request, done, queues.STEP_WORDS[step].lower())
    return see_other(address(step, asked_filter(request.GET)))


def _page(request: DeskRequest, step: Step, *, fault: str = "", status: int = 200) -> HttpResponse:
    plain = at_once.without_flags(request.user, step=step, chosen=asked_filter(request.GET))
    context = {"plain": plain, "word": queues.STEP_WORDS[step].lower(), "fault": fault}
    return render(request, "criteria/accept.html", context, status=status)


def _tell(request: DeskRequest, done: readings.Accepted, word: str) -> None:
    messages.success(request, f"Đã {word} {so(done.moved)} giá trị không có cảnh báo.")
    if done.own:
        messages.warning(request, f"Để lại {so(done.own)} giá trị của chính bạn cho người khác.")
    if done.changed:
        messages.warning(request, f"Để lại {so(len(done.changed))} giá trị vừa đổi: {_named(done.changed)}.")
    if done.stopped:
        messages.warning(request, f"Phần còn lại chưa {word}: {done.stopped}")


def _named(reading_ids: list[int]) -> str:
    names = at_once.names_of(reading_ids)
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" và {so(rest)} giá trị khác" if rest > 0 else "")
