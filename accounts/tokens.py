"""API tokens: given for a while, for some acts, some units and some networks; shown once, rotated, ended.

Every way in of a token goes through `holder_of`: one look for the digest, whatever is wrong with it.
"""

import datetime as dt
import hashlib
import ipaddress
import secrets
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.errors import NotAllowed, OutOfScope, Refused
from accounts.models import ApiToken, User
from accounts.roles import Permission, Role, Verb
from accounts.scope import appointments_of, has_permission, places_of, shared_places
from accounts.text import search_key

DAYS, MOST_DAYS = 90, 365
MOST_TOKENS, MOST_NETWORKS = 20, 20
# A rotated token's former secret holds this long, unless it ends at once.
GRACE = dt.timedelta(hours=24)
# Being used is written down at most this often, so that reading does not write.
USED_STEP = dt.timedelta(seconds=60)
# Expired tokens stay on their owner's page this long.
EXPIRED_KEPT = dt.timedelta(days=30)
PREFIX = "ntm_"
ALL_VERBS = tuple(Verb)


@transaction.atomic
def issue(
    *,
    by: User,
    name: str = "",
    verbs: Iterable[str] = ALL_VERBS,
    area: Any = None,
    days: int = DAYS,
    networks: Iterable[str] = (),
) -> tuple[str, ApiToken]:
    """A new token of `by`: its secret, told this once, and what is kept of it.

    Raises NotAllowed while somebody else's one-time password has not been changed; Refused at `name`, `verbs`,
    `area`, `days` or `networks`.
    """
    person = User.objects.select_for_update().get(pk=by.pk)
    if person.must_change_password:
        raise NotAllowed("Hãy đăng nhập trên trang và đổi mật khẩu trước khi lấy mã truy cập.")
    now = timezone.now()
    ApiToken.objects.filter(user=person, expires_at__lt=now - EXPIRED_KEPT).delete()
    if ApiToken.objects.filter(user=person, expires_at__gt=now).count() >= MOST_TOKENS:
        raise Refused(f"Bạn đã có {MOST_TOKENS} mã còn hạn. Hãy kết thúc mã không dùng nữa.", field="name")
    secret = _secret()
    token = ApiToken(user=person, name=_name(name), verbs=_verbs(verbs), area=_area(by, area), created_at=now)
    token.networks, token.expires_at = _networks(networks), now + dt.timedelta(days=_days(days))
    _keep(token, secret)
    token.save()
    _record(by, "token.issue", token, networks=token.networks)
    return secret, token


@transaction.atomic
def rotate(*, token: ApiToken, by: User, at_once: bool = False) -> str:
    """A new secret, told this once, for as long as the token was given for; the former one holds for GRACE.

    Raises OutOfScope unless it is the person's own, Refused when it has expired.
    """
    held = _locked(token)
    if held.user_id != by.pk:
        raise OutOfScope
    if held.is_expired:
        raise Refused("Mã này đã hết hạn. Hãy tạo mã mới.")
    now, secret = timezone.now(), _secret()
    held.former_digest = None if at_once else held.digest
    held.former_until = None if at_once else min(now + GRACE, held.expires_at)
    held.expires_at, held.created_at = now + (held.expires_at - held.created_at), now
    _keep(held, secret)
    held.save()
    _record(by, "token.rotate", held, at_once=at_once)
    return secret


@transaction.atomic
def end(*, token: ApiToken, by: User) -> None:
    """Let one token end now: the person's own, or anybody's for an administrator. Raises OutOfScope."""
    held = _locked(token)
    _may_end(held.user_id, by)
    _record(by, "token.end", held)
    held.delete()


@transaction.atomic
def end_all(*, of: User, by: User) -> int:
    """Let every token of a person end now; how many there were. Raises OutOfScope."""
    _may_end(of.pk, by)
    held = list(ApiToken.objects.select_for_update().filter(user=of).order_by("pk"))
    for token in held:
        _record(by, "token.end", token)
    ApiToken.objects.filter(pk__in=[token.pk for token in held]).delete()
    return len(held)


def holder_of(secret: str, *, address: str) -> ApiToken | None:
    """The token that holds now for this secret from this address, with its person.

    None alike for unknown, expired, ended and suspended, for a network that it is not given to, and while a one-time
    password waits to be changed: one statement in each case.
    """
    digest = _digest(secret)
    is_former = Q(former_digest=digest, former_until__gt=timezone.now())
    found = ApiToken.objects.filter(Q(digest=digest) | is_former).select_related("user").first()
    if found is None or found.is_expired or not found.user.is_active or found.user.must_change_password:
        return None
    return found if _is_within(address, found.networks) else None


