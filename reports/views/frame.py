"""What every reading page shares: GET only, kept for visitors, on the period and date of its address."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.caching import kept_for_visitors
from reports.queries.absent import lives_of
from reports.queries.commune import UnknownUnit
from reports.queries.standpoint import UnknownPeriod, find

View = Callable[..., HttpResponse]


def from_standpoint(view: View) -> View:
    """A reading page. A period without data, or a unit that was not there on the day, is said so, with 404."""

    @require_safe
    @kept_for_visitors
    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            standpoint = find(period_code=request.GET.get("ky", ""), as_of_text=request.GET.get("nhin-tu", ""))
            return view(request, standpoint, *args, **kwargs)
        except UnknownPeriod as absent:
            context = {"standpoint": find(), "period": str(absent)[:20]}
            return render(request, "reports/absent.html", context, status=404)
        except UnknownUnit as absent:
            lives = lives_of(str(absent))
            if not lives:
                raise Http404 from absent
            context = {"standpoint": standpoint, "lives": lives}
            return render(request, "reports/absent.html", context, status=404)

    return answer
