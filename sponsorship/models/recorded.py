"""Who wrote a row and when: both or neither (rows of the seed have neither)."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Recorded(models.Model):
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc", null=True, blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        abstract = True


def paired(name: str, step: str = "recorded") -> models.CheckConstraint:
    """The person and the moment of a step stand together."""
    neither, both = {f"{step}_by": None, f"{step}_at": None}, {f"{step}_by__isnull": False, f"{step}_at__isnull": False}
    return models.CheckConstraint(condition=Q(**neither) | Q(**both), name=f"{name}_{step}_paired")
