"""Criteria sets as published: set → criterion → indicator → input → threshold. Loaded from rulebooks."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from communes.models import Area, Confidence, Kind, Level

# Bits in one word of an indicator mask: a signed integer of 64 bits holds them.
WORD_BITS = 60


class CriteriaSet(models.Model):
    """One national or provincial set, in one version. A version in use is never edited."""

    slug = models.SlugField("mã bộ", max_length=60)
    version = models.PositiveSmallIntegerField("phiên bản", default=1)
    level = models.CharField("cấp", max_length=10, choices=Level.choices)
    kinds = models.JSONField("loại đơn vị áp dụng", default=list, help_text=", ".join(Kind.values))
    tier = models.CharField("bậc", max_length=30)
    name = models.CharField("tên", max_length=300)
    legal_basis = models.JSONField("căn cứ pháp lý", default=list)
    effective_from = models.DateField("hiệu lực từ")
    effective_to = models.DateField("hiệu lực đến", null=True, blank=True)
    declared_criteria = models.PositiveSmallIntegerField("số tiêu chí công bố", null=True)
    declared_indicators = models.PositiveSmallIntegerField("số chỉ tiêu công bố", null=True)
    listed_criteria = models.PositiveSmallIntegerField("số tiêu chí đã nạp")
    listed_indicators = models.PositiveSmallIntegerField("số chỉ tiêu đã nạp")
    allows_rounds = models.BooleanField("được mở kỳ", help_text="false where the rulebook says complete: false")
    default_region = models.CharField("vùng mặc định", max_length=20, blank=True)
    revocation = models.JSONField("điều kiện thu hồi", default=dict)
    # Criteria that can never be met because their indicators are not all known.
    incomplete_criterion_mask = models.BigIntegerField("tiêu chí thiếu chỉ tiêu", default=0)
    incomplete_condition_mask = models.BigIntegerField("điều kiện thiếu chỉ tiêu", default=0)
    incomplete_recognition_mask = models.BigIntegerField("điều kiện công nhận thiếu chỉ tiêu", default=0)
    confidence = models.CharField("độ tin cậy", max_length=12, choices=Confidence.choices)
    notes = models.JSONField("ghi chú", default=list)
    checksum = models.CharField("mã kiểm", max_length=64)
    loaded_at = models.DateTimeField("nạp lúc", auto_now=True)

    class Meta:
        verbose_name = "bộ tiêu chí"
        verbose_name_plural = "bộ tiêu chí"
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="criteria_set_identity")]

    def __str__(self) -> str:
        return self.name

    @property
    def missing_indicators(self) -> int:
        """How many of the declared indicators no text was found for."""
        return max(0, (self.declared_indicators or 0) - self.listed_indicators)

    @property
    def is_complete(self) -> bool:
        return self.allows_rounds and self.missing_indicators == 0


class Criterion(models.Model):
    """A criterion, or a condition that stands beside the criteria. `bit` is its place in its mask."""

    class Role(models.TextChoices):
        CRITERION = "criterion", "tiêu chí"
        CONDITION = "condition", "điều kiện đạt chuẩn"
        RECOGNITION = "recognition", "điều kiện xét công nhận"

    criteria_set = models.ForeignKey(CriteriaSet, models.CASCADE, related_name="criteria")
    code = models.CharField("mã", max_length=10)
    name = models.CharField("tên", max_length=300)
    role = models.CharField("vai trò", max_length=12, choices=Role.choices, default=Role.CRITERION)
    bit = models.PositiveSmallIntegerField("bit", help_text="0–62, counted apart for criteria and for conditions")
    group_code = models.CharField("nhóm", max_length=10, blank=True)
    group_name = models.CharField("tên nhóm", max_length=120, blank=True)
    is_complete = models.BooleanField("đủ chỉ tiêu", default=True, help_text="an incomplete criterion is never met")
    is_placeholder = models.BooleanField("tên chưa xác minh", default=False)
    confidence = models.CharField("độ tin cậy", max_length=12, choices=Confidence.choices)
    source = models.TextField("nguồn", blank=True)

    class Meta:
        verbose_name = "tiêu chí"
        verbose_name_plural = "tiêu chí"
        ordering = ["criteria_set", "role", "bit"]
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "code"], name="criterion_identity"),
            models.CheckConstraint(condition=Q(bit__lt=63), name="criterion_fits_a_mask"),
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.name}"


class Indicator(models.Model):
    """A numbered requirement of a criterion. It holds when all its inputs hold."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="indicators")
    code = models.CharField("mã", max_length=12)
    name = models.TextField("tên")
    ordinal = models.PositiveSmallIntegerField("thứ tự")
    slot = models.PositiveSmallIntegerField("chỗ trong bộ", default=0, help_text="counted through the whole set")
    may_not_apply = models.BooleanField("có thể không áp dụng", default=False)
    set_by_province = models.BooleanField("tỉnh quy định ngưỡng", default=False)
    is_numbered = models.BooleanField("được đánh số trong văn bản", default=True)
    is_placeholder = models.BooleanField("giữ chỗ", default=False)
    confidence = models.CharField("độ tin cậy", max_length=12, choices=Confidence.choices)
    name_confidence = models.CharField("độ tin cậy của tên", max_length=12, choices=Confidence.choices)
    source = models.TextField("nguồn", blank=True)
    notes = models.JSONField("ghi chú", default=list)

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ["criterion", "ordinal"]
        constraints = [models.UniqueConstraint(fields=["criterion", "code"], name="indicator_identity")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Input(models.Model):
    """What is measured and entered: the indicator itself, or one of its sub-conditions (17.1.a).

    `derived` names how the portal computes the value instead of a person:
    {"kind": "attained", "set": slug} | {"kind": "ratio", "set": slug, "input": code}
    | {"kind": "share", "tier": tier, "kinds": [...]}; see criteria/rulebooks/README.md.
    """

    class ValueType(models.TextChoices):
        PERCENT = "percent", "tỷ lệ"
        NUMBER = "number", "số"
        COUNT = "count", "số đếm"
        MONEY = "money", "tiền"
        BOOLEAN = "boolean", "đạt hay chưa"

    class Operator(models.TextChoices):
        AT_LEAST = ">=", "từ … trở lên"
        AT_MOST = "<=", "không quá …"
        IS_TRUE = "is_true", "đạt"

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="inputs")
    code = models.CharField("mã", max_length=14)
    name = models.TextField("tên")
    ordinal = models.PositiveSmallIntegerField("thứ tự")
    value_type = models.CharField("kiểu giá trị", max_length=10, choices=ValueType.choices)
    unit = models.CharField("đơn vị tính", max_length=60, blank=True)
    operator = models.CharField("phép so", max_length=10, choices=Operator.choices)
    required_grade = models.CharField("mức phải đạt", max_length=60, blank=True)
    regions = models.JSONField("chỉ áp dụng ở vùng", default=list)
    may_not_apply = models.BooleanField("có thể không áp dụng", default=False)
    alternative = models.CharField("nhóm thay thế", max_length=20, blank=True, help_text="one of the group applies")
    derived = models.JSONField("tự tính", null=True, blank=True)
    # {"codes": [...], "rule": "equal" | "at_most", "source": ...}: criteria/rulebooks/README.md.
    parts = models.JSONField("các phần", null=True, blank=True)
    in_sum = models.BooleanField("là tổng hoặc là phần", default=False)
    # Its place in the masks, so that reading millions of values joins one small table. Zero: another role's mask.
    word = models.PositiveSmallIntegerField("từ", default=0)
    indicator_mask = models.BigIntegerField("bit của chỉ tiêu trong từ", default=0)
    criterion_mask = models.BigIntegerField("bit của tiêu chí", default=0)
    condition_mask = models.BigIntegerField("bit của điều kiện", default=0)
    recognition_mask = models.BigIntegerField("bit của điều kiện công nhận", default=0)
    confidence = models.CharField("độ tin cậy", max_length=12, choices=Confidence.choices)

    class Meta:
        verbose_name = "giá trị đầu vào"
        verbose_name_plural = "giá trị đầu vào"
        ordering = ["indicator", "ordinal"]
        constraints = [models.UniqueConstraint(fields=["indicator", "code"], name="input_identity")]

    def __str__(self) -> str:
        return self.code

    @property
    def rule(self) -> dict[str, Any]:
        """How the portal computes the value; empty where a person enters it."""
        return self.derived or {}


