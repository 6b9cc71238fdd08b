"""POST readings/batch/ and readings/steps/: thousands of values in one request, by the rules of the screen."""

import json

import pytest

from accounts.models import AuditEvent
from communes import epochs
from criteria import engine
from criteria.models import Attainment, Reading, State
from tests.api.conftest import as_problem
from tests.workflow.conftest import NOTE

SET = "commune-ntm-2021-2025"
KEY = {"area": "18553", "period": "2024", "set": SET}
EACH = "each_row"


def row(code="17.9", value=95.5, **more):
    return {**KEY, "input": code, "value": value, **more}


@pytest.fixture
def batch(send, district_officer):
    """`batch(row, row, mode=…)`: rows sent by the district's officer."""

    def post(*rows, by=district_officer, headers=None, **more):
        return send(by, "post", "readings/batch/", headers=headers, rows=list(rows), **more)

    return post


@pytest.fixture
def rows_of(batch):
    """`rows_of(row, …)`: what became of each row, taken row by row."""

    def post(*rows, **more):
        response = batch(*rows, mode=EACH, **more)
        assert response.status_code == 200, response.content
        return response.json()["rows"]

    return post


@pytest.fixture
def refused(rows_of):
    """`refused(row)`: the code and pointer of the one row, which is refused."""

    def post(sent, **more):
        (told,) = rows_of(sent, **more)
        assert told["status"] == "refused"
        assert told["message"]
        assert told["message_en"]
        return told["code"], told["pointer"]

    return post


def test_values_are_entered_by_their_natural_key(batch, reading):
    answer = batch(row("17.9", 95.5), row("17.3", "Đạt", note="Biên bản 12"))
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["written"], body["counts"]["new"], body["dry_run"]) == (2, 2, False)
    first, second = reading("17.9"), reading("17.3")
    assert (first.value, first.state, first.version, first.origin) == (95.5, State.DRAFT, 2, "entered")
    assert (second.value, second.note) == (1, "Biên bản 12")


def test_a_row_says_what_was_and_what_is(rows_of, reading):
    rows_of(row(value=95.5))
    (told,) = rows_of(row(value=96))
    said = {
        "row": 0,
        "pointer": "#/rows/0",
        "status": "changed",
        "id": reading("17.9").pk,
        "old": 95.5,
        "new": 96.0,
        "version": 3,
    }
    assert told == told | said


def test_a_value_is_written_as_the_screen_writes_it(rows_of, send, reading, folder, district_officer):
    """Verdict, threshold, flags, who and the trail: the same, whichever way a value came in."""
    by_hand = reading("17.9")
    send(district_officer, "patch", f"readings/{by_hand.pk}/", value=40, version=1, note=NOTE)
    by_hand.refresh_from_db()
    told = AuditEvent.objects.filter(action="reading.record", subject_id=str(by_hand.pk)).latest("id")
    names = (
        "value",
        "verdict",
        "threshold_id",
        "flags",
        "state",
        "version",
        "origin",
        "note",
        "entered_by_id",
        "source",
    )
    expected = {name: getattr(by_hand, name) for name in names}
    Reading.objects.filter(pk=by_hand.pk).update(value=None, verdict=0, threshold=None, flags=0, version=1, note="")
    rows_of(row(value=40, note=NOTE))
    again = reading("17.9")
    assert {name: getattr(again, name) for name in names} == expected
    event = AuditEvent.objects.filter(action="reading.record", subject_id=str(by_hand.pk)).latest("id")
    same = ("actor_id", "actor_name", "action", "area_path", "data", "reason", "subject_type")
    assert event.pk > told.pk
    assert [getattr(event, name) for name in same] == [getattr(told, name) for name in same]


def test_a_batch_raises_the_epoch_once_and_one_that_changes_nothing_does_not(batch):
    before = epochs.current()
    batch(row("17.9", 95.5), row("17.3", True))
    assert epochs.current() == before + 1
    assert batch(row("17.9", 95.5)).json()["counts"]["unchanged"] == 1
    assert epochs.current() == before + 1


def test_the_same_values_again_change_nothing_whatever_the_version(rows_of, reading):
    rows_of(row(value=95.5))
    (told,) = rows_of(row(value="95,5 %", version=1))
    assert (told["status"], told["version"]) == ("unchanged", 2)
    assert AuditEvent.objects.filter(action="reading.record", subject_id=str(reading("17.9").pk)).count() == 1


def test_an_empty_value_empties_and_a_text_that_does_not_apply_is_told(rows_of, reading):
    rows_of(row(value=95.5))
    (told,) = rows_of(row(value=None))
    assert (told["status"], told["old"], told["new"]) == ("changed", 95.5, None)
    assert reading("17.9").value is None


