"""Every route, asked as everybody, for each of the six units: nobody reads or writes more than its row says.

It runs on one database: what it looks at is who is let in, and the scope rule itself is compared on both in
tests/workflow/test_reach.py and tests/api/test_token_rights.py.
"""

import re

import pytest

from tests.access.matrix import absent_of, addresses, allowed, ask, every_route, is_refused, text_of, undone
from tests.access.routes import ANYONE, FOLDER, INSIDE, NOBODY, ROUTES
from tests.access.world import FOREIGN, OWN, SIBLING, World

pytestmark = pytest.mark.sqlite
NAMES = (
    "visitor",
    "without appointment",
    "commune officer",
    "district officer",
    "district reviewer",
    "officer of another district",
    "department officer",
    "province officer",
    "reader",
    "administrator",
    "token of one commune",
    "token for reading",
)
# On what everybody may read the others see what one of these sees.
LOOKERS = {"visitor", "commune officer", "department officer", "token of one commune"}
# And of the six units these: to somebody without a scope, and on what everybody may read, the others are no different.
LOOKED_AT = {OWN, SIBLING, FOREIGN}
REGISTERS = ("ocop", "sponsorship", "communes")
TYPED = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def test_every_route_has_a_row_that_says_who_may_read_and_write_it():
    routes = every_route()
    unknown = [
        f'{route.name} (/{route.pattern}): add "{route.name}": … to ROUTES in tests/access/routes.py;'
        " CONTRIBUTING.md, “Say who may reach a route”, tells how."
        for route in routes.values()
        if route.name not in ROUTES
    ]
    assert not unknown, "\n".join(["Routes without a row:", *unknown])
    gone = sorted(set(ROUTES) - set(routes))
    assert not gone, f"Rows of tests/access/routes.py whose route is gone: {gone}"


@pytest.mark.parametrize("name", NAMES)
def test_nobody_reads_more_than_the_table_says(world, name):
    wrong = [fault for each in _asked(world, name) for fault in _reading(world, *each)]
    assert not wrong, _told(name, wrong)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_writes_more_than_the_table_says(world, name):
    wrong = [fault for each in _asked(world, name) for fault in _writing(world, *each)]
    assert not wrong, _told(name, wrong)


@pytest.mark.parametrize("name", ["visitor", "province officer", "administrator"])
def test_no_other_method_changes_anything(world, name):
    wrong = []
    for who, route, row in _asked(world, name):
        unit, address = next(iter(addresses(world, route, row)))
        for method in ("PUT", "DELETE", "PATCH"):
            if method == _write_of(route) or (method in row.also and allowed(row.write, who, unit)):
                continue
            response, left = undone(who, method, address)
            if left or response.status_code >= 500:
                wrong.append(f"{route.name} {method}: {response.status_code}, {left} events")
    assert not wrong, _told(name, wrong)


def _asked(world: World, name: str):
    """Every route with its row, as the person of that name reaches it: a token opens no page."""
    who = world.people[name]
    for route in every_route().values():
        if route.name in ROUTES and (route.is_api or not who.token):
            yield who, route, ROUTES[route.name]


def _reading(world, who, route, row):
    if row.read.who == ANYONE and who.name not in LOOKERS:
        return
    for unit, address in addresses(world, route, row):
        if (row.read.who == ANYONE or not who.reaches) and unit.relation not in LOOKED_AT:
            continue
        for query in row.queries:
            response = ask(who, "GET", f"{address}?{query}" if query else address)
            yield from _faults(world, who, route, row, unit, response, "GET", row.read)


def _writing(world, who, route, row):
    for unit, address in addresses(world, route, row):
        if not who.reaches and unit.relation not in LOOKED_AT:
            continue
        response, left = undone(who, _write_of(route), address, **_nothing(route))
        may = yield from _faults(world, who, route, row, unit, response, _write_of(route), row.write)
        if not may and left:
            yield f"{route.name} {unit.relation}: {left} events in the trail, and the answer was {response.status_code}"


def _faults(world, who, route, row, unit, response, method, rule):
    """What is wrong with one answer; returns whether the table lets this somebody do it."""
    at = f"{route.name} {method} {unit.relation}: {response.status_code}"
    said = text_of(response)
    if leaked := sorted(secret for secret in world.forbidden(who) if secret in said):
        yield f"{at} tells {leaked}"
    if response.status_code >= 500:
        yield at
    may = allowed(rule, who, unit, registers=route.name.startswith(REGISTERS))
    refused = is_refused(response)
    if may and refused and not row.may_be_absent and method == "GET":
        yield f"{at}, though the table lets them in"
    if not may and rule.who != NOBODY:
        yield from _refusals(world, who, route, row, unit, response, at, rule, method)
    return may


def _refusals(world, who, route, row, unit, response, at, rule, method):
    """Out of scope is as absent; whoever sees the unit may also be told that this is not theirs to do."""
    sees = who.may_open(unit) or bool(who.may_know(unit))
    if method == "GET" and not is_refused(response):
        yield f"{at}, though the table keeps them out"
    if who.user is None or rule.who not in (INSIDE, FOLDER) or sees:
        return
    if response.status_code not in (403, 404) or (response.status_code == 403 and not who.token):
        yield f"{at}, not 404"
    status, said = _absent(world, who, route, row, method)
    if (status, said) != (response.status_code, _plain(response)):
        yield f"{at}, and what never was answers {status} otherwise"


def _absent(world, who, route, row, method) -> tuple[int, str]:
    """What is answered for what never was; the same for all units, so asked once."""
    key = route.name, method
    if key not in who.absent:
        answer = ask(who, method, absent_of(world, route, row), **({} if method == "GET" else _nothing(route)))
        who.absent[key] = answer.status_code, _plain(answer)
    return who.absent[key]


def _write_of(route) -> str:
    return "PATCH" if route.methods and "PATCH" in route.methods else "POST"


def _nothing(route) -> dict:
    """A body that is well-formed where the route reads it before it looks the object up."""
    if not route.is_api:
        return {}
    return {"data": {"value": "1", "version": 1, "reason": "thử"}, "content_type": "application/json"}


def _plain(response) -> str:
    return TYPED.sub("", response.whole.decode("utf-8", "replace"))


def _told(name: str, wrong: list[str]) -> str:
    return "\n".join([f"As {name}:", *dict.fromkeys(wrong)])
