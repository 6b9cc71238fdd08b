"""The book of a commune: its villages, model residential areas and model gardens. Rows end, none is deleted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from communes.models.territory import Area


class BookRow(models.Model):
    """What every row has: the commune it stands in, its days, and who wrote it last."""

    commune = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="đơn vị cấp xã")
    name = models.CharField("tên", max_length=120)
    name_key = models.CharField("khoá tên", max_length=120, help_text="the name in small letters, its marks kept")
    sort_key = models.CharField("khoá xếp", max_length=240)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    end_reason = models.CharField("lý do kết thúc", max_length=300, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=0)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("ghi lúc")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


def _in_order(name: str) -> models.CheckConstraint:
    ordered = Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
    return models.CheckConstraint(condition=ordered, name=f"{name}_dates_in_order")


def _by_name(name: str) -> models.Index:
    return models.Index(fields=["commune", "sort_key", "id"], name=f"{name}_of_commune")


class Village(BookRow):
    """A village or neighbourhood (thôn, tổ dân phố)."""

    households = models.PositiveIntegerField("số hộ", null=True, blank=True)
    population = models.PositiveIntegerField("số khẩu", null=True, blank=True)

    class Meta:
        verbose_name = "thôn"
        verbose_name_plural = "thôn"
        indexes = [_by_name("village")]
        constraints = [
            _in_order("village"),
            models.UniqueConstraint(fields=["commune", "name_key"], condition=Q(valid_to=None), name="village_once"),
        ]


class ModelResidentialArea(BookRow):
    """A model residential area (khu dân cư nông thôn mới kiểu mẫu), recognised for a year."""

    village = models.ForeignKey(Village, models.PROTECT, null=True, blank=True, related_name="+")
    year = models.PositiveSmallIntegerField("năm được công nhận")
    decision = models.CharField("quyết định", max_length=200, blank=True)

    class Meta:
        verbose_name = "khu dân cư kiểu mẫu"
        verbose_name_plural = "khu dân cư kiểu mẫu"
        indexes = [_by_name("residential")]
        constraints = [
            _in_order("residential"),
            models.UniqueConstraint(
                fields=["commune", "name_key"], condition=Q(valid_to=None), name="residential_once"
            ),
        ]


class ModelGarden(BookRow):
    """A model garden (vườn mẫu). `name` is the household's: personal, never shown to the public."""

    village = models.ForeignKey(Village, models.PROTECT, null=True, blank=True, related_name="+")
    year = models.PositiveSmallIntegerField("năm được công nhận")
    area_m2 = models.DecimalField("diện tích, m²", max_digits=9, decimal_places=1, null=True, blank=True)

    class Meta:
        verbose_name = "vườn mẫu"
        verbose_name_plural = "vườn mẫu"
        indexes = [_by_name("garden")]
        constraints = [_in_order("garden")]
