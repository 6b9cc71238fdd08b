"""The plan of a year, and the commendations of a year."""

from django.conf import settings
from django.db import models

from communes.models import Area


class Target(models.Model):
    """What the plan of a year promises, by area and measure. Named units stand in `areas`."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    measure = models.SlugField("chỉ tiêu kế hoạch", max_length=40)
    name = models.CharField("tên", max_length=200)
    value = models.DecimalField("mức", max_digits=12, decimal_places=2)
    unit = models.CharField("đơn vị tính", max_length=30)
    is_minimum = models.BooleanField("tối thiểu", default=False)
    areas = models.ManyToManyField(Area, blank=True, related_name="+", verbose_name="đơn vị nêu tên")
    ordinal = models.PositiveSmallIntegerField("thứ tự", default=0)
    source = models.TextField("nguồn", blank=True)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField("phiên bản", default=0)

    class Meta:
        verbose_name = "mục tiêu"
        verbose_name_plural = "mục tiêu"
        ordering = ["year", "ordinal", "id"]
        constraints = [models.UniqueConstraint(fields=["area", "year", "measure"], name="target_identity")]

    def __str__(self) -> str:
        return f"{self.year} {self.measure}"


class Commendation(models.Model):
    """A certificate of merit of the provincial chairman, one row a recipient."""

    class Recipient(models.TextChoices):
        COLLECTIVE = "collective", "tập thể"
        INDIVIDUAL = "individual", "cá nhân"

    year = models.PositiveSmallIntegerField("năm")
    recipient = models.CharField("đối tượng", max_length=12, choices=Recipient.choices)
    name = models.CharField("tên", max_length=200)
    awarded_on = models.DateField("ngày trao", null=True, blank=True)
    at_conference = models.BooleanField("trao tại điểm cầu tỉnh", default=False)
    source = models.TextField("nguồn", blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)
    version = models.PositiveIntegerField("phiên bản", default=0)

    class Meta:
        verbose_name = "khen thưởng"
        verbose_name_plural = "khen thưởng"
        indexes = [models.Index(fields=["year", "id"], name="commendation_of_year")]

    def __str__(self) -> str:
        return self.name
