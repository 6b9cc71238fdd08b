"""What speaks against an entry, field by field and without the database: for the form, the import and the action."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from accounts.text import one_line, search_key
from communes.models import Area, Village
from communes.templatetags.vietnamese import dong
from criteria.models import Criterion, Indicator
from sponsorship import amounts, rulebook
from sponsorship.models import Contribution, Pledge, Sponsor

Kind = Contribution.Kind
LONGEST = {"purpose": 200, "receipt": 40, "rate_basis": 200, "source": 300}
# Asked for every row of a sheet: the choices as they are, built once.
_CHANNELS, _KINDS = frozenset(Contribution.Channel.values), frozenset(Kind.values)
CLOSED = "Năm {} đã chốt số liệu. Khoản ghi sai thì đính chính ở trang của khoản đó; ghi thêm thì cần mở lại năm."


@dataclass(frozen=True)
class Fault:
    """What is wrong, and at which field."""

    field: str
    message: str
    code: str = "invalid"


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A contribution as an officer says it. Money says its amount; anything else quantity, unit and đồng a unit."""

    sponsor: Sponsor
    area: Area
    channel: str
    received_on: dt.date
    amount: int | None = None
    kind: str = Kind.MONEY
    quantity: Decimal | None = None
    unit: str = ""
    rate: int | None = None
    rate_basis: str = ""
    village: Village | None = None
    purpose: str = ""
    criterion: Criterion | None = None
    indicator: Indicator | None = None
    pledge: Pledge | None = None
    receipt: str = ""
    source: str = ""
    replaces: Contribution | None = None
    given_on: dt.date | None = None  # where it replaces a cancelled entry; `received_on` is the day of writing then

    @property
    def happened_on(self) -> dt.date:
        """The day on which it was received: what year, unit, channel and conversion follow."""
        return self.given_on or self.received_on

    @property
    def year(self) -> int:
        return self.happened_on.year

    @property
    def worth(self) -> Decimal | int | None:
        """The amount in đồng; of anything but money by its conversion, which may come out broken."""
        if self.kind == Kind.MONEY:
            return self.amount
        return self.quantity * self.rate if self.quantity is not None and self.rate is not None else None

    @property
    def receipt_key(self) -> str:
        """Two ways of typing one number are one number."""
        return receipt_key(self.receipt)


def receipt_key(text: str) -> str:
    """A receipt's number as it is compared: case, marks and spaces do not matter."""
    return search_key(text).replace(" ", "") if text else ""


def faults(said: Received, *, closed: set[int], today: dt.date) -> Iterator[Fault]:
    """Everything that speaks against the entry and needs no look into the ledger."""
    yield from _day(said, closed, today)
    yield from _channel(said)
    yield from (_money(said) if said.kind == Kind.MONEY else _converted(said))
    yield from _links(said)
    for name, longest in LONGEST.items():
        if len(one_line(getattr(said, name))) > longest:
            yield Fault(name, f"Dài quá {longest} ký tự.", "too_long")


def _day(said: Received, closed: set[int], today: dt.date) -> Iterator[Fault]:
    if said.received_on > today:
        yield Fault("received_on", "Ngày nhận không được sau hôm nay.", "future")
    elif said.happened_on > said.received_on:
        yield Fault("received_on", f"Ngày nhận không được sau ngày ghi {said.received_on:%d/%m/%Y}.", "future")
    elif (booked := said.received_on.year if said.replaces else said.year) in closed:
        yield Fault("received_on", CLOSED.format(booked), "closed_year")
    if not _stands(said.area, said.happened_on):
        yield Fault("area", f"Ngày {said.happened_on:%d/%m/%Y} không có {said.area.name}.", "not_existing")


def _stands(row: Area | Village, on: dt.date) -> bool:
    return (row.valid_from or dt.date.min) <= on <= (row.valid_to or dt.date.max)


def _channel(said: Received) -> Iterator[Fault]:
    if said.channel not in _CHANNELS:
        yield Fault("channel", "Chọn kênh trong danh sách.", "unknown")
    elif not rulebook.channel(said.channel).holds_on(said.happened_on):
        name = rulebook.channel(said.channel).name
        yield Fault("channel", f"Ngày {said.happened_on:%d/%m/%Y} không dùng kênh “{name}”.", "not_on_that_day")


def _money(said: Received) -> Iterator[Fault]:
    if said.amount is None:
        yield Fault("amount", "Ghi số tiền.", "required")
    else:
        yield from _amount("amount", said.amount)
    if said.quantity is not None or said.unit or said.rate is not None:
        yield Fault("quantity", "Tiền không ghi số lượng và quy đổi. Để trống, hoặc chọn loại khác.", "not_for_money")


def _amount(field: str, amount: int) -> Iterator[Fault]:
    if amount < 0:
        yield Fault(field, amounts.NEGATIVE, "negative")
    elif amount == 0:
        yield Fault(field, "Số tiền phải trên 0.", "zero")
    elif amount >= amounts.MOST:
        yield Fault(field, amounts.TOO_LARGE, "too_large")


def _converted(said: Received) -> Iterator[Fault]:
    if said.kind not in _KINDS:
        yield Fault("kind", "Chọn loại trong danh sách.", "unknown")
        return
    if said.unit not in rulebook.rules().units[said.kind]:
        yield Fault("unit", f"Đơn vị tính: {', '.join(rulebook.rules().units[said.kind])}.", "unknown")
    if said.quantity is None or said.quantity <= 0:
        yield Fault("quantity", "Ghi số lượng trên 0.", "required")
    if said.rate is None or said.rate <= 0:
        yield Fault("rate", "Ghi mức quy đổi một đơn vị ra đồng.", "required")
    if not one_line(said.rate_basis):
        yield Fault("rate_basis", "Ghi căn cứ của mức quy đổi.", "required")
    known = rulebook.rate_for(said.kind, said.unit, said.happened_on)
    if known and said.rate not in (None, known.dong):
        yield Fault("rate", f"Mức quy định ngày đó là {dong(known.dong)} ({known.source}).", "other_rate")
    yield from _worth(said)


def _worth(said: Received) -> Iterator[Fault]:
    worth = said.worth
    if worth is None or worth <= 0:
        return
    if worth != int(worth):
        typed = f"{worth:f}".replace(".", ",")
        yield Fault("quantity", f"Quy đổi ra {typed} đ, không phải số đồng chẵn. Sửa số lượng hoặc mức.", "fraction")
    yield from _amount("quantity", int(worth))


def _links(said: Received) -> Iterator[Fault]:
    if said.village and said.village.commune_id != said.area.pk:
        yield Fault("village", f"{said.village.name} không thuộc {said.area.name}.", "elsewhere")
    elif said.village and not _stands(said.village, said.happened_on):
        yield Fault("village", f"Ngày {said.happened_on:%d/%m/%Y} không có {said.village.name}.", "not_existing")
    if said.indicator and said.criterion and said.indicator.criterion_id != said.criterion.pk:
        yield Fault("indicator", "Chỉ tiêu không thuộc tiêu chí đã chọn.", "elsewhere")
    pledge = said.pledge
    if pledge and (pledge.sponsor_id, pledge.area_id) != (said.sponsor.pk, said.area.pk):
        yield Fault("pledge", "Cam kết này của nhà tài trợ khác hoặc cho đơn vị khác.", "elsewhere")
    elif pledge and pledge.withdrawn_at:
        yield Fault("pledge", "Cam kết này đã được rút.", "withdrawn")
