"""A token does what its owner may, within its verbs, its area, its networks and its days; nothing more, anywhere."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, Appointment, AuditEvent
from accounts.roles import Permission, Role, Verb
from accounts.scope import granted_area_ids, granted_departments, has_permission, narrow, roles_with
from communes.models import Placement
from criteria.models import Reading, State
from criteria.queries.scope import reach, visible_readings
from tests.api.conftest import as_problem
from tests.workflow.conftest import HUONG_TRACH

HA_LINH = "18502"


def client_with(secret, **extra):
    return Client(headers={"authorization": f"Token {secret}"}, **extra)


@pytest.fixture
def given(area):
    """`given(person, area="18502", …)`: a client with a new token of the person."""

    def issue(person, *, area_code=None, client=None, **terms):
        if area_code:
            terms["area"] = area(area_code)
        secret, _ = tokens.issue(by=person, **terms)
        return client_with(secret, **(client or {}))

    return issue


@pytest.fixture
def drafts(open_round_2024):
    """A draft in Hà Linh and one in Hương Trạch, both communes of Hương Khê."""
    found = {}
    for code in (HA_LINH, HUONG_TRACH):
        row = Reading.objects.filter(assessment__round=open_round_2024, assessment__area__code=code).first()
        Reading.objects.filter(pk=row.pk).update(state=State.DRAFT, note=f"nháp của {code}")
        found[code] = row.pk
    return found


def status(client, reading_id):
    return client.get(f"/api/v1/readings/{reading_id}/").status_code


def test_a_token_without_limits_sees_what_its_owner_sees(drafts, district_officer, given):
    client = given(district_officer)
    assert [status(client, drafts[code]) for code in (HA_LINH, HUONG_TRACH)] == [200, 200]


def test_a_token_of_a_commune_sees_no_draft_of_its_sibling(drafts, district_officer, given):
    client = given(district_officer, area_code=HA_LINH)
    assert [status(client, drafts[code]) for code in (HA_LINH, HUONG_TRACH)] == [200, 404]


def test_lists_and_counts_are_narrowed_with_it(drafts, district_officer, given):
    def seen(client):
        body = client.get("/api/v1/readings/?state=draft&limit=1000").json()
        return body["count"], {row["area"]["code"] for row in body["results"]}

    count, units = seen(given(district_officer, area_code=HA_LINH))
    assert units == {HA_LINH}
    assert count < seen(given(district_officer))[0]


def test_a_token_for_public_data_sees_no_draft(drafts, district_officer, given):
    client = given(district_officer, verbs=[])
    assert status(client, drafts[HA_LINH]) == 404


def test_a_token_for_reading_writes_nothing(drafts, district_officer, given):
    client = given(district_officer, verbs=["read"])
    for pk in (drafts[HA_LINH], 999_999_999):  # said before anything is looked up: nobody learns what exists
        response = client.patch(
            f"/api/v1/readings/{pk}/", {"value": "1", "version": 1}, content_type="application/json"
        )
        assert as_problem(response, 403)["type"].endswith("token_read_only")


def test_a_token_for_reading_ends_itself(district_officer, given):
    client = given(district_officer, verbs=["read"])
    assert client.post("/api/v1/auth/logout/").status_code == 204
    assert not ApiToken.objects.filter(user=district_officer).exists()


def test_a_token_for_entering_takes_no_step(drafts, district_officer, given):
    client = given(district_officer, verbs=["enter"])
    opened = client.get(f"/api/v1/readings/{drafts[HA_LINH]}/").json()["open_steps"]
    assert opened == ["enter"]
    folder = Reading.objects.get(pk=drafts[HA_LINH]).assessment_id
    assert client.post(f"/api/v1/assessments/{folder}/submit/").status_code in (403, 404)


def test_a_write_outside_the_area_is_as_absent(drafts, district_officer, given):
    client = given(district_officer, area_code=HA_LINH)
    body = {"value": "1", "version": 1}
    answers = [
        client.patch(f"/api/v1/readings/{pk}/", body, content_type="application/json")
        for pk in (drafts[HUONG_TRACH], 999_999_999)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_department_sees_what_it_leads_in_the_tokens_area_only(open_round_2024, department_officer, given):
    led = Reading.objects.filter(
        assessment__round=open_round_2024,
        assessment__area__code__in=(HA_LINH, HUONG_TRACH),
        input__indicator__criterion__code="17",
    )
    led.update(state=State.SUBMITTED)
    client = given(department_officer, area_code=HA_LINH)
    for reading in led.select_related("assessment__area"):
        assert status(client, reading.pk) == (200 if reading.assessment.area.code == HA_LINH else 404)


def test_a_departments_list_and_its_single_value_are_one_rule(open_round_2024, department_officer, area):
    from criteria.queries.held import held

    _, token = tokens.issue(by=department_officer, area=area(HA_LINH))
    narrow(department_officer, token)
    mine = reach(department_officer, Permission.SEE_DRAFTS)
    ids = list(
        Reading.objects.filter(
            assessment__round=open_round_2024, assessment__area__code__in=(HA_LINH, HUONG_TRACH)
        ).values_list("pk", flat=True)
    )
    listed = set(Reading.objects.filter(mine.of_readings(), pk__in=ids).values_list("pk", flat=True))
    assert listed
    assert listed == {value.pk for value in held(ids) if mine.holds(value)}
    assert not granted_departments(department_officer, Permission.SEE_DRAFTS)


def test_a_token_never_manages(administrator, province_officer):
    for person in (administrator, province_officer):
        _, token = tokens.issue(by=person)
        narrow(person, token)
        for permission in (Permission.MANAGE_PEOPLE, Permission.MANAGE_ROUNDS, Permission.SET_THRESHOLDS):
            assert not has_permission(person, permission)
            assert not roles_with(person, permission)


def test_the_lower_of_token_and_appointment_counts(commune_officer, area):
    """The person was of the district when the token was given, and is of a commune now."""
    own = {area(HA_LINH).pk}
    for code, left in ((HA_LINH, own), ("444", own), ("439", set()), ("42", own)):
        person = type(commune_officer).objects.get(pk=commune_officer.pk)
        narrow(person, ApiToken(user=person, area=area(code), verbs=["read"]))
        assert granted_area_ids(person, Permission.SEE_DRAFTS) == left


def test_a_unit_that_changed_its_district_is_reached_on_the_days_of_both_only(district_officer, area, open_round_2024):
    """Hà Linh stands under Hương Sơn until 2022: what was there then is not Hương Khê's, token or not."""
    commune = area(HA_LINH)
    here = Placement.objects.get(area=commune)
    Placement.objects.filter(pk=here.pk).update(valid_from=dt.date(2023, 1, 1))
    Placement.objects.create(
        area=commune, parent=area("439"), path=f"/42/439/{HA_LINH}/", valid_to=dt.date(2022, 12, 31)
    )
    _, token = tokens.issue(by=district_officer, area=commune)
    narrow(district_officer, token)
    assert granted_area_ids(district_officer, Permission.SEE_DRAFTS) == set()
    assert [start for _, start, _ in reach(district_officer, Permission.SEE_DRAFTS).places] == [dt.date(2023, 1, 1)]


