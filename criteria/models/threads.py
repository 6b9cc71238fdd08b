"""What people say to each other about one value."""

from django.conf import settings
from django.db import models

from criteria.models.readings import Reading


class Remark(models.Model):
    """One line of the thread of a value; only ever added. The last one says whether the thread is open.

    Returns with their reason stand in the reading and its history: they open the thread without a row here.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", "ý kiến"
        RESOLVED = "resolved", "đã xong"

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="remarks", db_index=False)
    kind = models.CharField("loại", max_length=8, choices=Kind.choices, default=Kind.COMMENT)
    text = models.TextField("nội dung", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("lúc")
    # Asked by name in the text; each of them may see the value (criteria.actions.threads).
    mentioned = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="mentioned_in", blank=True)

    class Meta:
        verbose_name = "ý kiến"
        verbose_name_plural = "ý kiến"
        indexes = [models.Index(fields=["reading", "id"], name="remark_thread")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reading_id}"
