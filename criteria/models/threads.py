"""What is said about one value: comments that are only ever added, and whether the matter is settled."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from criteria.models.readings import Reading


class Thread(models.Model):
    """Whether the talk about a value is settled. A new comment opens it again, and so does returning the value
    later than `resolved_at` (criteria.queries.panel.is_open)."""

    reading = models.OneToOneField(Reading, models.CASCADE, related_name="thread")
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    resolved_at = models.DateTimeField("xong lúc", null=True)

    class Meta:
        verbose_name = "trao đổi"
        verbose_name_plural = "trao đổi"
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="thread_resolved_by_and_at",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reading_id}"


class Comment(models.Model):
    """One thing said. `key` comes with the form: sent twice, it is said once."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="comments", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")
    text = models.TextField("nội dung", max_length=2000)
    key = models.UUIDField("khoá của lần gửi")
    mentioned = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="mentions", blank=True)

    class Meta:
        verbose_name = "ý kiến"
        verbose_name_plural = "ý kiến"
        indexes = [models.Index(fields=["thread", "at"], name="comment_in_thread")]
        constraints = [models.UniqueConstraint(fields=["by", "key"], name="comment_said_once")]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.by_id}"