def test_an_etag_of_the_owners_list_is_not_the_tokens(drafts, district_officer, given):
    clients = [given(district_officer), given(district_officer, area_code=HA_LINH), given(district_officer, verbs=[])]
    tags = [client.get("/api/v1/readings/").get("ETag") for client in clients]
    held = [tag for tag in tags if tag]
    assert len(set(held)) == len(held)
    for client in clients[1:]:
        assert client.get("/api/v1/readings/", headers={"if-none-match": tags[0]}).status_code != 304


def test_an_etag_of_a_value_tells_a_token_that_may_not_read_it_nothing(drafts, district_officer, given):
    address = f"/api/v1/readings/{drafts[HA_LINH]}/"
    tag = given(district_officer).get(address)["ETag"]
    assert given(district_officer, verbs=[]).get(address, headers={"if-none-match": tag}).status_code == 404


def test_an_appointment_that_ended_counts_no_more_at_the_next_request(drafts, district_officer, given):
    client = given(district_officer)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Appointment.objects.filter(user=district_officer).update(valid_to=yesterday)
    assert status(client, drafts[HA_LINH]) == 404


@pytest.mark.parametrize(
    ("networks", "address", "expected"),
    [
        (["10.1.0.0/16"], "10.1.2.3", 200),
        (["10.1.0.0/16"], "10.2.2.3", 401),
        (["10.1.0.0/16"], "::ffff:10.1.2.3", 200),
        (["2001:db8::/32"], "2001:db8::7", 200),
        (["2001:db8::/32"], "10.1.2.3", 401),
        (["203.0.113.7", "10.0.0.0/8"], "203.0.113.7", 200),
        (["10.0.0.0/8"], "", 401),
    ],
)
def test_a_token_holds_in_its_networks_only(district_officer, given, networks, address, expected):
    client = given(district_officer, networks=networks, client={"REMOTE_ADDR": address})
    assert client.get("/api/v1/communes/").status_code == expected


