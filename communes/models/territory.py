"""Territory: units with validity dates, their dated parents, their changes and their dated classes."""

import datetime as dt

from django.db import models
from django.db.models import F, Q


class Confidence(models.TextChoices):
    """How far a figure was checked against a published text."""

    VERIFIED = "verified", "đã đối chiếu"
    RECALLED = "recalled", "chưa đối chiếu văn bản gốc"
    UNCERTAIN = "uncertain", "chưa chắc chắn"
    PLACEHOLDER = "placeholder", "chưa biết, giữ chỗ"


class Level(models.TextChoices):
    PROVINCE = "province", "cấp tỉnh"
    DISTRICT = "district", "cấp huyện"
    COMMUNE = "commune", "cấp xã"
    VILLAGE = "village", "thôn, tổ dân phố"


class Kind(models.TextChoices):
    """Kind of a unit; the code is the register's."""

    PROVINCE = "tinh", "tỉnh"
    CITY = "thanh_pho", "thành phố thuộc tỉnh"
    TOWN = "thi_xa", "thị xã"
    DISTRICT = "huyen", "huyện"
    COMMUNE = "xa", "xã"
    WARD = "phuong", "phường"
    TOWNSHIP = "thi_tran", "thị trấn"
    SPECIAL_ZONE = "dac_khu", "đặc khu"
    VILLAGE = "thon", "thôn"


LEVEL_OF_KIND = {
    Kind.PROVINCE: Level.PROVINCE,
    Kind.CITY: Level.DISTRICT,
    Kind.TOWN: Level.DISTRICT,
    Kind.DISTRICT: Level.DISTRICT,
    Kind.COMMUNE: Level.COMMUNE,
    Kind.WARD: Level.COMMUNE,
    Kind.TOWNSHIP: Level.COMMUNE,
    Kind.SPECIAL_ZONE: Level.COMMUNE,
    Kind.VILLAGE: Level.VILLAGE,
}


def valid_on(on: dt.date, prefix: str = "") -> Q:
    """Condition: a dated row (`valid_from`, `valid_to`, empty = open) holds on the date `on`."""
    start, end = f"{prefix}valid_from", f"{prefix}valid_to"
    return (Q(**{start: None}) | Q(**{f"{start}__lte": on})) & (Q(**{end: None}) | Q(**{f"{end}__gte": on}))


class AreaQuerySet(models.QuerySet["Area"]):
    def as_of(self, on: dt.date) -> "AreaQuerySet":
        """Units that exist on the date `on`."""
        return self.filter(valid_on(on))

    def within(self, area: "Area", on: dt.date) -> "AreaQuerySet":
        """Units that stand inside `area` (itself included) on the date `on`."""
        path = Placement.objects.filter(valid_on(on), area=area).values_list("path", flat=True).first()
        return self.filter(valid_on(on, "placements__"), placements__path__startswith=path or "?")


class Area(models.Model):
    """An administrative unit. Its identity is (code, valid_from): codes are re-used.

    An empty `valid_from` means older than 2020, not known; an empty `valid_to`, still existing.
    """

    code = models.CharField("mã", max_length=10)
    name = models.CharField("tên", max_length=120, help_text="with its kind: Xã Hà Linh")
    short_name = models.CharField("tên gọn", max_length=120)
    level = models.CharField("cấp", max_length=10, choices=Level.choices)
    kind = models.CharField("loại", max_length=12, choices=Kind.choices)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    confidence = models.CharField("độ tin cậy", max_length=12, choices=Confidence.choices, default=Confidence.VERIFIED)
    search_key = models.CharField("khoá tìm", max_length=240, db_index=True)
    sort_key = models.CharField("khoá xếp", max_length=240)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị hành chính"
        verbose_name_plural = "đơn vị hành chính"
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="area_identity"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_from=None), name="area_identity_of_old"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="area_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Placement(models.Model):
    """Where a unit stands, dated apart from the unit itself: its parent and its path of codes (/42/444/18502/)."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Area, models.PROTECT, null=True, related_name="child_placements")
    path = models.CharField("đường dẫn", max_length=80, db_index=True)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)

    class Meta:
        verbose_name = "vị trí trong cây"
        verbose_name_plural = "vị trí trong cây"
        constraints = [
            models.UniqueConstraint(fields=["area", "valid_from"], name="placement_identity"),
            models.UniqueConstraint(fields=["area"], condition=Q(valid_from=None), name="placement_identity_of_old"),
        ]

    def __str__(self) -> str:
        return self.path


class AreaChange(models.Model):
    """What became of a unit. `new` is empty when a level ended without a successor."""

    class Change(models.TextChoices):
        MERGE = "merge", "sáp nhập"
        MERGE_INTO_EXISTING = "merge_into_existing", "nhập vào đơn vị có sẵn"
        STATUS_CHANGE = "status_change", "đổi loại đơn vị"
        DISTRICT_TRANSFER = "district_transfer", "chuyển huyện"
        DISTRICT_DISSOLVED = "district_dissolved", "giải thể huyện"
        DISTRICT_LEVEL_ABOLISHED = "district_level_abolished", "kết thúc cấp huyện"
        UNCHANGED = "unchanged", "giữ nguyên"

    old = models.ForeignKey(Area, models.PROTECT, related_name="changes_out")
    new = models.ForeignKey(Area, models.PROTECT, null=True, related_name="changes_in")
    change = models.CharField("thay đổi", max_length=30, choices=Change.choices)
    effective_on = models.DateField("hiệu lực")
    is_partial = models.BooleanField("một phần", default=False)
    legal_basis = models.CharField("căn cứ", max_length=300)
    confidence = models.CharField("độ tin cậy", max_length=12, choices=Confidence.choices)
    note = models.TextField("ghi chú", blank=True)

    class Meta:
        verbose_name = "thay đổi địa giới"
        verbose_name_plural = "thay đổi địa giới"
        ordering = ["effective_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["old", "new", "effective_on"], name="area_change_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"

    @property
    def is_continuation(self) -> bool:
        """One and the same unit before and after: nothing to inherit."""
        return self.old_id == self.new_id


class Classification(models.Model):
    """A dated class of a unit that thresholds depend on: its region, its commune group."""

    class Scheme(models.TextChoices):
        REGION = "region", "vùng"
        COMMUNE_GROUP = "commune_group", "nhóm xã"

    area = models.ForeignKey(Area, models.CASCADE, related_name="classifications")
    scheme = models.CharField("cách phân loại", max_length=20, choices=Scheme.choices)
    value = models.CharField("giá trị", max_length=20)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    legal_reference = models.CharField("căn cứ", max_length=300, blank=True)

    class Meta:
        verbose_name = "phân loại"
        verbose_name_plural = "phân loại"

    def __str__(self) -> str:
        return f"{self.scheme}={self.value}"


class Epoch(models.Model):
    """A counter per province, raised by every write that may change what a reader sees. Never lowered."""

    province_code = models.CharField("mã tỉnh", max_length=10, unique=True)
    value = models.BigIntegerField("giá trị", default=1)

    class Meta:
        verbose_name = "mốc dữ liệu"
        verbose_name_plural = "mốc dữ liệu"

    def __str__(self) -> str:
        return f"{self.province_code}:{self.value}"
