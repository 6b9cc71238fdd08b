"""Typing values: each bad input answers beside the field, keeps what was typed, and changes nothing."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from communes import epochs
from criteria.models import Reading, State, Verdict

BAD = {
    "above one hundred per cent": ("17.1", "842", 422),
    "below nought": ("10.1", "-5", 422),
    "words where a number belongs": ("17.1", "nhiều", 422),
    "ambiguous by a factor of a thousand": ("10.1", "1.234", 422),
    "a number where yes or no belongs": ("17.3", "95,5", 422),
    "per cent where money belongs": ("10.1", "50 %", 422),
    "not applicable where it always applies": ("17.1", "không áp dụng", 422),
}


def text_of(response) -> str:
    return response.content.decode()


def stored(reading: Reading) -> tuple:
    reading.refresh_from_db()
    return reading.value, reading.not_applicable, reading.state, reading.version


def test_an_officer_sees_the_sheet_with_thresholds_in_words(office, district_officer, client_of):
    page = text_of(client_of(district_officer).get(office.sheet))
    assert "≥\u00a045%" in page
    assert "≤\u00a05%" in page
    assert "chưa có ngưỡng" in page
    assert "Nội dung 17.1" in page
    assert "Chưa nhập" in page


def test_a_value_saves_without_javascript_and_shows_its_verdict(office, district_officer, client_of):
    client, reading = client_of(district_officer), office.reading("17.1")
    answer = client.post(office.sheet, office.typed(reading, "36,2 %"))
    assert answer.status_code == 303
    page = text_of(client.get(answer["Location"]))
    reading.refresh_from_db()
    assert (float(reading.value), reading.verdict, reading.entered_by) == (36.2, Verdict.NOT_MET, district_officer)
    assert "Đã lưu 1 giá trị." in page
    assert "thiếu 8,8\u00a0điểm %" in page


def test_only_touched_cells_are_written(office, district_officer, client_of):
    first, second = office.reading("17.1"), office.reading("10.1")
    sent = {**office.typed(first, "50"), **office.typed(second, "")}
    client_of(district_officer).post(office.sheet, sent)
    assert stored(first)[3] == 2
    assert stored(second)[3] == 1


def test_a_number_is_shown_in_the_field_in_a_form_that_reads_back_as_itself(office, district_officer, client_of):
    reading = office.put("10.1", "1234.5", State.DRAFT)
    assert f'name="{reading.pk}-text" value="1234,5"' in text_of(client_of(district_officer).get(office.sheet))


@pytest.mark.parametrize(("code", "text", "status"), BAD.values(), ids=BAD.keys())
def test_a_bad_value_is_refused_beside_its_field(office, district_officer, client_of, code, text, status):
    reading, epoch, events = office.reading(code), epochs.current(), AuditEvent.objects.count()
    before = stored(reading)
    answer = client_of(district_officer).post(office.sheet, office.typed(reading, text))
    page = text_of(answer)
    assert answer.status_code == status
    row = page[page.index(f'id="v-{reading.pk}"') :].split("</tr>")[0]
    assert "#err" in row
    assert (f'value="{text}"' in row) or code == "17.3"
    assert stored(reading) == before
    assert (epochs.current(), AuditEvent.objects.count()) == (epoch, events)


def test_good_cells_are_saved_beside_a_refused_one(office, district_officer, client_of):
    good, bad = office.reading("10.1"), office.reading("17.1")
    answer = client_of(district_officer).post(office.sheet, {**office.typed(good, "50"), **office.typed(bad, "842")})
    assert answer.status_code == 422
    assert "Đã lưu 1 giá trị. Còn ô chưa lưu được" in text_of(answer)
    assert stored(good)[0] == 50
    assert stored(bad)[0] is None


def test_a_stale_version_shows_both_values_and_lets_choose(office, district_officer, commune_officer, client_of):
    reading = office.reading("17.1")
    sheet = office.sheet
    client_of(commune_officer).post(sheet, office.typed(reading, "97,5"))
    mine, typed = client_of(district_officer), office.typed(reading, "98,2")
    answer = mine.post(sheet, typed)
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Người khác vừa sửa ô này: của bạn 98,2; của cán bộ khác 97,5. Chọn một giá trị." in page
    assert 'value="98,2"' in page
    assert f'name="{reading.pk}-version" value="1"' in page
    assert stored(reading)[0] == Decimal("97.5")
    again = mine.post(sheet, typed)
    assert again.status_code == 409, "Saving again without choosing must not overwrite."
    kept = mine.post(sheet, {**typed, f"{reading.pk}-keep": 2})
    assert kept.status_code == 303
    assert stored(reading)[0] == Decimal("98.2")


def test_the_same_cell_sent_twice_is_harmless(office, district_officer, client_of):
    reading, client = office.reading("17.1"), client_of(district_officer)
    for _ in range(2):
        assert client.post(office.sheet, office.typed(reading, "50")).status_code == 303
    assert stored(reading) == (50, False, State.DRAFT, 2)
    assert AuditEvent.objects.filter(subject_type="criteria.reading", subject_id=str(reading.pk)).count() == 1


def test_a_closed_round_refuses_and_says_how_to_go_on(office, district_officer, client_of):
    reading = office.reading("17.1")
    office.round.closed_on = timezone.localdate()
    office.round.save()
    client = client_of(district_officer)
    assert "Kỳ này đã chốt. Cần mở lại kỳ để sửa." in text_of(client.get(office.sheet))
    answer = client.post(office.sheet, office.typed(reading, "50"))
    assert answer.status_code == 409
    assert "Kỳ này đã chốt. Cần mở lại kỳ để sửa." in text_of(answer)
    assert stored(reading)[0] is None


def test_a_unit_of_another_district_is_absent(office, district_officer, client_of):
    reading, client = office.reading("17.1", office.other), client_of(district_officer)
    assert client.get(office.sheet_of(office.other)).status_code == 404
    assert client.post(office.sheet_of(office.other), office.typed(reading, "50")).status_code == 404
    assert stored(reading)[0] is None


def test_a_foreign_cell_smuggled_into_the_own_sheet_is_not_written(office, district_officer, client_of):
    foreign = office.reading("17.1", office.other)
    client_of(district_officer).post(office.sheet, office.typed(foreign, "50"))
    assert stored(foreign)[0] is None


@pytest.mark.parametrize("code", ["99999", "18100x"])
def test_a_unit_that_does_not_exist_is_absent(office, district_officer, client_of, code):
    url = reverse("criteria:entry", args=[office.round.pk, code])
    assert client_of(district_officer).get(url).status_code == 404


def test_a_value_already_submitted_is_locked(office, district_officer, client_of):
    reading = office.put("17.1", 50, State.SUBMITTED, hands=[district_officer, district_officer])
    answer = client_of(district_officer).post(office.sheet, office.typed(reading, "60"))
    assert answer.status_code == 409
    assert stored(reading)[0] == 50


def test_not_applicable_is_taken_where_it_may_be(office, district_officer, client_of):
    reading = office.reading("17.9")
    client_of(district_officer).post(office.sheet, office.typed(reading, "không áp dụng"))
    assert stored(reading)[:2] == (None, True)


def test_a_nonsense_version_is_refused(office, district_officer, client_of):
    reading = office.reading("17.1")
    answer = client_of(district_officer).post(office.sheet, office.typed(reading, "50", version="x"))
    assert answer.status_code == 422
    assert stored(reading)[0] is None


def test_the_box_does_not_apply_speaks_for_the_field_unless_a_number_is_typed_over_it(
    office, client_of, district_officer
):
    client = client_of(district_officer)

    def post(text: str, was: str, **box) -> tuple:
        typed = office.typed(office.reading("17.9"), text, was=was, **box)
        assert client.post(office.sheet, typed).status_code == 303
        stored = office.reading("17.9")
        return stored.not_applicable, stored.value

    assert post("", "", na="1") == (True, None)
    assert post("", "Không áp dụng", na="1") == (True, None)
    assert post("95", "Không áp dụng", na="1") == (False, 95)
    assert post("95", "95", na="1") == (True, None)
    assert post("", "Không áp dụng") == (False, None)


def test_the_box_is_offered_only_where_a_content_may_not_apply(office, client_of, district_officer):
    page = client_of(district_officer).get(office.sheet).content.decode()
    assert f'name="{office.reading("17.9").pk}-na"' in page
    assert f'name="{office.reading("17.1").pk}-na"' not in page


def test_a_choice_is_emptied_by_the_last_of_its_buttons(office, client_of, district_officer):
    client, reading = client_of(district_officer), office.reading("17.3")
    client.post(office.sheet, office.typed(reading, "Đạt"))
    page = client.get(office.sheet).content.decode()
    assert f'name="{reading.pk}-text" value=""' in page
    answer = client.post(office.sheet, office.typed(office.reading("17.3"), "", was="Đạt"))
    assert answer.status_code == 303
    assert office.reading("17.3").value is None
