"""/api/v1/webhooks/: who may keep them, and what each act answers."""

import pytest
from django.test import Client

from accounts import tokens
from accounts.models import AuditEvent
from communes.models import Area
from exchange.models import Delivery, Webhook

TOLD = {
    "name": "LGSP Bộ",
    "url": "https://lgsp.mae.gov.vn/nhan",
    "kinds": ["recognition", "reading"],
    "area": "444",
}


@pytest.fixture
def made(send, administrator):
    """A webhook as the API answered it, with its secret."""
    response = send(administrator, "post", "webhooks/", **TOLD)
    assert response.status_code == 201, response.content
    return response.json()


def test_a_new_webhook_shows_its_secret_once(made, client_of, administrator):
    assert made["secret"].startswith("whsec_")
    assert {name: made[name] for name in TOLD} == {**TOLD, "kinds": ["reading", "recognition"]}
    read = client_of(administrator).get(f"/api/v1/webhooks/{made['id']}/")
    assert "secret" not in read.json()
    assert read["Cache-Control"] == "no-store"
    listed = client_of(administrator).get("/api/v1/webhooks/").json()
    assert listed["results"] == [read.json()]


def test_the_office_and_administrators_keep_webhooks_and_nobody_else_finds_any(
    made, send, client_of, province_officer, district_officer, department_officer, commune_officer
):
    address = f"webhooks/{made['id']}/"
    assert client_of(province_officer).get(f"/api/v1/{address}").status_code == 200
    for other in (district_officer, department_officer, commune_officer):
        assert client_of(other).get("/api/v1/webhooks/").status_code == 404
        assert client_of(other).get(f"/api/v1/{address}deliveries/").status_code == 404
        assert send(other, "post", "webhooks/", **TOLD).status_code == 404
        assert send(other, "patch", address, is_on=False, version=1).status_code == 404
        assert send(other, "delete", address).status_code == 404
        assert send(other, "post", f"{address}secret/").status_code == 404
        assert send(other, "post", f"{address}replay/", since=0).status_code == 404
    assert Client().get("/api/v1/webhooks/").status_code == 401
    assert Webhook.objects.get().version == 1


@pytest.mark.parametrize(
    ("member", "value", "status"),
    [
        ("name", "", 400),
        ("name", "   ", 400),
        ("url", "https://10.0.0.1/", 400),
        ("url", "javascript:alert(1)", 400),
        ("kinds", ["gossip"], 422),
        ("area", "00000", 422),
    ],
)
def test_what_cannot_be_is_refused_at_its_member(send, administrator, member, value, status):
    response = send(administrator, "post", "webhooks/", **{**TOLD, member: value})
    assert response.status_code == status
    assert {each["field"] for each in response.json()["errors"]} == {member}
    assert not Webhook.objects.exists()


def test_it_is_changed_by_version_switched_and_removed(made, send, administrator):
    address = f"webhooks/{made['id']}/"
    changed = send(administrator, "patch", address, kinds=[], version=1).json()
    assert (changed["kinds"], changed["name"], changed["version"]) == ([], TOLD["name"], 2)
    assert send(administrator, "patch", address, name="Khác", version=1).status_code == 409
    assert send(administrator, "patch", address, is_on=False, version=1).status_code == 409
    off = send(administrator, "patch", address, is_on=False, version=2).json()
    assert off["is_on"] is False
    assert send(administrator, "delete", address).status_code == 204
    acts = AuditEvent.objects.filter(subject_type="exchange.webhook").order_by("pk").values_list("action", flat=True)
    assert list(acts) == ["webhook.add", "webhook.change", "webhook.off", "webhook.remove"]


def test_another_secret_ends_the_former_one(made, send, administrator):
    before = Webhook.objects.get()
    renewed = send(administrator, "post", f"webhooks/{made['id']}/secret/").json()
    assert renewed["secret"] != made["secret"]
    assert Webhook.objects.get().mark != before.mark


def test_replay_is_asked_for_by_number_and_by_delivery(made, send, administrator, client_of):
    webhook, address = Webhook.objects.get(), f"webhooks/{made['id']}/"
    sent = Delivery.objects.create(
        webhook=webhook,
        since=0,
        until=1,
        many=1,
        body="{}",
        state="delivered",
        attempts=3,
        made_at=webhook.made_at,
        next_at=webhook.made_at,
    )
    again = send(administrator, "post", f"{address}deliveries/{sent.pk}/replay/").json()
    assert (again["outcome"], again["attempts"]) == ("waiting", 0)
    log = client_of(administrator).get(f"/api/v1/{address}deliveries/").json()
    assert [row["id"] for row in log["results"]] == [sent.pk]
    assert send(administrator, "post", f"{address}deliveries/{sent.pk + 9}/replay/").status_code == 404
    since = webhook.cursor - 1
    assert send(administrator, "post", f"{address}replay/", since=since).json()["cursor"] == since
    gone = send(administrator, "post", f"{address}replay/", since=webhook.cursor + 999)
    assert gone.status_code == 410


def test_a_token_keeps_webhooks_where_it_was_given_for_that_and_for_the_whole_province(
    made, administrator, province_officer
):
    def status(**terms):
        secret, _ = tokens.issue(by=terms.pop("by", province_officer), **terms)
        return Client(headers={"Authorization": f"Token {secret}"}).get("/api/v1/webhooks/").status_code

    assert status(verbs=["connect"]) == 200
    assert status(by=administrator, verbs=["connect"]) == 200
    assert status(verbs=["read", "enter", "steps"]) == 404
    assert status(verbs=["connect"], area=Area.objects.get(code="18502", valid_to__isnull=False)) == 404
