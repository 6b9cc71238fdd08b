"""What other systems follow: the sequence of public changes, and who is told of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Job
from communes.models import Area


class Kind(models.TextChoices):
    """What a change is about; exchange.sources says which rows it comes from."""

    READING = "reading", "giá trị đã duyệt"
    ATTAINMENT = "attainment", "kết quả theo tiêu chí"
    ROLL_UP = "roll_up", "tổng hợp huyện, tỉnh"
    RECOGNITION = "recognition", "công nhận"
    UNIT = "unit", "đơn vị hành chính"
    UNIT_CHANGE = "unit_change", "sáp nhập, thay đổi địa giới"
    ROUND = "round", "kỳ mở, chốt"
    THRESHOLD = "threshold", "mức đạt chuẩn"
    PRODUCT = "product", "sản phẩm OCOP"
    CERTIFICATE = "certificate", "phân hạng OCOP"
    CONTRIBUTION = "contribution", "khoản đóng góp"
    DISBURSEMENT = "disbursement", "khoản chi"
    DOCUMENT = "document", "văn bản chính thức"


class Op(models.TextChoices):
    CREATED = "created", "thêm"
    UPDATED = "updated", "sửa"
    DELETED = "deleted", "bỏ"


class Feed(models.Model):
    """The one row that gives numbers out: whoever numbers holds its lock until the commit (exchange.triggers)."""

    last_seq = models.BigIntegerField("số cuối", default=0)
    pruned_to = models.BigIntegerField("đã bỏ đến số", default=0, help_text="changes up to it are kept no longer")
    triggers = models.CharField("dấu của bẫy", max_length=64, default="", help_text="of the triggers put up")

    class Meta:
        verbose_name = "dòng thay đổi"
        verbose_name_plural = "dòng thay đổi"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="feed_is_one")]

    def __str__(self) -> str:
        return f"{self.pruned_to}–{self.last_seq}"


class Change(models.Model):
    """One public row that came, changed or went. Only the database's triggers write it; nothing refers to the row.

    Numbers have no gap and follow the order of commits: who has seen one never later finds a new row below it.
    """

    seq = models.BigIntegerField("số", primary_key=True)
    at = models.DateTimeField("lúc")
    kind = models.CharField("loại", max_length=12, choices=Kind.choices)
    op = models.CharField("việc", max_length=7, choices=Op.choices)
    object_id = models.BigIntegerField("mã dòng")
    key = models.CharField("khoá", max_length=40)
    area = models.ForeignKey(Area, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False)

    class Meta:
        verbose_name = "thay đổi"
        verbose_name_plural = "thay đổi"
        indexes = [models.Index(fields=["kind", "seq"], name="change_of_kind")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.op} {self.key}"


class Webhook(models.Model):
    """An address of another system that is told of changes, those that it wants, in their order.

    Its secret is not stored: it is made of the portal's key and `nonce` (exchange.signing); `mark` tells of which key.
    Every wanted change up to `cursor` is in a delivery.
    """

    name = models.CharField("tên", max_length=120)
    url = models.CharField("địa chỉ nhận", max_length=500)
    kinds = models.JSONField("loại thay đổi", default=list, help_text="empty: every kind")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="địa bàn")
    is_on = models.BooleanField("đang gửi", default=True)
    stopped_reason = models.CharField("lý do dừng", max_length=300, blank=True)
    nonce = models.CharField("số dùng một lần", max_length=32)
    mark = models.CharField("dấu của khoá", max_length=16)
    cursor = models.BigIntegerField("đã xếp đến số", default=0)
    failing_since = models.DateTimeField("hỏng từ", null=True)
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField("phiên bản", default=1)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lập lúc")

    class Meta:
        verbose_name = "webhook"
        verbose_name_plural = "webhook"

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """Some changes on their way to a webhook, as one signed body; sent again under the same `event` until it is taken.

    The oldest that waits goes first and holds up those behind it, until it is taken or given up.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "đang chờ gửi"
        DELIVERED = "delivered", "đã nhận"
        GIVEN_UP = "given_up", "đã thôi gửi"

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", db_index=False)
    event = models.UUIDField("mã lần gửi", default=uuid.uuid4, unique=True)
    since = models.BigIntegerField("sau số")
    until = models.BigIntegerField("đến số")
    many = models.PositiveIntegerField("số thay đổi")
    body = models.TextField("nội dung")
    state = models.CharField("tình trạng", max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    made_at = models.DateTimeField("xếp lúc")
    next_at = models.DateTimeField("gửi không trước")
    tried_at = models.DateTimeField("thử lúc", null=True)
    status = models.PositiveSmallIntegerField("mã trả lời", null=True)
    said = models.CharField("kết quả", max_length=200, blank=True)
    took_ms = models.PositiveIntegerField("mất (ms)", null=True)

    class Meta:
        verbose_name = "lần gửi"
        verbose_name_plural = "lần gửi"
        indexes = [
            models.Index(fields=["webhook", "-id"], name="delivery_log"),
            models.Index(fields=["webhook", "since", "id"], condition=Q(state="waiting"), name="delivery_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id}: {self.since}–{self.until}"
