"""Periods and rounds, the folder of a unit (assessment) and the values in it (readings)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from communes.models import Area
from criteria.models.law import CriteriaSet, Input, Threshold


class Verdict(models.IntegerChoices):
    """The answer for one value; counts, masks and screens all speak these four words."""

    UNDETERMINED = 0, "chưa kết luận"
    MET = 1, "đạt"
    NOT_MET = 2, "chưa đạt"
    NOT_APPLICABLE = 3, "không áp dụng"


class State(models.IntegerChoices):
    """Where a reading stands. The order is the order of the procedure; RETURNED counts as not submitted."""

    DRAFT = 0, "đang nhập"
    RETURNED = 1, "trả lại"
    SUBMITTED = 2, "đã nộp"
    VERIFIED = 3, "đã thẩm tra"
    APPRAISED = 4, "đã thẩm định"
    APPROVED = 5, "đã phê duyệt"


ON_THE_WAY = (State.SUBMITTED, State.VERIFIED, State.APPRAISED)


class Period(models.Model):
    """A reporting period. Its territory is that of its last day."""

    class Kind(models.TextChoices):
        YEAR = "year", "năm"
        HALF = "half", "nửa năm"
        QUARTER = "quarter", "quý"
        MONTH = "month", "tháng"

    code = models.SlugField("mã", max_length=12, unique=True, help_text="2023, 2024-h1, 2024-q3, 2024-07")
    kind = models.CharField("loại", max_length=8, choices=Kind.choices, default=Kind.YEAR)
    year = models.PositiveSmallIntegerField("năm")
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày")

    class Meta:
        verbose_name = "kỳ"
        verbose_name_plural = "kỳ"
        ordering = ["ends_on", "starts_on"]

    def __str__(self) -> str:
        if self.kind == self.Kind.HALF:
            return f"Sáu tháng {'đầu' if self.starts_on.month == 1 else 'cuối'} năm {self.year}"
        return f"Năm {self.year}" if self.kind == self.Kind.YEAR else self.code

    @property
    def short_name(self) -> str:
        """As a row of periods shows it."""
        if self.kind == self.Kind.HALF:
            return f"6 tháng {'đầu' if self.starts_on.month == 1 else 'cuối'} {self.year}"
        return str(self.year) if self.kind == self.Kind.YEAR else self.code


class Round(models.Model):
    """A set opened for a period in a province. Opening it creates one empty reading for each input of each unit."""

    province = models.ForeignKey(Area, models.PROTECT, related_name="+")
    period = models.ForeignKey(Period, models.PROTECT, related_name="rounds")
    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="rounds")
    due_on = models.DateField("hạn nộp")
    opened_at = models.DateTimeField("mở lúc")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField("chốt ngày", null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "đợt"
        verbose_name_plural = "đợt"
        constraints = [
            models.UniqueConstraint(fields=["province", "period", "criteria_set"], name="round_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.criteria_set_id}"

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class Assessment(models.Model):
    """The folder of a unit in a round. Its state is the least advanced among its readings (criteria.queries)."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="assessments")
    area = models.ForeignKey(Area, models.PROTECT, related_name="assessments")
    due_on = models.DateField("hạn riêng", null=True, blank=True, help_text="an exception, later than the round's")

    class Meta:
        verbose_name = "hồ sơ đánh giá"
        verbose_name_plural = "hồ sơ đánh giá"
        constraints = [models.UniqueConstraint(fields=["round", "area"], name="assessment_identity")]

    def __str__(self) -> str:
        return f"{self.area_id} @ {self.round_id}"

    @property
    def deadline(self) -> dt.date:
        """The day by which the unit hands in: the round's, or its own where that is later."""
        return max(self.due_on or self.round.due_on, self.round.due_on)


def _paired(step: str) -> models.CheckConstraint:
    by, at = f"{step}_by", f"{step}_at"
    return models.CheckConstraint(
        condition=Q(**{by: None, at: None}) | Q(**{f"{by}__isnull": False, f"{at}__isnull": False}),
        name=f"reading_{step}_by_and_at",
    )


