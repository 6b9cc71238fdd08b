"""A new threshold: what it would change is shown first, and is exactly what then happens, at once or as a job."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts import jobs
from accounts.errors import NotAllowed, Refused
from accounts.models import AuditEvent, Job
from communes import epochs
from criteria import engine, ledger
from criteria.actions import law_changes
from criteria.actions.rounds import close_round
from criteria.actions.thresholds import confirm_threshold, enter_threshold, preview_threshold
from criteria.models import Attainment, DirtyScope, Input, Reading, Round, State, Threshold, Verdict
from criteria.queries.law_change import concerned
from tests.conftest import PROVINCE
from tests.jobs.test_jobs import Killed

NTM = "commune-ntm-2021-2025"


@pytest.fixture
def entry(db) -> Input:
    """Clean water of the communes' set: a percentage with a national level by region."""
    return Input.objects.get(code="17.1", indicator__criterion__criteria_set__slug=NTM)


@pytest.fixture
def said(entry, area, province_officer) -> dict:
    return {
        "input": entry,
        "province": area(PROVINCE),
        "valid_from": dt.date(2024, 1, 1),
        "legal_reference": "Quyết định số 36/2022/QĐ-UBND",
        "by": province_officer,
    }


@pytest.fixture
def everybody_attains(entry) -> None:
    """Every approved value of the open rounds of communes is met, clean water between 45 and 100 percent."""
    opened = Round.objects.filter(closed_on=None, criteria_set__level="commune")
    readings = Reading.objects.filter(assessment__round__in=opened, input__derived__isnull=True)
    readings.update(state=State.APPROVED, verdict=Verdict.MET)
    water = list(Reading.objects.filter(input=entry, assessment__round__in=opened).order_by("pk"))
    for place, reading in enumerate(water):
        reading.value, reading.not_applicable = Decimal(45 + place % 56), False
    Reading.objects.bulk_update(water, ["value", "not_applicable"], batch_size=200)
    law_changes.measure([reading.pk for reading in water])
    engine.recompute(engine.folders(Q(round__in=opened)))


def standings() -> dict[int, tuple]:
    return {pk: tuple(rest) for pk, *rest in Attainment.objects.values_list("pk", "verdict", "criteria_met")}


def as_pairs(diff) -> dict[int, tuple]:
    return {change.folder.pk: (change.before, change.after) for change in diff.changes}


@pytest.mark.parametrize("value", ["0", "45", "60", "72,5", "99", "100"])
def test_the_preview_is_exactly_what_then_happens(said, everybody_attains, value):
    before = standings()
    diff = preview_threshold(**said, value_text=value)
    assert standings() == before
    enter_threshold(**said, value_text=value)
    after = standings()
    assert as_pairs(diff) == {pk: (before[pk], after[pk]) for pk in before if before[pk] != after[pk]}
    assert engine.verify() == []


@given(value=st.decimals(0, 100, places=2), back=st.integers(0, 800), region=st.sampled_from(["", "BTB"]))
@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_date_or_region_is_previewed_otherwise_than_it_happens(said, value, back, region):
    said = {**said, "valid_from": dt.date(2024, 12, 31) - dt.timedelta(days=back), "region": region}
    before, thresholds = standings(), Threshold.objects.count()
    try:
        diff = preview_threshold(**said, value=value)
    except Refused as refused:
        with pytest.raises(Refused, match=refused.message[:20]):
            enter_threshold(**said, value=value)
        return
    assert (standings(), Threshold.objects.count()) == (before, thresholds)
    enter_threshold(**said, value=value)
    after = standings()
    assert as_pairs(diff) == {pk: (before[pk], after[pk]) for pk in before if before[pk] != after[pk]}


def test_the_preview_names_who_drops_out_and_why_also_from_the_tier_above(said, everybody_attains):
    diff = preview_threshold(**said, value_text="60")
    dropped = {change.folder.round.criteria_set.slug for change in diff.drops_out}
    assert NTM in dropped
    assert not diff.comes_in
    first = next(change for change in diff.drops_out if change.folder.round.criteria_set.slug == NTM)
    assert first.verdicts == ("đạt", "chưa đạt")
    assert first.why.startswith("17.1: ")
    assert first.why.endswith("thành ≥\u00a060%")
    assert diff.verdicts[Verdict.MET, Verdict.NOT_MET] == len(
        [each for each in diff.drops_out if each.folder.round.criteria_set.slug == NTM]
    )
    enter_threshold(**said, value_text="60")
    back = preview_threshold(**{**said, "valid_from": dt.date(2024, 2, 1)}, value_text="45")
    assert {each.folder.pk for each in back.comes_in} == {each.folder.pk for each in diff.drops_out}


def test_a_preview_leaves_nothing_behind(said, everybody_attains, told, django_capture_on_commit_callbacks):
    traces = (Threshold, AuditEvent, Job, DirtyScope)
    before, epoch = [model.objects.count() for model in traces], epochs.current()
    with django_capture_on_commit_callbacks(execute=True):
        preview_threshold(**said, value_text="60")
    assert ([model.objects.count() for model in traces], epochs.current()) == (before, epoch)
    assert told == []