def note_use(token: ApiToken, *, address: str) -> None:
    """Write down that the token was used, at most once in USED_STEP; a database that is busy does not stop a read."""
    now = timezone.now()
    if token.last_used_at and now - token.last_used_at < USED_STEP:
        return
    due = Q(last_used_at=None) | Q(last_used_at__lte=now - USED_STEP)
    seen_from = str(parsed_address(address) or "") or None
    try:
        with transaction.atomic():
            ApiToken.objects.filter(due, pk=token.pk).update(last_used_at=now, last_used_from=seen_from)
    except DatabaseError:
        return
    token.last_used_at, token.last_used_from = now, seen_from


def tokens_of(person: User) -> models.QuerySet[ApiToken]:
    """A person's tokens, the newest first."""
    return ApiToken.objects.filter(user=person).select_related("area").order_by("-created_at", "-pk")


def areas_for(by: User, text: str) -> list[Any]:
    """Units that `text` (a code or a part of a name) may mean, of those that the person's appointments reach into."""
    key = search_key(text)
    if not key:
        return []
    named = apps.get_model("communes", "Area").objects.filter(Q(code=key) | Q(search_key__contains=key))
    rows = _reached(by, list(named.order_by("sort_key", "id")[:200]))
    whole = [area for area in rows if key in (area.code, search_key(area.name), search_key(area.short_name))]
    return (whole or rows)[:30]


def parsed_address(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address, an IPv4 one written as IPv6 (`::ffff:10.1.2.3`) as what it is; None where it is none."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def _digest(secret: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha512(secret.encode()).hexdigest()


def _keep(token: ApiToken, secret: str) -> None:
    token.digest, token.hint = _digest(secret), secret[:8]


def _is_within(address: str, networks: list[str]) -> bool:
    if not networks:
        return True
    at = parsed_address(address)
    return at is not None and any(at in ipaddress.ip_network(network) for network in networks)


def _name(text: str) -> str:
    name = " ".join(text.split()) or "API"
    if len(name) > 80:
        raise Refused("Tên dài nhất 80 ký tự.", field="name")
    return name


def _days(days: int) -> int:
    if not 1 <= days <= MOST_DAYS:
        raise Refused(f"Thời hạn từ 1 đến {MOST_DAYS} ngày.", field="days")
    return days


def _verbs(verbs: Iterable[str]) -> list[str]:
    asked = set(verbs)
    if unknown := sorted(asked - set(Verb.values)):
        raise Refused(f"Không có việc “{unknown[0]}”: chọn {', '.join(Verb.values)}.", field="verbs")
    # Whoever enters or takes steps sees what they work on.
    return [str(verb) for verb in Verb if verb in asked or (asked and verb == Verb.READ)]


def _networks(texts: Iterable[str]) -> list[str]:
    found = []
    for text in texts:
        try:
            found.append(str(ipaddress.ip_network(text.strip(), strict=False)))
        except ValueError as fault:
            raise Refused(
                f"Không đọc được mạng “{text.strip()[:60]}”; viết như 10.1.0.0/16, 203.0.113.7 hoặc 2001:db8::/32.",
                field="networks",
            ) from fault
    if len(found) > MOST_NETWORKS:
        raise Refused(f"Nhiều nhất {MOST_NETWORKS} mạng.", field="networks")
    return list(dict.fromkeys(found))


def _area(by: User, area: Any) -> Any:
    if area is not None and not _reached(by, [area]):
        raise Refused("Đơn vị này không thuộc phạm vi phân công của bạn.", field="area")
    return area


def _reached(by: User, areas: list[Any]) -> list[Any]:
    """Those of the units that an appointment of today reaches into; a department's officers reach into all."""
    held = appointments_of(by)
    if any(a.role == Role.DEPARTMENT_OFFICER for a in held):
        return areas
    places = places_of({a.area_id for a in held if a.area_id} | {area.pk for area in areas})
    mine = [place for a in held if a.area_id for place in places[a.area_id]]
    own = {a.area_id for a in held}
    return [
        area
        for area in areas
        if area.pk in own
        or any(path == lower for lower, _, _ in shared_places(places[area.pk], mine) for path, _, _ in places[area.pk])
    ]


def _may_end(owner: int, by: User) -> None:
    if by.pk != owner and not has_permission(by, Permission.MANAGE_PEOPLE):
        raise OutOfScope


def _locked(token: ApiToken) -> ApiToken:
    held = ApiToken.objects.select_for_update(of=("self",)).select_related("user", "area").filter(pk=token.pk).first()
    if held is None:
        raise OutOfScope
    return held


def _record(by: User, action: str, token: ApiToken, **more: Any) -> None:
    told = {"name": token.name, "hint": token.hint, "verbs": token.verbs, "expires_at": token.expires_at.isoformat()}
    place = {"area": str(token.area)} if token.area else {}
    audit.record(by=by, action=action, subject=token.user, data=told | place | more)
