"""Derived data: what the approved readings amount to. Can always be rebuilt; `manage.py verify` proves it."""

import datetime as dt

from django.db import models

from communes.models import Area
from criteria.models.law import CriteriaSet
from criteria.models.readings import Assessment, Period, Verdict


class Attainment(models.Model):
    """One row per unit × set × period: which criteria fail and which are undetermined, as bit masks.

    Bit n belongs to the criterion with `bit` n. A criterion that fails is not in the undetermined mask.
    `indicators` says the same of the indicators, in as many words of 60 bits as the set needs: word → [failing,
    undetermined], where bit n of word w is the indicator with slot 60 × w + n; a word without such a bit is left out.
    `verdict` is the standard's: every criterion and every condition met. The conditions of recognition
    stand apart in `recognition_*` and do not touch it.
    """

    assessment = models.OneToOneField(Assessment, models.CASCADE, primary_key=True)
    failing = models.BigIntegerField("tiêu chí chưa đạt", default=0)
    undetermined = models.BigIntegerField("tiêu chí chưa kết luận", default=0)
    conditions_failing = models.BigIntegerField("điều kiện chưa đạt", default=0)
    conditions_undetermined = models.BigIntegerField("điều kiện chưa kết luận", default=0)
    recognition_failing = models.BigIntegerField("điều kiện công nhận chưa đạt", default=0)
    recognition_undetermined = models.BigIntegerField("điều kiện công nhận chưa kết luận", default=0)
    indicators = models.JSONField("chỉ tiêu chưa đạt, chưa kết luận", default=dict, help_text='{"0": [5, 2], …}')
    criteria_met = models.PositiveSmallIntegerField("số tiêu chí đạt", default=0)
    criteria_failing = models.PositiveSmallIntegerField("số tiêu chí chưa đạt", default=0)
    criteria_undetermined = models.PositiveSmallIntegerField("số tiêu chí chưa kết luận", default=0)
    verdict = models.PositiveSmallIntegerField("đạt chuẩn", choices=Verdict.choices, default=Verdict.UNDETERMINED)
    epoch = models.BigIntegerField("mốc dữ liệu", default=0)
    computed_at = models.DateTimeField("tính lúc", auto_now=True)

    class Meta:
        verbose_name = "kết quả theo tiêu chí"
        verbose_name_plural = "kết quả theo tiêu chí"

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.criteria_met}"


class RollUp(models.Model):
    """Counts over the communes of a district or province: unit × commune set × period."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    criteria_set = models.ForeignKey(CriteriaSet, models.CASCADE, related_name="+")
    period = models.ForeignKey(Period, models.CASCADE, related_name="+")
    members = models.PositiveIntegerField("số đơn vị", default=0)
    attained = models.PositiveIntegerField("đạt theo tiêu chí", default=0)
    failing = models.PositiveIntegerField("chưa đạt", default=0)
    undetermined = models.PositiveIntegerField("chưa kết luận", default=0)
    criteria_met = models.PositiveIntegerField("tổng số tiêu chí đạt", default=0)
    by_criteria_met = models.JSONField("số đơn vị theo số tiêu chí đạt", default=dict, help_text='{"19": 164, …}')
    epoch = models.BigIntegerField("mốc dữ liệu", default=0)
    computed_at = models.DateTimeField("tính lúc", auto_now=True)

    class Meta:
        verbose_name = "tổng hợp"
        verbose_name_plural = "tổng hợp"
        constraints = [models.UniqueConstraint(fields=["area", "criteria_set", "period"], name="roll_up_identity")]

    def __str__(self) -> str:
        return f"{self.area_id}: {self.attained}/{self.members}"


class DirtyScope(models.Model):
    """Work for the recompute job: the district or province rows of `area` in `period` may be stale.

    `marks` rises with every new mark, so that a job deletes the row only if nothing came in between.
    A scope whose recompute raises keeps its row, with the reason and the moment of the next attempt.
    """

    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    period = models.ForeignKey(Period, models.CASCADE, related_name="+")
    marks = models.PositiveIntegerField("số lần đánh dấu", default=1)
    marked_at = models.DateTimeField("đánh dấu lúc")
    failures = models.PositiveSmallIntegerField("số lần hỏng", default=0)
    reason = models.TextField("lý do", blank=True)
    retry_at = models.DateTimeField("thử lại lúc", null=True)

    class Meta:
        verbose_name = "phần chờ tính lại"
        verbose_name_plural = "phần chờ tính lại"
        constraints = [models.UniqueConstraint(fields=["area", "period"], name="dirty_scope_identity")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.period_id}"


class RecomputeRun(models.Model):
    """The ledger of recompute and verify runs."""

    class Kind(models.TextChoices):
        ROLL_UP = "roll_up", "tổng hợp huyện, tỉnh"
        FULL = "full", "tính lại toàn bộ"
        VERIFY = "verify", "kiểm tra"

    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    started_at = models.DateTimeField("bắt đầu")
    finished_at = models.DateTimeField("kết thúc", null=True)
    law_checksum = models.CharField("phiên bản luật", max_length=64, blank=True)
    code_version = models.CharField("phiên bản phần mềm", max_length=40, blank=True)
    input_watermark = models.BigIntegerField("mốc đầu vào", default=0, help_text="last audit event seen")
    scopes = models.PositiveIntegerField("số phần", default=0)
    differences = models.PositiveIntegerField("số chênh lệch", default=0)
    failures = models.PositiveIntegerField("số phần hỏng", default=0)
    faults = models.JSONField("các lý do", default=list, help_text="the first of them, in words")

    class Meta:
        verbose_name = "lần tính"
        verbose_name_plural = "lần tính"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at}"

    @property
    def duration(self) -> dt.timedelta | None:
        """How long the run took; None while it has not ended."""
        return self.finished_at - self.started_at if self.finished_at else None


__all__ = ["Attainment", "DirtyScope", "RecomputeRun", "RollUp", "Verdict"]
