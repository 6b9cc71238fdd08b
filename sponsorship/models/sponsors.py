"""Sponsors and the communes that the province assigned to them."""

from django.db import models
from django.db.models import F, Q

from communes.models import Area, Village
from sponsorship.models.recorded import Recorded, paired


class Sponsor(Recorded):
    """Who sponsors. One who asked not to be named is "không nêu tên" wherever the public reads."""

    class Kind(models.TextChoices):
        AGENCY = "agency", "cơ quan, đơn vị"
        ENTERPRISE = "enterprise", "doanh nghiệp"
        ORGANISATION = "organisation", "tổ chức"
        COMPATRIOT = "compatriot", "con em xa quê"
        INDIVIDUAL = "individual", "cá nhân"

    name = models.CharField("tên", max_length=200)
    kind = models.CharField("loại", max_length=12, choices=Kind.choices)
    is_anonymous = models.BooleanField("không nêu tên", default=False)
    search_key = models.CharField("khoá tìm", max_length=240, db_index=True)
    version = models.PositiveIntegerField("phiên bản", default=0)

    class Meta:
        verbose_name = "đơn vị đỡ đầu"
        verbose_name_plural = "đơn vị đỡ đầu"
        constraints = [paired("sponsor")]

    def __str__(self) -> str:
        return self.name


class Assignment(Recorded):
    """The provincial committee assigns or approves a sponsor for communes or villages, for some years."""

    sponsor = models.ForeignKey(Sponsor, models.PROTECT, related_name="assignments")
    areas = models.ManyToManyField(Area, related_name="+", verbose_name="xã được đỡ đầu")
    villages = models.ManyToManyField(Village, related_name="+", blank=True, verbose_name="thôn được đỡ đầu")
    decision = models.CharField("văn bản giao", max_length=60, blank=True)
    decided_on = models.DateField("ngày văn bản", null=True, blank=True)
    year_from = models.PositiveSmallIntegerField("từ năm")
    year_to = models.PositiveSmallIntegerField("đến năm", null=True, blank=True)

    class Meta:
        verbose_name = "phân công đỡ đầu"
        verbose_name_plural = "phân công đỡ đầu"
        constraints = [
            paired("assignment"),
            models.CheckConstraint(
                condition=Q(year_to=None) | Q(year_to__gte=F("year_from")), name="assignment_years_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sponsor_id} {self.year_from}"