def test_all_or_nothing_tells_every_fault_and_writes_nothing(batch, reading):
    answer = batch(row("17.9", 95.5), row("17.3", "có thể"), row("17.99", 1), row("17.1", 130))
    body = as_problem(answer, 422)
    assert body["type"].endswith(":rows_refused")
    told = [(each["row"], each["status"], each.get("code"), each["pointer"]) for each in body["rows"]]
    assert told[0] == (0, "held_back", None, "#/rows/0")
    assert told[1] == (1, "refused", "unreadable", "#/rows/1/value")
    assert told[2] == (2, "refused", "not_found", "#/rows/2/input")
    assert told[3][1] == "refused"
    assert body["written"] == 0
    assert reading("17.9").value is None
    assert not AuditEvent.objects.filter(action="reading.record", subject_id=str(reading("17.9").pk)).exists()


def test_row_by_row_the_good_ones_are_written(batch, reading):
    body = batch(row("17.9", 95.5), row("17.3", "có thể"), mode=EACH).json()
    assert [each["status"] for each in body["rows"]] == ["new", "refused"]
    assert (body["written"], body["counts"]["refused"]) == (1, 1)
    assert reading("17.9").value == 95.5


@pytest.mark.parametrize("mode", [EACH, "all_or_nothing"])
def test_a_rehearsal_says_the_same_and_writes_nothing(batch, reading, mode):
    sent, before = [row("17.9", 95.5), row("17.3", True)], epochs.current()
    rehearsed = batch(*sent, mode=mode, dry_run=True).json()
    assert (rehearsed["dry_run"], rehearsed["written"], rehearsed["counts"]["new"]) == (True, 0, 2)
    assert (reading("17.9").value, epochs.current()) == (None, before)
    done = batch(*sent, mode=mode).json()
    for said in (*rehearsed["rows"], *done["rows"]):
        said.pop("version")
    assert rehearsed["rows"] == done["rows"]


@pytest.mark.parametrize(
    ("sent", "code", "member"),
    [
        (row(value="1.234"), "unreadable", "/value"),
        (row(value=130), "out_of_range", "/value"),
        (row(value=-1), "out_of_range", "/value"),
        (row(value=[1]), "invalid", "/value"),
        (row(value="không áp dụng"), "must_apply", "/value"),
        (row(area="99999"), "not_found", "/area"),
        (row(period="1999"), "not_found", "/area"),
        (row(set="khong-co"), "not_found", "/area"),
        (row("99.9"), "not_found", "/input"),
        (row(area=18553), "invalid", "/area"),
        (row(version=-1), "invalid", "/version"),
        (row(version=True), "invalid", "/version"),
        (row(note="x" * 5001), "invalid", "/note"),
        (row(colour="red"), "invalid", "/colour"),
        ({**KEY, "value": 1}, "invalid", "/input"),
        ({**KEY, "value": 1, "input": "17.9", "indicator": "17.9"}, "invalid", "/input"),
        ({**KEY, "input": "17.9"}, "invalid", "/value"),
        ("17.9", "invalid", ""),
        (None, "invalid", ""),
    ],
)
def test_a_row_that_cannot_be_is_refused_at_its_member(folder, refused, reading, sent, code, member):
    assert refused(sent) == (code, f"#/rows/0{member}")
    assert reading("17.9").version == 1


def test_an_indicator_with_one_input_names_it(rows_of, reading):
    sent = {**KEY, "indicator": "17.9", "value": 95.5}
    assert rows_of(sent)[0]["status"] == "new"
    assert reading("17.9").value == 95.5


def test_an_indicator_with_several_inputs_asks_which(folder, refused):
    several = next(
        entry.input.indicator.code
        for entry in folder.readings.select_related("input__indicator")
        if entry.input.indicator.inputs.count() > 1
    )
    assert refused({**KEY, "indicator": several, "value": 1}) == ("which_input", "#/rows/0/indicator")


def test_two_rows_of_one_value_are_both_refused(rows_of, reading):
    told = rows_of(row(value=95.5), row("17.3", True), {**KEY, "indicator": "17.9", "value": 96})
    assert [each.get("code") for each in told] == ["duplicate", None, "duplicate"]
    assert reading("17.9").value is None


def test_a_derived_value_is_not_entered(folder, refused):
    derived = folder.readings.filter(input__derived__isnull=False).select_related("input").first()
    if derived is None:
        derived = Reading.objects.filter(input__derived__isnull=False, assessment__round__closed_on=None).first()
    assert derived is not None
    sent = {
        "area": derived.assessment.area.code,
        "period": derived.assessment.round.period.code,
        "set": derived.assessment.round.criteria_set.slug,
        "input": derived.input.code,
        "value": 1,
    }
    code, _ = refused(sent)
    assert code in ("derived", "not_allowed", "not_found")


