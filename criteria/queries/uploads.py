"""How much a person may still send: evidence and tables count together, removed or not."""

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from criteria.models import Import, StoredFile

MEGABYTE = 1024 * 1024


def left_this_year(user: User) -> int:
    """Bytes that the person may send before the year ends; never below zero."""
    year = timezone.localdate().year
    evidence = StoredFile.objects.filter(stored_by=user, stored_at__year=year).aggregate(sent=Sum("size"))
    tables = Import.objects.filter(asked_by=user, asked_at__year=year).aggregate(sent=Sum("size"))
    return max(0, settings.EVIDENCE_YEAR_BYTES - (evidence["sent"] or 0) - (tables["sent"] or 0))
