"""What was generated is marked, what is real is not, and nobody's name is made up."""

import pytest

from accounts.models import Department
from criteria.models import Commendation, Decision, LeadDepartment, Recognition
from ocop.models import Export, Producer, Product, Rating
from sponsorship.models import Assignment, Contribution, Sponsor

pytestmark = pytest.mark.django_db

GENERATED = [Commendation, LeadDepartment, Export, Producer, Product, Rating, Assignment, Contribution, Sponsor]
NAMED = [Commendation, Producer, Product, Sponsor]


@pytest.mark.parametrize("model", GENERATED, ids=lambda model: model.__name__)
def test_every_generated_row_is_marked_illustrative(model):
    assert model.objects.exists()
    assert not model.objects.filter(is_illustrative=False).exists()


@pytest.mark.parametrize("model", NAMED, ids=lambda model: model.__name__)
def test_generated_names_say_that_they_are_illustrative(model):
    assert not model.objects.exclude(name__contains="minh hoạ").exists()


def test_no_real_decision_is_marked_and_no_generated_recognition_names_one():
    assert not Decision.objects.filter(is_illustrative=True).exists()
    assert not Recognition.objects.filter(is_illustrative=True, decision__isnull=False).exists()


def test_a_generated_recognition_never_claims_a_day_or_more_confidence_than_a_placeholder():
    made = Recognition.objects.filter(is_illustrative=True)
    assert set(made.values_list("confidence", flat=True)) == {"placeholder"}
    assert set(made.values_list("is_dated", flat=True)) == {False}


def test_real_recognitions_keep_their_source_and_confidence():
    real = Recognition.objects.filter(is_illustrative=False)
    assert not real.filter(source="").exists()
    assert set(real.values_list("confidence", flat=True)) == {"verified", "uncertain"}


def test_some_sponsors_asked_not_to_be_named():
    assert Sponsor.objects.filter(is_anonymous=True, contributions__channel="called_by_districts").exists()


def test_every_criterion_has_one_department_and_the_assignment_is_dated():
    assert Department.objects.filter(code="so-nnptnt").exists()
    assert not LeadDepartment.objects.filter(valid_from=None).exists()
    criteria = LeadDepartment.objects.values_list("criterion_id", flat=True)
    assert len(criteria) == len(set(criteria))


def test_contributions_are_whole_dong_in_every_district_and_sponsors_look_after_several_communes():
    called = Contribution.objects.filter(channel="called_by_districts")
    assert called.values("area_id").distinct().count() == 13
    assert any(assignment.areas.count() > 1 for assignment in Assignment.objects.all()[:20])
