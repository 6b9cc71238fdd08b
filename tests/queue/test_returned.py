"""What came back goes in again when somebody changed it, or says why it stands; never by itself."""

import pytest
from django.urls import reverse

from accounts import audit
from accounts.errors import WrongState
from criteria.actions import readings as act
from criteria.models import Reading, State
from criteria.queries import desk

WHY = "Đã đối chiếu lại với biểu gốc"


@pytest.fixture
def address(office):
    """`address("submit")`: of the home unit."""
    return lambda name: reverse(f"criteria:{name}", args=[office.round.pk, office.home.code])


@pytest.fixture
def returned(office, district_officer, province_officer, hands) -> Reading:
    """A value that the officer entered and the province sent back."""
    reading = office.put("17.1", "50", State.APPRAISED, hands=[district_officer, *hands])
    return act.return_reading(reading_id=reading.pk, reason="Thiếu biểu", version=reading.version, by=province_officer)


def chosen(reading: Reading, note: str = WHY) -> dict[str, object]:
    return {"chosen": f"{reading.pk}:{reading.version}", "note": note}


def test_what_nobody_touched_stays_when_the_rest_is_handed_in(office, district_officer, returned, again):
    draft = office.put("11.1", "3", State.DRAFT, hands=[district_officer])
    assert act.submit(assessment_id=returned.assessment_id, by=district_officer) == 1
    assert again(draft).state == State.SUBMITTED
    assert (again(returned).state, again(returned).version) == (State.RETURNED, returned.version)


def test_alone_it_is_not_handed_in_and_the_officer_is_told_how(district_officer, returned):
    with pytest.raises(WrongState) as refused:
        act.submit(assessment_id=returned.assessment_id, by=district_officer)
    assert "ghi lý do giữ nguyên" in refused.value.message


def test_once_changed_it_is_handed_in(district_officer, returned, again):
    act.record(reading_id=returned.pk, text="51", version=returned.version, by=district_officer)
    assert act.submit(assessment_id=returned.assessment_id, by=district_officer) == 1
    assert again(returned).state == State.SUBMITTED


def test_the_same_value_typed_again_without_a_word_is_no_answer(district_officer, returned, again):
    act.record(reading_id=returned.pk, text="50", version=returned.version, by=district_officer)
    assert again(returned).state == State.RETURNED


def test_it_stands_with_a_reason_and_is_handed_in(client_of, district_officer, returned, again, address):
    client = client_of(district_officer)
    page = client.get(address("submit")).content.decode()
    assert "Giữ nguyên giá trị bị trả lại, kèm lý do" in page
    assert "Nộp 0 giá trị" in page
    assert client.post(address("stand-by"), chosen(returned)).status_code == 303
    stands = again(returned)
    assert (stands.value, stands.state, stands.note) == (50, State.DRAFT, WHY)
    assert audit.history_of(returned).last().action == "reading.record"
    assert "Nộp 1 giá trị" in client.get(address("submit")).content.decode()
    client.post(address("submit"))
    assert again(returned).state == State.SUBMITTED


def test_a_note_that_stood_there_before_is_an_answer_when_it_is_said_again(district_officer, returned, again):
    Reading.objects.filter(pk=returned.pk).update(note=WHY)
    act.record(reading_id=returned.pk, text="50", version=returned.version, by=district_officer, note=WHY)
    assert again(returned).state == State.DRAFT


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"note": " "}, "Ghi lý do giữ nguyên, ví dụ"),
        ({"chosen": "", "note": WHY}, "Chọn ít nhất một giá trị giữ nguyên."),
    ],
)
def test_without_reason_or_choice_it_stays_returned(client_of, district_officer, returned, again, address, sent, words):
    answer = client_of(district_officer).post(address("stand-by"), {**chosen(returned), **sent})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert again(returned).state == State.RETURNED


def test_a_value_changed_meanwhile_is_not_written_over(client_of, district_officer, returned, again, address):
    act.record(reading_id=returned.pk, text="51", version=returned.version, by=district_officer)
    answer = client_of(district_officer).post(address("stand-by"), chosen(returned))
    assert answer.status_code == 409
    assert (again(returned).value, again(returned).note) == (51, "")


@pytest.mark.parametrize("name", ["stand-by", "leave-blank"])
def test_a_value_of_another_folder_is_absent_even_to_whom_it_belongs(
    name, office, client_of, district_officer, second, again, address
):
    foreign = office.put("17.1", "50", State.DRAFT, hands=[district_officer], area=second)
    assert client_of(district_officer).post(address(name), chosen(foreign)).status_code == 404
    assert (again(foreign).value, again(foreign).note) == (50, "")


def test_my_work_counts_it_as_returned_and_not_as_ready(office, client_of, district_officer, returned, address):
    work = desk.my_work(district_officer)
    folders = [folder for each in work.rounds for folder in each.folders]
    folder = next(each for each in folders if each.assessment.pk == returned.assessment_id)
    assert (folder.returned, folder.to_submit) == (1, 0)
    assert address("submit") in client_of(district_officer).get(reverse("criteria:my-work")).content.decode()
