"""Contributions, and to whom a sponsor who asked not to be named is named."""

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.roles import Permission
from accounts.scope import Actor, granted_area_ids
from communes.models import Placement
from communes.queries import under
from sponsorship.models import Contribution


def contributions_for(user: Actor) -> QuerySet[Contribution]:
    """Every contribution; `may_name` tells whether this person may read the name of its sponsor.

    A sponsor who asked not to be named is named only to those who see drafts where the money went.
    """
    named = Case(
        When(Q(sponsor__is_anonymous=False) | _within_scope_of(user), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    return Contribution.objects.annotate(may_name=named).select_related("sponsor", "area", "indicator")


def _within_scope_of(user: Actor) -> Q:
    granted = granted_area_ids(user, Permission.SEE_DRAFTS)
    if not granted:
        return Q(pk__in=[])
    paths = Placement.objects.filter(area_id__in=granted).values_list("path", flat=True)
    return Q(Exists(Placement.objects.filter(under(paths), area_id=OuterRef("area_id"))))
