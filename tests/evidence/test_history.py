"""The history of a value and its panel: page by page, within scope, in a constant number of statements."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from criteria.actions import readings, threads
from criteria.queries.panel import panel
from tests.evidence.panels import address, marks_of


def test_the_history_tells_who_when_from_what_to_what_and_why(office, district_officer, province_officer):
    reading = office.reading("10.1")
    readings.record(reading_id=reading.pk, text="41,2", version=1, by=district_officer)
    readings.record(reading_id=reading.pk, text="42", version=2, by=district_officer)
    told = [(change.before, change.after, change.by) for change in panel(province_officer, reading.pk).history.lines]
    assert told == [("41,2", "42", str(district_officer)), ("trống", "41,2", str(district_officer))]


def test_the_history_goes_on_page_by_page_without_losing_or_doubling_a_row(office, client_of, district_officer):
    reading, client = office.reading("10.1"), client_of(district_officer)
    for number in range(20):
        readings.record(reading_id=reading.pk, text=str(40 + number), version=1 + number, by=district_officer)
    found = panel(district_officer, reading.pk).history
    seen = [line.after for line in found.lines]
    while found.older:
        page = client.get(address("panel-history", reading), {"lich-su": found.older}, headers={"HX-Request": "true"})
        assert page.content.strip().startswith(b"<li>")
        found = page.context["panel"].history
        seen += [line.after for line in found.lines]
    assert seen == [str(59 - number) for number in range(20)]


def test_without_a_script_older_history_is_a_page_and_a_place_that_names_nothing_is_the_newest(
    office, client_of, district_officer
):
    reading, client = office.reading("10.1"), client_of(district_officer)
    for number in range(10):
        readings.record(reading_id=reading.pk, text=str(40 + number), version=1 + number, by=district_officer)
    newest = panel(district_officer, reading.pk).history
    page = client.get(address("panel-history", reading), {"lich-su": newest.older})
    assert b"<html" in page.content
    assert len(page.context["panel"].history.lines) == 2
    for nothing in ("x", "-1", "9" * 30):
        assert client.get(address("panel", reading), {"lich-su": nothing}).context["panel"].history == newest


def test_the_history_of_another_district_is_absent(office, client_of, other_district_officer):
    client = client_of(other_district_officer)
    assert client.get(address("panel-history", office.reading("10.1"))).status_code == 404


def test_the_panel_is_a_page_or_only_the_part_that_was_asked_for(office, client_of, district_officer):
    client, reading = client_of(district_officer), office.reading("17.1")
    page = client.get(address("panel", reading))
    part = client.get(address("panel", reading), headers={"HX-Request": "true"})
    assert b"<html" in page.content
    assert b"<html" not in part.content
    assert part.content.strip().startswith(b'<div class="pn"')
    answer = client.post(address("panel-comment", reading), {"text": "Đã rõ."}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.content.strip().startswith(b"<section")


def test_the_panel_takes_the_same_statements_for_one_line_and_for_many(
    office, client_of, district_officer, province_officer
):
    reading = office.reading("17.1")

    def statements():
        with CaptureQueriesContext(connection) as captured:
            client_of(district_officer).get(address("panel", reading))
        return len(captured)

    readings.record(reading_id=reading.pk, text="40", version=1, by=district_officer)
    threads.comment(reading_id=reading.pk, text="0", by=province_officer)
    few = statements()
    for number in range(1, 12):
        threads.comment(reading_id=reading.pk, text=str(number), by=(province_officer, district_officer)[number % 2])
        readings.record(reading_id=reading.pk, text=str(40 + number), version=1 + number, by=district_officer)
    assert statements() == few


def test_marks_of_many_values_come_with_the_values(office, district_officer, django_assert_num_queries):
    ids = [office.reading(code).pk for code in ("2.1", "10.1", "17.1")]
    threads.comment(reading_id=ids[1], text="Xem lại.", by=district_officer)
    with django_assert_num_queries(1):
        found = marks_of(ids)
    assert [found[pk].open_threads for pk in ids] == [0, 1, 0]
