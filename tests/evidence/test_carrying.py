"""Evidence of the year before, carried forward by reference."""

import pytest
from django.urls import reverse

from accounts.errors import NotAllowed, OutOfScope, Refused, WrongState
from accounts.models import AuditEvent
from communes.models import Placement
from criteria.actions import evidence
from criteria.models import Evidence, State
from criteria.queries.panel import panel
from tests.evidence.conftest import stored
from tests.evidence.documents import PDF


def test_last_years_files_stand_for_this_year_by_reference(office, last_year, attach, district_officer, store):
    attach(last_year.reading("17.1"), "a.pdf", PDF, by=district_officer)
    attach(last_year.reading("17.1"), "b.pdf", PDF + b" ", by=district_officer)
    attach(last_year.reading("2.1"), "c.pdf", PDF + b"  ", by=district_officer)
    this = office.reading("17.1")
    attach(this, "da-co.pdf", PDF, by=district_officer)
    before = stored(store)
    assert panel(district_officer, this.pk).to_carry == 1
    (made,) = evidence.carry_forward(reading_id=this.pk, by=district_officer)
    assert (made.name, made.carried_from.reading, stored(store)) == ("b.pdf", last_year.reading("17.1"), before)
    with pytest.raises(WrongState):
        evidence.carry_forward(reading_id=this.pk, by=district_officer)
    assert AuditEvent.objects.filter(action="evidence.carry", subject_id=str(made.pk)).exists()


def test_only_who_may_write_the_value_is_told_what_can_be_carried(
    office, last_year, attach, district_officer, commune_officer, district_reviewer, province_officer
):
    attach(last_year.reading("17.1"), "a.pdf", PDF, by=district_officer)
    this = office.reading("17.1")
    counted = {who: panel(who, this.pk).to_carry for who in (district_officer, commune_officer)}
    assert set(counted.values()) == {1}
    assert [panel(who, this.pk).to_carry for who in (district_reviewer, province_officer)] == [0, 0]
    office.put("17.1", 61.5, State.SUBMITTED)
    assert panel(district_officer, this.pk).to_carry == 0


def test_files_of_a_time_when_the_unit_was_anothers_are_neither_counted_nor_carried(
    office, last_year, attach, district_officer, monkeypatch
):
    """The unit came to the district this year: the value before is out of sight."""
    attach(last_year.reading("17.1"), "a.pdf", PDF, by=district_officer)
    Placement.objects.filter(area=office.home, path__startswith="/42/444/").update(valid_from="2024-01-01")
    this = office.reading("17.1")
    assert panel(district_officer, this.pk).to_carry == 0
    with pytest.raises(WrongState):
        evidence.carry_forward(reading_id=this.pk, by=district_officer)


def test_what_is_carried_outlives_its_removal_from_last_year(office, last_year, attach, client_of, district_officer):
    old = attach(last_year.reading("17.1"), "a.pdf", PDF, by=district_officer)
    (made,) = evidence.carry_forward(reading_id=office.reading("17.1").pk, by=district_officer)
    evidence.remove(evidence_id=old.pk, reason="Nhầm", by=district_officer)
    answer = client_of(district_officer).get(reverse("criteria:evidence-file", args=[made.file.key]))
    assert b"".join(answer.streaming_content) == PDF


def test_carrying_forward_holds_to_the_limit_and_to_who_enters(
    office, last_year, attach, district_officer, province_officer, other_district_officer, settings
):
    for number in (1, 2):
        attach(last_year.reading("17.1"), "a.pdf", PDF + bytes([number]), by=district_officer)
    settings.EVIDENCE_PER_VALUE = 1
    this = office.reading("17.1")
    for who, fault in (
        (district_officer, Refused),
        (province_officer, NotAllowed),
        (other_district_officer, OutOfScope),
    ):
        with pytest.raises(fault):
            evidence.carry_forward(reading_id=this.pk, by=who)
    assert not Evidence.objects.filter(reading=this).exists()
