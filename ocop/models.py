"""OCOP: producers, products, ratings over time, exports."""

from django.db import models
from django.db.models import Q

from communes.models import Area


class Producer(models.Model):
    """Who makes a product (chủ thể)."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", "doanh nghiệp"
        COOPERATIVE = "cooperative", "hợp tác xã"
        GROUP = "group", "tổ hợp tác"
        HOUSEHOLD = "household", "hộ sản xuất kinh doanh"

    name = models.CharField("tên", max_length=200)
    kind = models.CharField("loại hình", max_length=12, choices=Kind.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    search_key = models.CharField("khoá tìm", max_length=240, db_index=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "chủ thể"
        verbose_name_plural = "chủ thể"

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """A product, standing in the commune of its first rating (`area` is a unit of that day)."""

    class Group(models.TextChoices):
        FOOD = "food", "Thực phẩm"
        DRINK = "drink", "Đồ uống"
        HERBAL = "herbal", "Dược liệu và sản phẩm từ dược liệu"
        CRAFT = "craft", "Hàng thủ công mỹ nghệ"
        ORNAMENTAL = "ornamental", "Sinh vật cảnh"
        TOURISM = "tourism", "Dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch"

    name = models.CharField("tên", max_length=200)
    code = models.CharField("mã sản phẩm", max_length=40, unique=True)
    producer = models.ForeignKey(Producer, models.PROTECT, related_name="products")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    group = models.CharField("nhóm", max_length=12, choices=Group.choices)
    search_key = models.CharField("khoá tìm", max_length=240, db_index=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "sản phẩm"
        verbose_name_plural = "sản phẩm"

    def __str__(self) -> str:
        return self.name


class Rating(models.Model):
    """One rating of a product: proposed, recognised or revoked, at a star."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "đề xuất"
        RECOGNISED = "recognised", "công nhận"
        REVOKED = "revoked", "thu hồi"

    product = models.ForeignKey(Product, models.CASCADE, related_name="ratings")
    stars = models.PositiveSmallIntegerField("số sao")
    status = models.CharField("tình trạng", max_length=12, choices=Status.choices)
    year = models.PositiveSmallIntegerField("kết quả năm")
    decided_on = models.DateField("ngày")
    expires_on = models.DateField("hết hạn", null=True, blank=True)
    rule_set = models.CharField("bộ tiêu chí", max_length=20)
    decision = models.CharField("quyết định", max_length=60, blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "lần phân hạng"
        verbose_name_plural = "lần phân hạng"
        constraints = [models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="rating_has_1_to_5_stars")]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.stars} sao"


class Export(models.Model):
    """A market that a product is exported to, as known from a day on."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="exports")
    country = models.CharField("nước", max_length=2, help_text="ISO 3166-1 alpha-2")
    year = models.PositiveSmallIntegerField("năm")
    known_on = models.DateField("biết đến từ ngày")
    source = models.TextField("nguồn", blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "xuất khẩu"
        verbose_name_plural = "xuất khẩu"
        constraints = [models.UniqueConstraint(fields=["product", "country", "year"], name="export_identity")]

    def __str__(self) -> str:
        return f"{self.product_id} → {self.country}"
