"""Which indicators a unit fails in the generated year, and which of its values do not apply."""

from typing import Any

from criteria.models import Criterion, Input, Round
from criteria.queries.recognition import in_force
from reports.seed.chance import fraction


class Profiles:
    """The generated year's pattern for one round. `inputs` are those of the set, with criterion and indicator."""

    def __init__(self, plan: dict[str, Any], opened: Round, inputs: list[Input]) -> None:
        self.slug, self._plan = opened.criteria_set.slug, plan
        self._named = {
            entry["code"]: set(entry["indicators"]) for entry in plan["failing"] if entry["set"] == self.slug
        }
        self._ready = {entry["code"] for entry in plan["ready"] if entry["set"] == self.slug}
        held = in_force(
            tier=opened.criteria_set.tier,
            on=opened.period.ends_on,
            up_to_year=opened.period.year,
            decided_by=plan["closed_on"],
        )
        self.holding = set(held.values_list("code", flat=True)) | self._ready
        self._indicators = sorted({entry.indicator.code for entry in inputs if _may_fail(entry)})

    def failing(self, code: str) -> set[str]:
        """Codes of the indicators that the unit with this code fails."""
        if code in self.holding or code in self._named:
            return self._named.get(code, set())
        rule = self._plan["above_own_tier"]
        drawn = sorted(self._indicators, key=lambda indicator: fraction("fails", self.slug, code, indicator))
        chance = sum(fraction("fails", self.slug, code, each) < rule["share_failing"] for each in drawn)
        return set(drawn[: max(rule["least"], chance)])

    def applies(self, entry: Input, code: str) -> bool:
        """Whether the value applies to the unit: of alternatives one does, of the rest that need not, most do."""
        if entry.alternative:
            return entry.pk == self._chosen(entry, code)
        optional = entry.may_not_apply or entry.indicator.may_not_apply
        return not optional or fraction("applies", code, entry.indicator.code) >= self._plan["not_applicable_share"]

    def _chosen(self, entry: Input, code: str) -> int:
        group = [each for each in entry.indicator.inputs.all() if each.alternative == entry.alternative]
        return min(group, key=lambda each: fraction("alternative", code, each.code)).pk


def _may_fail(entry: Input) -> bool:
    """What a person enters for a criterion; the conditions of recognition are kept met in the generated year."""
    return not entry.derived and entry.indicator.criterion.role != Criterion.Role.RECOGNITION
