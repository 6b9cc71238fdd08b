"""The pages of webhooks: who sees them, what a refusal keeps, the secret shown once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exchange.actions import webhooks as acts
from exchange.models import Delivery, Webhook

TYPED = {"name": "LGSP Bộ", "url": "https://lgsp.mae.gov.vn/nhan", "area": "444", "kinds": ["recognition"]}


@pytest.fixture
def desk(client_of, administrator):
    return client_of(administrator)


@pytest.fixture
def webhook(administrator):
    return acts.add(**TYPED, by=administrator)[0]


@pytest.fixture
def sent():
    """`sent(webhook, n)`: so many deliveries that were taken."""

    def create(webhook: Webhook, many: int) -> list[Delivery]:
        at = webhook.made_at
        same = {
            "webhook": webhook,
            "many": 1,
            "body": "{}",
            "made_at": at,
            "next_at": at,
            "attempts": 1,
            "tried_at": at,
        }
        rows = (Delivery(**same, since=n, until=n + 1) for n in range(many))
        return Delivery.objects.bulk_create(rows)

    return create


def test_a_webhook_is_added_and_its_secret_shown_once(desk):
    page = desk.post("/ket-noi/them/", TYPED)
    made = Webhook.objects.get()
    assert "whsec_" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    shown = desk.get(f"/ket-noi/{made.pk}/").content.decode()
    assert "whsec_" not in shown
    assert TYPED["url"] in shown
    assert "Huyện Hương Khê" in desk.get("/ket-noi/").content.decode()


def test_a_refused_webhook_keeps_what_was_typed(desk):
    page = desk.post("/ket-noi/them/", {**TYPED, "url": "https://192.168.1.1/", "name": "Tên <b>lạ</b>"})
    said = page.content.decode()
    assert page.status_code == 422
    assert "mạng nội bộ" in said
    assert "https://192.168.1.1/" in said
    assert "Tên &lt;b&gt;lạ&lt;/b&gt;" in said
    assert not Webhook.objects.exists()


def test_a_webhook_that_another_person_changed_meanwhile_is_not_overwritten(desk, webhook, administrator):
    acts.change(webhook_id=webhook.pk, **{**TYPED, "name": "Tên mới"}, version=1, by=administrator)
    page = desk.post(f"/ket-noi/{webhook.pk}/sua/", {**TYPED, "name": "Tên cũ", "version": 1})
    assert page.status_code == 422
    assert "vừa được người khác sửa" in page.content.decode()
    assert Webhook.objects.get().name == "Tên mới"
    saved = desk.post(f"/ket-noi/{webhook.pk}/sua/", {**TYPED, "name": "Tên sau", "version": 2})
    assert saved.status_code == 303
    assert Webhook.objects.get().name == "Tên sau"


def test_it_is_stopped_resumed_given_another_secret_and_removed(desk, webhook):
    address = f"/ket-noi/{webhook.pk}/"
    assert desk.post(f"{address}dung/").status_code == 303
    assert "Đã dừng" in desk.get(address).content.decode()
    desk.post(f"{address}bat/")
    assert Webhook.objects.get().is_on
    assert "whsec_" in desk.post(f"{address}ma-bi-mat/").content.decode()
    desk.post(f"{address}xoa/")
    assert not Webhook.objects.exists()


def test_a_delivery_and_a_stretch_are_sent_again(desk, webhook, sent):
    (delivery,) = sent(webhook, 1)
    address = f"/ket-noi/{webhook.pk}/"
    desk.post(f"{address}lan-gui/{delivery.pk}/gui-lai/")
    assert Delivery.objects.get().state == "waiting"
    assert desk.post(f"{address}gui-lai/", {"since": webhook.cursor}).status_code == 303
    refused = desk.post(f"{address}gui-lai/", {"since": webhook.cursor + 99})
    assert refused.status_code == 422
    assert "Chỉ gửi lại được từ số" in refused.content.decode()
    assert desk.post(f"{address}gui-lai/", {"since": "x"}).status_code == 422


def test_the_log_is_read_in_pages(desk, webhook, sent):
    sent(webhook, 60)
    first = desk.get(f"/ket-noi/{webhook.pk}/")
    after = first.context["log"].after
    assert len(first.context["log"].deliveries) == 50
    assert len(desk.get(f"/ket-noi/{webhook.pk}/?sau={after}").context["log"].deliveries) == 10


def test_nobody_else_finds_the_pages(visitor, client_of, webhook, district_officer, commune_officer, province_officer):
    assert visitor.get("/ket-noi/").status_code == 302
    for other in (district_officer, commune_officer):
        for address in ("/ket-noi/", "/ket-noi/them/", f"/ket-noi/{webhook.pk}/", f"/ket-noi/{webhook.pk}/sua/"):
            assert client_of(other).get(address).status_code == 404
        for act in ("dung", "bat", "ma-bi-mat", "xoa", "gui-lai"):
            assert client_of(other).post(f"/ket-noi/{webhook.pk}/{act}/").status_code == 404
        assert "Kết nối" not in client_of(other).get("/").content.decode()
    assert client_of(province_officer).get("/ket-noi/").status_code == 200
    assert Webhook.objects.get().is_on


def test_the_pages_cost_the_same_for_one_and_for_many(desk, administrator, sent):
    def cost(address: str) -> int:
        desk.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        return len(queries)

    first, _ = acts.add(**TYPED, by=administrator)
    sent(first, 1)
    before = cost("/ket-noi/"), cost(f"/ket-noi/{first.pk}/")
    for _ in range(5):
        sent(acts.add(**TYPED, by=administrator)[0], 3)
    sent(first, 20)
    assert (cost("/ket-noi/"), cost(f"/ket-noi/{first.pk}/")) == before
