"""Recognition by decision: another fact than attainment by criteria, never shown as one with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from communes.models import Area, Confidence


class Decision(models.Model):
    """A decision as issued. A list published without its number is a decision with an empty number.

    One that was recorded wrongly is withdrawn by two people and stays readable; nothing of it counts any more.
    """

    number = models.CharField("số", max_length=60, blank=True)
    issued_on = models.DateField("ngày", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    title = models.CharField("trích yếu", max_length=300, blank=True)
    signer = models.CharField("người ký", max_length=120, blank=True)
    confidence = models.CharField("độ tin cậy", max_length=12, choices=Confidence.choices)
    source = models.TextField("nguồn", blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc", null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField("đối chiếu lúc", null=True, blank=True)
    withdrawal_reason = models.TextField("lý do rút", blank=True)
    withdrawal_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawal_asked_at = models.DateTimeField("đề nghị rút lúc", null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)

    class Meta:
        verbose_name = "quyết định"
        verbose_name_plural = "quyết định"
        constraints = [
            # Numbers begin anew every year; one typed twice would grant the same tier twice.
            models.UniqueConstraint(
                fields=["number", "issued_on"],
                condition=Q(recorded_at__isnull=False, withdrawn_at=None),
                name="decision_recorded_once",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{step}_by": None, f"{step}_at": None})
                    | Q(**{f"{step}_by__isnull": False, f"{step}_at__isnull": False}),
                    name=f"decision_{step}_paired",
                )
                for step in ("confirmed", "withdrawal_asked", "withdrawn")
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by=None) | ~Q(withdrawn_by=models.F("withdrawal_asked_by")),
                name="decision_withdrawn_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.number or "chưa rõ số"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_for_everybody(self) -> bool:
        """Whether its page is open to everybody (criteria.queries.decisions.in_sight)."""
        return not self.is_withdrawn and (self.confirmed_at is not None or self.recorded_by_id is None)


class Recognition(models.Model):
    """A tier granted to, carried over to (thừa nhận) or revoked from a unit.

    `counts_from` is when it counts: the decision's date, else 31 December of its result year, else the day
    by which a text knows of it; empty = at any time. `is_dated` false reads "chưa rõ ngày".
    """

    class Act(models.TextChoices):
        GRANTED = "granted", "công nhận"
        CARRIED_OVER = "carried_over", "thừa nhận sau sáp nhập"
        REVOKED = "revoked", "thu hồi"

    area = models.ForeignKey(Area, models.PROTECT, related_name="recognitions")
    tier = models.CharField("bậc", max_length=30)
    act = models.CharField("việc", max_length=14, choices=Act.choices, default=Act.GRANTED)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="recognitions")
    result_year = models.PositiveSmallIntegerField("kết quả năm", null=True, blank=True)
    round_label = models.CharField("đợt", max_length=40, blank=True)
    counts_from = models.DateField("tính từ", null=True, blank=True)
    is_dated = models.BooleanField("rõ ngày", default=True)
    rule_set = models.CharField("bộ tiêu chí áp dụng", max_length=60, blank=True)
    model_field = models.CharField("lĩnh vực nổi trội", max_length=60, blank=True)
    confidence = models.CharField("độ tin cậy", max_length=12, choices=Confidence.choices)
    number_confidence = models.CharField("độ tin cậy của số, ngày", max_length=12, blank=True)
    source = models.TextField("nguồn", blank=True)
    note = models.TextField("ghi chú", blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)
    revokes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="revoked_by")
    ground = models.CharField("căn cứ thu hồi", max_length=500, blank=True)
    # With its decision: kept here as well, so that every count of recognitions leaves it out by one condition.
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)

    class Meta:
        verbose_name = "công nhận"
        verbose_name_plural = "công nhận"
        indexes = [models.Index(fields=["area", "tier"], name="recognition_of_area")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.tier} {self.act}"


class DossierSubmission(models.Model):
    """A dossier sent up: who asked for which tier, and when."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    tier = models.CharField("bậc", max_length=30)
    result_year = models.PositiveSmallIntegerField("kết quả năm")
    submitted_on = models.DateField("ngày trình", null=True, blank=True)
    known_on = models.DateField("biết đến từ ngày", help_text="the day by which a source says so")
    submitted_to = models.CharField("trình", max_length=200)
    source = models.TextField("nguồn", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "hồ sơ đề nghị"
        verbose_name_plural = "hồ sơ đề nghị"

    def __str__(self) -> str:
        return f"{self.area_id} {self.tier}"


class StatedDenominator(models.Model):
    """How many units a published figure counts against, where it differs from the register (181, not 182)."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    kind = models.CharField("loại đơn vị", max_length=12)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    value = models.PositiveIntegerField("mẫu số")
    source = models.TextField("nguồn")
    confidence = models.CharField("độ tin cậy", max_length=12, choices=Confidence.choices)

    class Meta:
        verbose_name = "mẫu số công bố"
        verbose_name_plural = "mẫu số công bố"

    def __str__(self) -> str:
        return f"{self.value}"
