"""A fictional province of two districts with three communes each, its law, its people and its open rounds."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from accounts.models import Appointment, Department, User
from accounts.roles import Role
from communes.models import Area, Classification, Confidence, Placement
from criteria import ledger
from criteria.actions import readings as act
from criteria.actions.rounds import ensure_year, open_round
from criteria.law_loading import load
from criteria.models import (
    Assessment,
    CriteriaSet,
    Criterion,
    Decision,
    Input,
    LeadDepartment,
    Reading,
    Recognition,
    Round,
    State,
    StatedDenominator,
)
from tests.proof import facts as raw
from tests.proof.oracle import Facts, Law

YEAR = 2022
# Everybody says why a value may look odd: whether it does is not what is proven here.
NOTE = "Đã kiểm tra lại."
CODE = "Z1"
RULEBOOKS = Path(__file__).parent / "rulebooks"
SLUGS = ("tiny-ntm", "tiny-advanced", "tiny-district", "tiny-province")
# What meets every level that is known, as an officer types it; 3.1.b does not apply where 3.1.a does.
MEETING = {
    "tiny-ntm": {
        "1.1": "60",
        "1.1.a": "Đạt",
        "1.2": "8",
        "2.1": "50",
        "2.2": "không áp dụng",
        "3.1": "50",
        "3.1.a": "2",
        "3.1.c": "Đạt",
        "DK1.1": "0",
        "CN1.1": "80",
    },
    "tiny-advanced": {"1.2": "30"},
    "tiny-district": {"1.1": "Đạt", "DK2.1": "80"},
    "tiny-province": {"2.1": "Đạt"},
}


class World:
    """The province, and the actions of its people by who may take them."""

    def __init__(self, *, communes: int = 3, copies: int = 1, slugs: Iterable[str] = SLUGS) -> None:
        """So many communes in each district, each of them so many times over; the sets for which rounds are opened."""
        load(RULEBOOKS)
        self.period = ensure_year(YEAR)
        self.province = _area(CODE, "tinh", "province", None)
        self.districts = [_area(f"{CODE}{letter}", "huyen", "district", self.province) for letter in "AB"]
        self.communes = [
            _area(f"{each.code}{n}", "xa", "commune", each, self.province)
            for each in self.districts
            for n in range(communes * copies)
        ]
        self._classify(communes)
        StatedDenominator.objects.create(
            area=self.districts[1],
            kind="xa",
            value=communes + 1,
            source="thử nghiệm",
            confidence=Confidence.PLACEHOLDER,
        )
        self._appoint()
        self.rounds = [self._open(slug) for slug in slugs]
        self.inputs = {
            (entry.indicator.criterion.criteria_set.slug, entry.code): entry
            for entry in Input.objects.filter(indicator__criterion__criteria_set__slug__in=SLUGS)
            .select_related("indicator__criterion__criteria_set")
            .order_by("pk")
        }
        ledger.recompute_dirty()

    def _classify(self, communes: int) -> None:
        """The last commune is of another region, one level of which is not known; the third of the first district has
        no group."""
        in_a_district = len(self.communes) // len(self.districts)
        for n, commune in enumerate(self.communes):
            place = n // in_a_district * communes + n % in_a_district % communes
            if place == communes * len(self.districts) - 1:
                Classification.objects.create(area=commune, scheme=Classification.Scheme.REGION, value="TN")
            if place != 2:
                group = "12"[place % 2]
                Classification.objects.create(area=commune, scheme=Classification.Scheme.COMMUNE_GROUP, value=group)

    def _appoint(self) -> None:
        department = Department.objects.create(code="so-tiny", name="Sở thử nghiệm")
        criteria = Criterion.objects.filter(criteria_set__slug__in=SLUGS)
        LeadDepartment.objects.bulk_create(LeadDepartment(criterion=each, department=department) for each in criteria)
        self.office = _person("tiny-office", Role.PROVINCE_OFFICER, area=self.province)
        self.approver = _person("tiny-approver", Role.PROVINCE_OFFICER, area=self.province)
        self.appraiser = _person("tiny-appraiser", Role.DEPARTMENT_OFFICER, department=department)
        self.stranger = _person("tiny-stranger", None)
        self._officers, self._reviewers = {}, {}
        for each in self.districts:
            self._officers[each.code] = _person(f"nhap-{each.code}", Role.DISTRICT_OFFICER, area=each)
            self._reviewers[each.code] = _person(f"duyet-{each.code}", Role.DISTRICT_REVIEWER, area=each)

    def _open(self, slug: str) -> Round:
        return open_round(
            province=self.province,
            period=self.period,
            criteria_set=CriteriaSet.objects.get(slug=slug),
            due_on=dt.date(YEAR, 12, 31),
            by=self.office,
        )

    def officer(self, area: Area) -> User:
        """Who enters and submits for the unit."""
        return self.office if area == self.province else self._officers[area.code[:3]]

    def reviewer(self, area: Area) -> User:
        """Who verifies for the unit; nobody does for the province."""
        return self.stranger if area == self.province else self._reviewers[area.code[:3]]

    def folder(self, slug: str, area: Area) -> Assessment:
        return Assessment.objects.get(round__criteria_set__slug=slug, round__period=self.period, area=area)

    def reading(self, slug: str, area: Area, code: str) -> Reading:
        return Reading.objects.select_related("assessment", "input").get(
            assessment=self.folder(slug, area), input__code=code
        )

    def enter(self, folder: Assessment, texts: dict[str, str]) -> list[int]:
        """Enter and submit values of a folder; returns the ids of the readings."""
        officer, touched = self.officer(folder.area), []
        for code, text in texts.items():
            if found := folder.readings.filter(input__code=code).first():
                act.record(reading_id=found.pk, text=text, version=found.version, by=officer, note=NOTE)
                touched.append(found.pk)
        act.submit(assessment_id=folder.pk, by=officer)
        return touched

    def fill(self, slug: str, area: Area, *, until: State = State.APPROVED, **changed: str) -> list[int]:
        """Take every value of a folder from entry to `until`, each meeting its level unless `changed` (code=text)."""
        folder = self.folder(slug, area)
        texts = MEETING[slug] | {code.replace("_", "."): text for code, text in changed.items()}
        self.enter(folder, texts)
        if area != self.province and until >= State.VERIFIED:
            act.verify(assessment_id=folder.pk, by=self.reviewer(area))
        waiting = (State.SUBMITTED, State.VERIFIED)
        ids = list(folder.readings.filter(state__in=waiting).values_list("pk", flat=True))
        if until >= State.APPRAISED:
            act.appraise(reading_ids=ids, by=self.appraiser)
        if until >= State.APPROVED:
            act.approve(reading_ids=ids, by=self.approver)
        return ids

    def decision(self, on: dt.date) -> Decision:
        return Decision.objects.create(number="1/QĐ-TH", issued_on=on, confidence=Confidence.PLACEHOLDER)

    def decisions(self) -> int:
        """A number that no decision has yet."""
        return Decision.objects.count() + 2

    def recognise(self, areas: Iterable[Area], *, tier: str = "ntm") -> None:
        """Recognition by decision of the period's own year, without the action."""
        on = dt.date(YEAR, 6, 1)
        for area in areas:
            Recognition.objects.create(
                area=area,
                tier=tier,
                decision=self.decision(on),
                result_year=YEAR,
                counts_from=on,
                confidence=Confidence.PLACEHOLDER,
            )

    def facts(self) -> Facts:
        return raw.facts(province=self.province, year=YEAR)

    def law(self) -> Law:
        return Law(self.facts())

    def stored(self) -> dict[str, list[tuple]]:
        return raw.stored(self.province)


def _area(code: str, kind: str, level: str, *above: Area | None) -> Area:
    """A unit with its place; `above` from the nearest to the province."""
    area = Area.objects.create(
        code=code,
        name=f"Đơn vị {code}",
        short_name=code,
        level=level,
        kind=kind,
        search_key=code.lower(),
        sort_key=code,
    )
    parents = [parent for parent in above if parent]
    path = "".join(f"/{each.code}" for each in reversed(parents))
    Placement.objects.create(area=area, parent=parents[0] if parents else None, path=f"{path}/{code}/")
    return area


def _person(username: str, role: Role | None, **scope) -> User:
    user = User.objects.create(username=username, display_name=username)
    if role:
        Appointment.objects.create(user=user, role=role, valid_from=dt.date(2020, 1, 1), **scope)
    return user
