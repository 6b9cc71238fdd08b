"""Six units beside one another, each with secrets of its own, and the people who look at them.

A secret is a text on a value that is not approved (and in its thread, evidence, history and scan): whoever is outside
the unit's scope never meets it, in no answer of any address.
"""

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.apps import apps
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import Appointment, AuditEvent, User
from accounts.roles import ROLES, Permission, Role
from communes.models import Area, Kind, Level, Placement, Village
from communes.text import search_key, sort_key
from criteria.models import (
    Assessment,
    Evidence,
    Reading,
    Remark,
    Round,
    Scan,
    State,
    StoredFile,
)
from exchange.models import Webhook
from ocop.models import Producer, Product
from sponsorship.models import Contribution, Pledge, Sponsor

OWN, SIBLING, PARENT, OTHER, FOREIGN, ENDED = "own", "sibling", "parent", "other", "foreign", "ended"
RELATIONS = (OWN, SIBLING, PARENT, OTHER, FOREIGN, ENDED)
MARK = "BIMAT"
COMMUNE_SET, DISTRICT_SET = "commune-ntm-2021-2025", "district-ntm-2021-2025"
LED = "17"
SINCE = dt.date(2020, 1, 1)


@dataclass
class Unit:
    """One of the six, with ids of what belongs to it. `ended` ended before the last day of the round's period."""

    relation: str
    area: Area
    path: str
    folder: Assessment
    draft: Reading
    sent: Reading
    led: Reading | None
    evidence: Evidence
    scan: Scan
    village: Village | None
    product: Product
    gift: Contribution
    pledge: Pledge

    def secret(self, of: str) -> str:
        return f"{MARK}-{self.relation}-{of}"

    @property
    def secrets(self) -> set[str]:
        return {self.secret(of) for of in ("all", "register", "trail", *(["led"] if self.led else []))}


@dataclass
class Somebody:
    """A person, or a token of theirs, or nobody: with the units where their appointments reach."""

    name: str
    role: Role | None = None
    reaches: tuple[str, ...] = ()
    user: User | None = None
    token: str = ""
    only: frozenset[Permission] | None = None  # what a token leaves
    absent: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)  # what never was, by route and method

    @cached_property
    def client(self) -> Client:
        headers = {"authorization": f"Token {self.token}"} if self.token else {}
        client = Client(headers=headers, raise_request_exception=False)
        if self.user and not self.token:
            client.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def sign_in_again(self) -> None:
        """As the client stood before a request that took its session or gave it a cookie."""
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)

    @cached_property
    def cookies(self) -> dict[str, str]:
        return {name: each.value for name, each in self.client.cookies.items()}

    @property
    def permissions(self) -> frozenset[Permission]:
        held = ROLES[self.role].permissions if self.role else frozenset()
        return held if self.only is None else held & self.only

    def may(self, permission: Permission, unit: Unit) -> bool:
        """Whether `permission` reaches the unit. A department reaches values of its criteria, no whole unit."""
        return permission in self.permissions and self.role != Role.DEPARTMENT_OFFICER and unit.relation in self.reaches

    def keeps(self, permission: Permission, unit: Unit) -> bool:
        """The same in the registers (book of villages, OCOP, money): they go on for a unit that ended."""
        covered = self.reaches + ((ENDED,) if PARENT in self.reaches else ())
        return permission in self.permissions and self.role != Role.DEPARTMENT_OFFICER and unit.relation in covered

    def may_know(self, unit: Unit) -> set[str]:
        """The secrets of the unit that this somebody may meet."""
        if self.role == Role.DEPARTMENT_OFFICER:
            return {unit.secret("led")} if unit.relation in self.reaches else set()
        known = {unit.secret("register")} if self.keeps(Permission.SEE_DRAFTS, unit) else set()
        if self.keeps(Permission.SEE_AUDIT, unit):
            known.add(unit.secret("trail"))
        if self.may(Permission.SEE_DRAFTS, unit):  # the history of a value stands beside it
            known |= {unit.secret(of) for of in ("all", "led", "trail")}
        return known

    def may_open(self, unit: Unit) -> bool:
        """Whether the unit's folder opens: with all its values, or with those that the department leads."""
        is_led = self.role == Role.DEPARTMENT_OFFICER and unit.relation in self.reaches
        return is_led or self.may(Permission.SEE_DRAFTS, unit)


@dataclass
class World:
    round: Round
    units: dict[str, Unit]
    people: dict[str, Somebody] = field(default_factory=dict)

    def first(self, model: str, value: str = "pk"):
        """The first row of a model; 0 where there is none."""
        row = apps.get_model(model).objects.order_by("pk").first()
        return getattr(row, value) if row else 0

    def about(self, name: str, of: Callable[[User], object]):
        return of(self.people[name].user)

    def forbidden(self, who: Somebody) -> set[str]:
        """Every secret that must not reach `who`."""
        return {secret for unit in self.units.values() for secret in unit.secrets - who.may_know(unit)}