def test_a_closed_round_takes_no_row(folder, refused):
    folder.round.closed_on = "2025-01-15"
    folder.round.save()
    assert refused(row()) == ("round_closed", "#/rows/0/value")


def test_a_submitted_value_is_not_entered_again(journey, refused, reading):
    journey(reading("17.9"), "95,5", until=State.SUBMITTED)
    assert refused(row(value=96)) == ("wrong_state", "#/rows/0/value")


def test_a_row_of_an_older_version_is_a_conflict_with_both_values(rows_of, reading):
    rows_of(row(value=95.5))
    (told,) = rows_of(row(value=97, version=1))
    assert (told["status"], told["code"], told["mine"], told["theirs"], told["version"]) == (
        "conflict",
        "stale",
        97,
        95.5,
        2,
    )
    assert reading("17.9").value == 95.5


def test_another_district_and_a_visitor_find_nothing(batch, refused, other_district_officer, reading):
    assert refused(row(), by=other_district_officer) == ("not_found", "#/rows/0/area")
    as_problem(batch(row(), by=None), 401)
    assert reading("17.9").value is None


def test_naming_the_units_of_others_locks_nothing(batch, other_district_officer, district_officer, monkeypatch, folder):
    locked = []
    lock = engine.lock
    monkeypatch.setattr(engine, "lock", lambda units, ids: locked.append(ids.values["ids"]) or lock(units, ids))
    batch(row(), by=other_district_officer)
    batch(row(), by=district_officer)
    assert [bool(each) and each != "[]" for each in locked] == [False, True]


def test_absent_and_out_of_scope_are_told_alike(rows_of, folder, other_district_officer):
    there, absent = rows_of(row(), row(area="99999"), by=other_district_officer)
    same = ("status", "code", "message", "message_en")
    assert [there[name] for name in same] == [absent[name] for name in same]
    assert there.keys() == absent.keys()


def test_a_reviewer_sees_but_does_not_enter(refused, district_reviewer, folder):
    assert refused(row(), by=district_reviewer)[0] == "not_allowed"


def test_an_odd_value_is_kept_and_asks_for_a_note(rows_of, send, folder, reading, district_officer):
    before = reading("17.9")
    peers = Reading.objects.filter(
        assessment__round=folder.round, input=before.input, assessment__area__placements__parent__code="444"
    ).exclude(pk=before.pk)
    peers.update(value=95, not_applicable=False)
    (told,) = rows_of(row(value=1))
    assert told["status"] == "new"
    assert told["warnings"]
    assert told["needs_note"] is True
    handed_in = send(district_officer, "post", f"assessments/{folder.pk}/submit/")
    assert as_problem(handed_in, 422)["type"].endswith(":unexplained")
    (told,) = rows_of(row(value=1, note="Đã đo lại."))
    assert (told["status"], reading("17.9").note) == ("changed", "Đã đo lại.")
    assert send(district_officer, "post", f"assessments/{folder.pk}/submit/").status_code == 200


def test_a_returned_value_is_answered_by_a_note(rows_of, journey, reading, province_officer, send):
    value = journey(reading("17.9"), "95,5", until=State.APPRAISED)
    send(province_officer, "post", f"readings/{value.pk}/return/", reason="Thiếu", version=value.version)
    assert rows_of(row(value=95.5))[0]["status"] == "unchanged"
    assert reading("17.9").state == State.RETURNED
    assert rows_of(row(value=95.5, note="Đúng như vậy, xem biên bản."))[0]["status"] == "changed"
    assert reading("17.9").state == State.DRAFT


def test_notes_are_kept_as_they_were_written(rows_of, reading):
    note = 'Ngoặc {a,b}, "kép", \\ ngược, NULL, đủ dấu 🌾\ndòng hai'
    rows_of(row("17.9", 95.5, note=note), row("17.3", True, note="NULL"))
    assert (reading("17.9").note, reading("17.3").note) == (note, "NULL")
    rows_of(row("17.9", 96))
    assert reading("17.9").note == note


def test_a_shape_that_is_none_is_refused_as_a_whole(send, district_officer):
    def fields(**body):
        problem = as_problem(send(district_officer, "post", "readings/batch/", **body), 400)
        return {error["field"] for error in problem["errors"]}

    assert fields() == {"rows"}
    assert fields(rows=[]) == {"rows"}
    assert fields(rows={}) == {"rows"}
    assert fields(rows=[{}] * 5001) == {"rows"}
    assert fields(rows=[{}], mode="some", dry_run=1, extra=1) == {"mode", "dry_run", "extra"}


