"""What the database keeps of the rules: which text was loaded, who confirmed its bands, the product sets."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from communes.models import Confidence


class RuleSet(models.Model):
    """A loaded rule set (ocop/rulebooks/sets). Its bands are confirmed by an officer against the legal text."""

    slug = models.CharField("bộ tiêu chí", max_length=20, unique=True)
    name = models.CharField("tên", max_length=120)
    effective_from = models.DateField("hiệu lực từ")
    effective_to = models.DateField("đến", null=True)
    confidence = models.CharField("độ tin cậy", max_length=12, choices=Confidence.choices)
    checksum = models.CharField("mã kiểm", max_length=64)
    bands_checksum = models.CharField("mã kiểm của dải điểm", max_length=64)
    bands_reference = models.CharField("căn cứ của dải điểm", max_length=300, blank=True)
    bands_confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    bands_confirmed_at = models.DateTimeField("đối chiếu lúc", null=True)

    class Meta:
        verbose_name = "bộ tiêu chí OCOP"
        verbose_name_plural = "bộ tiêu chí OCOP"
        constraints = [
            models.CheckConstraint(
                condition=Q(bands_confirmed_by=None, bands_confirmed_at=None)
                | Q(bands_confirmed_by__isnull=False, bands_confirmed_at__isnull=False),
                name="ocop_bands_confirmed_paired",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProductSet(models.Model):
    """A product set (bộ sản phẩm) of the programme and the group it belongs to."""

    number = models.PositiveSmallIntegerField("số", unique=True)
    name = models.CharField("tên", max_length=200)
    group = models.CharField("nhóm", max_length=12)
    subgroup = models.CharField("phân nhóm", max_length=120)
    confidence = models.CharField("độ tin cậy", max_length=12, choices=Confidence.choices)

    class Meta:
        verbose_name = "bộ sản phẩm"
        verbose_name_plural = "bộ sản phẩm"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"
