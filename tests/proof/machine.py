"""Random lives of the tiny world, compared with the law after every step.

Each step knows from the raw rows alone whether it is allowed. What is not allowed must be refused and change nothing;
a step that crashes before its commit must change nothing, and its replay must end as if nothing had happened.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from communes.models import Epoch
from criteria import engine, ledger
from criteria.models import Assessment, Attainment, RollUp
from tests.proof.comparing import faults
from tests.proof.life import COMMITTED, CRASHED_BEFORE
from tests.proof.office_steps import OfficeSteps
from tests.proof.value_steps import ValueSteps
from tests.proof.world import SLUGS, World

ROLLED_UP = ("area_id", "criteria_set_id", "members", "attained", "failing", "undetermined", "by_criteria_met")


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


class Lives(ValueSteps, OfficeSteps, RuleBasedStateMachine):
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