def test_a_preview_says_no_as_entering_does(said, district_officer):
    with pytest.raises(Refused) as refused:
        preview_threshold(**said, value_text="842")
    assert refused.value.field == "value"
    with pytest.raises(NotAllowed):
        preview_threshold(**{**said, "by": district_officer}, value_text="60")


def test_closed_rounds_are_left_alone(said, entry, everybody_attains):
    for opened in Round.objects.filter(closed_on=None):
        close_round(reading_round=opened, on=dt.date(2025, 1, 15), by=None)
    frozen = list(Reading.objects.filter(input=entry).order_by("pk").values_list("pk", "verdict", "threshold"))
    before = standings()
    assert preview_threshold(**said, value_text="99").concerned == 0
    enter_threshold(**said, value_text="99")
    law_changes.measure([pk for pk, *_ in frozen])
    assert list(Reading.objects.filter(input=entry).order_by("pk").values_list("pk", "verdict", "threshold")) == frozen
    assert standings() == before


def test_only_the_input_concerned_is_touched(said, entry, everybody_attains):
    others = Reading.objects.exclude(input=entry).filter(input__derived__isnull=True).order_by("pk")
    before = list(others.values_list("pk", "verdict", "threshold", "version"))
    enter_threshold(**said, value_text="60")
    assert list(others.values_list("pk", "verdict", "threshold", "version")) == before


@pytest.fixture
def by_job(monkeypatch):
    """So few values are measured at once that everything goes by a job of small chunks."""
    monkeypatch.setattr(law_changes, "AT_ONCE", 10)
    monkeypatch.setattr(law_changes, "CHUNK", 17)


def test_a_large_change_is_a_job_that_ends_as_an_immediate_one(said, entry, everybody_attains, by_job):
    total = concerned([entry.pk]).count()
    promised = as_pairs(preview_threshold(**said, value_text="60"))
    before = standings()
    enter_threshold(**said, value_text="60")
    assert standings() == before
    job = law_changes.under_way().get()
    assert (job.asked_by, job.arguments) == (said["by"], {"inputs": [entry.pk]})
    middle = jobs.work(job.pk, seconds=0)
    assert (middle.done, middle.total) == (17, total)
    assert engine.verify() == []
    done = jobs.work(job.pk, seconds=600)
    after = standings()
    assert (done.state, done.done, done.result["changed"]) == (Job.State.DONE, total, total)
    assert {pk: (before[pk], after[pk]) for pk in before if before[pk] != after[pk]} == promised
    assert not law_changes.under_way().exists()
    ledger.recompute_dirty()
    assert engine.verify() == []


@pytest.mark.parametrize("fatal", [1, 4, 9])
def test_a_killed_law_change_goes_on_from_its_mark(said, entry, everybody_attains, by_job, monkeypatch, later, fatal):
    promised, before = as_pairs(preview_threshold(**said, value_text="60")), standings()
    enter_threshold(**said, value_text="60")
    job, measure, measured = law_changes.under_way().get(), law_changes.measure, []

    def dying(ids: list[int]) -> list:
        measured.extend(ids)
        changed = measure(ids)
        if len(measured) == 17 * fatal:
            raise Killed
        return changed

    monkeypatch.setattr(law_changes, "measure", dying)
    with pytest.raises(Killed):
        jobs.work(job.pk, seconds=600)
    later(job, minutes=2)
    jobs.work(job.pk, seconds=600)
    after = standings()
    assert {pk: (before[pk], after[pk]) for pk in before if before[pk] != after[pk]} == promised
    assert len(measured) - len(set(measured)) <= 17


def test_a_round_closed_while_the_job_runs_keeps_its_verdicts(said, entry, everybody_attains, by_job):
    enter_threshold(**said, value_text="60")
    job = law_changes.under_way().get()
    jobs.work(job.pk, seconds=0)
    for opened in Round.objects.filter(closed_on=None, criteria_set__slug=NTM):
        close_round(reading_round=opened, on=dt.date(2025, 1, 15), by=None)
    frozen = list(Reading.objects.filter(input=entry).order_by("pk").values_list("pk", "verdict", "threshold"))
    assert jobs.work(job.pk, seconds=600).state == Job.State.DONE
    assert list(Reading.objects.filter(input=entry).order_by("pk").values_list("pk", "verdict", "threshold")) == frozen


def test_a_level_confirmed_out_of_a_stand_in_binds_at_once(said, entry, everybody_attains, second_province_officer):
    """A real level beats a later stand-in: once confirmed, the stand-in is a level like any other."""
    stand_in = Threshold.objects.create(
        input=entry, province=said["province"], value=60, valid_from=dt.date(2024, 6, 1), is_illustrative=True,
        confidence="placeholder", legal_reference="giữ chỗ",
    )  # fmt: skip
    enter_threshold(**said, value_text="50")
    pinned = Reading.objects.filter(
        input=entry, assessment__round__closed_on=None, assessment__round__period__year=2024
    )
    assert set(pinned.values_list("threshold__value", flat=True)) == {Decimal(50)}
    confirm_threshold(threshold=stand_in, legal_reference="Số 36", by=second_province_officer)
    assert set(pinned.values_list("threshold__value", flat=True)) == {Decimal(60)}