def build(department) -> World:
    """The six units and everybody. Writes rows directly: the counter of the data stays where it is."""
    writer = _person("nguoi-viet")
    opened = Round.objects.get(period__code="2024", criteria_set__slug=COMMUNE_SET, province__code="42")
    of_districts = Round.objects.get(period__code="2024", criteria_set__slug=DISTRICT_SET, province__code="42")
    units = {
        OWN: _seeded(OWN, opened, "18502", writer),
        SIBLING: _seeded(SIBLING, opened, "18553", writer),
        PARENT: _seeded(PARENT, of_districts, "444", writer),
        OTHER: _seeded(OTHER, opened, _commune_of("439"), writer),
        FOREIGN: _abroad(opened, writer),
        ENDED: _ended(opened, writer),
    }
    _webhook(writer)
    world = World(opened, units)
    for somebody in _everybody(units, department):
        # Signs in now: each request is undone, and its session would be with it.
        assert somebody.cookies == {} or somebody.user
        world.people[somebody.name] = somebody
    return world


def _webhook(made_by: User) -> None:
    told = {"name": "Trục dữ liệu", "url": "https://nhan.example.vn/", "nonce": "0" * 32, "mark": "0"}
    Webhook.objects.create(**told, made_by=made_by, made_at=timezone.now())


def _everybody(units: dict[str, Unit], department) -> list[Somebody]:
    here, all_here = (OWN, SIBLING, PARENT), (OWN, SIBLING, PARENT, OTHER)
    district, province = units[PARENT].area, Area.objects.get(code="42", level=Level.PROVINCE)
    narrowed = _person("ma-hep", Role.DISTRICT_OFFICER, area=district)
    reading = _person("ma-doc", Role.DISTRICT_OFFICER, area=district)
    own_only, _ = tokens.issue(by=narrowed, area=units[OWN].area)
    read_only, _ = tokens.issue(by=reading, verbs=["read"])
    left = frozenset(
        {
            Permission.SEE_DRAFTS,
            Permission.ENTER,
            Permission.SUBMIT,
            Permission.VERIFY,
            Permission.RETURN,
            Permission.SEE_AUDIT,
        }
    )
    return [
        Somebody("visitor"),
        Somebody("without appointment", user=_person("khong-vai")),
        Somebody(
            "commune officer", Role.COMMUNE_OFFICER, (OWN,), _person("m-xa", Role.COMMUNE_OFFICER, area=units[OWN].area)
        ),
        Somebody(
            "district officer", Role.DISTRICT_OFFICER, here, _person("m-huyen", Role.DISTRICT_OFFICER, area=district)
        ),
        Somebody(
            "district reviewer", Role.DISTRICT_REVIEWER, here, _person("m-duyet", Role.DISTRICT_REVIEWER, area=district)
        ),
        Somebody(
            "officer of another district",
            Role.DISTRICT_OFFICER,
            (OTHER,),
            _person("m-khac", Role.DISTRICT_OFFICER, area=Area.objects.get(code="439", level=Level.DISTRICT)),
        ),
        Somebody(
            "department officer",
            Role.DEPARTMENT_OFFICER,
            all_here + (ENDED,),
            _person("m-so", Role.DEPARTMENT_OFFICER, department=department),
        ),
        Somebody(
            "province officer", Role.PROVINCE_OFFICER, all_here, _person("m-tinh", Role.PROVINCE_OFFICER, area=province)
        ),
        Somebody("reader", Role.READER, all_here, _person("m-xem", Role.READER, area=province)),
        Somebody("administrator", Role.ADMINISTRATOR, (), _person("m-quantri", Role.ADMINISTRATOR)),
        Somebody("token of one commune", Role.DISTRICT_OFFICER, (OWN,), narrowed, own_only, left),
        Somebody(
            "token for reading",
            Role.DISTRICT_OFFICER,
            here,
            reading,
            read_only,
            frozenset({Permission.SEE_DRAFTS, Permission.SEE_AUDIT}),
        ),
    ]


def _person(username: str, role: Role | None = None, **place) -> User:
    user = User.objects.create(username=username, display_name=f"Người {username}", password="!")
    if role:
        Appointment.objects.create(user=user, role=role, valid_from=SINCE, **place)
    return user


def _commune_of(district: str) -> str:
    placed = Placement.objects.filter(path__startswith=f"/42/{district}/", area__level=Level.COMMUNE, area__kind="xa")
    return placed.order_by("path").first().area.code


def _seeded(relation: str, opened: Round, code: str, writer: User) -> Unit:
    folder = opened.assessments.select_related("area").get(area__code=code)
    return _unit(relation, folder, folder.area.placements.first().path, writer)


def _abroad(like: Round, writer: User) -> Unit:
    """A commune of another province, in that province's own round."""
    province = _area("99", "Tỉnh Bên Cạnh", Level.PROVINCE, Kind.PROVINCE, None)
    district = _area("990", "Huyện Bên Cạnh", Level.DISTRICT, Kind.DISTRICT, province)
    commune = _area("99001", "Xã Bên Cạnh", Level.COMMUNE, Kind.COMMUNE, district)
    opened = Round.objects.create(
        province=province,
        period=like.period,
        criteria_set=like.criteria_set,
        due_on=like.due_on,
        opened_at=like.opened_at,
    )
    return _fresh(FOREIGN, opened, commune, writer)