def test_a_batch_has_a_cap_of_its_own(batch, client_of, district_officer):
    note = "x" * 4000
    large = [row(area="99999", note=note)] * 300
    assert len(json.dumps(large)) > 1024 * 1024
    assert batch(*large, mode=EACH).status_code == 200
    as_problem(batch(*(large * 2), mode=EACH), 413)


def test_a_batch_sent_twice_under_a_key_is_written_once(batch, reading):
    headers = {"idempotency-key": "thang-11"}
    first, second = batch(row(), headers=headers), batch(row(), headers=headers)
    assert first.content == second.content
    assert second["Idempotency-Replayed"] == "true"
    assert reading("17.9").version == 2


def test_a_refused_batch_leaves_its_key_free(batch, reading):
    headers = {"idempotency-key": "thang-11"}
    as_problem(batch(row(value=130), headers=headers), 422)
    assert batch(row(value=95.5), headers=headers).status_code == 200


def test_a_batch_costs_the_same_for_one_and_for_many(batch, folder, django_assert_max_num_queries):
    codes = [
        entry.input.code
        for entry in folder.readings.select_related("input").filter(input__derived__isnull=True)
        if entry.input.value_type == "boolean" and not entry.input.alternative
    ]
    neighbours = list(
        folder.round.assessments.filter(area__placements__parent__code="444").values_list("area__code", flat=True)
    )
    Reading.objects.filter(assessment__round=folder.round, input__derived__isnull=True).update(
        value=None, not_applicable=False, state=State.DRAFT
    )
    costs = []
    for rows in ([row(codes[0], True)], [row(code, False, area=unit) for code in codes for unit in neighbours]):
        with django_assert_max_num_queries(40) as counted:
            answer = batch(*rows).json()
        assert answer["written"] == len(rows)
        costs.append(len(counted))
    assert costs[0] == costs[1], costs


@pytest.fixture
def step(send):
    def post(by, name, *values, **more):
        seen = [{"id": each.pk, "version": each.version} for each in values]
        return send(by, "post", "readings/steps/", step=name, readings=seen, **more)

    return post


def test_values_travel_in_bulk_to_the_public_list(
    batch, step, reading, read, district_officer, district_reviewer, department_officer, province_officer, folder
):
    batch(row("17.9", 95.5, note=NOTE), row("17.3", True, note=NOTE))
    people = {
        "submit": district_officer,
        "verify": district_reviewer,
        "appraise": department_officer,
        "approve": province_officer,
    }
    for name, by in people.items():
        answer = step(by, name, reading("17.9"), reading("17.3"))
        assert answer.status_code == 200, answer.content
        assert answer.json() == {"step": name, "moved": 2, "changed": [], "own": 0, "stopped": ""}
    assert read("readings/", input="17.9", assessment=folder.pk)["count"] == 1
    assert Attainment.objects.get(assessment=folder).criteria_undetermined >= 0


def test_a_step_leaves_alone_what_moved_on_and_what_is_ones_own(step, journey, reading, province_officer):
    first = journey(reading("17.9"), "95,5", until=State.APPRAISED)
    second = journey(reading("17.3"), "x", until=State.APPRAISED)
    Reading.objects.filter(pk=second.pk).update(appraised_by=province_officer)
    third = reading("17.2")
    Reading.objects.filter(pk=third.pk).update(version=9)
    answer = step(province_officer, "approve", first, second, third).json()
    assert (answer["moved"], answer["changed"], answer["own"]) == (1, [third.pk], 1)
    assert reading("17.9").state == State.APPROVED


def test_only_what_is_filled_and_with_its_author_is_submitted(step, batch, journey, reading, district_officer):
    assert as_problem(step(district_officer, "submit", reading("17.9")), 409)["type"].endswith(":wrong_state")
    value = journey(reading("17.9"), "95,5", until=State.SUBMITTED)
    as_problem(step(district_officer, "submit", value), 409)


def test_a_step_out_of_reach_takes_nothing(step, batch, reading, other_district_officer, district_reviewer):
    batch(row("17.9", 95.5, note=NOTE), row("17.3", True, note=NOTE))
    as_problem(step(other_district_officer, "submit", reading("17.9")), 404)
    as_problem(step(district_reviewer, "submit", reading("17.9"), reading("17.3")), 403)
    assert reading("17.9").state == State.DRAFT


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"step": "close", "readings": [{"id": 1, "version": 1}]},
        {"step": "approve", "readings": []},
        {"step": "approve", "readings": [{"id": 1}]},
        {"step": "approve", "readings": [{"id": 10**30, "version": 1}]},
        {"step": "approve", "readings": [{"id": 1, "version": 1}] * 2},
        {"step": "approve", "readings": "all"},
    ],
)
def test_steps_of_another_shape_are_refused(send, province_officer, body):
    as_problem(send(province_officer, "post", "readings/steps/", **body), 400)
