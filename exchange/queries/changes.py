"""The feed as it is read: which changes, up to where, and what each is about."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.errors import Refused
from communes.models import Placement
from exchange.models import Change, Feed
from exchange.queries import told

PAGE, MOST = 100, 1000


class StartAnew(Refused):
    """The place asked for is not in the feed any more, or never was: the mirror begins with a snapshot again."""

    status = 410
    default_code = "start_anew"


PRUNED = (
    "Các thay đổi đến số {pruned} không còn được giữ. Hãy tải lại toàn bộ danh sách rồi theo dõi tiếp từ số {last} "
    "(docs/api/README.md)."
)
AHEAD = (
    "Dòng thay đổi mới đến số {last}: cơ sở dữ liệu có thể đã được phục hồi từ bản sao lưu. Hãy tải lại toàn bộ danh "
    "sách rồi theo dõi tiếp từ số {last}."
)


@dataclass(frozen=True)
class Wanted:
    """Which changes somebody follows; empty = all of them. `area` is a code: whatever ever stood in that unit."""

    kinds: tuple[str, ...] = ()
    area: str = ""

    def among(self, changes: QuerySet[Change]) -> QuerySet[Change]:
        if self.kinds:
            changes = changes.filter(kind__in=self.kinds)
        if self.area:
            inside = Placement.objects.filter(path__contains=f"/{self.area}/").values("area_id")
            changes = changes.filter(area_id__in=inside)
        return changes


@dataclass(frozen=True)
class Line:
    """A change with what it is about: the summary is of the row as it stands now, empty where it is public no more."""

    seq: int
    at: dt.datetime
    kind: str
    op: str
    resource: str
    key: str
    address: str
    area: str
    summary: dict[str, object]

    def shown(self, address_of: Callable[[str], str]) -> dict[str, Any]:
        """The change as the API and webhooks give it; `address_of` makes an address absolute."""
        return {**asdict(self), "address": address_of(self.address) if self.address else ""}


@dataclass(frozen=True)
class Page:
    """Changes after `since`. Every wanted one up to `until` is given; `last_seq` is the newest of all."""

    since: int
    until: int
    last_seq: int
    lines: list[Line]

    @property
    def has_more(self) -> bool:
        return self.until < self.last_seq


def watermark() -> Feed:
    """Where the feed stands: what is committed under a number up to its last one is there for good."""
    return Feed.objects.filter(pk=1).first() or Feed(pk=1)


def page(*, since: int | None = None, limit: int = PAGE, wanted: Wanted | None = None) -> Page:
    """The wanted changes after `since` (from the oldest kept without one); StartAnew where they are not all there."""
    feed = watermark()
    since = feed.pruned_to if since is None else since
    refuse_lost(since, feed)
    rows = list(_rows(since, feed.last_seq, wanted or Wanted())[: limit + 1])
    # Again, afterwards: what was cut off while the rows were read is not among them.
    refuse_lost(since, watermark())
    until = rows[limit - 1].seq if len(rows) > limit else feed.last_seq
    return Page(since, until, feed.last_seq, lines(rows[:limit]))


def refuse_lost(since: int, feed: Feed) -> None:
    """Raise StartAnew where not every change after `since` is there."""
    said: dict[str, Any] = {"last_seq": feed.last_seq, "oldest_since": feed.pruned_to}
    if since < feed.pruned_to:
        raise StartAnew(PRUNED.format(pruned=feed.pruned_to, last=feed.last_seq), **said)
    if since > feed.last_seq:
        raise StartAnew(AHEAD.format(last=feed.last_seq), **said)


def _rows(since: int, until: int, wanted: Wanted) -> QuerySet[Change]:
    changes = Change.objects.filter(seq__gt=since, seq__lte=until)
    return wanted.among(changes).select_related("area").order_by("seq")


def lines(changes: Iterable[Change]) -> list[Line]:
    """What changes are about: one statement for each kind among them."""
    changes = list(changes)
    about = told.about(changes)
    return [_line(change, about.get((change.kind, change.object_id), told.NOTHING)) for change in changes]


def _line(change: Change, row: told.Told) -> Line:
    return Line(
        seq=change.seq,
        at=change.at,
        kind=change.kind,
        op=change.op,
        resource=told.resource(change),
        key=change.key,
        address=told.address(change, row),
        area=change.area.code if change.area else "",
        summary=row.summary,
    )
