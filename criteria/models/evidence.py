"""Files kept as proof of values: what is stored once, and which values it stands for."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from criteria.models.readings import Reading


class StoredFile(models.Model):
    """A file in the portal's store (files.storage), under a random name. Values refer to it; bytes are never copied."""

    key = models.CharField("tên trong kho", max_length=32, unique=True)
    kind = models.CharField("loại", max_length=8)
    size = models.PositiveIntegerField("số byte")
    sha256 = models.CharField("mã kiểm", max_length=64)
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    stored_at = models.DateTimeField("lưu lúc")

    class Meta:
        verbose_name = "tệp đã lưu"
        verbose_name_plural = "tệp đã lưu"
        # How much a person sent in a year (criteria.actions.evidence).
        indexes = [models.Index(fields=["stored_by", "stored_at"], name="stored_file_by_person")]

    def __str__(self) -> str:
        return self.key


class Evidence(models.Model):
    """A file that stands for one value. `sent_sha256` is of the bytes as sent: sending them again adds nothing."""

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="uses")
    name = models.CharField("tên tệp", max_length=150)
    sent_sha256 = models.CharField("mã kiểm khi gửi", max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField("thêm lúc")
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    removed_at = models.DateTimeField("gỡ lúc", null=True)
    removal_reason = models.CharField("lý do gỡ", max_length=300, blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "sent_sha256"], condition=Q(removed_at=None), name="evidence_once_a_value"
            ),
            models.CheckConstraint(
                condition=Q(removed_by=None, removed_at=None) | Q(removed_by__isnull=False, removed_at__isnull=False),
                name="evidence_removed_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name
