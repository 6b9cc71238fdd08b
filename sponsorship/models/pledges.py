"""What was promised and what is asked for. Neither is money received: no total counts it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from communes.models import Area, Village
from sponsorship.models.channels import Channel
from sponsorship.models.recorded import Recorded, paired
from sponsorship.models.sponsors import Sponsor


class Pledge(Recorded):
    """A promise of an amount in a year; contributions that keep it name it."""

    sponsor = models.ForeignKey(Sponsor, models.PROTECT, related_name="pledges")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField("kênh", max_length=20, choices=Channel.choices)
    year = models.PositiveSmallIntegerField("năm")
    pledged_on = models.DateField("ngày cam kết")
    amount = models.BigIntegerField("số tiền cam kết (đồng)")
    purpose = models.CharField("nội dung", max_length=200, blank=True)
    criterion = models.ForeignKey("criteria.Criterion", models.PROTECT, null=True, blank=True, related_name="+")
    indicator = models.ForeignKey("criteria.Indicator", models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)
    withdrawal_reason = models.CharField("lý do rút", max_length=300, blank=True)

    class Meta:
        verbose_name = "cam kết"
        verbose_name_plural = "cam kết"
        constraints = [
            paired("pledge"),
            paired("pledge", "withdrawn"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="pledge_is_positive"),
        ]
        indexes = [models.Index(fields=["year", "area"], name="pledge_by_year")]

    def __str__(self) -> str:
        return f"{self.amount}"


class Need(Recorded):
    """The money that a commune asks for to close the gap of an indicator, from a year on."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    indicator = models.ForeignKey("criteria.Indicator", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    amount = models.BigIntegerField("số tiền cần (đồng)")
    note = models.CharField("ghi chú", max_length=200, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=0)

    class Meta:
        verbose_name = "nhu cầu vốn"
        verbose_name_plural = "nhu cầu vốn"
        constraints = [
            paired("need"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="need_is_not_negative"),
            models.UniqueConstraint(fields=["area", "indicator", "year"], name="need_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"
