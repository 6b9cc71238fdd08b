"""Where a page stands: a period, whose territory is that of its last day, and the date it looks from."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Subquery
from django.utils import timezone

from communes import epochs
from communes.models import Area, Level
from criteria.models import Attainment, Period, RecomputeRun, Round

_AS_KNOWN_TODAY = "Đang xem theo số liệu biết đến hôm nay."


class UnknownPeriod(LookupError):
    """No round was ever opened in a period of that code."""


@dataclass(frozen=True)
class Standpoint:
    """A period and a date. `as_of` is None for "as known today"; `official` is the latest closed period up to `period`.

    Before any round is opened `period` is None and the territory is today's.
    """

    province: Area | None
    periods: tuple[Period, ...]
    open_periods: frozenset[int]
    period: Period | None
    official: Period | None
    as_of: dt.date | None
    as_of_fault: str
    units_on: dt.date
    today: dt.date
    epoch: int
    computed_at: dt.datetime | None
    run: int | None

    @property
    def territory_on(self) -> dt.date:
        """The day whose units the period counts."""
        return self.period.ends_on if self.period else self.today

    @property
    def is_official(self) -> bool:
        return self.period is not None and self.period.pk not in self.open_periods

    @property
    def period_id(self) -> int | None:
        return self.period.pk if self.period else None

    @property
    def shown(self) -> tuple[Period, ...]:
        """The official period and, when another one is open, that one: what figures are shown for."""
        return tuple(dict.fromkeys(p for p in (self.official, self.period) if p))

    @property
    def yearly(self) -> tuple[Period, ...]:
        """The yearly periods up to the page's own, the oldest first: what trends are drawn over."""
        last = self.territory_on
        return tuple(p for p in self.periods if p.kind == Period.Kind.YEAR and p.ends_on <= last)

    @property
    def year(self) -> int:
        return self.period.year if self.period else self.today.year

    @property
    def query(self) -> str:
        """The query string that keeps this standpoint on another page."""
        parts = [f"ky={self.period.code}"] if self.period else []
        return "&".join(parts + ([f"nhin-tu={self.as_of:%Y-%m-%d}"] if self.as_of else []))


def find(*, period_code: str = "", as_of_text: str = "") -> Standpoint:
    """The standpoint that an address names. Raises UnknownPeriod; an unreadable date is kept as `as_of_fault`.

    Six queries at most. Without a period: the latest with a round, on the date looked from if one is given.
    """
    today = timezone.localdate()
    as_of, fault = _date(as_of_text, today)
    opened = Round.objects.filter(province__code=settings.PROVINCE_CODE).select_related("period")
    rounds = list(opened.order_by("period__ends_on", "pk"))
    periods = tuple({r.period_id: r.period for r in rounds}.values())
    still_open = frozenset(r.period_id for r in rounds if r.is_open)
    period = _period(periods, period_code, as_of)
    computed_at, run = _computed(period)
    return Standpoint(
        province=province_on(period.ends_on if period else today),
        periods=periods,
        open_periods=still_open,
        period=period,
        official=_official(periods, still_open, period),
        as_of=as_of,
        as_of_fault=fault,
        units_on=as_of if as_of and not period_code else period.ends_on if period else today,
        today=today,
        epoch=epochs.current(),
        computed_at=computed_at,
        run=run,
    )


def province_on(on: dt.date) -> Area | None:
    """The province that this portal serves, as it was on the date."""
    return Area.objects.as_of(on).filter(code=settings.PROVINCE_CODE, level=Level.PROVINCE).first()


def _date(text: str, today: dt.date) -> tuple[dt.date | None, str]:
    if not text:
        return None, ""
    try:
        asked = dt.date.fromisoformat(text.strip())
    except ValueError:
        return None, f"Ngày phải viết theo dạng 2024-02-21. {_AS_KNOWN_TODAY}"
    if asked > today:
        return None, f"Ngày {asked:%d/%m/%Y} chưa tới. {_AS_KNOWN_TODAY}"
    return asked, ""


def _period(periods: tuple[Period, ...], code: str, as_of: dt.date | None) -> Period | None:
    if code:
        found = next((period for period in periods if period.code == code), None)
        if found is None:
            raise UnknownPeriod(code)
        return found
    begun = [period for period in periods if as_of is None or period.starts_on <= as_of]
    if begun:
        return begun[-1]
    return periods[0] if periods else None


def _official(periods: tuple[Period, ...], still_open: frozenset[int], period: Period | None) -> Period | None:
    if period is None:
        return None
    closed = [p for p in periods if p.pk not in still_open and p.ends_on <= period.ends_on]
    return closed[-1] if closed else None


def _computed(period: Period | None) -> tuple[dt.datetime | None, int | None]:
    """When a result of the period last changed, and the number of the last recompute run."""
    if period is None:
        return None, None
    runs = RecomputeRun.objects.exclude(kind=RecomputeRun.Kind.VERIFY).filter(finished_at__isnull=False)
    rows = Attainment.objects.filter(
        assessment__round__period=period, assessment__round__province__code=settings.PROVINCE_CODE
    )
    latest = rows.annotate(run=Subquery(runs.order_by("-pk").values("pk")[:1])).order_by("-computed_at")
    return latest.values_list("computed_at", "run").first() or (None, None)
