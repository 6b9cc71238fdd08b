"""Closed years: the published total stays; what is written later is listed as the difference, until a reopening."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sponsorship.models.recorded import paired


class YearClosing(models.Model):
    """A year of the ledger was closed. Entries of the year with an id above `through` came later."""

    year = models.PositiveSmallIntegerField("năm")
    published = models.BigIntegerField("tổng đã công bố (đồng)")
    through = models.BigIntegerField("khoản cuối", help_text="id of the last entry of the published total; 0: none")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("chốt lúc")
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reopened_at = models.DateTimeField("mở lại lúc", null=True, blank=True)
    reopen_reason = models.CharField("lý do mở lại", max_length=300, blank=True)

    class Meta:
        verbose_name = "chốt năm"
        verbose_name_plural = "chốt năm"
        constraints = [
            paired("closing", "reopened"),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopen_reason="") | (Q(reopened_at__isnull=False) & ~Q(reopen_reason="")),
                name="closing_reopened_for_a_reason",
            ),
            models.UniqueConstraint(fields=["year"], condition=Q(reopened_at=None), name="closing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year}"
