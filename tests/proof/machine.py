"""Random lives of the tiny world, compared with the law after every step.

Each step knows from the raw rows alone whether it is allowed. What is not allowed must be refused and change nothing;
a step that crashes before its commit must change nothing, and its replay must end as if nothing had happened.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from accounts.errors import Refused
from communes.models import Epoch
from criteria import engine, ledger
from criteria.actions import readings as act
from criteria.actions.decisions import Paper, record_decision
from criteria.actions.rounds import close_round, reopen_round
from criteria.actions.thresholds import enter_threshold
from criteria.models import Assessment, Attainment, DirtyScope, Reading, RollUp, Round, State
from criteria.queries.decisions import limbs
from criteria.statements import Ids
from tests.proof.comparing import faults
from tests.proof.world import MEETING, NOTE, SLUGS, World

NOT_APPLICABLE = "không áp dụng"
TEXTS = {
    "percent": ["60", "80", "59,9999", "8", "12,5", "100", "", NOT_APPLICABLE],
    "money": ["0", "39", "42,9", "50", "38,9999", "", NOT_APPLICABLE],
    "count": ["2", "1", "0", "", NOT_APPLICABLE],
    "boolean": ["Đạt", "Đạt", "Chưa đạt", "", NOT_APPLICABLE],
}
LEVELS = {"percent": [0, 50, 60, 80, 100], "money": [0, 30, 39, 45], "count": [1, 3], "boolean": [1]}
DAYS = [dt.date(2021, 1, 1), dt.date(2022, 3, 1), dt.date(2022, 12, 31), dt.date(2023, 1, 1)]
ROLLED_UP = ("area_id", "criteria_set_id", "members", "attained", "failing", "undetermined", "by_criteria_met")
WITH_ENTERER = (State.DRAFT, State.RETURNED)
COMMITTED, CRASHED_BEFORE = "committed", "crashed and replayed"


def _drawn(*, bits: int) -> st.SearchStrategy[int]:
    """A number told bit by bit. Hypothesis's own numbers lean to those found in the modules that happen to be loaded,

    which are others on each database: the lives would not be the same ones.
    """
    told = st.lists(st.booleans(), min_size=bits, max_size=bits)
    return told.map(lambda found: sum(bit << n for n, bit in enumerate(found)))


def _one_of(choices: Sequence[Any]) -> st.SearchStrategy[Any]:
    return _drawn(bits=8).map(lambda drawn: choices[drawn % len(choices)])


ONCE = _one_of([COMMITTED, CRASHED_BEFORE, COMMITTED, COMMITTED])
# Spread out: the smallest is drawn most often and would always mean the same choice.
ANY = _drawn(bits=16).map(lambda drawn: (drawn * 40_503 + 12_345) % 65_521)
# How often a step is taken, out of all of these.
OFTEN = Counter(
    enter=8,
    enter_many=4,
    carry_on=6,
    submit=2,
    verify=2,
    appraise=2,
    approve_one=3,
    approve_many=2,
    return_one=4,
    unlock=3,
    override=4,
    recognise=3,
    revoke=2,
    close=2,
    reopen=4,
    run_the_job_twice=3,
    recompute_every_commune=1,
)


class Crash(Exception):
    """The process ends before its commit."""


class Lives(RuleBasedStateMachine):
    """One life of the world; everything is rolled back at its end."""

    steps = Counter[str]()
    told = hashlib.sha256()  # of every draw, to tell whether two runs lived the same lives

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self.facts = world.facts()
        self.frozen: dict[int, list[tuple]] = {}
        self.epochs: dict[str, int] = {}
        self.seen: Any = None

    def teardown(self) -> None:
        differing = engine.verify(Q(round__province=self.world.province))
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)
        assert differing == []

    # How a step is taken

    def _take(self, name: str, step: Callable[[], Any], *, allowed: bool, how: str = COMMITTED) -> None:
        self._count(f"{name}, {how if allowed else 'refused'}")
        before = None if allowed and how == COMMITTED else self.world.stored()
        if how == CRASHED_BEFORE:
            self._crash(step)
            assert self.world.stored() == before, f"{name} crashed before its commit and left something behind"
        taken = self._done(step)
        assert taken == allowed, f"{name} was {'accepted' if taken else 'refused'}"
        if not taken:
            assert self.world.stored() == before, f"{name} was refused and changed something"

    def _count(self, name: str) -> None:
        type(self).steps[name] += 1

    @staticmethod
    def _done(step: Callable[[], Any]) -> bool:
        try:
            step()
        except Refused:
            return False
        return True

    @staticmethod
    def _crash(step: Callable[[], Any]) -> None:
        with suppress(Crash, Refused), transaction.atomic():
            step()
            raise Crash

    # What the raw rows say

    @property
    def _rows(self) -> Collection[dict[str, Any]]:
        return self.facts.readings.values()

    def _is_enterable(self, row: dict[str, Any]) -> bool:
        return row["state"] in WITH_ENTERER and not self._rule(row) and self._is_open(row)

    def _is_open(self, row: dict[str, Any]) -> bool:
        return self.facts.folders[row["folder"]]["closed_on"] is None

    def _rule(self, row: dict[str, Any]) -> Any:
        return self.facts.inputs[row["input"]]["rule"]

    def _one(self, number: int, *, at: tuple[int, ...] | None = None) -> tuple[int, dict[str, Any]]:
        """A reading: any at all, or one that stands at one of the states where there is any."""
        keys = sorted(self.facts.readings)
        entered = [key for key in keys if not self._rule(self.facts.readings[key])]
        standing = [key for key in entered if at is None or self.facts.readings[key]["state"] in at]
        chosen = (keys if number % 7 == 0 else standing or keys)[number // 7 % len(standing or keys)]
        return chosen, self.facts.readings[chosen]

    def _of_folder(self, number: int, state: int) -> tuple[Assessment, list[int]]:
        """A folder, one that has values at the state where there is any, and the ids of these values."""
        found: dict[int, list[int]] = {key: [] for key in sorted(self.facts.folders)}
        for key, row in sorted(self.facts.readings.items()):
            if row["state"] == state:
                found[row["folder"]].append(key)
        keys = [key for key, ids in found.items() if ids] or list(found)
        if number % 9 == 0:
            keys = list(found)
        chosen = keys[number // 9 % len(keys)]
        return Assessment.objects.select_related("area", "round").get(pk=chosen), found[chosen]

    def _on_its_way(self, number: int) -> Assessment:
        """A folder with values that somebody entered and nobody approved yet, where there is any."""
        found = sorted(
            {
                row["folder"]
                for row in self.facts.readings.values()
                if row["state"] < State.APPROVED and self._is_open(row) and (row["value"] is not None)
            }
        ) or sorted(self.facts.folders)
        return Assessment.objects.select_related("area", "round").get(pk=found[number % len(found)])

    def _area(self, row: dict[str, Any]) -> Any:
        return Assessment.objects.select_related("area").get(pk=row["folder"]).area

    def _is_province(self, row: dict[str, Any]) -> bool:
        return self.facts.folders[row["folder"]]["unit"] == self.world.province.pk

    # The steps

    @initialize(filled=_one_of([4, 3, 2, 0]))
    def start(self, filled: int) -> None:
        """Some communes begin with everything approved and recognised."""
        for commune in self.world.communes[1 : filled + 1]:
            for slug in SLUGS[:2]:
                ids = self.world.folder(slug, commune).readings.values_list("pk", flat=True)
                self._approve_at_once(slug, list(ids))
        self.world.recognise(self.world.communes[1 : filled + 1])
        ledger.recompute_dirty()

    def _approve_at_once(self, slug: str, ids: list[int]) -> None:
        """Values that meet their levels, approved; by the actions, since nothing else may write."""
        folder = Assessment.objects.select_related("area").get(readings=ids[0])
        self.world.fill(slug, folder.area)

    @rule(name=_one_of(list(OFTEN.elements())), number=ANY, choice=ANY, how=ONCE)
    def step(self, name: str, number: int, choice: int, how: str) -> None:
        """One step by name; `number` picks what it is done to, `choice` how."""
        type(self).told.update(f"{name} {number} {choice} {how}\n".encode())
        getattr(self, name)(number, choice, how)

    def enter(self, number: int, choice: int, how: str) -> None:
        key, row = self._one(number, at=WITH_ENTERER)
        entry, officer = self.facts.inputs[row["input"]], self.world.officer(self._area(row))
        texts = TEXTS[entry["value_type"]]
        text = texts[choice % len(texts)]
        version = row["version"] - (choice % 11 == 0)
        allowed = self._may_enter(row, entry, text, officer.pk, version)
        self._take(
            "enter",
            lambda: act.record(reading_id=key, text=text, version=version, by=officer, note=NOTE),
            allowed=allowed,
            how=how,
        )

    def _may_enter(self, row: dict, entry: dict, text: str, officer: int, version: int) -> bool:
        may_not_apply = entry["may_not_apply"] or entry["alternative"]
        if not self._is_open(row) or entry["rule"] or (text == NOT_APPLICABLE and not may_not_apply):
            return False
        if row["entered_by"] == officer and _typed(row, entry) == text and row["note"] == NOTE:
            return True
        if version != row["version"] or row["state"] not in WITH_ENTERER:
            return False
        others = [
            other["not_applicable"]
            for other in self.facts.readings.values()
            if other["folder"] == row["folder"] and other is not row and self._are_alternatives(other, entry)
        ]
        return not (text == NOT_APPLICABLE and others and all(others))

    def _are_alternatives(self, other: dict, entry: dict) -> bool:
        said = self.facts.inputs[other["input"]]
        same = (said["siblings"], said["alternative"]) == (entry["siblings"], entry["alternative"])
        return bool(entry["alternative"]) and same

    def submit(self, number: int, choice: int, how: str) -> None:
        if number % 5 and not any(self._is_enterable(row) and row["value"] is not None for row in self._rows):
            self.enter_many(number, choice, how)
            self.facts = self.world.facts()
        folder = self._on_its_way(number) if choice % 5 else self._of_folder(number, State.DRAFT)[0]
        allowed = folder.round.is_open and any(
            row["folder"] == folder.pk
            and self._is_enterable(row)
            and (row["value"] is not None or row["not_applicable"])
            for row in self._rows
        )
        officer = self.world.officer(folder.area)
        self._take("submit", lambda: act.submit(assessment_id=folder.pk, by=officer), allowed=allowed, how=how)

    def verify(self, number: int, choice: int, how: str) -> None:
        self._lead_to(State.SUBMITTED, number)
        folder, ids = self._of_folder(number, State.SUBMITTED)
        allowed = folder.round.is_open and bool(ids) and folder.area_id != self.world.province.pk
        reviewer = self.world.reviewer(folder.area)
        self._take("verify", lambda: act.verify(assessment_id=folder.pk, by=reviewer), allowed=allowed, how=how)

    def appraise(self, number: int, choice: int, how: str) -> None:
        self._lead_to(State.VERIFIED, number)
        folder, ids = self._of_folder(number, State.VERIFIED if number % 5 else State.SUBMITTED)
        wanted = State.SUBMITTED if folder.area_id == self.world.province.pk else State.VERIFIED
        states = {self.facts.readings[key]["state"] for key in ids}
        self._take(
            "appraise",
            lambda: act.appraise(reading_ids=ids, by=self.world.appraiser),
            allowed=folder.round.is_open and states == {wanted},
            how=how,
        )

    def approve_many(self, number: int, choice: int, how: str) -> None:
        self._lead_to(State.APPRAISED, number)
        folder, ids = self._of_folder(number, State.APPRAISED)
        self._approve("approve many", ids, allowed=folder.round.is_open and bool(ids), how=how)

    def approve_one(self, number: int, choice: int, how: str) -> None:
        self._lead_to(State.APPRAISED, number)
        key, row = self._one(number, at=(State.APPRAISED,))
        allowed = self._is_open(row) and row["state"] == State.APPRAISED
        self._approve("approve one", [key], allowed=allowed, how=how)

    def _approve(self, name: str, ids: list[int], *, allowed: bool, how: str) -> None:
        versions = {key: self.facts.readings[key]["version"] for key in ids}
        self._take(
            name,
            lambda: act.approve(reading_ids=ids, by=self.world.approver, versions=versions),
            allowed=allowed,
            how=how,
        )

    def enter_many(self, number: int, choice: int, how: str) -> None:
        """A folder filled with what meets its levels, but for one value in three lives."""
        folder, ids = self._of_folder(number, State.DRAFT)
        officer, slug = self.world.officer(folder.area), self.facts.sets[folder.round.criteria_set_id]["slug"]
        self._count("enter many")
        for n, key in enumerate(ids):
            entry = self.facts.inputs[self.facts.readings[key]["input"]]
            text = MEETING[slug].get(entry["code"], "")
            if choice % 30 == n:
                text = TEXTS[entry["value_type"]][choice // 30 % 4]
            version = Reading.objects.get(pk=key).version
            self._done(partial(act.record, reading_id=key, text=text, version=version, by=officer, note=NOTE))

    def carry_on(self, number: int, choice: int, how: str) -> None:
        """A folder's values through the steps that are left, some of them not to the end."""
        self._count("carry on")
        self._carry(number, steps=(4, 4, 3, 2)[choice % 4])

    def _carry(self, number: int, *, steps: int) -> None:
        """The first so many of the steps from submission to approval, with whatever one folder has to offer."""
        folder = self._on_its_way(number)
        officer, reviewer = self.world.officer(folder.area), self.world.reviewer(folder.area)
        in_order = (
            (State.DRAFT, partial(act.submit, assessment_id=folder.pk, by=officer)),
            (State.SUBMITTED, partial(act.verify, assessment_id=folder.pk, by=reviewer)),
            (State.VERIFIED, partial(act.appraise, by=self.world.appraiser)),
            (State.APPRAISED, partial(act.approve, by=self.world.approver)),
        )
        for state, step in in_order[:steps]:
            waiting = {state, State.SUBMITTED} if folder.area_id == self.world.province.pk else {state}
            ids = list(folder.readings.filter(state__in=waiting).values_list("pk", flat=True))
            self._done(partial(step, **({} if state < State.VERIFIED else {"reading_ids": ids})))
        self.facts = self.world.facts()

    def _lead_to(self, state: State, number: int) -> None:
        """So that the step out of `state` has something to do, mostly: what is entered is taken that far first."""
        if number % 5 and not any(row["state"] == state for row in self.facts.readings.values()):
            self._carry(number, steps=(State.SUBMITTED, State.VERIFIED, State.APPRAISED).index(state) + 1)

    def return_one(self, number: int, choice: int, how: str) -> None:
        reason = "Sai số liệu." if choice % 4 else " "
        key, row = self._one(number, at=(State.SUBMITTED, State.VERIFIED, State.APPRAISED, State.APPROVED))
        self._take(
            "return",
            lambda: act.return_reading(reading_id=key, reason=reason, version=row["version"], by=self.world.approver),
            allowed=self._may_go_back(row) and bool(reason.strip()),
            how=how,
        )

    def _may_go_back(self, row: dict[str, Any]) -> bool:
        return self._is_open(row) and not self._rule(row) and row["state"] >= State.SUBMITTED

    def unlock(self, number: int, choice: int, how: str) -> None:
        key, row = self._one(number, at=(State.APPROVED,))
        self._take(
            "unlock",
            lambda: act.unlock(reading_id=key, reason="Sửa.", version=row["version"], by=self.world.approver),
            allowed=self._may_go_back(row) and row["state"] == State.APPROVED,
            how=how,
        )

    def override(self, number: int, choice: int, how: str) -> None:
        day, region, level = DAYS[choice % 4], "TN" if choice // 4 % 3 == 0 else "", choice // 12
        closed = {row["set"] for row in self.facts.folders.values() if row["closed_on"]}
        inputs = list(self.world.inputs.values())
        # Mostly where it must not be felt before the round is open again, when there is such a round.
        frozen = [each for each in inputs if number % 3 and each.indicator.criterion.criteria_set_id in closed]
        entry = (frozen or inputs)[number // 3 % len(frozen or inputs)]
        levels = LEVELS[entry.value_type]
        same = [
            row
            for row in self.facts.thresholds.values()
            if row["input"] == entry.pk and row["province"] and row["region"] == region
        ]
        meeting = [row for row in same if row["valid_to"] is None or row["valid_to"] >= day]
        self._take(
            "override",
            lambda: enter_threshold(
                input=entry,
                province=self.world.province,
                valid_from=day,
                legal_reference="1/QĐ-TH",
                by=self.world.office,
                value=Decimal(levels[level % len(levels)]),
                region=region,
            ),
            allowed=all(row["valid_to"] is None and row["valid_from"] < day for row in meeting),
            how=how,
        )

    def recognise(self, number: int, choice: int, how: str) -> None:
        self._decide(number, choice, "granted", how)

    def revoke(self, number: int, choice: int, how: str) -> None:
        self._decide(number, choice, "revoked", how)

    def _decide(self, number: int, choice: int, act_: str, how: str) -> None:
        tier, day = "ntm" if choice % 3 else "advanced", choice // 3
        areas = [*self.world.communes, *self.world.districts]
        area, on = areas[number % len(areas)], dt.date(2022, 1, 15) + dt.timedelta(days=day % 500)
        needed = {"granted": {"advanced": "ntm"}.get(tier), "revoked": tier}[act_]
        paper = Paper(
            number=f"{self.world.decisions()}/QĐ-TH",
            issued_on=on,
            issuer="UBND tỉnh thử nghiệm",
            signer="Người ký thử nghiệm",
            tier=tier,
            act=act_,
            result_year=on.year,
            areas=[area],
            ground=next((text for text, _ in limbs(tier)), "Thử nghiệm"),
        )
        self._take(
            act_,
            lambda: record_decision(paper=paper, by=self.world.office),
            allowed=needed is None or self.world.law().holds(area.pk, needed, by=on),
            how=how,
        )

    def close(self, number: int, choice: int, how: str) -> None:
        chosen = self._round(number, is_open=choice % 8 != 0)
        on, allowed = dt.date(2022, 6, 15) + dt.timedelta(days=choice % 600), chosen.is_open
        self._take(
            "close", lambda: close_round(reading_round=chosen, on=on, by=self.world.office), allowed=allowed, how=how
        )
        if allowed:
            self.frozen[chosen.pk] = self._rows_of(chosen.pk)

    def reopen(self, number: int, choice: int, how: str) -> None:
        if number % 5 and all(folder["closed_on"] is None for folder in self.facts.folders.values()):
            self.close(number, choice, COMMITTED)
        if choice % 2:
            # The law changes while the round is closed: what is frozen stays, and follows once it is open again.
            self.facts = self.world.facts()
            self.override(number, choice // 2, COMMITTED)
            self.facts = self.world.facts()
            assert faults(self.world, self.facts) == []
        chosen = self._round(number, is_open=choice % 8 == 0)
        self._take(
            "reopen",
            lambda: reopen_round(reading_round=chosen, reason="Sửa.", by=self.world.office),
            allowed=not chosen.is_open,
            how=how,
        )
        self.frozen.pop(chosen.pk, None)

    def _round(self, number: int, *, is_open: bool) -> Round:
        """A round that is open (closed), or any where there is none such."""
        rounds = [Round.objects.get(pk=each.pk) for each in self.world.rounds]
        chosen = [each for each in rounds if each.is_open == is_open] or rounds
        return chosen[number % len(chosen)]

    def _rows_of(self, round_id: int) -> list[tuple]:
        readings = Reading.objects.filter(assessment__round=round_id).order_by("pk").values_list()
        return [*readings, *Attainment.objects.filter(assessment__round=round_id).order_by("pk").values_list()]

    def run_the_job_twice(self, number: int, choice: int, how: str) -> None:
        self._take("job", ledger.recompute_dirty, allowed=True, how=how)
        assert not DirtyScope.objects.filter(area__in=[*self.world.districts, self.world.province]).exists()
        before = self.world.stored()
        assert ledger.recompute_dirty() is None
        assert self.world.stored() == before, "a second job changed something"

    def recompute_every_commune(self, number: int, choice: int, how: str) -> None:
        folders = Assessment.objects.filter(round__province=self.world.province, area__level="commune")
        before = self.world.stored()
        self._count("recompute of what is right")
        with transaction.atomic():
            locked = engine.lock(engine.UNITS_OF_FOLDERS, Ids.of(folders.values_list("pk", flat=True)))
            assert engine.recompute(locked) == 0
        assert self.world.stored() == before

    # What always holds

    @invariant()
    def stored_is_what_the_law_says(self) -> None:
        self.facts = self.world.facts()
        assert faults(self.world, self.facts) == []

    @invariant()
    def a_closed_round_is_frozen(self) -> None:
        for key, rows in self.frozen.items():
            assert self._rows_of(key) == rows

    @invariant()
    def the_epoch_never_goes_back_and_rises_with_whatever_a_reader_may_see(self) -> None:
        now = dict(Epoch.objects.values_list("province_code", "value"))
        seen = (
            self.facts.readings,
            list(Attainment.objects.filter(assessment__in=self.facts.folders).order_by("pk").values_list()),
            list(RollUp.objects.filter(period=self.world.period).order_by("pk").values_list(*ROLLED_UP)),
        )
        assert all(now[code] >= value for code, value in self.epochs.items())
        assert now != self.epochs or seen == self.seen
        self.epochs, self.seen = now, seen


def _typed(row: dict[str, Any], entry: dict[str, Any]) -> str:
    """The stored value as it was typed."""
    if row["not_applicable"]:
        return NOT_APPLICABLE
    if row["value"] is None:
        return ""
    if entry["value_type"] == "boolean":
        return "Đạt" if row["value"] else "Chưa đạt"
    return f"{row['value'].normalize():f}".replace(".", ",")
