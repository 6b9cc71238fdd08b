"""Ratings over time: proposed, recognised, revoked; requests to revoke; reminders of an end."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ocop.models.register import Product


class Rating(models.Model):
    """One rating of a product: proposed, recognised or revoked, at a star.

    A recognised one is a certificate. `replaced_on` is the day that a later certificate or a revocation ended it.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", "đề xuất"
        RECOGNISED = "recognised", "công nhận"
        REVOKED = "revoked", "thu hồi"

    class Kind(models.TextChoices):
        FIRST = "first", "lần đầu"
        UPGRADE = "upgrade", "nâng hạng"
        AGAIN = "again", "phân hạng lại"

    class Issuer(models.TextChoices):
        DISTRICT = "district", "UBND cấp huyện"
        PROVINCE = "province", "UBND tỉnh"
        CENTRAL = "central", "trung ương"

    product = models.ForeignKey(Product, models.CASCADE, related_name="ratings")
    stars = models.PositiveSmallIntegerField("số sao")
    status = models.CharField("tình trạng", max_length=12, choices=Status.choices)
    kind = models.CharField("việc", max_length=8, choices=Kind.choices, default=Kind.FIRST)
    year = models.PositiveSmallIntegerField("kết quả năm")
    decided_on = models.DateField("ngày")
    expires_on = models.DateField("hết hạn", null=True, blank=True)
    replaced_on = models.DateField("thay bằng lần sau từ", null=True, blank=True)
    rule_set = models.CharField("bộ tiêu chí", max_length=20)
    decision = models.CharField("quyết định", max_length=60, blank=True)
    issuer = models.CharField("cấp công nhận", max_length=10, choices=Issuer.choices, blank=True)
    certificate_no = models.CharField("số giấy chứng nhận", max_length=60, blank=True)
    part_a = models.DecimalField("điểm phần A", max_digits=5, decimal_places=2, null=True, blank=True)
    part_b = models.DecimalField("điểm phần B", max_digits=5, decimal_places=2, null=True, blank=True)
    part_c = models.DecimalField("điểm phần C", max_digits=5, decimal_places=2, null=True, blank=True)
    total = models.DecimalField("tổng điểm", max_digits=5, decimal_places=2, null=True, blank=True)
    is_provisional = models.BooleanField("tạm tính", default=False)
    reason = models.CharField("lý do", max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc", null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField("đối chiếu lúc", null=True, blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "lần phân hạng"
        verbose_name_plural = "lần phân hạng"
        indexes = [
            models.Index(fields=["product", "status", "decided_on"], name="rating_of_product"),
            models.Index(fields=["status", "expires_on"], name="rating_by_end"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="rating_has_1_to_5_stars"),
            # Two officers who record a certificate at once: one of them is refused.
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(status="recognised", replaced_on=None, recorded_at__isnull=False),
                name="one_standing_certificate",
            ),
            models.UniqueConstraint(
                fields=["certificate_no"], condition=~Q(certificate_no=""), name="certificate_numbered_once"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{step}_by": None, f"{step}_at": None})
                    | Q(**{f"{step}_by__isnull": False, f"{step}_at__isnull": False}),
                    name=f"rating_{step}_paired",
                )
                for step in ("recorded", "confirmed")
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("recorded_by")), name="rating_confirmed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(total=None) | Q(part_a=None) | Q(total=F("part_a") + F("part_b") + F("part_c")),
                name="rating_total_is_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(total=None) | Q(total__gte=0, total__lte=100), name="rating_total_0_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.stars} sao"


class RevocationRequest(models.Model):
    """Somebody asks that a certificate be revoked, and why; another decides."""

    rating = models.ForeignKey(Rating, models.CASCADE, related_name="revocation_requests")
    reason = models.CharField("lý do thu hồi", max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("đề nghị lúc")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField("giải quyết lúc", null=True)
    is_granted = models.BooleanField("đã thu hồi", default=False)

    class Meta:
        verbose_name = "đề nghị thu hồi"
        verbose_name_plural = "đề nghị thu hồi"
        constraints = [
            models.UniqueConstraint(fields=["rating"], condition=Q(settled_at=None), name="revocation_asked_once"),
            models.CheckConstraint(
                condition=Q(settled_by=None, settled_at=None) | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="revocation_settled_paired",
            ),
            models.CheckConstraint(
                condition=Q(is_granted=False) | ~Q(settled_by=F("asked_by")), name="revoked_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating_id}: {self.reason[:40]}"


class CertificateReminder(models.Model):
    """A producer was reminded that a certificate ends."""

    rating = models.ForeignKey(Rating, models.CASCADE, related_name="reminders")
    note = models.CharField("ghi chú", max_length=300, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("nhắc lúc")

    class Meta:
        verbose_name = "lần nhắc chứng nhận"
        verbose_name_plural = "lần nhắc chứng nhận"
        indexes = [models.Index(fields=["rating", "-sent_at"], name="reminder_of_rating")]

    def __str__(self) -> str:
        return f"{self.rating_id} {self.sent_at:%Y-%m-%d}"
