"""The ledger in whole đồng. Rows are only ever added: what was wrong is cancelled by a reversing entry.

What the database itself refuses: a sign that does not fit (negative without naming the cancelled entry, positive with
it), a second cancellation of one entry, a cancellation of another amount or of a cancellation (trigger), a change of a
written entry (trigger), something other than money without its quantity, unit and stated conversion, a receipt number
twice in a year of a unit. What only the actions can see (a closed year, money spent that was not received) is in
`sponsorship.actions`.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from accounts.text import search_key
from communes.models import Area, Village
from sponsorship.models.channels import Channel
from sponsorship.models.pledges import Pledge
from sponsorship.models.recorded import Recorded, paired
from sponsorship.models.sponsors import Sponsor

UNDATED = dt.date(1, 1, 1)


class LedgerQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs):
        raise TypeError("An entry of the ledger is never changed: write a reversing entry.")

    def bulk_update(self, *args, **kwargs):
        raise TypeError("An entry of the ledger is never changed: write a reversing entry.")

    def delete(self):
        raise TypeError("An entry of the ledger is never deleted: write a reversing entry.")


class Entry(Recorded):
    """What both books have: an amount, the entry that it cancels, why, and the paper."""

    amount = models.BigIntegerField("số tiền (đồng)")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    reason = models.CharField("lý do huỷ", max_length=300, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise TypeError("An entry of the ledger is never changed: write a reversing entry.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("An entry of the ledger is never deleted: write a reversing entry.")


def signed(name: str) -> list[models.CheckConstraint]:
    """Only what cancels another entry is negative, and it says why."""
    kept, cancelling = Q(reverses=None, amount__gt=0, reason=""), Q(reverses__isnull=False, amount__lt=0)
    return [models.CheckConstraint(condition=kept | (cancelling & ~Q(reason="")), name=f"{name}_is_signed")]


def cancelled(name: str) -> models.Index:
    """Finds the entry that cancels one: the unique index is nearly all empty, and planners do not trust it."""
    return models.Index(fields=["reverses"], condition=Q(reverses__isnull=False), name=f"{name}_cancelled")


class Contribution(Entry):
    """Money received in a year through one channel, or workdays, goods or land at a stated conversion.

    `year` is the year that it counts for; a reversing entry counts against the year it corrects, and `received_on` is
    the day in the open year on which it was written. So it is with the entry that replaces a cancelled one: it is
    dated on the day of writing, and `given_on` keeps the day on which the money came.
    """

    Channel = Channel

    class Kind(models.TextChoices):
        MONEY = "money", "tiền"
        WORKDAYS = "workdays", "ngày công"
        GOODS = "goods", "hiện vật"
        LAND = "land", "đất"

    sponsor = models.ForeignKey(Sponsor, models.PROTECT, related_name="contributions")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, models.PROTECT, null=True, blank=True, related_name="+")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replacements")
    given_on = models.DateField("ngày thực nhận", null=True, blank=True)
    channel = models.CharField("kênh", max_length=20, choices=Channel.choices)
    kind = models.CharField("loại", max_length=8, choices=Kind.choices, default=Kind.MONEY)
    year = models.PositiveSmallIntegerField("năm")
    received_on = models.DateField("ngày nhận", null=True, blank=True)
    day = models.GeneratedField(
        expression=Coalesce("received_on", Value(UNDATED)),
        output_field=models.DateField("ngày xếp"),
        db_persist=True,
    )
    quantity = models.DecimalField("số lượng", max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField("đơn vị tính", max_length=30, blank=True)
    rate = models.BigIntegerField("quy đổi (đồng một đơn vị)", null=True, blank=True)
    rate_basis = models.CharField("căn cứ quy đổi", max_length=200, blank=True)
    purpose = models.CharField("nội dung", max_length=200, blank=True)
    purpose_key = models.CharField("khoá tìm nội dung", max_length=240, blank=True)
    criterion = models.ForeignKey("criteria.Criterion", models.PROTECT, null=True, blank=True, related_name="+")
    indicator = models.ForeignKey("criteria.Indicator", models.PROTECT, null=True, blank=True, related_name="+")
    pledge = models.ForeignKey(Pledge, models.PROTECT, null=True, blank=True, related_name="contributions")
    receipt = models.CharField("số biên nhận", max_length=40, blank=True)
    receipt_key = models.CharField("khoá biên nhận", max_length=40, blank=True)
    source = models.TextField("nguồn", blank=True)

    class Meta:
        verbose_name = "khoản đóng góp"
        verbose_name_plural = "khoản đóng góp"
        constraints = [
            *signed("contribution"),
            paired("contribution"),
            models.CheckConstraint(
                condition=Q(kind="money", quantity=None, unit="", rate=None)
                | (~Q(kind="money") & Q(quantity__gt=0, rate__gt=0) & ~Q(unit="") & ~Q(rate_basis="")),
                name="contribution_states_its_conversion",
            ),
            models.CheckConstraint(
                condition=Q(reverses=None) | Q(received_on__isnull=False, receipt=""),
                name="contribution_reversal_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(receipt="", receipt_key="") | (~Q(receipt="") & ~Q(receipt_key="")),
                name="contribution_receipt_has_key",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None, given_on=None)
                | Q(replaces__isnull=False, reverses=None, given_on__isnull=False, received_on__isnull=False),
                name="contribution_replacement_is_dated",
            ),
            # What replaces a cancelled entry has the same paper.
            models.UniqueConstraint(
                fields=["year", "area", "receipt_key"],
                condition=Q(replaces=None) & ~Q(receipt_key=""),
                name="contribution_receipt_once",
            ),
        ]
        indexes = [
            cancelled("contribution"),
            models.Index(fields=["year", "channel"], name="contribution_by_year"),
            models.Index(fields=["-day", "-id"], name="contribution_by_day"),
            models.Index(fields=["year", "-day", "-id"], name="contribution_of_year_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"

    def save(self, *args, **kwargs):
        self.purpose_key = search_key(self.purpose)[:240]
        super().save(*args, **kwargs)

    @property
    def happened_on(self) -> dt.date | None:
        """The day on which it was received, also where the entry is dated later."""
        return self.given_on or self.received_on


class Confirmation(models.Model):
    """A second person compared an entry with its paper."""

    contribution = models.OneToOneField(Contribution, models.PROTECT, primary_key=True, related_name="confirmation")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField("đối chiếu lúc")

    class Meta:
        verbose_name = "đối chiếu khoản"
        verbose_name_plural = "đối chiếu khoản"

    def __str__(self) -> str:
        return f"{self.contribution_id}"


class Disbursement(Entry):
    """Money of a contribution that was spent."""

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="disbursements")
    paid_on = models.DateField("ngày chi")
    purpose = models.CharField("nội dung chi", max_length=200, blank=True)
    voucher = models.CharField("số chứng từ", max_length=40, blank=True)

    class Meta:
        verbose_name = "khoản chi"
        verbose_name_plural = "khoản chi"
        constraints = [*signed("disbursement"), paired("disbursement")]
        indexes = [cancelled("disbursement")]

    def __str__(self) -> str:
        return f"{self.amount}"
