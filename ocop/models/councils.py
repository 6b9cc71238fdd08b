"""Rating by a council: a round, its members, the products before it, the sheets of each member."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from communes.models import Area
from ocop.models.ratings import Rating
from ocop.models.register import Product

PARTS = ("part_a", "part_b", "part_c")


class RatingRound(models.Model):
    """A council of a district or the province that sat on a day, under the rules of that day."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveSmallIntegerField("đợt")
    held_on = models.DateField("ngày họp")
    rule_set = models.CharField("bộ tiêu chí", max_length=20)
    decision = models.CharField("quyết định lập hội đồng", max_length=60, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("mở lúc")
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "đợt đánh giá OCOP"
        verbose_name_plural = "đợt đánh giá OCOP"
        constraints = [models.UniqueConstraint(fields=["area", "year", "number"], name="rating_round_identity")]

    def __str__(self) -> str:
        return f"Đợt {self.number}/{self.year}"


class CouncilMember(models.Model):
    """A member of the council of a round."""

    round = models.ForeignKey(RatingRound, models.CASCADE, related_name="members")
    name = models.CharField("họ tên", max_length=120)
    post = models.CharField("chức vụ", max_length=120, blank=True)

    class Meta:
        verbose_name = "thành viên hội đồng"
        verbose_name_plural = "thành viên hội đồng"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="council_member_once")]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """A product before a council: scored, concluded by one person, settled by another."""

    class State(models.TextChoices):
        SCORING = "scoring", "đang chấm"
        CONCLUDED = "concluded", "đã kết luận, chờ duyệt"
        RECOGNISED = "recognised", "đã công nhận"
        PROPOSED = "proposed", "đã đề xuất lên cấp trên"
        REFUSED = "refused", "không đạt hạng"

    round = models.ForeignKey(RatingRound, models.CASCADE, related_name="entries")
    product = models.ForeignKey(Product, models.PROTECT, related_name="entries")
    kind = models.CharField("việc", max_length=8, choices=Rating.Kind.choices)
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.SCORING)
    part_a = models.DecimalField("điểm phần A", max_digits=5, decimal_places=2, null=True)
    part_b = models.DecimalField("điểm phần B", max_digits=5, decimal_places=2, null=True)
    part_c = models.DecimalField("điểm phần C", max_digits=5, decimal_places=2, null=True)
    total = models.DecimalField("tổng điểm", max_digits=5, decimal_places=2, null=True)
    stars = models.PositiveSmallIntegerField("số sao", null=True)
    is_provisional = models.BooleanField("tạm tính", default=False)
    minutes = models.TextField("biên bản", blank=True)
    absent_note = models.CharField("thành viên vắng", max_length=300, blank=True)
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    concluded_at = models.DateTimeField("kết luận lúc", null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField("duyệt lúc", null=True)
    rating = models.OneToOneField(Rating, models.PROTECT, null=True, related_name="entry")
    version = models.PositiveIntegerField("phiên bản", default=0)

    class Meta:
        verbose_name = "hồ sơ dự đợt"
        verbose_name_plural = "hồ sơ dự đợt"
        constraints = [
            models.UniqueConstraint(fields=["round", "product"], name="product_once_a_round"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{step}_by": None, f"{step}_at": None})
                    | Q(**{f"{step}_by__isnull": False, f"{step}_at__isnull": False}),
                    name=f"entry_{step}_paired",
                )
                for step in ("concluded", "settled")
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(settled_by=F("concluded_by")), name="entry_settled_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.product_id}"


class ScoreSheet(models.Model):
    """What one member gave one product, part by part."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="sheets")
    member = models.ForeignKey(CouncilMember, models.CASCADE, related_name="sheets")
    part_a = models.DecimalField("điểm phần A", max_digits=5, decimal_places=2)
    part_b = models.DecimalField("điểm phần B", max_digits=5, decimal_places=2)
    part_c = models.DecimalField("điểm phần C", max_digits=5, decimal_places=2)
    comment = models.CharField("nhận xét", max_length=500, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("ghi lúc")
    version = models.PositiveIntegerField("phiên bản", default=0)

    class Meta:
        verbose_name = "phiếu chấm"
        verbose_name_plural = "phiếu chấm"
        constraints = [
            models.UniqueConstraint(fields=["entry", "member"], name="score_sheet_once"),
            models.CheckConstraint(
                condition=Q(part_a__gte=0, part_b__gte=0, part_c__gte=0), name="score_sheet_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.member_id}"

    @property
    def total(self) -> Decimal:
        return self.part_a + self.part_b + self.part_c
