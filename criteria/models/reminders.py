"""Reminders to bring a unit's values in before the deadline."""

from django.conf import settings
from django.db import models

from criteria.models.readings import Assessment


class Reminder(models.Model):
    """One reminder about one folder: at most one a day. Read by whoever enters for the unit, under "Việc của tôi"."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="reminders")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("lúc")
    sent_on = models.DateField("ngày")
    missing = models.PositiveIntegerField("còn thiếu khi nhắc")
    note = models.CharField("lời nhắn", max_length=300, blank=True)

    class Meta:
        verbose_name = "lời nhắc"
        verbose_name_plural = "lời nhắc"
        constraints = [models.UniqueConstraint(fields=["assessment", "sent_on"], name="reminder_once_a_day")]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.sent_on}"
