"""Which acts come into the feed, and as what."""

import datetime as dt

import pytest
from django.utils import timezone

from communes.models import Area, AreaChange, Placement
from criteria import ledger
from criteria.actions import readings as act
from criteria.models import Decision, Reading, Recognition, State
from exchange.models import Change
from tests.exchange.conftest import number
from tests.proof.world import SLUGS, World
from tests.workflow.conftest import HUONG_TRACH


@pytest.fixture
def appraised(folder, fill):
    """Ids of the folder's values before the province."""
    fill()
    rows = folder.readings.filter(input__derived__isnull=True)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(state=State.APPRAISED)
    return ids


def test_an_approval_is_told_and_what_is_on_its_way_is_not(appraised, feed, province_officer):
    chosen = appraised[0]
    Reading.objects.filter(pk=appraised[1]).update(state=State.RETURNED)
    assert feed.told(kinds=("reading",)) == []
    act.approve(reading_ids=[chosen], by=province_officer)
    (line,) = (each for each in feed.said(kinds=("reading",)) if each.op == "created")
    assert (line.op, line.resource, line.key, line.area) == ("created", "readings", str(chosen), HUONG_TRACH)
    assert line.address == f"/api/v1/readings/{chosen}/"
    assert line.summary["version"] == Reading.objects.get(pk=chosen).version
    assert not {"note", "entered_by", "approved_by"} & set(line.summary)


def test_an_approved_value_that_is_opened_again_goes_and_says_nothing_more_of_itself(appraised, feed, province_officer):
    act.approve(reading_ids=appraised[:1], by=province_officer)
    feed.said()
    found = Reading.objects.get(pk=appraised[0])
    act.unlock(reading_id=found.pk, reason="Xem lại.", version=found.version, by=province_officer)
    (line,) = (each for each in feed.said(kinds=("reading",)) if each.key == str(found.pk))
    assert (line.op, line.key, line.address, line.summary) == ("deleted", str(found.pk), "", {})


def test_an_approval_tells_of_the_result_of_its_unit_and_the_job_of_those_above(db, feed, served):
    world = World(slugs=SLUGS[:2])
    ids = world.fill("tiny-ntm", world.communes[0], until=State.APPRAISED)
    feed.said()
    act.approve(reading_ids=ids, by=world.approver)
    found = feed.said()
    assert {line.area for line in found if line.kind == "attainment"} == {world.communes[0].code}
    assert {line.key for line in found if line.kind == "reading" and line.op == "created"} == set(map(str, ids))
    ledger.recompute_dirty()
    assert {line.area for line in feed.said(kinds=("roll_up",))} == {"Z1A", "Z1"}


def test_a_recognition_is_told_when_it_is_granted_revoked_and_withdrawn(feed, area):
    decision = Decision.objects.create(number="9/QĐ", issued_on=dt.date(2023, 5, 1), confidence="verified")
    same = {"area": area(HUONG_TRACH), "tier": "thu-nghiem", "decision": decision, "confidence": "verified"}
    granted = Recognition.objects.create(**same, act="granted", counts_from=dt.date(2023, 5, 1))
    revoked = Recognition.objects.create(**same, act="revoked", counts_from=dt.date(2024, 5, 1), revokes=granted)
    assert feed.told() == [("recognition", "created", str(granted.pk)), ("recognition", "created", str(revoked.pk))]
    decision.title = "Về việc công nhận"
    decision.save()
    assert {line[:2] for line in feed.told()} == {("recognition", "updated")}
    Recognition.objects.filter(decision=decision).update(withdrawn_at=dt.datetime.now(dt.UTC))
    assert {line[:2] for line in feed.told()} == {("recognition", "deleted")}


def test_a_recognition_of_tomorrow_is_told_with_the_day_to_ask_for_it(feed, area, api):
    day = timezone.localdate() + dt.timedelta(days=400)
    made = Recognition.objects.create(area=area(HUONG_TRACH), tier="x", act="granted", counts_from=day)
    (line,) = feed.said()
    assert line.address == f"/api/v1/recognitions/{made.pk}/?as_of={day}"
    assert api.get(line.address).status_code == 200


def test_a_merger_tells_of_units_that_end_begin_and_follow_each_other(feed, area, api):
    old, district, ends = area(HUONG_TRACH), area("444"), dt.date(2024, 12, 31)
    named = {"name": "Xã Mới", "short_name": "Mới", "level": "commune", "kind": "xa", "search_key": "moi"}
    new = Area.objects.create(code="99001", valid_from=dt.date(2025, 1, 1), sort_key="moi", **named)
    Placement.objects.create(area=new, parent=district, path="/42/444/99001/", valid_from=new.valid_from)
    Area.objects.filter(pk=old.pk).update(valid_to=ends)
    AreaChange.objects.create(
        old=old, new=new, change="merge", effective_on=new.valid_from, legal_basis="NQ", confidence="verified"
    )
    found = feed.said()
    assert [(line.kind, line.op, line.key) for line in found] == [
        ("unit", "created", "99001"),
        ("unit", "updated", "99001"),
        ("unit", "updated", HUONG_TRACH),
        ("unit_change", "created", HUONG_TRACH),
    ]
    assert (found[-1].summary["predecessor"], found[-1].summary["successor"]) == (HUONG_TRACH, "99001")
    assert found[2].summary["valid_to"] == ends
    assert {api.get(line.address).status_code for line in found} == {200}


def test_whatever_writes_a_table_is_told_in_sets(feed, folder):
    """Loading, imports and the engine write by statements of their own: all of them are seen."""
    ids = list(folder.readings.filter(input__derived__isnull=True).values_list("pk", flat=True))
    Reading.objects.filter(pk__in=ids).update(state=State.APPROVED)
    number()
    Reading.objects.filter(pk__in=ids).update(state=State.DRAFT)
    found = feed.told(kinds=("reading",))
    assert [op for _, op, _ in found] == ["created"] * len(ids) + ["deleted"] * len(ids)
    assert {int(key) for _, _, key in found} == set(ids)


def test_numbers_have_no_gap(feed, appraised, province_officer):
    begin = feed.until
    act.approve(reading_ids=appraised, by=province_officer)
    number()
    numbers = list(Change.objects.filter(seq__gt=begin).order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(begin + 1, begin + 1 + len(numbers)))
