"""The signed paper as a file: of a decision, or of the sheet that a commune's chairman signed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from criteria.models.evidence import StoredFile
from criteria.models.readings import Assessment
from criteria.models.recognition import Decision


class Scan(models.Model):
    """One version of a scan. A newer one replaces it, with a reason; it is kept.

    `mark` is the mark of the sheet's figures when its scan came (criteria.queries.papers).
    """

    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="scans")
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, related_name="scans")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="scans")
    name = models.CharField("tên tệp", max_length=150)
    sent_sha256 = models.CharField("mã kiểm khi gửi", max_length=64)
    note = models.CharField("ghi chú, lý do thay", max_length=300, blank=True)
    mark = models.CharField("mã kiểm của phiếu", max_length=20, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField("tải lên lúc")
    replaced_at = models.DateTimeField("thay lúc", null=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "bản quét"
        verbose_name_plural = "bản quét"
        constraints = [
            models.CheckConstraint(
                condition=Q(decision=None, assessment__isnull=False) | Q(decision__isnull=False, assessment=None),
                name="scan_of_one_paper",
            ),
            *(
                models.UniqueConstraint(fields=[of], condition=Q(replaced_at=None), name=f"scan_standing_of_{of}")
                for of in ("decision", "assessment")
            ),
        ]

    def __str__(self) -> str:
        return self.name
