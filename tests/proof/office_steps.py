"""Steps of the province office, and of the job: levels, decisions, closing and reopening of rounds."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from criteria import engine, ledger
from criteria.actions.decisions import Paper, record_decision
from criteria.actions.rounds import close_round, reopen_round
from criteria.actions.thresholds import enter_threshold
from criteria.models import Assessment, DirtyScope
from criteria.queries.decisions import limbs
from criteria.statements import Ids
from tests.proof.comparing import faults
from tests.proof.life import COMMITTED, Life

LEVELS = {"percent": [0, 50, 60, 80, 100], "money": [0, 30, 39, 45], "count": [1, 3], "boolean": [1]}
DAYS = [dt.date(2021, 1, 1), dt.date(2022, 3, 1), dt.date(2022, 12, 31), dt.date(2023, 1, 1)]


class OfficeSteps(Life):
    """`number` picks what a step is done to, `choice` how."""

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
