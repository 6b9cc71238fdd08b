"""Demo accounts: named by role, not as people. They exist where somebody asked for them, and nowhere else."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import check_password, make_password
from django.db import models, transaction
from django.db.models import Q

from accounts import actions, audit
from accounts.models import ApiToken, Appointment, Department, User
from accounts.passwords import normalised
from accounts.roles import Role
from accounts.text import search_key

APPOINTED_FROM = dt.date(2023, 1, 1)
# Units are looked up as they stood on this day: the territory of the demo's open round.
TERRITORY_ON = dt.date(2024, 12, 31)
DEPARTMENT, DEPARTMENT_NAME = "so-nnptnt", "Sở Nông nghiệp và Phát triển nông thôn"


@dataclass(frozen=True)
class DemoAccount:
    """One account: what it is called, its role, and the code of its unit or department."""

    username: str
    display_name: str
    role: Role
    area_code: str = ""
    department_code: str = ""


ACCOUNTS = (
    DemoAccount("tinh", "Cán bộ minh hoạ, Văn phòng Điều phối NTM tỉnh", Role.PROVINCE_OFFICER, "42"),
    DemoAccount("tinh-2", "Cán bộ minh hoạ thứ hai, Văn phòng Điều phối NTM tỉnh", Role.PROVINCE_OFFICER, "42"),
    DemoAccount(
        "so-nnptnt", "Chuyên viên minh hoạ, Sở NN và PTNT", Role.DEPARTMENT_OFFICER, department_code=DEPARTMENT
    ),
    DemoAccount("huyen-huongkhe", "Cán bộ minh hoạ, huyện Hương Khê", Role.DISTRICT_OFFICER, "444"),
    DemoAccount("huyen-huongkhe-duyet", "Người thẩm tra minh hoạ, huyện Hương Khê", Role.DISTRICT_REVIEWER, "444"),
    DemoAccount("xa-halinh", "Cán bộ minh hoạ, xã Hà Linh", Role.COMMUNE_OFFICER, "18502"),
    DemoAccount("quantri", "Quản trị minh hoạ", Role.ADMINISTRATOR),
    DemoAccount("xem", "Người xem minh hoạ", Role.READER, "42"),
)


@transaction.atomic
def ensure_demo_accounts(password: str) -> int:
    """Make every demo account exist, active, with `password`, in its role; how many were new.

    May run any number of times. Needs the territory. The password is not checked for strength: it is printed.
    Raises PermissionError when a real account already has one of the names.
    """
    encoded = _encoded(normalised(password))
    created = sum(_ensure(account, encoded) for account in ACCOUNTS)
    return created


def active_demo_accounts() -> models.QuerySet[User]:
    """Demo accounts that can sign in: none of them belongs on a public server."""
    return User.objects.filter(is_demo=True, is_active=True)


def demo_account_lines() -> list[str]:
    """A table of the demo accounts that exist, one line each: username, role, display name."""
    known = {account.username: account for account in ACCOUNTS}
    rows = active_demo_accounts().filter(username__in=known).order_by("pk")
    width = max(map(len, known))
    return [f"{row.username:<{width}}  {known[row.username].role.label:<34}  {row.display_name}" for row in rows]


@transaction.atomic
def remove_demo_accounts() -> int:
    """Close every demo account and forget its password; how many were open.

    The rows stay, because readings and decisions name them.
    """
    rows = list(active_demo_accounts())
    for person in rows:
        person.is_active = False
        person.set_unusable_password()
        person.save(update_fields=["is_active", "password"])
        ApiToken.objects.filter(user=person).delete()
        audit.record(by=None, action="person.remove-demo", subject=person)
    return len(rows)


def _encoded(password: str) -> str:
    # One hash for all of them, kept while it fits: starting again neither hashes nor ends a session.
    kept = active_demo_accounts().order_by("pk").values_list("password", flat=True).first()
    return kept if kept and check_password(password, kept) else make_password(password)


def _ensure(account: DemoAccount, encoded: str) -> bool:
    person, is_new = User.objects.get_or_create(
        username=account.username,
        defaults={
            "display_name": account.display_name,
            "search_key": search_key(f"{account.username} {account.display_name}"),
            "password": encoded,
            "is_demo": True,
        },
    )
    if not person.is_demo:
        raise PermissionError(f"'{account.username}' is a real account here: no demo account takes its place.")
    if is_new:
        audit.record(by=None, action="person.create", subject=person, data={"is_demo": True})
    elif not person.is_active or person.password != encoded:
        person.is_active, person.must_change_password, person.password = True, False, encoded
        person.save(update_fields=["is_active", "must_change_password", "password"])
    _ensure_appointment(person, account)
    return is_new


def _ensure_appointment(person: User, account: DemoAccount) -> None:
    area, department = _area(account.area_code), _department(account.department_code)
    held = Appointment.objects.filter(user=person, role=account.role, area=area, department=department)
    if not held.exists():
        actions.appoint(
            user=person, role=account.role, area=area, department=department, valid_from=APPOINTED_FROM, by=None
        )


def _area(code: str) -> Any:
    if not code:
        return None
    since = Q(valid_from=None) | Q(valid_from__lte=TERRITORY_ON)
    until = Q(valid_to=None) | Q(valid_to__gte=TERRITORY_ON)
    return apps.get_model("communes", "Area").objects.filter(since, until).get(code=code)


def _department(code: str) -> Department | None:
    if not code:
        return None
    found, _ = Department.objects.get_or_create(code=code, defaults={"name": DEPARTMENT_NAME, "is_illustrative": True})
    return found