def test_the_network_is_what_our_own_proxy_saw(district_officer, given, settings):
    settings.PROXY_COUNT = 1
    client = given(district_officer, networks=["203.0.113.0/24"], client={"REMOTE_ADDR": "10.0.0.1"})
    for said, expected in (("203.0.113.9", 200), ("203.0.113.9, 198.51.100.4", 401)):
        assert client.get("/api/v1/communes/", headers={"x-forwarded-for": said}).status_code == expected


def test_unknown_expired_ended_foreign_and_suspended_are_told_apart_by_nothing(
    person, given, django_assert_num_queries
):
    somebody, suspended = person("co-ma"), person("bi-dung")
    expired, _ = tokens.issue(by=somebody)
    ApiToken.objects.update(expires_at=timezone.now())
    ended, row = tokens.issue(by=somebody)
    tokens.end(token=row, by=somebody)
    foreign, _ = tokens.issue(by=somebody, networks=["10.0.0.0/8"])
    of_suspended, _ = tokens.issue(by=suspended)
    type(somebody).objects.filter(pk=suspended.pk).update(is_active=False)
    answers = set()
    for secret in ("ntm_" + "x" * 43, "é", "", "a b", expired, ended, foreign, of_suspended):
        with django_assert_num_queries(1):
            response = client_with(secret).get("/api/v1/readings/")
        assert response.status_code == 401
        answers.add((response.content, tuple(sorted((k, v) for k, v in response.items() if k != "RateLimit"))))
    assert len(answers) == 1


def test_use_is_written_down_once_a_minute(district_officer, given, django_assert_num_queries):
    client = given(district_officer)
    client.get("/api/v1/communes/")
    token = ApiToken.objects.get(user=district_officer)
    assert token.last_used_from == "127.0.0.1"
    for _ in range(3):
        client.get("/api/v1/districts/")
    assert ApiToken.objects.get(pk=token.pk).last_used_at == token.last_used_at
    ApiToken.objects.update(last_used_at=timezone.now() - dt.timedelta(minutes=2))
    client.get("/api/v1/communes/")
    assert ApiToken.objects.get(pk=token.pk).last_used_at > timezone.now() - dt.timedelta(minutes=1)


