"""What somebody may not see leaves no difference: not in a body, a count, an order, a status, a header or an ETag."""

import re

import pytest
from django.utils import timezone

from criteria.models import Assessment, Evidence, Reading, Remark, State
from tests.access.matrix import addresses, ask, every_route
from tests.access.routes import ANYONE, HOLDING, NOBODY, ROUTES
from tests.access.world import FOREIGN, OTHER, OWN, PARENT, SIBLING, StoredFile

# On one database, as the matrix.
pytestmark = pytest.mark.sqlite
# A new token against forged forms stands in every answer, the minute of its printing on a paper,
# and the moment of the answer in that of the status.
ONE_OFF = re.compile(
    rb'(csrfmiddlewaretoken" value|data-token)="[^"]*"|"(csrf|token|now)": ?"[^"]*"|'
    + r"In từ hệ thống lúc [0-9:/ ]+".encode()
)
UNSEEN_BY = {
    "visitor": (OWN, SIBLING, PARENT, OTHER, FOREIGN),
    "commune officer": (SIBLING, PARENT, OTHER, FOREIGN),
    "token of one commune": (SIBLING, PARENT, OTHER, FOREIGN),
}


@pytest.mark.parametrize("name", UNSEEN_BY)
def test_drafts_out_of_scope_make_no_difference(world, name):
    who = world.people[name]
    asked = list(_readable(world, who))
    before = {address: _fingerprint(who, address) for address in asked}
    _stir(world, UNSEEN_BY[name])
    told = [address for address in asked if _fingerprint(who, address) != before[address]]
    assert not told


def _readable(world, who):
    """Lists, searches, counts and exports: everything that everybody, or this somebody, may read."""
    for route in every_route().values():
        row = ROUTES.get(route.name)
        if row is None or row.read.who == NOBODY or (who.token and not route.is_api):
            continue
        if row.read.who == HOLDING and not who.permissions & set(row.read.permissions):
            continue
        for unit, address in addresses(world, route, row):
            if row.read.who == ANYONE and unit.relation not in (OWN, SIBLING):
                continue
            for query in row.queries:
                yield f"{address}?{query}" if query else address


def _fingerprint(who, address):
    response = ask(who, "GET", address)
    headers = {name: response.get(name) for name in ("ETag", "Content-Type", "Cache-Control", "Location", "Link")}
    length = None if ONE_OFF.search(response.whole) else response.get("Content-Length")
    if response.whole[:2] == b"PK":  # a workbook carries the moment of its making; its text is looked at in the matrix
        return response.status_code, headers
    return response.status_code, headers, length, ONE_OFF.sub(b"", response.whole)


def _stir(world, relations):
    """Other values, other states, more talk, files and folders in units that are not seen; the counter stands."""
    now = timezone.now()
    for relation in relations:
        unit = world.units[relation]
        rows = Reading.objects.filter(assessment=unit.folder).exclude(state=State.APPROVED)
        rows.update(note="BIMAT khác", value=7, not_applicable=False, entered_at=now, entered_by=unit.evidence.added_by)
        Reading.objects.filter(pk=unit.draft.pk).update(
            state=State.SUBMITTED, submitted_by=unit.evidence.added_by, submitted_at=now, flags=1
        )
        Reading.objects.filter(pk=unit.sent.pk).update(state=State.RETURNED, return_reason="BIMAT lý do")
        Remark.objects.create(reading=unit.sent, text="BIMAT ý kiến", by=unit.evidence.added_by, at=now)
        Evidence.objects.filter(pk=unit.evidence.pk).update(name="BIMAT khác.pdf")
        StoredFile.objects.filter(pk=unit.evidence.file_id).update(size=12345)
        Assessment.objects.filter(pk=unit.folder.pk).update(due_on=None)
