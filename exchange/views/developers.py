"""Pages for those who build on the API: how to begin, what there is, which codes, what changed, how fresh it is."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from communes.templatetags.vietnamese import NOTHING
from exchange.queries import catalogue as data
from exchange.queries.code_lists import CODE_LISTS
from exchange.queries.status import status as status_now
from reports.caching import kept_for_visitors
from reports.queries.standpoint import Standpoint, find

_SNIPPETS = Path(__file__).resolve().parent.parent / "snippets"
_CHANGELOG = Path(settings.BASE_DIR) / "docs" / "api" / "changelog.yaml"
# A page of codes is for looking one up; the whole list is taken as a file.
MOST_SHOWN = 200
PAGES = (
    ("exchange:developers", "Bắt đầu"),
    ("exchange:datasets", "Danh mục dữ liệu"),
    ("exchange:code-lists", "Danh mục mã"),
    ("exchange:changelog", "Thay đổi của API"),
    ("exchange:status", "Tình trạng"),
)
KIND_WORDS = {
    "added": "Thêm",
    "changed": "Đổi",
    "fixed": "Sửa",
    "deprecated": "Sắp bỏ",
    "removed": "Bỏ",
}


@dataclass(frozen=True)
class Snippet:
    """A program to copy, its addresses those of this portal."""

    name: str
    title: str
    hint: str
    text: str


_PROGRAMS = (
    ("curl", "curl", "Dòng lệnh: kiểm tra kết nối trong một phút."),
    ("python", "Python", "Chỉ dùng thư viện có sẵn; đi hết các trang của danh sách rồi hỏi vì sao."),
    ("excel", "Excel Power Query", "Bảng tự làm mới trong Excel hoặc Power BI; dán vào Advanced Editor."),
    ("r", "R", "Một bảng dữ liệu để phân tích, không cần gói nào."),
    ("client", "Thư viện sinh từ hợp đồng", "Kiểu của mọi trường, tự động."),
)


@require_safe
@kept_for_visitors
def developers(request: HttpRequest) -> HttpResponse:
    """The five-minute start."""
    origin = f"{request.scheme}://{request.get_host()}"
    *programs, client = snippets(origin, find())
    return _page(request, "developers", {"snippets": programs, "client": client, "origin": origin})


@require_safe
@kept_for_visitors
def datasets(request: HttpRequest) -> HttpResponse:
    """The catalogue of data sets."""
    return _page(request, "developers_data", {"datasets": data.datasets(), "licence": data.licence()})


@require_safe
@kept_for_visitors
def code_lists(request: HttpRequest) -> HttpResponse:
    """Which lists of codes there are."""
    return _page(request, "developers_codes", {"lists": list(CODE_LISTS.values())})


@require_safe
@kept_for_visitors
def code_list(request: HttpRequest, name: str) -> HttpResponse:
    """One list of codes, narrowed by words."""
    if name not in CODE_LISTS:
        raise Http404
    found, text = CODE_LISTS[name], request.GET.get("tim", "")[:60].strip()
    rows = found.rows(text)
    shown = [[_said(row[column]) for column in found.columns] for row in rows[:MOST_SHOWN]]
    context = {"list": found, "text": text, "rows": shown, "count": len(rows), "lists": list(CODE_LISTS.values())}
    return _page(request, "developers_code_list", context)


@require_safe
@kept_for_visitors
def changelog(request: HttpRequest) -> HttpResponse:
    """What changed in the contract."""
    return _page(request, "developers_changes", {"releases": releases()})


@require_safe
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """How fresh the figures are at this moment."""
    return _page(request, "developers_status", {"status": status_now()})


def snippets(origin: str, standpoint: Standpoint) -> list[Snippet]:
    """The programs with the addresses, period and codes that this portal has."""
    period = standpoint.official or standpoint.period
    places = {
        "ORIGIN": origin,
        "PERIOD": period.code if period else str(standpoint.year),
        "DAY": (period.ends_on if period else standpoint.today).isoformat(),
        "SET": data.written()["example"]["set"],
        "UNIT": data.written()["example"]["unit"],
    }
    return [Snippet(name, title, hint, _filled(name, places)) for name, title, hint in _PROGRAMS]


def _filled(name: str, places: dict[str, str]) -> str:
    text = (_SNIPPETS / f"{name}.txt").read_text(encoding="utf-8").strip()
    for word, said in places.items():
        text = text.replace(word, said)
    return text


@cache
def releases() -> list[dict[str, Any]]:
    """The releases of docs/api/changelog.yaml, with the kinds in words."""
    found = yaml.safe_load(_CHANGELOG.read_text(encoding="utf-8"))
    for release in found:
        release["changes"] = [{**change, "word": KIND_WORDS[change["kind"]]} for change in release["changes"]]
    return found


def _said(value: Any) -> str:
    """A cell as a person reads it."""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return (", ".join(value) if isinstance(value, list) else str(value or "")) or NOTHING


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    match = request.resolver_match
    current = {"exchange:code-list": "exchange:code-lists"}.get(match.view_name, match.view_name) if match else ""
    return render(request, f"exchange/{name}.html", {**context, "pages": PAGES, "current": current})
