"""Steps with values: entered, handed in, verified, appraised, approved, returned and unlocked."""

from functools import partial
from typing import Any

from criteria.actions import readings as act
from criteria.models import Reading, State
from tests.proof.life import WITH_ENTERER, Life
from tests.proof.world import MEETING, NOTE

NOT_APPLICABLE = "không áp dụng"
TEXTS = {
    "percent": ["60", "80", "59,9999", "8", "12,5", "100", "", NOT_APPLICABLE],
    "money": ["0", "39", "42,9", "50", "38,9999", "", NOT_APPLICABLE],
    "count": ["2", "1", "0", "", NOT_APPLICABLE],
    "boolean": ["Đạt", "Đạt", "Chưa đạt", "", NOT_APPLICABLE],
}


class ValueSteps(Life):
    """`number` picks what a step is done to, `choice` how."""

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
            and row["state"] == State.DRAFT  # what came back and was not touched stays
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


def _typed(row: dict[str, Any], entry: dict[str, Any]) -> str:
    """The stored value as it was typed."""
    if row["not_applicable"]:
        return NOT_APPLICABLE
    if row["value"] is None:
        return ""
    if entry["value_type"] == "boolean":
        return "Đạt" if row["value"] else "Chưa đạt"
    return f"{row['value'].normalize():f}".replace(".", ",")
