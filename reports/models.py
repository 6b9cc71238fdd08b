"""Official documents as they were published: frozen once, never written again."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Job
from communes.models import Area
from criteria.models import Period, StoredFile
from reports.documents.paper import kinds

# Without I, L, O, U and 0, 1: nobody takes one sign for another on paper.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12


def new_code() -> str:
    """A code that cannot be guessed: 12 of 30 signs."""
    return "".join(secrets.choice(_SIGNS) for _ in range(CODE_LENGTH))


class Document(models.Model):
    """A document of one kind on one unit and period. `paper` is its whole content (reports.documents.paper).

    `asked` is a fingerprint of what was asked at which epoch: the same asked again is the same document.
    """

    kind = models.SlugField("loại", max_length=20)
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    head = models.JSONField("phần đầu và phần ký", default=dict)
    code = models.CharField("mã kiểm", max_length=CODE_LENGTH, unique=True, default=new_code)
    asked = models.CharField("dấu yêu cầu", max_length=64, unique=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("yêu cầu lúc")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    epoch = models.PositiveBigIntegerField("đời số liệu", default=0)
    paper = models.JSONField("nội dung", null=True)
    sha256 = models.CharField("mã băm nội dung", max_length=64, blank=True)
    is_official = models.BooleanField("kỳ đã chốt", default=False)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)
    docx = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    xlsx = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField("lập xong lúc", null=True)

    class Meta:
        verbose_name = "văn bản"
        verbose_name_plural = "văn bản"
        indexes = [models.Index(fields=["area", "-id"], name="document_of_area")]
        constraints = [
            models.CheckConstraint(
                condition=Q(made_at=None)
                | Q(paper__isnull=False, docx__isnull=False, pdf__isnull=False, xlsx__isnull=False),
                name="document_made_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period_id} {self.area_id}"

    @property
    def name(self) -> str:
        """What kind of document it is, in words."""
        return kinds()[self.kind]["name"]

    @property
    def shown_code(self) -> str:
        """The code in groups of four, as paper shows it."""
        return "-".join(self.code[start : start + 4] for start in range(0, CODE_LENGTH, 4))
