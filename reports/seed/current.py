"""Round 2024: values in every state of the procedure, so that every demo role finds something to do."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from communes.models import Area
from criteria import engine
from criteria.models import LeadDepartment, Reading, Round, State
from reports.seed import files
from reports.seed.areas import Register
from reports.seed.chance import fraction
from reports.seed.readings import store

_STEPS = ("entered", "submitted", "verified", "appraised", "approved")
_ACTOR = {
    "entered": "enter",
    "submitted": "enter",
    "verified": "verify",
    "appraised": "appraise",
    "approved": "approve",
}
_REACHED = {"submitted": 2, "verified": 3, "appraised": 4, "approved": 5}  # how many of the steps were taken


def load(province: Area) -> int:
    """Move some of the drafts of the year on; returns how many values moved."""
    plan = files.document("current-year.yaml")
    opened = Round.objects.select_related("period").get(
        province=province, period__code=str(plan["period"]), criteria_set__slug=plan["set"]
    )
    mover = _Mover(plan, opened)
    moved = mover.named() + mover.elsewhere()
    fields = [f"{step}_{part}" for step in (*_STEPS, "returned") for part in ("by", "at")]
    store(moved, ["state", "version", "returned_to", "return_reason", *fields])
    areas = {reading.assessment.area_id for reading in moved}
    engine.recompute(engine.folders(Q(area_id__in=areas, round__period=opened.period)))
    return len(moved)


class _Mover:
    """Takes readings of one round along the procedure, without saving them."""

    def __init__(self, plan: dict[str, Any], opened: Round) -> None:
        self._plan, self._opened = plan, opened
        people = User.objects.filter(username__in=plan["people"].values())
        by_name = {person.username: person for person in people}
        self._people = {step: by_name.get(name) for step, name in plan["people"].items()}
        led = LeadDepartment.objects.filter(department__code=plan["department"])
        self._led = set(led.values_list("criterion_id", flat=True))

    def _readings(self, condition: Q) -> list[Reading]:
        filled = Q(value__isnull=False) | Q(not_applicable=True)
        rows = Reading.objects.filter(condition, filled, assessment__round=self._opened, input__derived__isnull=True)
        return list(rows.select_related("assessment__area", "input__indicator__criterion").order_by("id"))

    def named(self) -> list[Reading]:
        """The communes that the plan names, with the demo accounts as actors."""
        moved = []
        for entry in self._plan["communes"]:
            of_commune = Q(assessment__area__code=entry["code"])
            for state in _REACHED:
                criteria = Q(input__indicator__criterion__code__in=entry.get(state, ()))
                moved += [self._take(each, state, self._people) for each in self._readings(of_commune & criteria)]
            indicators = Q(input__indicator__code__in=entry.get("returned", ()))
            moved += [self._return(each) for each in self._readings(of_commune & indicators)]
        return moved

    def elsewhere(self) -> list[Reading]:
        """Whole folders of communes of other districts."""
        district_of = Register(self._opened.period.ends_on).district_of
        moved = []
        for reading in self._readings(Q()):
            area = reading.assessment.area
            state = self._state_of(area.code)
            if state and district_of[area.pk].code != self._plan["district"]:
                moved.append(self._take(reading, state, {}))
        return moved

    def _state_of(self, code: str) -> str | None:
        drawn = fraction("current-state", code)
        for state, share in self._plan["elsewhere"].items():
            drawn -= share
            if drawn < 0:
                return state
        return None

    def _take(self, reading: Reading, state: str, people: dict[str, User | None]) -> Reading:
        reading.state = State[state.upper()]
        for number, step in enumerate(_STEPS[: _REACHED[state]]):
            if step != "appraised" or reading.input.indicator.criterion_id in self._led:
                self._sign(reading, step, people.get(_ACTOR[step]), number)
        reading.version += _REACHED[state]
        return reading

    def _return(self, reading: Reading) -> Reading:
        """Entered and handed in, then sent back by the one who verifies."""
        self._sign(reading, "entered", self._people["enter"], 0)
        self._sign(reading, "returned", self._people["verify"], 2)
        reading.state, reading.returned_to = State.RETURNED, self._people["enter"]
        reading.return_reason = self._plan["return_reason"]
        reading.version += 3
        return reading

    def _sign(self, reading: Reading, step: str, person: User | None, number: int) -> None:
        """Who took the step and when; a step without a person has no time either."""
        if person is None:
            return
        ago = self._plan["entered_days_ago"] - number * self._plan["days_between_steps"]
        day = timezone.localdate() - dt.timedelta(days=ago)
        at = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))
        setattr(reading, f"{step}_by", person)
        setattr(reading, f"{step}_at", at)
