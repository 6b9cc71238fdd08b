"""Rulebooks are checked as a whole: a wrong file is named with its line, and nothing changes."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from communes import epochs
from communes.models import Area
from criteria.actions.rounds import ensure_year, open_round
from criteria.law_loading import LawRefused, load
from criteria.models import CriteriaSet, Criterion, Input, LeadDepartment, Reading, Round, Threshold

pytestmark = pytest.mark.django_db

NTM, DISTRICT, MODEL = "commune-ntm-2021-2025", "district-advanced-2021-2025", "commune-model-2021-2025"
VILLAGE = "residential-model"  # no round of the seed stands on it


WRONG = [
    # set, after, old, new, reason
    (NTM, "", r"^tier: ntm", "tierr: ntm", "unknown key 'tierr'"),
    (NTM, "code: '3.1'", r"threshold: 80", "threshhold: 80", "unknown key 'threshhold'"),
    (NTM, "code: '3.1'", r" +threshold: 80\n", "", "3.1: missing threshold"),
    (NTM, "code: '3.1'", r"threshold: 80", "threshold: null", "3.1: missing threshold"),
    (NTM, "code: '3.1'", r"threshold: 80", "threshold: 800", "800 cannot be a percent"),
    (NTM, "code: '3.1'", r"threshold: 80", "threshold: true", "must be a number"),
    (NTM, "code: '1.1'", r"threshold: true", "threshold: false", "true or null"),
    (NTM, "code: '1.1'", r"operator: is_true", "operator: '>='", "is_true goes with boolean"),
    (NTM, "code: '4.2'", r", DBSCL: 98", "", "'DBSCL' is a required property"),
    (NTM, "code: '4.2'", r"DBSCL: 98", "DBSCX: 98", "unknown key 'DBSCX'"),
    (NTM, "code: '4.2'", r"confidence: recalled", "confidence: sure", "'sure' is not one of"),
    (NTM, "criteria:\n  - code", r"code: '1.2'", "code: '1.1'", "code '1.1' is used by another"),
    (NTM, "criteria:\n  - code", r"- code: '2'$", "- code: '1'", "code '1' is used by another criterion"),
    (NTM, "", r"effective_to: .*", "effective_to: '2025-02-30'", "'2025-02-30' is not a date"),
    (NTM, "", r"effective_to: .*", "effective_to: '2020-12-31'", "before effective_from"),
    (NTM, "", r"indicators: 57", "indicators: 56", "57 indicators listed, 56 declared"),
    (NTM, "", r"indicators: 57", "indicators: 58", "57 of 58 indicators listed"),
    (NTM, "", r"  criteria: 19", "  criteria: 20", "complete: false"),
    (NTM, "", r"kinds: \[xa\]", "kinds: [huyen]", "huyen is not a unit of level commune"),
    (NTM, "", r"including_one_of: .*", "including_one_of: ['99']", "no criterion '99'"),
    (NTM, "code: 5.1.a", r"alternative: so-truong", "alternative: khac", "only one member"),
    (DISTRICT, "", r"incomplete_criteria: .*", "incomplete_criteria: ['12']", "no criterion '12'"),
    (MODEL, "", r"set: commune-advanced-2021-2025", "set: commune-advanced", "no set 'commune-advanced'"),
    (MODEL, "kind: ratio", r"input: '10.1'", "input: '10.9'", "no input '10.9'"),
    (MODEL, "kind: ratio", r"kind: ratio", "kind: guess", "'guess' is not one of"),
    (DISTRICT, "kind: share", r"tier: advanced", "tier: advancedd", "no set grants tier 'advancedd'"),
    (NTM, "", r"^level: commune", "version: 2", "key 'version' is repeated"),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "after", "old", "new", "reason"), WRONG)
def test_a_wrong_file_is_refused_with_its_line_and_nothing_changes(rulebooks, stored, slug, after, old, new, reason):
    rulebooks.edit("urban-civilised", "name: Tiêu chí phường", "name: Đổi tên, tiêu chí phường")
    line = rulebooks.edit(slug, old, new, after=after)
    before = stored()
    with pytest.raises(LawRefused) as refused:
        load(rulebooks.folder)
    named = [fault for fault in refused.value.faults if reason in fault.reason]
    assert named, [str(fault) for fault in refused.value.faults]
    assert named[0].file == f"{slug}.yaml"
    absent = reason == "3.1: missing threshold" and not new  # named at the indicator, five lines above
    assert named[0].line == (line - 5 if absent else line)
    assert stored() == before


def test_text_that_is_no_yaml_is_refused_with_its_line(rulebooks, stored):
    path = rulebooks.path(NTM)
    path.write_text(path.read_text(encoding="utf-8").replace("kinds: [xa]", "kinds: [xa"), encoding="utf-8")
    before = stored()
    with pytest.raises(LawRefused, match=rf"{NTM}.yaml:\d+: not YAML"):
        load(rulebooks.folder)
    assert stored() == before


def test_more_criteria_than_a_mask_holds_are_refused(rulebooks):
    extra = "".join(f"  - {{code: '{n}', name: Thêm, confidence: recalled, indicators: []}}\n" for n in range(100, 155))
    rulebooks.path(VILLAGE).write_text(
        rulebooks.path(VILLAGE)
        .read_text(encoding="utf-8")
        .replace("criteria:\n  - code", f"criteria:\n{extra}  - code"),
        encoding="utf-8",
    )
    with pytest.raises(LawRefused, match=rf"{VILLAGE}.yaml:\d+: criteria"):
        load(rulebooks.folder)


def test_sets_that_stand_on_each_other_in_a_circle_are_refused(rulebooks):
    advanced = "commune-advanced-2021-2025"
    rulebooks.edit(advanced, f"set: {NTM}", f"set: {MODEL}", after="kind: attained")
    with pytest.raises(LawRefused, match="circle"):
        load(rulebooks.folder)


def new_version(rulebooks, slug: str, version: int, first: str) -> None:
    text = rulebooks.path(slug).read_text(encoding="utf-8")
    text = text.replace("version: 1", f"version: {version}", 1)
    start = text.index("effective_from:")
    text = text[:start] + f"effective_from: '{first}'" + text[text.index("\n", start) :]
    rulebooks.path(f"{slug}-v{version}").write_text(text, encoding="utf-8")


def test_versions_of_a_set_may_not_overlap_in_time(rulebooks):
    new_version(rulebooks, NTM, 2, "2025-07-01")
    with pytest.raises(LawRefused, match="dates overlap version"):
        load(rulebooks.folder)


def test_a_new_version_after_the_end_of_the_old_one_is_added(rulebooks):
    rulebooks.edit(VILLAGE, "effective_to: null", "effective_to: '2025-12-31'")
    new_version(rulebooks, VILLAGE, 2, "2026-01-01")
    rulebooks.edit(f"{VILLAGE}-v2", "effective_to: '2025-12-31'", "effective_to: null")
    states = {(outcome.slug, outcome.version): outcome.state for outcome in load(rulebooks.folder)}
    assert (states[VILLAGE, 1], states[VILLAGE, 2]) == ("amended", "added")
    assert list(CriteriaSet.objects.filter(slug=VILLAGE).order_by("version").values_list("version", flat=True)) == [
        1,
        2,
    ]


def test_loading_again_changes_nothing(rulebooks, stored):
    before, epoch, events = stored(), epochs.current(), AuditEvent.objects.count()
    assert {outcome.state for outcome in load(rulebooks.folder)} == {"unchanged"}
    assert (stored(), epochs.current(), AuditEvent.objects.count()) == (before, epoch, events)


def test_a_comment_is_no_change(rulebooks):
    path = rulebooks.path(NTM)
    path.write_text("# remark\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert {outcome.state for outcome in load(rulebooks.folder)} == {"unchanged"}


def test_a_changed_set_without_rounds_is_replaced_with_an_audit_record_and_a_new_epoch(rulebooks):
    epoch = epochs.current()
    rulebooks.edit(VILLAGE, "threshold: 70", "threshold: 75")
    states = {outcome.slug: outcome.state for outcome in load(rulebooks.folder)}
    assert states.pop(VILLAGE) == "replaced"
    assert set(states.values()) == {"unchanged"}
    assert (
        Threshold.objects.get(
            input__indicator__criterion__criteria_set__slug=VILLAGE, input__code="3.1", province=None
        ).value
        == 75
    )
    found = CriteriaSet.objects.get(slug=VILLAGE)
    assert Criterion.objects.filter(criteria_set=found).count() == 11
    assert AuditEvent.objects.filter(action="law.replaced", subject_id=str(found.pk)).count() == 1
    assert epochs.current() == epoch + 1


def test_what_people_entered_outlives_a_replaced_set(rulebooks, province_officer, department):
    entry = Input.objects.get(indicator__criterion__criteria_set__slug=VILLAGE, code="3.1")
    province = Area.objects.get(code="42", level="province")
    mine = Threshold.objects.create(input=entry, province=province, value=80, confidence="recalled")
    national = Threshold.objects.get(input=entry, province=None)
    national.confirmed_by, national.confirmed_at = province_officer, dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    national.save()
    lead = LeadDepartment.objects.create(criterion=entry.indicator.criterion, department=department)
    rulebooks.edit(VILLAGE, "name: Hàng rào$", "name: Hàng rào xanh")
    load(rulebooks.folder)
    mine.refresh_from_db()
    lead.refresh_from_db()
    fresh = Input.objects.get(indicator__criterion__criteria_set__slug=VILLAGE, code="3.1")
    assert mine.input == fresh != entry
    assert lead.criterion == fresh.indicator.criterion
    assert Threshold.objects.get(input=fresh, province=None).confirmed_by == province_officer


@pytest.fixture
def round_on_ntm(db) -> Round:
    """A round on the commune set: the seed's, or one opened here."""
    found = CriteriaSet.objects.get(slug=NTM)
    return Round.objects.filter(criteria_set=found).first() or open_round(
        province=Area.objects.get(code="42", level="province"),
        period=ensure_year(2024),
        criteria_set=found,
        due_on=dt.date(2024, 12, 1),
        by=None,
    )


