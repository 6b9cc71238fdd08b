"""Sponsorship: sponsors, the communes assigned to them, and contributions in whole đồng."""

from django.db import models
from django.db.models import Q

from communes.models import Area


class Sponsor(models.Model):
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
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "đơn vị đỡ đầu"
        verbose_name_plural = "đơn vị đỡ đầu"

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """The provincial committee assigns or approves a sponsor for communes, for some years."""

    sponsor = models.ForeignKey(Sponsor, models.PROTECT, related_name="assignments")
    areas = models.ManyToManyField(Area, related_name="+", verbose_name="xã được đỡ đầu")
    decision = models.CharField("văn bản giao", max_length=60, blank=True)
    year_from = models.PositiveSmallIntegerField("từ năm")
    year_to = models.PositiveSmallIntegerField("đến năm", null=True, blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "phân công đỡ đầu"
        verbose_name_plural = "phân công đỡ đầu"

    def __str__(self) -> str:
        return f"{self.sponsor_id} {self.year_from}"


class Contribution(models.Model):
    """Money received in a year, in whole đồng, through one channel."""

    class Channel(models.TextChoices):
        ASSIGNED = "assigned", "được UBND tỉnh giao hoặc chấp thuận"
        CALLED = "called", "kêu gọi tổ chức, cá nhân"
        CALLED_BY_DISTRICTS = "called_by_districts", "cấp huyện kêu gọi"
        CALLED_BY_COMMUNES = "called_by_communes", "cấp xã kêu gọi"

    sponsor = models.ForeignKey(Sponsor, models.PROTECT, related_name="contributions")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    channel = models.CharField("kênh", max_length=20, choices=Channel.choices)
    year = models.PositiveSmallIntegerField("năm")
    received_on = models.DateField("ngày nhận", null=True, blank=True)
    amount = models.BigIntegerField("số tiền (đồng)")
    purpose = models.CharField("nội dung", max_length=200, blank=True)
    indicator = models.ForeignKey("criteria.Indicator", models.PROTECT, null=True, blank=True, related_name="+")
    source = models.TextField("nguồn", blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "khoản đóng góp"
        verbose_name_plural = "khoản đóng góp"
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="contribution_is_positive")]
        indexes = [models.Index(fields=["year", "channel"], name="contribution_by_year")]

    def __str__(self) -> str:
        return f"{self.amount}"