def _person() -> models.ForeignKey:
    """Who took a step. Without an index: nobody asks from a person to values, and each would cost every write."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)


class Reading(models.Model):
    """A fact somebody answers for: one input of one unit in one period.

    `value` is the number (1 or 0 for yes/no); empty = not entered. `verdict` is resolved at the write
    against the pinned `threshold`; attainment reads it only where the state is APPROVED.
    `version` rises with every change: a write names the version that it read.
    Derived readings (`input.derived`) carry what they count in `detail` and are approved by the portal.
    """

    class Origin(models.TextChoices):
        ENTERED = "entered", "nhập tay"
        PREFILLED = "prefilled", "lấy từ kỳ trước"
        IMPORTED = "imported", "nhập từ tệp"
        DERIVED = "derived", "hệ thống tính"
        GENERATED = "generated", "tạo để minh hoạ"

    # The unique pair of folder and input is the index.
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="readings", db_index=False)
    input = models.ForeignKey(Input, models.PROTECT, related_name="readings")
    value = models.DecimalField("giá trị", max_digits=16, decimal_places=4, null=True, blank=True)
    not_applicable = models.BooleanField("không áp dụng", default=False)
    verdict = models.PositiveSmallIntegerField("kết quả", choices=Verdict.choices, default=Verdict.UNDETERMINED)
    # Without an index: nobody asks from a threshold to values.
    threshold = models.ForeignKey(Threshold, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    state = models.PositiveSmallIntegerField("trạng thái", choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField("phiên bản", default=1)
    origin = models.CharField("xuất xứ", max_length=10, choices=Origin.choices, default=Origin.ENTERED)
    note = models.TextField("ghi chú", blank=True)
    # What looked wrong when it was entered (criteria.rules.plausibility.Flag); submitted only with a note.
    flags = models.PositiveSmallIntegerField("cảnh báo", default=0, db_default=0)
    source = models.CharField("nguồn số liệu", max_length=300, blank=True)
    detail = models.JSONField("chi tiết tính", null=True, blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    entered_by = _person()
    entered_at = models.DateTimeField("nhập lúc", null=True)
    submitted_by = _person()
    submitted_at = models.DateTimeField("nộp lúc", null=True)
    verified_by = _person()
    verified_at = models.DateTimeField("thẩm tra lúc", null=True)
    appraised_by = _person()
    appraised_at = models.DateTimeField("thẩm định lúc", null=True)
    approved_by = _person()
    approved_at = models.DateTimeField("phê duyệt lúc", null=True)
    returned_by = _person()
    returned_at = models.DateTimeField("trả lại lúc", null=True)
    returned_to = _person()
    return_reason = models.TextField("lý do trả lại", blank=True)

    class Meta:
        verbose_name = "giá trị"
        verbose_name_plural = "giá trị"
        indexes = [
            # What waits for a step: the few values that every queue is drawn from.
            models.Index(fields=["state", "id"], condition=Q(state__in=ON_THE_WAY), name="reading_queue"),
            # What is not approved and met: the few rows that attainment is computed from (criteria.masks).
            models.Index(
                fields=["assessment", "input", "state", "verdict"],
                condition=~Q(state=State.APPROVED, verdict__in=(Verdict.MET, Verdict.NOT_APPLICABLE)),
                name="reading_in_question",
            ),
            models.Index(fields=["assessment"], condition=Q(is_illustrative=True), name="reading_illustrative"),
            # The latest approval of a folder: how fresh what a result stands on is (criteria.queries.attained).
            models.Index(
                fields=["assessment", "-approved_at"], condition=Q(state=State.APPROVED), name="reading_latest"
            ),
            # What the portal computes itself, whole: comparing it reads nothing else (criteria.derived).
            models.Index(
                fields=["assessment", "input", "state", "verdict", "value", "is_illustrative"],
                condition=Q(origin="derived"),
                name="reading_derived",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "input"], name="reading_identity"),
            models.CheckConstraint(
                condition=Q(value=None) | Q(not_applicable=False), name="reading_value_or_not_applicable"
            ),
            *(_paired(step) for step in ("entered", "submitted", "verified", "appraised", "approved", "returned")),
        ]

    def __str__(self) -> str:
        return f"{self.input_id}={self.value}"


READING_STEPS = ("entered", "submitted", "verified", "appraised", "approved")
__all__ = ["ON_THE_WAY", "READING_STEPS", "Assessment", "Period", "Reading", "Round", "State", "Verdict"]