def _ended(opened: Round, writer: User) -> Unit:
    district = Area.objects.get(code="444", level=Level.DISTRICT)
    commune = _area("98001", "Xã Đã Hết", Level.COMMUNE, Kind.COMMUNE, district, until=dt.date(2024, 6, 30))
    return _fresh(ENDED, opened, commune, writer)


def _area(code, name, level, kind, parent, *, until=None) -> Area:
    area = Area.objects.create(
        code=code,
        name=name,
        short_name=name,
        level=level,
        kind=kind,
        valid_to=until,
        search_key=search_key(name),
        sort_key=sort_key(name),
    )
    above = parent.placements.first().path if parent else "/"
    Placement.objects.create(area=area, parent=parent, path=f"{above}{code}/", valid_to=until)
    return area


def _fresh(relation: str, opened: Round, area: Area, writer: User) -> Unit:
    folder = Assessment.objects.create(round=opened, area=area)
    like = Reading.objects.filter(assessment__round__criteria_set=opened.criteria_set, assessment__area__code="18502")
    like = like.filter(assessment__round__period=opened.period)
    Reading.objects.bulk_create(Reading(assessment=folder, input_id=each.input_id) for each in like)
    return _unit(relation, folder, area.placements.first().path, writer)


def _unit(relation: str, folder: Assessment, path: str, writer: User) -> Unit:
    now = timezone.now()
    entered = folder.readings.filter(input__derived__isnull=True).order_by("pk")
    led = entered.filter(input__indicator__criterion__code=LED).first() if folder.area.level == Level.COMMUNE else None
    others = entered.exclude(input__indicator__criterion__code=LED)
    draft, sent = list(others[:2])
    whole, of_led, kept, told = (f"{MARK}-{relation}-{of}" for of in ("all", "led", "register", "trail"))
    step = {"value": 1, "entered_by": writer, "entered_at": now}
    for row, state, note in (
        (draft, State.DRAFT, whole),
        (sent, State.SUBMITTED, whole),
        (led, State.SUBMITTED, of_led),
    ):
        if row:
            handed = {"submitted_by": writer, "submitted_at": now} if state == State.SUBMITTED else {}
            Reading.objects.filter(pk=row.pk).update(state=state, note=note, source=note, **step, **handed)
    Remark.objects.create(reading=draft, text=whole, by=writer, at=now)
    AuditEvent(
        at=now,
        actor_id=writer.pk,
        actor_name=str(writer),
        action="reading.enter",
        subject_type="criteria.reading",
        subject_id=str(draft.pk),
        area_path=path,
        reason=told,
        data={"before": {"note": ""}, "after": {"note": told}},
    ).save()
    village = None
    if folder.area.level == Level.COMMUNE:
        village = Village.objects.create(
            commune=folder.area,
            name=f"Thôn {kept}",
            name_key=f"thôn {kept.lower()}",
            sort_key=sort_key(kept),
            written_by=writer,
            written_at=now,
        )
    evidence = Evidence.objects.create(
        reading=draft, file=_file(writer, now), name=f"{whole}.pdf", sent_sha256="0" * 64, added_by=writer, added_at=now
    )
    scan = Scan.objects.create(
        assessment=folder,
        file=_file(writer, now),
        name=f"{whole}.pdf",
        sent_sha256="0" * 64,
        added_by=writer,
        added_at=now,
    )
    name = {"search_key": kept.lower(), "is_illustrative": False}
    sponsor = Sponsor.objects.create(name=kept, kind=Sponsor.Kind.INDIVIDUAL, is_anonymous=True, **name)
    money = {"sponsor": sponsor, "area": folder.area, "channel": Contribution.Channel.values[0], "year": 2024}
    gift = Contribution(amount=1_000_000, received_on=dt.date(2024, 6, 1), **money)
    gift.save()
    pledge = Pledge.objects.create(amount=1_000_000, pledged_on=dt.date(2024, 6, 1), **money)
    producer = Producer.objects.create(name=f"Hộ {relation}", kind=Producer.Kind.HOUSEHOLD, area=folder.area, **name)
    product = Product.objects.create(
        name=f"Chè {relation}",
        code=f"42-{folder.area.code}-1-2024",
        producer=producer,
        area=folder.area,
        group=Product.Group.DRINK,
        **name,
    )
    return Unit(relation, folder.area, path, folder, draft, sent, led, evidence, scan, village, product, gift, pledge)


_numbers = itertools.count(1)


def _file(writer: User, now) -> StoredFile:
    return StoredFile.objects.create(
        key=f"{next(_numbers):032x}", kind="pdf", size=1, sha256="0" * 64, stored_by=writer, stored_at=now
    )
