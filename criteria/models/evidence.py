"""Evidence: files that show where a value comes from. The bytes are kept by files.storage, outside the database."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from criteria.models.readings import Reading


def _person(*, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, null=null)


class StoredFile(models.Model):
    """A kept file: `name` is random and stands for it on the disk and in addresses, `shown_name` is for people.

    Never changed and never deleted: what refers to it goes, the file stays as long as its history.
    """

    name = models.CharField("tên trên đĩa", max_length=32, unique=True)
    shown_name = models.CharField("tên tệp", max_length=120)
    kind = models.CharField("loại", max_length=4)
    size = models.PositiveIntegerField("dung lượng", help_text="bytes")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = _person()
    uploaded_at = models.DateTimeField("tải lên lúc")
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "tệp"
        verbose_name_plural = "tệp"
        indexes = [models.Index(fields=["uploaded_by", "uploaded_at"], name="stored_file_of_person")]

    def __str__(self) -> str:
        return self.shown_name


class Evidence(models.Model):
    """A file that stands beside one value. Values of later periods may refer to the same file: no bytes are copied.

    Taking it away only marks the row, with who, when and why.
    """

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="uses")
    added_by = _person()
    added_at = models.DateTimeField("thêm lúc")
    is_carried = models.BooleanField("lấy lại từ kỳ trước", default=False)
    removed_by = _person(null=True)
    removed_at = models.DateTimeField("gỡ lúc", null=True)
    removal_reason = models.CharField("lý do gỡ", max_length=300, blank=True)

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "file"], condition=Q(removed_at=None), name="evidence_once_a_value"
            ),
            models.CheckConstraint(
                condition=Q(removed_by=None, removed_at=None, removal_reason="")
                | (Q(removed_by__isnull=False, removed_at__isnull=False) & ~Q(removal_reason="")),
                name="evidence_removed_by_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} @ {self.reading_id}"
