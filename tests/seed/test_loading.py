"""Loading the seed twice writes nothing, and half a load is finished by the next one."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, User
from communes import epochs
from communes.models import Area
from criteria.models import CriteriaSet, Target
from reports.management.commands import load_seed
from reports.seed import chance
from reports.seed.loading import ACTION, Step, run
from reports.seed.steps import STEPS, is_loaded

pytestmark = pytest.mark.django_db


def _load(*arguments: str) -> str:
    out = StringIO()
    call_command("load_seed", *arguments, stdout=out)
    return out.getvalue()


def test_a_second_run_writes_nothing(django_assert_max_num_queries):
    before = epochs.current(), AuditEvent.objects.count()
    with django_assert_max_num_queries(5):
        said = _load()
    assert "nothing written" in said
    assert (epochs.current(), AuditEvent.objects.count()) == before
    assert is_loaded()


def test_each_step_leaves_one_event_with_the_fingerprint_of_the_data():
    events = AuditEvent.objects.filter(action=ACTION)
    assert {event.data["step"] for event in events} == {step.name for step in STEPS}
    assert {len(event.data["checksum"]) for event in events} == {64}


def test_a_missing_step_is_loaded_alone_with_one_event_and_one_epoch():
    calls = []

    def write(province: Area) -> int:
        calls.append(province.code)
        return 7

    epoch = epochs.current()
    done = list(run((*STEPS, Step("a new step", write))))
    assert calls == ["42"]
    assert [each.rows for each in done] == [None] * len(STEPS) + [7]
    assert epochs.current() == epoch + 1


def test_a_step_that_fails_leaves_nothing_behind():
    def fail(province: Area) -> int:
        Target.objects.create(area=province, year=1999, measure="none", name="Thử", value=1, unit="xã")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        list(run((*STEPS, Step("a broken step", fail))))
    assert not Target.objects.filter(year=1999).exists()
    assert "a broken step" not in {event.data["step"] for event in AuditEvent.objects.filter(action=ACTION)}


def test_the_seed_needs_a_territory(monkeypatch):
    monkeypatch.setattr(load_seed, "STEPS", (Step("a new step", lambda province: 0),))
    Area.objects.filter(code="42").update(code="99")
    with pytest.raises(CommandError, match="load_territory"):
        _load()


def test_the_seed_needs_the_law(monkeypatch):
    monkeypatch.setattr(load_seed, "STEPS", (Step("a new step", lambda province: 0),))
    CriteriaSet.objects.update(allows_rounds=False)
    with pytest.raises(CommandError, match="load_law"):
        _load()


def test_demo_accounts_are_made_only_when_asked_for(monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "mot-mat-khau-thu-9")
    _load()
    assert not User.objects.filter(username="tinh").exists()
    _load("--demo-accounts")
    assert User.objects.get(username="tinh").check_password("mot-mat-khau-thu-9")


def test_demo_accounts_without_a_password_are_refused(monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        _load("--demo-accounts")


def test_chance_is_the_same_on_every_machine():
    assert round(chance.fraction("a", 1), 6) == 0.46561
    assert chance.split(1_000_000_007, 3, 1_000, "x") == chance.split(1_000_000_007, 3, 1_000, "x")


@pytest.mark.parametrize("parts", [1, 2, 13, 200])
def test_a_sum_that_is_split_keeps_its_last_dong(parts):
    pieces = chance.split(79_800_000_001, parts, 1_000_000, "anything")
    assert sum(pieces) == 79_800_000_001
    assert min(pieces) > 0
    assert len(pieces) == parts