def test_a_changed_set_with_rounds_is_refused(rulebooks, stored, round_on_ntm):
    rulebooks.edit(NTM, "threshold: 80", "threshold: 81", after="code: '3.1'")
    before = stored()
    with pytest.raises(LawRefused, match=f"{NTM}.yaml:2: .*add a new version"):
        load(rulebooks.folder)
    assert stored() == before


def test_the_last_day_of_a_set_with_rounds_may_change_so_that_a_new_version_can_follow(rulebooks, round_on_ntm):
    rulebooks.edit(NTM, "effective_to: .*", "effective_to: '2025-06-30'")
    readings = Reading.objects.count()
    states = {outcome.slug: outcome.state for outcome in load(rulebooks.folder)}
    assert states[NTM] == "amended"
    assert CriteriaSet.objects.get(slug=NTM).effective_to == dt.date(2025, 6, 30)
    assert Reading.objects.count() == readings


def test_a_version_without_a_file_still_keeps_its_dates(rulebooks):
    new_version(rulebooks, VILLAGE, 2, "2026-01-01")
    rulebooks.path(VILLAGE).unlink()
    with pytest.raises(LawRefused, match="version 1 in the database"):
        load(rulebooks.folder)


def test_an_input_whose_threshold_the_province_entered_cannot_vanish(rulebooks):
    entry = Input.objects.get(indicator__criterion__criteria_set__slug=VILLAGE, code="3.1")
    province = Area.objects.get(code="42", level="province")
    Threshold.objects.create(input=entry, province=province, value=80, confidence="recalled")
    rulebooks.edit(VILLAGE, "code: '3.1'", "code: '3.2'")
    with pytest.raises(LawRefused, match=r"3\.1 is gone"):
        load(rulebooks.folder)


def test_the_command_prints_file_line_and_reason_and_fails(rulebooks, capsys):
    line = rulebooks.edit(NTM, r"^tier: ntm", "tierr: ntm")
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("load_law", dir=rulebooks.folder)
    assert f"{NTM}.yaml:{line}: unknown key 'tierr'" in capsys.readouterr().err


def test_the_command_says_what_is_unchanged(capsys):
    call_command("load_law")
    assert f"{NTM} v1: unchanged" in capsys.readouterr().out
