"""People, departments, appointments, the audit trail and background work.

Areas are referred to by string foreign key only: this app knows nothing of territory.
"""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.roles import Role, Verb


class User(AbstractUser):
    """A person who may sign in. `display_name` is what screens show."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField("họ tên hoặc chức danh", max_length=150)
    is_demo = models.BooleanField("tài khoản minh hoạ", default=False)
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False)
    search_key = models.CharField("khoá tìm", max_length=310, blank=True)
    # Raised to end every open session while the password stays.
    session_generation = models.PositiveIntegerField("đời phiên", default=0)

    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"

    def __str__(self) -> str:
        return self.display_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        generation = f"{super()._get_session_auth_hash(secret)}:{self.session_generation}"  # type: ignore[misc]
        return salted_hmac("accounts.session-generation", generation, secret=secret, algorithm="sha256").hexdigest()


class Department(models.Model):
    """A provincial department (sở, ngành) that answers for criteria."""

    code = models.SlugField("mã", max_length=40, unique=True)
    name = models.CharField("tên", max_length=200)
    valid_from = models.DateField("hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField("hiệu lực đến", null=True, blank=True)
    is_illustrative = models.BooleanField("số liệu minh hoạ", default=False)

    class Meta:
        verbose_name = "sở, ngành"
        verbose_name_plural = "sở, ngành"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_force(self, on: dt.date) -> "AppointmentQuerySet":
        """Appointments that hold on the date `on`."""
        return self.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))


class Appointment(models.Model):
    """One role of one person, from–to, for an area or a department."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments")
    role = models.CharField("vai trò", max_length=30, choices=Role.choices)
    area = models.ForeignKey("communes.Area", models.PROTECT, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="appointments")
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    appointed_at = models.DateTimeField("lúc", auto_now_add=True)
    # Set on what somebody does for the holder of another appointment for a while: it never outlasts that one.
    on_behalf_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="delegations")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="appointment_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(on_behalf_of=None) | Q(valid_to__isnull=False), name="appointment_delegation_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class ApiToken(models.Model):
    """What another system shows in a person's place: never more than the person, often less (accounts.scope).

    Only digests are kept. After a rotation the former secret holds until `former_until`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField("tên", max_length=80)
    digest = models.CharField(max_length=128, unique=True)
    former_digest = models.CharField(max_length=128, null=True, unique=True)
    former_until = models.DateTimeField(null=True)
    hint = models.CharField("bắt đầu bằng", max_length=12, help_text="the secret's first characters, to tell it by")
    verbs = models.JSONField("việc được làm", default=list)
    area = models.ForeignKey("communes.Area", models.PROTECT, null=True, related_name="+")
    networks = models.JSONField("mạng được dùng", default=list, help_text="CIDR; empty: from anywhere")
    created_at = models.DateTimeField("cấp lúc")
    expires_at = models.DateTimeField("hết hạn lúc")
    last_used_at = models.DateTimeField("dùng lần cuối", null=True)
    last_used_from = models.GenericIPAddressField("từ địa chỉ", null=True)

    class Meta:
        verbose_name = "mã truy cập"
        verbose_name_plural = "mã truy cập"

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def said_verbs(self) -> list[str]:
        """The verbs in words."""
        return [str(Verb(verb).label) for verb in self.verbs]


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def update(self, **kwargs):
        raise TypeError("Audit events are never changed.")

    def bulk_update(self, *args, **kwargs):
        raise TypeError("Audit events are never changed.")

    def delete(self):
        raise TypeError("Audit events are never deleted.")


class AuditEvent(models.Model):
    """What was done, by whom, when and why. Rows are only ever added.

    It has no foreign keys, so history never blocks anything; `data` holds before and after.
    """

    at = models.DateTimeField("lúc")
    actor_id = models.BigIntegerField("mã người làm", null=True)
    actor_name = models.CharField("người làm", max_length=150)
    action = models.CharField("việc", max_length=60)
    subject_type = models.CharField("đối tượng", max_length=60)
    subject_id = models.CharField("mã đối tượng", max_length=60)
    # Where it happened, as the unit stood then (/42/444/18502/); empty: nowhere in particular.
    area_path = models.CharField("nơi", max_length=80, blank=True)
    reason = models.TextField("lý do", blank=True)
    data = models.JSONField("nội dung", default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "nhật ký"
        verbose_name_plural = "nhật ký"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["actor_id", "id"], name="audit_actor"),
            models.Index(fields=["action", "id"], name="audit_action"),
            # Rows come in the order of their moments: a range of blocks says enough.
            BrinIndex(fields=["at"], name="audit_at"),
            models.Index(fields=["area_path"], opclasses=["varchar_pattern_ops"], name="audit_place"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise TypeError("An audit event is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("An audit event is never deleted.")


class Job(models.Model):
    """A piece of background work. The row is the truth, a message to a worker only a hint (accounts.jobs)."""

    class State(models.TextChoices):
        QUEUED = "queued", "đang chờ"
        RUNNING = "running", "đang chạy"
        DONE = "done", "đã xong"
        FAILED = "failed", "không làm được"
        CANCELLED = "cancelled", "đã huỷ"

    UNFINISHED = (State.QUEUED, State.RUNNING)

    kind = models.CharField("việc", max_length=40)
    arguments = models.JSONField("tham số", default=dict)
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.QUEUED)
    marks = models.JSONField("đã làm tới", default=dict, help_text="where the next step goes on")
    done = models.PositiveIntegerField("đã làm", default=0)
    total = models.PositiveIntegerField("tổng số", default=0)
    result = models.JSONField("kết quả", default=dict)
    reason = models.TextField("lý do", blank=True, help_text="of the last attempt that failed")
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0, help_text="since the last step that succeeded")
    stop_asked = models.BooleanField("được yêu cầu dừng", default=False)
    claim = models.CharField("người đang làm", max_length=32, blank=True, help_text="a new one each time it is taken")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField("yêu cầu lúc")
    run_after = models.DateTimeField("không trước")
    started_at = models.DateTimeField("bắt đầu", null=True)
    heartbeat_at = models.DateTimeField("còn làm lúc", null=True)
    finished_at = models.DateTimeField("kết thúc", null=True)

    class Meta:
        verbose_name = "việc nền"
        verbose_name_plural = "việc nền"
        indexes = [
            models.Index(fields=["run_after"], condition=Q(state__in=("queued", "running")), name="job_unfinished")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.state not in self.UNFINISHED


class KeptAnswer(models.Model):
    """What a write with an Idempotency-Key was answered: asked again, it is answered alike (accounts.idempotency)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField("khoá", max_length=200)
    fingerprint = models.CharField("dấu của yêu cầu", max_length=64)
    status = models.PositiveSmallIntegerField("mã trả lời")
    headers = models.JSONField("tiêu đề", default=dict)
    body = models.TextField("nội dung")
    at = models.DateTimeField("lúc", db_index=True)

    class Meta:
        verbose_name = "trả lời được giữ"
        verbose_name_plural = "trả lời được giữ"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="kept_answer_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
