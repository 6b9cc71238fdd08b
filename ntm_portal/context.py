"""What the frame of every page needs: the menu by permission, and who is signed in.

A visitor costs no query; a signed-in person costs one (the appointments, kept for the request).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from accounts.models import Appointment, User
from accounts.roles import Permission, Role
from accounts.scope import appointments_of, has_permission

P = Permission


class Entry(NamedTuple):
    """A page of the menu. No permission named: open to everybody."""

    view: str
    label: str
    icon: str
    permissions: tuple[Permission, ...] = ()


MENU = (
    Entry("reports:home", "Tổng quan", "home"),
    Entry("reports:communes", "Bảng xã", "list"),
    Entry("criteria:my-work", "Việc của tôi", "work", (P.ENTER, P.SUBMIT, P.VERIFY, P.APPRAISE, P.APPROVE)),
    Entry("criteria:review", "Duyệt", "review", (P.VERIFY, P.APPRAISE, P.APPROVE)),
    Entry("criteria:board", "Tiến độ", "list", (P.ENTER, P.VERIFY, P.APPROVE)),
    Entry("ocop:list", "OCOP", "star"),
    Entry("criteria:sets", "Bộ tiêu chí", "law"),
    Entry("sponsorship:overview", "Đỡ đầu", "people"),
    Entry("criteria:decisions", "Quyết định", "seal"),
    Entry("reports:hall", "Trình chiếu", "file"),
    Entry("reports:documents", "Văn bản", "file", (P.MAKE_DOCUMENTS,)),
    Entry("criteria:plan-years", "Kế hoạch", "file", (P.SET_TARGETS,)),
    Entry("criteria:merit-years", "Khen thưởng", "star", (P.RECORD_DECISIONS,)),
    Entry("criteria:thresholds", "Ngưỡng", "edit", (P.SET_THRESHOLDS,)),
    Entry("criteria:departments", "Sở, ngành", "people", (P.ASSIGN_DEPARTMENTS,)),
    Entry("criteria:rounds", "Đợt", "file", (P.MANAGE_ROUNDS,)),
    Entry("communes:register", "Sổ thôn", "list", (P.KEEP_BOOK,)),
    Entry("criteria:trail", "Nhật ký", "list", (P.SEE_AUDIT,)),
    Entry("exchange:webhooks", "Kết nối", "up", (P.MANAGE_WEBHOOKS,)),
    Entry("accounts:people", "Cán bộ", "people", (P.MANAGE_PEOPLE,)),
)
LINKS = {
    "home_url": "reports:home",
    "search_url": "reports:search",
    "opendata_url": "reports:opendata",
    "sign_in_url": "accounts:sign-in",
    "sign_out_url": "accounts:sign-out",
    "password_url": "accounts:password",
    "delegations_url": "accounts:delegations",
    "tokens_url": "accounts:tokens",
    "api_docs_url": "api:docs",
    "developers_url": "exchange:developers",
}


def portal(request: HttpRequest) -> dict[str, object]:
    """Context of the page frame: `nav`, `person` and the addresses of the frame's links."""
    user = getattr(request, "user", None)
    return {
        **{name: address_of(view) for name, view in LINKS.items()},
        "nav": menu_for(user, request.path, getattr(request, "menu_counts", {})),
        "person": _person(user) if isinstance(user, User) else None,
    }


def menu_for(user, path: str, counts: Mapping[str, int] = MappingProxyType({})) -> list[dict[str, object]]:
    """Pages that exist and that `user` may open; the one that `path` stands under is current.

    `counts`: what waits on a page, by the name of its view, where the view of the moment knows it.
    """
    entries = [(entry, address_of(entry.view)) for entry in MENU]
    shown = [(entry, url) for entry, url in entries if url and _may_open(user, entry)]
    current = max((url for _, url in shown if _under(path, url)), key=len, default="")
    return [
        {"url": url, "label": e.label, "icon": e.icon, "is_current": url == current, "count": counts.get(e.view, 0)}
        for e, url in shown
    ]


def address_of(view: str) -> str:
    """Address of a page, or "" while no such page is served."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


def _may_open(user, entry: Entry) -> bool:
    if not entry.permissions:
        return True
    return user is not None and any(has_permission(user, permission) for permission in entry.permissions)


def _under(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _person(user: User) -> dict[str, object]:
    return {
        "name": str(user),
        "is_demo": user.is_demo,
        "appointments": [_in_words(appointment) for appointment in appointments_of(user)],
    }


def _in_words(appointment: Appointment) -> str:
    place = appointment.department or appointment.area
    role = Role(appointment.role).label
    said = f"{role}, {place}" if place else role
    return f"{said} (làm thay {appointment.on_behalf_of.user})" if appointment.on_behalf_of else said
