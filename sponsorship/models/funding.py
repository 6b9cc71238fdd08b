"""The funding of the programme by source line, as the report forms ask; lines are rulebooks/funding-lines.yaml."""

from django.db import models
from django.db.models import Q

from communes.models import Area
from sponsorship.models.recorded import Recorded, paired

MEASURES = ("plan", "mobilised", "disbursed")


class Funding(Recorded):
    """What was planned, mobilised and disbursed from a source line for a unit in a year, in đồng."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    line = models.CharField("nguồn vốn", max_length=30)
    plan = models.BigIntegerField("kế hoạch (đồng)", default=0)
    mobilised = models.BigIntegerField("huy động (đồng)", default=0)
    disbursed = models.BigIntegerField("giải ngân (đồng)", default=0)
    version = models.PositiveIntegerField("phiên bản", default=0)

    class Meta:
        verbose_name = "nguồn vốn của năm"
        verbose_name_plural = "nguồn vốn của năm"
        constraints = [
            paired("funding"),
            models.UniqueConstraint(fields=["area", "year", "line"], name="funding_identity"),
            models.CheckConstraint(
                condition=Q(plan__gte=0, mobilised__gte=0, disbursed__gte=0), name="funding_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.line}"


class Arrears(Recorded):
    """Unpaid construction debt (nợ đọng xây dựng cơ bản) of a unit at the end of a year, in đồng."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    amount = models.BigIntegerField("nợ đọng (đồng)")
    version = models.PositiveIntegerField("phiên bản", default=0)

    class Meta:
        verbose_name = "nợ đọng xây dựng cơ bản"
        verbose_name_plural = "nợ đọng xây dựng cơ bản"
        constraints = [
            paired("arrears"),
            models.UniqueConstraint(fields=["area", "year"], name="arrears_identity"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="arrears_are_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.amount}"
