"""The queue: narrowed, counted, kept from value to value."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from criteria.models import Reading, State
from criteria.queries import review as queues

URL = "/duyet/"


def test_the_age_narrows_the_queue(office, quiet, hands, province_officer):
    old = office.put("10.1", 50, State.APPRAISED, hands=hands)
    office.put("11.1", 4, State.APPRAISED, hands=hands)
    Reading.objects.filter(pk=old.pk).update(appraised_at=timezone.now() - dt.timedelta(days=9))
    found = queues.queue(
        province_officer, step=queues.Step.APPROVE, chosen=queues.Filter(unit=office.home.code, days=7)
    )
    assert [row.reading.pk for row in found.values] == [old.pk]
    assert found.plain == 1


def test_the_verifier_opens_values_one_by_one_by_their_unit(office, hands, client_of, district_reviewer):
    reading = office.put("10.1", 50, State.SUBMITTED, hands=hands)
    client = client_of(district_reviewer)
    page = client.get(URL, {"buoc": "verify", "don-vi": office.home.code})
    assert reading.pk in [row.reading.pk for row in page.context["queue"].values]
    answer = client.post(reverse("criteria:verify-values"), {"chosen": f"{reading.pk}:{reading.version}"})
    assert answer.status_code == 303
    assert Reading.objects.get(pk=reading.pk).state == State.VERIFIED


def test_the_filter_is_kept_from_value_to_value(office, hands, client_of, province_officer):
    first, then = (office.put(code, 4, State.APPRAISED, hands=hands) for code in ("10.1", "11.1"))
    asked = f"?buoc=approve&don-vi={office.home.code}"
    sent = {"chosen": f"{first.pk}:{first.version}", "then": then.pk}
    answer = client_of(province_officer).post(reverse("criteria:approve") + asked, sent)
    assert answer["Location"] == reverse("criteria:review-item", args=[then.pk]) + asked


@pytest.mark.parametrize("asked", [{"cho": "x"}, {"cho": "-1"}, {"cho": "9" * 14}, {"don-vi": "' or 1=1"}])
def test_nonsense_in_the_address_is_no_fault(office, client_of, province_officer, asked):
    assert client_of(province_officer).get(URL, {"buoc": "approve", **asked}).status_code == 200


def test_the_queue_costs_the_same_for_one_unit_and_for_sixty(office, hands, sixty, client_of, province_officer):
    client = client_of(province_officer)

    def statements() -> int:
        with CaptureQueriesContext(connection) as ran:
            assert client.get(URL, {"buoc": "approve"}).status_code == 200
        return len(ran)

    office.put("10.1", 50, State.APPRAISED, hands=hands)
    statements()
    few = statements()
    for unit in sixty():
        for code in ("10.1", "11.1", "17.1"):
            office.put(code, 4, State.APPRAISED, hands=hands, area=unit)
    assert statements() <= few
    assert few <= 40


def test_the_menu_says_how_much_waits(office, hands, client_of, province_officer):
    office.put("10.1", 50, State.APPRAISED, hands=hands)
    page = client_of(province_officer).get(URL)
    waiting = sum(page.context["queue"].counts.values())
    (entry,) = [each for each in page.context["nav"] if each["label"] == "Duyệt"]
    assert entry["count"] == waiting >= 1
