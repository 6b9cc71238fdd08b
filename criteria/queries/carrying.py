"""Evidence of the period before that may stand for a value too: one rule for what is offered and what is done."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Permission
from criteria.models import Evidence, Reading
from criteria.queries.scope import readings_in_scope


def standing(reading: Reading) -> QuerySet[Evidence]:
    """The files that stand for the value now."""
    return Evidence.objects.filter(reading=reading, removed_at=None)


def to_carry(user: User, reading: Reading, earlier: Reading | None) -> QuerySet[Evidence]:
    """Files of the value before, where the person may see that one too, without those that stand here already.

    Whether the person may write the value here is the caller's to know.
    """
    if earlier is None:
        return Evidence.objects.none()
    in_sight = readings_in_scope(user, Permission.SEE_DRAFTS).filter(pk=earlier.pk)
    here = standing(reading).values("sent_sha256")
    return standing(earlier).filter(reading__in=in_sight).exclude(sent_sha256__in=here)
