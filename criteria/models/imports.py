"""An uploaded table: who sent it, what was found in it, what became of it. Of a round, or of a register beside it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Job
from criteria.models.readings import Round


class Import(models.Model):
    """A table on its way into a round or a register. `staged` holds what would be written; nothing changes before.

    `staged` rows are [reading id, version read, value as text or null, not applicable]; of a register its own.
    `faults` rows are [sheet, row from 0, column from 0, message]; `notices` are sentences.
    """

    class State(models.TextChoices):
        READ = "read", "đang đọc"
        READY = "ready", "chờ xác nhận"
        REFUSED = "refused", "không nhận"
        APPLIED = "applied", "đã nhập"
        CANCELLED = "cancelled", "đã huỷ"

    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="imports")
    register = models.CharField("sổ", max_length=20, blank=True, help_text="where it goes instead of a round")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("gửi lúc")
    file_name = models.CharField("tên tệp", max_length=200)
    stored_as = models.CharField("lưu dưới tên", max_length=40, unique=True)
    kind = models.CharField("loại tệp", max_length=8, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField("dung lượng", help_text="bytes")
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.READ)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    reason = models.TextField("lý do không nhận", blank=True)
    new = models.PositiveIntegerField("giá trị mới", default=0)
    changed = models.PositiveIntegerField("giá trị thay đổi", default=0)
    unchanged = models.PositiveIntegerField("giá trị giữ nguyên", default=0)
    refused = models.PositiveIntegerField("ô không nhận", default=0)
    conflicts = models.PositiveIntegerField("ô xung đột", default=0)
    applied = models.PositiveIntegerField("giá trị đã nhập", default=0)
    staged = models.JSONField("sẽ ghi", default=list)
    faults = models.JSONField("lỗi", default=list)
    notices = models.JSONField("lưu ý", default=list)
    finished_at = models.DateTimeField("kết thúc", null=True)

    class Meta:
        verbose_name = "lần nhập từ tệp"
        verbose_name_plural = "lần nhập từ tệp"
        indexes = [models.Index(fields=["asked_by", "-id"], name="import_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(register="", round__isnull=False) | (~Q(register="") & Q(round=None)),
                name="import_of_a_round_or_a_register",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def to_write(self) -> int:
        """Values that applying writes."""
        return self.new + self.changed
