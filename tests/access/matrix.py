"""From the URL resolver to every route, and from a row to every request that tells whether the row holds."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.viewsets import GenericViewSet

from accounts.models import AuditEvent
from tests.access.routes import ANYONE, FOLDER, HOLDING, INSIDE, NOBODY, PARAMS, SIGNED_IN, Row, Rule
from tests.access.world import OWN, RELATIONS, Somebody, Unit, World

SIGN_IN = "/dang-nhap/"


@dataclass(frozen=True)
class Route:
    """An address of the portal by its name; the methods are those that an API route names."""

    name: str
    pattern: str
    params: tuple[str, ...]
    methods: frozenset[str] | None

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")


def every_route() -> dict[str, Route]:
    """Every named address, from the resolver itself."""
    return {route.name: route for route in _walk(get_resolver().url_patterns, "", "")}


def _walk(patterns, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, pattern, inner)
        elif isinstance(entry, URLPattern):
            params = tuple(entry.pattern.converters) or tuple(entry.pattern.regex.groupindex)
            yield Route(namespace + (entry.name or pattern), pattern, params, _methods(entry))


def _methods(entry: URLPattern) -> frozenset[str] | None:
    actions = getattr(entry.callback, "actions", None)
    view = getattr(entry.callback, "cls", None)
    if actions and view and issubclass(view, GenericViewSet):
        return frozenset(method.upper() for method in actions)
    return None


def addresses(world: World, route: Route, row: Row) -> Iterator[tuple[Unit, str]]:
    """The route's address for each unit; once, where no part of it depends on the unit."""
    seen = set()
    for relation in RELATIONS:
        unit = world.units[relation]
        address = address_of(world, route, row, unit)
        if address not in seen:
            seen.add(address)
            yield unit, address


def address_of(world: World, route: Route, row: Row, unit: Unit) -> str:
    given = {name: row.params.get(name, PARAMS.get(name)) for name in route.params}
    if missing := [name for name, value in given.items() if value is None]:
        raise AssertionError(f"{route.name}: say in its row of tests/access/routes.py how to fill {missing}.")
    filled = {name: value(world, unit) if callable(value) else value for name, value in given.items()}
    return reverse(route.name, kwargs=filled)


def absent_of(world: World, route: Route, row: Row) -> str:
    """The same address for what never was."""
    unit = world.units[OWN]
    nothing = {name: 999_999_999 if _is_number(name, row, world, unit) else "khong-co-dau" for name in route.params}
    return reverse(route.name, kwargs=nothing)


def _is_number(name: str, row: Row, world: World, unit: Unit) -> bool:
    value = row.params.get(name, PARAMS.get(name))
    return isinstance(value(world, unit) if callable(value) else value, int)


def allowed(rule: Rule, who: Somebody, unit: Unit, *, registers: bool = False) -> bool:
    """What the row says about this somebody and this unit."""
    if rule.who == ANYONE:
        return True
    if rule.who == NOBODY or who.user is None:
        return False
    if rule.who == SIGNED_IN:
        return True
    if rule.who == HOLDING:
        return bool(who.permissions & set(rule.permissions))
    if rule.who == FOLDER:
        return who.may_open(unit)
    assert rule.who == INSIDE
    reaches = who.keeps if registers else who.may
    return any(reaches(permission, unit) for permission in rule.permissions)


def ask(who: Somebody, method: str, address: str, **extra) -> HttpResponse:
    """One request, undone afterwards; `whole` is all of its body."""
    return undone(who, method, address, **extra)[0]


def undone(who: Somebody, method: str, address: str, **extra) -> tuple[HttpResponse, int]:
    """One request and how many events it left in the trail, undone afterwards."""
    kept = who.client.cookies.output()
    with transaction.atomic():
        before = _last_event()
        response = getattr(who.client, method.lower())(address, **extra)
        response.whole = b"".join(response.streaming_content) if response.streaming else response.content
        left = _last_event() - before
        transaction.set_rollback(True)
    if who.client.cookies.output() != kept:  # signed out, or in: undone with the rest
        who.sign_in_again()
    return response, left


def _last_event() -> int:
    return AuditEvent.objects.aggregate(last=Max("pk"))["last"] or 0


def text_of(response: HttpResponse) -> str:
    """All that an answer says: its headers and its body, a zipped table unpacked."""
    body = response.whole
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as table:
            body = b"\n".join(table.read(name) for name in table.namelist())
    return "\n".join(f"{name}: {value}" for name, value in response.items()) + body.decode("utf-8", "replace")


def is_refused(response: HttpResponse) -> bool:
    """Sent to the sign-in, asked for a token, forbidden or absent."""
    to_sign_in = response.status_code == 302 and response["Location"].startswith(SIGN_IN)
    return to_sign_in or response.status_code in (401, 403, 404, 405)
