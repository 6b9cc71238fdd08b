"""The people pages: for administrators, complete without JavaScript, and absent for everybody else."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts import actions
from accounts.models import Department, User
from accounts.roles import Permission, Role
from accounts.scope import has_permission

LIST, NEW = "/can-bo/", "/can-bo/moi/"
OF_A_PERSON = ["person", "person-appoint", "person-suspend", "person-reinstate", "person-reset"]


def addresses(somebody, appointment):
    end = reverse("accounts:appointment-end", args=[somebody.pk, appointment.pk])
    return [LIST, NEW, end, *(reverse(f"accounts:{name}", args=[somebody.pk]) for name in OF_A_PERSON)]


@pytest.mark.parametrize("who", ["province_officer", "district_officer", "department_officer", "commune_officer"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_is_not_an_administrator_finds_nothing(request, client_of, district_reviewer, who, method):
    client = client_of(request.getfixturevalue(who))
    for address in addresses(district_reviewer, district_reviewer.appointments.get()):
        assert getattr(client, method)(address).status_code == 404
    assert district_reviewer.is_active


def test_a_visitor_is_asked_to_sign_in(visitor, district_officer):
    for address in addresses(district_officer, district_officer.appointments.get()):
        assert visitor.get(address)["Location"].startswith("/dang-nhap/?next=/can-bo/")


@pytest.mark.parametrize("name", ["person-suspend", "person-reinstate", "person-reset"])
def test_what_changes_an_account_takes_a_post(admin_client, district_officer, page_of, name):
    assert admin_client.get(page_of(district_officer, f"accounts:{name}")).status_code == 405


def test_an_administrator_creates_somebody_and_sees_the_one_time_password_once(admin_client, visitor, sign_in):
    answer = admin_client.post(NEW, {"username": "mai.lt", "display_name": "Lê Thị Mai"})
    secret = answer.context["password"]
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    made = User.objects.get(username="mai.lt")
    assert secret not in admin_client.get(f"/can-bo/{made.pk}/").content.decode()
    assert sign_in(visitor, "mai.lt", secret).status_code == 302


def test_a_refused_account_keeps_what_was_typed(admin_client, district_officer):
    answer = admin_client.post(NEW, {"username": "huyen-nhap", "display_name": "Trùng <b>tên</b>"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Tên đăng nhập này đã có người dùng." in page
    assert 'value="huyen-nhap"' in page
    assert "Trùng &lt;b&gt;tên&lt;/b&gt;" in page


def test_the_list_finds_people_without_marks(admin_client, administrator):
    actions.create_person(username="duc", display_name="Đặng Thị Đức Hạnh", by=administrator)
    names = [found.username for found in admin_client.get(LIST, {"q": "dang  HANH"}).context["page"].people]
    assert names == ["duc"]
    assert "Không có tài khoản nào khớp" in admin_client.get(LIST, {"q": "zzz"}).content.decode()


def test_the_list_pages_by_key_and_nobody_is_lost(admin_client, person):
    for number in range(120):
        person(f"trang-{number:03}")
    seen, after = [], ""
    while True:
        page = admin_client.get(LIST, {"sau": after}).context["page"]
        seen += [found.username for found in page.people]
        if not (after := page.next_after):
            break
    assert seen == list(User.objects.order_by("username").values_list("username", flat=True))


def test_the_list_costs_the_same_for_one_and_for_many(admin_client, person, area, django_assert_max_num_queries):
    for number in range(40):
        person(f"nhieu-{number}", Role.DISTRICT_OFFICER, area=area("444"))
    with django_assert_max_num_queries(5):
        assert "Cán bộ huyện, Huyện Hương Khê" in admin_client.get(LIST).content.decode()


def appointing(client, somebody, **data):
    address = reverse("accounts:person-appoint", args=[somebody.pk])
    return client.post(address, {"valid_from": "2024-01-01", "valid_to": "", **data})


@pytest.mark.parametrize("typed", ["Hương Khê", "huong khe", "444", "Huyện Hương Khê"])
def test_a_unit_is_named_by_name_or_code_with_or_without_marks(admin_client, person, area, typed):
    somebody = person("duoc-giao")
    answer = appointing(admin_client, somebody, role=Role.DISTRICT_OFFICER, unit=typed)
    assert answer.status_code == 302
    assert somebody.appointments.get().area == area("444")


def test_units_of_one_name_are_offered_and_one_is_chosen(admin_client, person, area):
    somebody, old = person("chon-xa"), area("18502")
    answer = appointing(admin_client, somebody, role=Role.COMMUNE_OFFICER, unit="Hà Linh")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nhiều đơn vị khớp với tên đã gõ: chọn một." in page
    assert "Xã Hà Linh (18502), đến 30/06/2025" in page
    assert "Xã Hà Linh (18502), từ 01/07/2025" in page
    assert not somebody.appointments.exists()
    appointing(admin_client, somebody, role=Role.COMMUNE_OFFICER, unit="Hà Linh", area=old.pk)
    assert somebody.appointments.get().area == old


def test_a_unit_that_was_not_offered_is_not_taken(admin_client, person, area):
    somebody = person("chen-ma")
    answer = appointing(admin_client, somebody, role=Role.COMMUNE_OFFICER, unit="Hà Linh", area=area("444").pk)
    assert answer.status_code == 422
    assert not somebody.appointments.exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"role": Role.COMMUNE_OFFICER, "unit": "Không Có Xã Này"}, "Không tìm thấy đơn vị"),
        ({"role": Role.COMMUNE_OFFICER, "unit": "444"}, "Không tìm thấy đơn vị"),
        ({"role": Role.DISTRICT_OFFICER, "unit": ""}, "Không tìm thấy đơn vị"),
        ({"role": Role.DEPARTMENT_OFFICER}, "Vai trò này cần một sở, ngành."),
        ({"role": Role.READER, "valid_from": "hôm nào đó"}, "Ngày không đọc được"),
        ({"role": Role.READER, "valid_to": "2023-12-31"}, "Ngày cuối phải từ ngày bắt đầu trở đi."),
        ({"role": "vua"}, "không"),
    ],
)
def test_a_wrong_appointment_is_told_at_the_field_and_changes_nothing(admin_client, person, data, message):
    somebody = person("giao-sai")
    answer = appointing(admin_client, somebody, **data)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not somebody.appointments.exists()


def test_a_department_is_chosen_and_a_province_needs_no_typing(admin_client, person, area):
    somebody, chosen = person("hai-vai"), Department.objects.create(code="so-moi", name="Sở mới")
    appointing(admin_client, somebody, role=Role.DEPARTMENT_OFFICER, department=chosen.pk, valid_from="01/02/2024")
    appointing(admin_client, somebody, role=Role.READER)
    held = {row.role: (row.area, row.department, row.valid_from) for row in somebody.appointments.all()}
    assert held == {
        "department_officer": (None, chosen, dt.date(2024, 2, 1)),
        "reader": (area("42"), None, dt.date(2024, 1, 1)),
    }


def test_an_appointment_takes_effect_on_the_next_request_of_an_open_session(admin_client, client_of, person):
    somebody = person("len-chuc")
    client = client_of(somebody)
    assert client.get(LIST).status_code == 404
    appointing(admin_client, somebody, role=Role.ADMINISTRATOR)
    assert client.get(LIST).status_code == 200


def test_an_appointment_is_ended_from_the_persons_page(admin_client, district_officer, fresh, page_of):
    held = district_officer.appointments.get()
    address = reverse("accounts:appointment-end", args=[district_officer.pk, held.pk])
    assert address in admin_client.get(page_of(district_officer)).content.decode()
    assert admin_client.post(address, {"on": "2024-01-31"}).status_code == 302
    assert not has_permission(fresh(district_officer), Permission.ENTER)
    page = admin_client.get(page_of(district_officer)).content.decode()
    assert "31/01/2024" in page
    assert "Kết thúc phân công</b>: Cán bộ huyện, Huyện Hương Khê" in page


def test_an_appointment_of_another_person_is_not_found_under_this_one(
    admin_client, district_officer, district_reviewer
):
    held = district_officer.appointments.get()
    address = reverse("accounts:appointment-end", args=[district_reviewer.pk, held.pk])
    assert admin_client.post(address, {"on": "2024-01-31"}).status_code == 404


def test_suspending_and_reinstating_from_the_page(admin_client, district_officer, fresh, page_of):
    answer = admin_client.post(page_of(district_officer, "accounts:person-suspend"), follow=True)
    assert not fresh(district_officer).is_active
    assert "Mở lại tài khoản" in answer.content.decode()
    admin_client.post(page_of(district_officer, "accounts:person-reinstate"))
    assert fresh(district_officer).is_active


def test_an_administrator_sees_why_the_own_account_cannot_be_suspended(admin_client, administrator, fresh, page_of):
    answer = admin_client.post(page_of(administrator, "accounts:person-suspend"), follow=True)
    assert "Bạn không thể tạm dừng tài khoản của chính mình." in answer.content.decode()
    assert fresh(administrator).is_active


def test_a_reset_shows_a_password_that_works_once_and_must_be_changed(
    admin_client, visitor, district_officer, sign_in, page_of
):
    answer = admin_client.post(page_of(district_officer, "accounts:person-reset"))
    sign_in(visitor, "huyen-nhap", answer.context["password"])
    assert visitor.get("/can-bo/")["Location"] == "/mat-khau/"


def test_the_pages_bear_a_name_that_is_not_a_name(admin_client, administrator, page_of):
    made, _ = actions.create_person(username="xss", display_name="<script>alert(1)</script>", by=administrator)
    for address in (LIST, page_of(made), page_of(made, "accounts:person-appoint")):
        assert "<script>alert" not in admin_client.get(address).content.decode()
