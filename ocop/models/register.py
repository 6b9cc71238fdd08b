"""The register: producers, products, their markets and revenue. Ratings stand beside (ratings.py)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from communes.models import Area
from criteria.models import StoredFile
from ocop.models.rules import ProductSet


class Producer(models.Model):
    """Who makes a product (chủ thể). One that stopped keeps its products and their history."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", "doanh nghiệp"
        COOPERATIVE = "cooperative", "hợp tác xã"
        GROUP = "group", "tổ hợp tác"
        HOUSEHOLD = "household", "hộ sản xuất kinh doanh"

    name = models.CharField("tên", max_length=200)
    kind = models.CharField("loại hình", max_length=12, choices=Kind.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    search_key = models.CharField("khoá tìm", max_length=240, db_index=True)
    stopped_on = models.DateField("ngừng hoạt động từ", null=True, blank=True)
    stop_reason = models.CharField("lý do ngừng", max_length=300, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=0)
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
    product_set = models.ForeignKey(ProductSet, models.PROTECT, null=True, blank=True, related_name="+")
    story = models.TextField("câu chuyện sản phẩm", blank=True)
    traceability_code = models.CharField("mã truy xuất", max_length=60, blank=True)
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    # The latest certificate that no revocation has ended, for lists of thousands (ocop.standing keeps it).
    standing = models.ForeignKey("ocop.Rating", models.SET_NULL, null=True, related_name="+")
    search_key = models.CharField("khoá tìm", max_length=240, db_index=True)
    sort_key = models.CharField("khoá xếp", max_length=240, default="")
    version = models.PositiveIntegerField("phiên bản", default=0)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField("ghi lúc", null=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "sản phẩm"
        verbose_name_plural = "sản phẩm"
        indexes = [models.Index(fields=["sort_key", "id"], name="ocop_product_in_order")]

    def __str__(self) -> str:
        return self.name


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


class Revenue(models.Model):
    """What a product brought in a year, whole đồng, as its producer says."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="revenues")
    year = models.PositiveSmallIntegerField("năm")
    amount = models.BigIntegerField("doanh thu, đồng")
    source = models.CharField("nguồn", max_length=300, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField("ghi lúc", null=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "doanh thu"
        verbose_name_plural = "doanh thu"
        constraints = [
            models.UniqueConstraint(fields=["product", "year"], name="revenue_once_a_year"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="revenue_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.year}"
