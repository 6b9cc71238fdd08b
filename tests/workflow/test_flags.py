"""A value that looks wrong is stored and asks for a note; without one it is not handed in."""

import pytest

from accounts.errors import Refused
from criteria.actions import readings as act
from criteria.models import Reading, State
from criteria.queries import wording
from criteria.rules.plausibility import Flag

WATER = "17.1"


@pytest.fixture
def far_off(reading, district_officer) -> Reading:
    """A value a long way from the year before, entered without a word."""
    draft = reading(WATER)
    before = Reading.objects.filter(
        input=draft.input_id, assessment__area=draft.assessment.area_id, assessment__round__period__year=2023
    ).first()
    text = "1" if before and before.value > 50 else "99"
    return act.record(reading_id=draft.pk, text=text, version=draft.version, by=district_officer)


def test_a_value_far_from_its_surroundings_is_stored_and_flagged(far_off):
    far_off.refresh_from_db()
    assert far_off.flags
    assert far_off.state == State.DRAFT
    assert wording.flags(far_off)


def test_it_is_not_handed_in_without_a_note(far_off, district_officer):
    with pytest.raises(Refused) as refused:
        act.submit(assessment_id=far_off.assessment_id, by=district_officer)
    assert (refused.value.field, refused.value.code) == ("note", "unexplained")
    assert WATER in refused.value.message
    far_off.refresh_from_db()
    assert far_off.state == State.DRAFT


def test_with_a_note_it_passes_and_keeps_its_flag(far_off, district_officer):
    text = wording.typed(Reading.objects.select_related("input").get(pk=far_off.pk))
    noted = act.record(
        reading_id=far_off.pk, text=text, version=far_off.version, by=district_officer, note="Trạm mới đấu nối."
    )
    assert act.submit(assessment_id=far_off.assessment_id, by=district_officer) == 1
    noted.refresh_from_db()
    assert (noted.state, noted.flags) == (State.SUBMITTED, far_off.flags)


def test_correcting_the_value_takes_the_flag_away(reading, district_officer, far_off):
    mine = reading(WATER)
    empty = act.record(reading_id=mine.pk, text="", version=mine.version, by=district_officer)
    assert empty.flags == 0


def test_the_words_say_by_how_much(far_off):
    far_off.flags = int(Flag.JUMP | Flag.OUTLIER)
    assert wording.flags(far_off, far_off.value - 12) == [
        "Tăng 12\u00a0điểm % so với kỳ trước.",
        "Khác xa các đơn vị cùng huyện.",
    ]
    assert wording.flags(far_off)[0] == "Tăng hoặc giảm mạnh so với kỳ trước."


def test_surroundings_cost_the_same_for_one_value_and_for_a_folder(far_off, django_assert_num_queries):
    from criteria import surroundings

    rows = list(
        Reading.objects.filter(assessment=far_off.assessment_id).select_related("input", "assessment__round__period")
    )
    assert len(rows) > 50
    for some in ([row for row in rows if row.pk == far_off.pk], rows):
        with django_assert_num_queries(3):
            surroundings.pin(some)
