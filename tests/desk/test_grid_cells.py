"""Saving cells through JSON: each is answered for itself, and nothing is written that should not be."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from communes.models import Placement
from criteria.models import State
from tests.conftest import HA_LINH


@pytest.fixture
def save(office, client_of):
    """`save(person, edit, …, user=…)`: the answers of the cells."""

    def post(person, *edits, user=None):
        body = json.dumps({"user": person.pk if user is None else user, "cells": list(edits)})
        return client_of(person).post(reverse("criteria:cells"), body, content_type="application/json")

    return post


def edit(reading, text: str, **more) -> dict:
    return {"id": reading.pk, "text": text, "version": reading.version, **more}


def test_cells_of_one_block_are_answered_each_for_itself(office, save, district_officer):
    good, bad = office.reading("10.1"), office.reading("17.1")
    answer = save(district_officer, edit(good, "42"), edit(bad, "842"))
    assert answer.status_code == 200
    first, second = answer.json()["cells"]
    assert (first["version"], first["text"], first["verdict"]) == (2, "42", "bad")
    assert first["gap"] == "thiếu 4\u00a0triệu đồng/người/năm"
    assert second["refused"]["message"] == "Tỷ lệ phải từ 0 đến 100%."
    assert (office.reading("10.1").value, office.reading("17.1").value) == (42, None)


def test_a_conflict_tells_the_other_value_with_who_and_when(office, save, district_officer, commune_officer):
    reading = office.reading("17.1")
    save(commune_officer, edit(reading, "97,5"))
    (told,) = save(district_officer, edit(reading, "98,2")).json()["cells"]
    assert told["refused"]["code"] == "stale"
    assert (told["stored"]["text"], told["stored"]["by"]) == ("97,5", str(commune_officer))
    assert told["stored"]["at"]
    assert office.reading("17.1").value == 97.5
    (kept,) = save(district_officer, edit(reading, "98,2", version=told["stored"]["version"])).json()["cells"]
    assert kept["text"] == "98,2"


def test_the_same_edit_sent_twice_is_harmless(office, save, district_officer):
    reading = office.reading("17.1")
    for _ in range(2):
        (told,) = save(district_officer, edit(reading, "50")).json()["cells"]
        assert told["version"] == 2


def test_the_value_that_stands_already_is_no_conflict_whoever_entered_it(
    office, save, district_officer, commune_officer
):
    reading = office.reading("17.1")
    save(commune_officer, edit(reading, "97,5"))
    (told,) = save(district_officer, edit(reading, "97,50 %")).json()["cells"]
    assert "refused" not in told
    assert (told["version"], told["author"]) == (2, commune_officer.pk)
    assert office.reading("17.1").entered_by == commune_officer


def test_a_note_beside_the_same_value_is_still_a_conflict(office, save, district_officer, commune_officer):
    reading = office.reading("17.1")
    save(commune_officer, edit(reading, "97,5", note="Theo sổ"))
    (told,) = save(district_officer, edit(reading, "97,5", note="Theo điều tra")).json()["cells"]
    assert told["refused"]["code"] == "stale"
    assert office.reading("17.1").note == "Theo sổ"


def test_a_round_closed_while_typing_refuses_at_the_cell(office, save, district_officer):
    reading = office.reading("17.1")
    office.round.closed_on = timezone.localdate()
    office.round.save()
    (told,) = save(district_officer, edit(reading, "50")).json()["cells"]
    assert told["refused"] == {"code": "round_closed", "message": "Kỳ này đã chốt. Cần mở lại kỳ để sửa."}
    assert office.reading("17.1").value is None


def test_a_value_locked_meanwhile_refuses_and_tells_its_state(office, save, district_officer):
    reading = office.put("17.1", 50, State.SUBMITTED, hands=[district_officer, district_officer])
    (told,) = save(district_officer, edit(reading, "60")).json()["cells"]
    assert told["refused"]["code"] == "wrong_state"
    assert (told["stored"]["look"], told["stored"]["state"]) == ("locked", "Đã nộp")
    assert office.reading("17.1").value == 50


def test_a_unit_that_ended_while_the_form_was_open_is_absent(office, save, district_officer):
    reading = office.reading("17.1")
    Placement.objects.filter(area__code=HA_LINH).update(valid_to=office.round.period.ends_on.replace(month=6, day=30))
    (told,) = save(district_officer, edit(reading, "50")).json()["cells"]
    assert told["refused"]["code"] == "not_found"
    assert office.reading("17.1").value is None


def test_a_value_of_another_district_is_absent_and_the_rest_of_the_block_is_saved(office, save, district_officer):
    foreign, own = office.reading("17.1", office.other), office.reading("10.1")
    absent, saved = save(district_officer, edit(foreign, "50"), edit(own, "50")).json()["cells"]
    assert absent["refused"]["code"] == "not_found"
    assert "stored" not in absent
    assert saved["text"] == "50"
    assert office.reading("17.1", office.other).value is None


def test_edits_typed_by_somebody_else_are_not_sent_in_my_name(office, save, district_officer, commune_officer):
    answer = save(district_officer, edit(office.reading("17.1"), "50"), user=commune_officer.pk)
    assert (answer.status_code, answer.json()["code"]) == (409, "another_person")
    assert office.reading("17.1").value is None


def test_nobody_signed_in_is_told_so_and_not_sent_to_a_page(office, visitor):
    assert visitor.post(reverse("criteria:cells"), "{}", content_type="application/json").status_code == 401
    assert visitor.get(reverse("criteria:cells")).status_code == 401


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"cells": 1}', '{"cells": ["x"]}', '{"cells": [' + "{}," * 200 + "{}]}"]
)
def test_a_body_of_another_shape_is_refused(office, client_of, district_officer, body):
    answer = client_of(district_officer).post(reverse("criteria:cells"), body, content_type="application/json")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"id": "x"},
        {"id": 2**70},
        {"id": 1, "version": None},
        {"id": [1], "version": {}},
        {"text": "9" * 300},
        {"text": "\x00"},
    ],
)
def test_an_odd_edit_is_refused_for_itself(office, save, district_officer, odd):
    own = office.reading("10.1")
    first, second = save(
        district_officer, {**edit(office.reading("17.1"), "50"), **odd} if odd else odd, edit(own, "50")
    ).json()["cells"]
    assert first["refused"]["code"] in ("invalid", "not_found")
    assert second["text"] == "50"
    assert office.reading("17.1").value is None


def test_a_value_far_from_last_year_is_saved_and_asks_for_a_note_through_the_same_door(office, save, district_officer):
    office.had("17.1", 90)
    (told,) = save(district_officer, edit(office.reading("17.1"), "10")).json()["cells"]
    assert told["text"] == "10"
    assert told["flags"] == ["Giảm 80\u00a0điểm % so với kỳ trước."]
    (noted,) = save(district_officer, edit(office.reading("17.1"), "10", note="Điều tra lại")).json()["cells"]
    assert (noted["note"], noted["text"]) == ("Điều tra lại", "10")
    (kept,) = save(district_officer, edit(office.reading("17.1"), "12")).json()["cells"]
    assert kept["note"] == "Điều tra lại", "An edit without a note leaves the stored one."


def test_half_a_character_in_a_note_is_refused_at_its_cell(office, save, district_officer):
    reading = office.reading("17.1")
    (told,) = save(district_officer, edit(reading, "10", note="x\ud800")).json()["cells"]
    assert "ký tự không đọc được" in told["refused"]["message"]
    assert office.reading("17.1").version == reading.version


def test_a_sheet_leaves_nothing_behind_on_a_shared_computer(office, client_of, district_officer):
    answer = client_of(district_officer).get(office.sheet)
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_a_note_is_written_without_javascript_too(office, client_of, district_officer, save):
    office.had("17.1", 90)
    save(district_officer, edit(office.reading("17.1"), "10"))
    client, reading = client_of(district_officer), office.reading("17.1")
    assert "Cần giải trình" in client.get(office.sheet).content.decode()
    sent = office.typed(reading, "10", was="10", note="Điều tra lại", noted="")
    assert client.post(office.sheet, sent).status_code == 303
    assert office.reading("17.1").note == "Điều tra lại"
    assert "Cần giải trình" not in client.get(office.sheet).content.decode()