def test_a_rotated_token_keeps_its_rights_and_both_secrets_for_a_day(district_officer, area):
    old, token = tokens.issue(by=district_officer, area=area(HA_LINH), verbs=["read"], days=10)
    now, days = timezone.now(), dt.timedelta(days=1)
    ApiToken.objects.update(expires_at=now + 2 * days, created_at=now - 8 * days)
    new = tokens.rotate(token=token, by=district_officer)
    assert [client_with(secret).get("/api/v1/communes/").status_code for secret in (old, new)] == [200, 200]
    stored = ApiToken.objects.get()
    assert (stored.verbs, stored.area, stored.name) == (["read"], area(HA_LINH), "API")
    assert (stored.expires_at - timezone.now()).days in (9, 10)
    ApiToken.objects.update(former_until=timezone.now())
    assert [client_with(secret).get("/api/v1/communes/").status_code for secret in (old, new)] == [401, 200]


def test_a_rotation_at_once_ends_the_former_secret(district_officer):
    old, token = tokens.issue(by=district_officer)
    new = tokens.rotate(token=token, by=district_officer, at_once=True)
    assert [client_with(secret).get("/api/v1/communes/").status_code for secret in (old, new)] == [401, 200]


def test_no_secret_is_stored(district_officer):
    secret, token = tokens.issue(by=district_officer)
    stored = str(ApiToken.objects.values().get())
    assert secret not in stored
    assert not AuditEvent.objects.filter(data__icontains=secret).exists()
    assert token.hint == secret[:8]


def test_the_api_gives_a_token_with_terms(district_officer, password):
    body = {
        "username": district_officer.username,
        "password": password,
        "name": "Bảng của Sở",
        "verbs": ["read"],
        "area": HA_LINH,
        "days": 7,
        "networks": ["127.0.0.0/8"],
    }
    response = Client().post("/api/v1/auth/token/", body, content_type="application/json")
    assert response.status_code == 200, response.content
    token = ApiToken.objects.get()
    assert {name: getattr(token, name) for name in ("name", "verbs", "networks")} == {
        name: body[name] for name in ("name", "verbs", "networks")
    }
    assert token.area.code == HA_LINH
    assert (token.expires_at - token.created_at).days == 7


@pytest.mark.parametrize(
    ("terms", "field", "expected"),
    [
        ({"area": "18000"}, "area", 422),
        ({"area": "439"}, "area", 422),
        ({"days": 366}, "days", 400),
        ({"networks": ["mạng nhà"]}, "networks", 422),
        ({"verbs": ["delete"]}, "verbs/0", 400),
    ],
)
def test_terms_that_cannot_be_are_refused_by_name(district_officer, password, terms, field, expected):
    body = {"username": district_officer.username, "password": password, **terms}
    response = Client().post("/api/v1/auth/token/", body, content_type="application/json")
    assert as_problem(response, expected)["errors"][0]["field"] == field
    assert not ApiToken.objects.exists()


def test_somebody_has_twenty_tokens_at_most(district_officer):
    from accounts.errors import Refused

    for _ in range(tokens.MOST_TOKENS):
        tokens.issue(by=district_officer)
    with pytest.raises(Refused):
        tokens.issue(by=district_officer)


def test_every_verb_says_what_it_permits_and_none_manages():
    from accounts.roles import PERMITTED_BY

    assert set(PERMITTED_BY) == set(Verb)
    assert Permission.MANAGE_PEOPLE not in frozenset().union(*PERMITTED_BY.values())


def test_a_token_reads_as_much_as_the_same_appointment_in_its_area(drafts, person, area):
    """Narrowing a district officer to a commune leaves what an officer of that commune sees."""
    officer = person("huyen-hep", Role.DISTRICT_OFFICER, area=area("444"))
    _, token = tokens.issue(by=officer, area=area(HA_LINH))
    narrow(officer, token)
    own = person("xa-that", Role.COMMUNE_OFFICER, area=area(HA_LINH))
    assert set(visible_readings(officer).values_list("pk", flat=True)) == set(
        visible_readings(own).values_list("pk", flat=True)
    )
