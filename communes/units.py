"""Units as the registers tell of them: plain values with their days, no database."""

import datetime as dt
from dataclasses import dataclass, field

from communes.models import Confidence, Kind

KIND_OF_WORD = {
    "Tỉnh": Kind.PROVINCE,
    "Thành phố": Kind.CITY,
    "Thị xã": Kind.TOWN,
    "Huyện": Kind.DISTRICT,
    "Xã": Kind.COMMUNE,
    "Phường": Kind.WARD,
    "Thị trấn": Kind.TOWNSHIP,
    "Đặc khu": Kind.SPECIAL_ZONE,
}
Key = tuple[str, dt.date | None]


@dataclass(frozen=True)
class Span:
    """Days from `start` to `end`, both included; None is open."""

    start: dt.date | None
    end: dt.date | None

    def __contains__(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def __and__(self, other: "Span") -> "Span":
        starts = [day for day in (self.start, other.start) if day]
        ends = [day for day in (self.end, other.end) if day]
        return Span(max(starts, default=None), min(ends, default=None))

    @property
    def is_empty(self) -> bool:
        return bool(self.start and self.end and self.start > self.end)


@dataclass(frozen=True)
class Unit:
    """A unit of the registers. Its identity is (code, first day): codes are re-used."""

    code: str
    name: str
    kind: Kind
    span: Span
    confidence: Confidence = Confidence.VERIFIED
    where: str = field(default="", compare=False)

    @property
    def key(self) -> Key:
        return self.code, self.span.start

    @property
    def short_name(self) -> str:
        return self.name.removeprefix(word_of(self.name) or "").strip()


@dataclass(frozen=True)
class Position:
    """Where a unit stood in a span of days."""

    unit: Key
    parent: Key | None
    path: str
    span: Span


@dataclass(frozen=True)
class Change:
    """One row of the changes; `new` is None when a level ended without a successor."""

    old: Key
    new: Key | None
    change: str
    effective_on: dt.date
    is_partial: bool
    legal_basis: str
    confidence: str
    note: str


@dataclass
class Register:
    """One register: the units of a span of days and the code of each one's parent."""

    span: Span
    units: dict[str, Unit] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)

    def path(self, code: str) -> str:
        parent = self.parents[code]
        return f"{self.path(parent) if parent else '/'}{code}/"


@dataclass
class Territory:
    """All registers joined."""

    units: dict[Key, Unit] = field(default_factory=dict)
    positions: list[Position] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def word_of(name: str) -> str | None:
    """The word of kind that a unit's full name begins with."""
    return next((word for word in KIND_OF_WORD if name.startswith(f"{word} ")), None)