class Threshold(models.Model):
    """A known threshold. No row means "chưa có ngưỡng". Rows are added and confirmed, never changed.

    An empty region, group or year means "any". A row with a province overrides the national text
    between its dates. `value` is 1 for a yes/no requirement.
    """

    input = models.ForeignKey(Input, models.CASCADE, related_name="thresholds")
    province = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    region = models.CharField("vùng", max_length=20, blank=True)
    group = models.CharField("nhóm xã", max_length=10, blank=True)
    year = models.PositiveSmallIntegerField("năm", null=True, blank=True)
    value = models.DecimalField("mức", max_digits=14, decimal_places=4)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    legal_reference = models.CharField("căn cứ", max_length=300, blank=True)
    confidence = models.CharField("độ tin cậy", max_length=12, choices=Confidence.choices)
    source = models.TextField("nguồn", blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField("nhập lúc", null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField("đối chiếu lúc", null=True)

    class Meta:
        verbose_name = "ngưỡng"
        verbose_name_plural = "ngưỡng"
        constraints = [
            models.CheckConstraint(
                condition=Q(entered_by=None, entered_at=None) | Q(entered_by__isnull=False, entered_at__isnull=False),
                name="threshold_entered_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="threshold_confirmed_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="threshold_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.input_id}: {self.value}"

    @property
    def is_stand_in(self) -> bool:
        """An illustrative level that nobody entered: it fills a gap in a demonstration and gives way to any other."""
        return self.is_illustrative and self.entered_by_id is None


class LeadDepartment(models.Model):
    """Which department answers for a criterion, dated; set by the province office."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="lead_departments")
    department = models.ForeignKey("accounts.Department", models.PROTECT, related_name="criteria")
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "sở, ngành phụ trách"
        verbose_name_plural = "sở, ngành phụ trách"

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.department_id}"
