"""Closing and reopening a round."""

import datetime as dt
from decimal import Decimal

from criteria.actions.rounds import close_round, reopen_round
from criteria.actions.thresholds import enter_threshold
from criteria.models import Attainment, State, Verdict

WATER = "17.1"


def _raise_level(reading, by, province) -> None:
    enter_threshold(
        input=reading.input,
        province=province,
        valid_from=dt.date(2024, 1, 1),
        legal_reference="1/QĐ-UBND",
        by=by,
        value=Decimal(96),
    )


def test_a_level_entered_while_a_round_is_closed_binds_once_it_is_open_again(
    open_round_2024, folder, fill, reading, province_officer, area
):
    fill(except_for={WATER: Decimal(95)})
    assert reading(WATER).verdict == Verdict.MET
    close_round(reading_round=open_round_2024, on=dt.date(2024, 12, 31), by=province_officer)
    _raise_level(reading(WATER), province_officer, area("42"))
    frozen = reading(WATER)
    assert (frozen.verdict, frozen.threshold.value) == (Verdict.MET, 45)
    reopen_round(reading_round=open_round_2024, reason="Rà soát.", by=province_officer)
    measured = reading(WATER)
    assert (measured.state, measured.verdict, measured.threshold.value) == (State.APPROVED, Verdict.NOT_MET, 96)
    assert Attainment.objects.get(pk=folder.pk).verdict == Verdict.NOT_MET
