"""People asked by name in a thread: who is reminded, until when, and who is not."""

import pytest
from django.urls import reverse

from accounts.errors import Refused
from accounts.scope import forget_appointments
from criteria.actions import threads
from criteria.models import Remark
from criteria.queries import panel as panels
from tests.evidence.panels import address


@pytest.fixture
def say(office):
    return lambda text, by: threads.comment(reading_id=office.reading("17.1").pk, text=text, by=by)


def test_a_person_asked_by_name_is_reminded_until_answering(office, say, district_officer, province_officer, client_of):
    say("Nhờ @tinh-mot xem giúp, gửi về mai@huong-khe.vn.", district_officer)
    (remark,) = panels.mentions_of(province_officer)
    assert remark.reading == office.reading("17.1")
    assert panels.mentions_of(district_officer) == []
    assert "Nhờ @tinh-mot xem giúp" in client_of(province_officer).get(reverse("criteria:my-work")).content.decode()
    say("Đã xem.", province_officer)
    assert panels.mentions_of(province_officer) == []


def test_a_thread_marked_done_asks_nobody(office, say, district_officer, province_officer):
    say("Nhờ @tinh-mot xem giúp.", district_officer)
    mark = panels.panel(district_officer, office.reading("17.1").pk).thread.mark
    threads.resolve(reading_id=office.reading("17.1").pk, mark=mark, by=district_officer)
    assert panels.mentions_of(province_officer) == []


@pytest.mark.parametrize("name", ["huyen-khac", "khong-co-ai"])
def test_a_name_of_nobody_and_one_out_of_scope_answer_alike(
    office, client_of, district_officer, other_district_officer, name
):
    text = f"Nhờ @{name} xem giúp."
    answer = client_of(district_officer).post(address("panel-comment", office.reading("17.1")), {"text": text})
    assert answer.status_code == 422
    assert f"Không có ai tên @{name} được xem giá trị này." in answer.content.decode()
    assert f">{text}</textarea>" in answer.content.decode()
    assert not Remark.objects.exists()


def test_whoever_lost_the_unit_since_is_asked_no_more(say, district_officer, commune_officer):
    say("Nhờ @xa-nhap bổ sung.", district_officer)
    commune_officer.appointments.update(valid_to="2021-01-01")
    forget_appointments(commune_officer)
    assert panels.mentions_of(commune_officer) == []


def test_so_many_people_at_most_are_asked_at_once(say, district_officer):
    with pytest.raises(Refused, match="nhiều nhất 5 người"):
        say(" ".join(f"@nguoi-{number}" for number in range(6)), district_officer)


def test_reminders_by_name_cost_one_statement(
    office, say, district_officer, province_officer, django_assert_num_queries
):
    for number in range(5):
        say(f"Câu {number} @tinh-mot", district_officer)
    panels.mentions_of(province_officer)
    with django_assert_num_queries(1):
        assert len(panels.mentions_of(province_officer)) == 5
