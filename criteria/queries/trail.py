"""The audit trail as pages show it: who did what, when, where, from what to what, and why."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from urllib.parse import urlencode

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.errors import OutOfScope
from accounts.models import AuditEvent, User
from accounts.roles import Permission
from accounts.scope import granted_area_ids
from accounts.text import search_key
from communes.models import Area, Level, Placement
from communes.queries import under
from criteria.models import Reading, State
from criteria.queries import wording

PAGE = 50
_BATCH = 500
_READING = Reading._meta.label_lower
_NOT_APPLICABLE = "not_applicable"
# Every act that is written down, in the words of the screen.
ACTS = {
    "reading.record": "Nhập giá trị",
    "reading.submit": "Nộp",
    "reading.verify": "Thẩm tra",
    "reading.appraise": "Thẩm định",
    "reading.approve": "Phê duyệt",
    "reading.return": "Trả lại",
    "reading.unlock": "Mở khoá một ô",
    "evidence.attach": "Đính kèm minh chứng",
    "evidence.carry": "Lấy minh chứng kỳ trước",
    "evidence.remove": "Gỡ minh chứng",
    "thread.comment": "Trao đổi",
    "thread.resolved": "Đánh dấu đã xong",
    "import.upload": "Gửi bảng tính",
    "import.apply": "Nhập bảng tính",
    "import.cancel": "Huỷ bảng tính",
    "round.open": "Mở đợt",
    "round.extend": "Gia hạn đợt",
    "round.extend-unit": "Gia hạn một đơn vị",
    "round.close": "Chốt đợt",
    "round.reopen": "Mở lại đợt",
    "round.remind": "Nhắc nộp",
    "recognition.granted": "Ghi công nhận",
    "recognition.carried_over": "Ghi thừa nhận",
    "recognition.revoked": "Ghi thu hồi",
    "recognition.withdrawn": "Rút công nhận ghi sai",
    "outlines.load": "Nạp ranh giới bản đồ",
    "document.ask": "Yêu cầu lập văn bản",
    "document.made": "Lập văn bản",
    "decision.record": "Ghi quyết định",
    "decision.confirm": "Đối chiếu quyết định",
    "decision.ask": "Đề nghị rút quyết định",
    "decision.keep": "Giữ quyết định",
    "decision.withdraw": "Rút quyết định",
    "scan.keep": "Tải bản quét văn bản đã ký",
    "commendation.add": "Ghi khen thưởng",
    "commendation.correct": "Sửa khen thưởng",
    "commendation.remove": "Xoá khen thưởng",
    "book.add": "Ghi sổ thôn, vườn mẫu",
    "book.correct": "Sửa sổ thôn, vườn mẫu",
    "book.end": "Kết thúc dòng sổ",
    "sponsor.add": "Ghi nhà tài trợ",
    "sponsor.correct": "Sửa nhà tài trợ",
    "sponsor.assign": "Ghi phân công đỡ đầu",
    "pledge.make": "Ghi cam kết",
    "pledge.withdraw": "Rút cam kết",
    "money.receive": "Ghi khoản đóng góp",
    "money.reverse": "Huỷ khoản đóng góp",
    "money.confirm": "Đối chiếu khoản đóng góp",
    "money.spend": "Ghi khoản chi",
    "money.take-back": "Huỷ khoản chi",
    "money.close-year": "Chốt năm tài trợ",
    "money.reopen-year": "Mở lại năm tài trợ",
    "need.set": "Ghi nhu cầu vốn",
    "funding.set": "Ghi nguồn vốn chương trình",
    "arrears.set": "Ghi nợ đọng",
    "target.set": "Đặt mục tiêu",
    "threshold.enter": "Nhập ngưỡng",
    "threshold.confirm": "Đối chiếu ngưỡng",
    "department.assign": "Giao sở, ngành",
    "audit.export": "Xuất nhật ký",
    "webhook.add": "Thêm webhook",
    "webhook.change": "Sửa webhook",
    "webhook.on": "Bật webhook",
    "webhook.off": "Dừng webhook",
    "webhook.secret": "Đổi mã bí mật của webhook",
    "webhook.remove": "Xoá webhook",
    "webhook.replay": "Gửi lại webhook",
    "product.register": "Ghi sản phẩm OCOP",
    "product.correct": "Sửa sản phẩm OCOP",
    "product.photo": "Đổi ảnh sản phẩm OCOP",
    "product.market": "Ghi thị trường xuất khẩu",
    "product.market-remove": "Xoá thị trường xuất khẩu",
    "product.revenue": "Ghi doanh thu sản phẩm",
    "producer.stop": "Ghi chủ thể ngừng hoạt động",
    "certificate.record": "Ghi giấy chứng nhận OCOP",
    "certificate.confirm": "Đối chiếu giấy chứng nhận OCOP",
    "certificate.remind": "Nhắc chứng nhận sắp hết hạn",
    "certificate.ask-revocation": "Đề nghị thu hồi chứng nhận OCOP",
    "certificate.revoke": "Thu hồi chứng nhận OCOP",
    "certificate.keep": "Không thu hồi chứng nhận OCOP",
    "council.open": "Lập hội đồng OCOP",
    "council.enter": "Đưa sản phẩm vào đợt OCOP",
    "council.score": "Ghi phiếu chấm OCOP",
    "council.conclude": "Kết luận chấm OCOP",
    "council.send-back": "Trả lại kết luận OCOP",
    "council.settle": "Duyệt kết quả OCOP",
    "bands.confirm": "Đối chiếu dải điểm OCOP",
    "ocop.rules": "Nạp quy định OCOP",
    "import.expire": "Bỏ bảng quá hạn xác nhận",
    "law.loaded": "Nạp bộ tiêu chí",
    "territory.load": "Nạp địa giới",
    "seed.step": "Nạp dữ liệu ban đầu",
    "person.create": "Thêm cán bộ",
    "person.appoint": "Phân công",
    "person.end-appointment": "Kết thúc phân công",
    "person.take-over": "Nhận bàn giao",
    "person.delegate": "Nhận uỷ quyền",
    "person.withdraw-appointment": "Rút phân công",
    "person.suspend": "Tạm dừng tài khoản",
    "person.reinstate": "Mở lại tài khoản",
    "person.reset-password": "Đặt lại mật khẩu",
    "person.change-password": "Đổi mật khẩu",
    "person.remove-demo": "Bỏ tài khoản minh hoạ",
    "token.issue": "Cấp khoá API",
    "token.rotate": "Đổi khoá API",
    "token.end": "Thu khoá API",
}
# What of the data of an act says what it was about, in this order.
_ABOUT = ("number", "set", "slug", "measure", "area", "tier", "username", "role", "due_on", "closed_on", "step", "name")
_STATES = {state.name.lower(): state.label for state in State}


@dataclass(frozen=True)
class Filter:
    """What of the trail is looked at; empty = everything in scope."""

    person: str = ""
    unit: str = ""
    code: str = ""
    act: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def query(self) -> str:
        """The filter as the end of an address."""
        said = {"nguoi": self.person, "don-vi": self.unit, "ma": self.code, "viec": self.act}
        days = {"tu": self.since, "den": self.until}
        kept = {name: value for name, value in {**said, **days}.items() if value}
        return urlencode(kept)


@dataclass(frozen=True)
class Entry:
    """One act; `reading` where it was on a value that this person may see."""

    event: AuditEvent
    reading: Reading | None

    @property
    def act(self) -> str:
        return ACTS.get(self.event.action, self.event.action)

    @property
    def unit(self) -> str:
        return self.reading.assessment.area.name if self.reading else ""

    @property
    def code(self) -> str:
        return self.reading.input.code if self.reading else ""

    @property
    def about(self) -> str:
        """What an act that was on no value was about, as far as it was written down."""
        said = (self.event.data.get(name) for name in _ABOUT)
        return " · ".join(str(each) for each in said if isinstance(each, str | int) and each != "")

    @property
    def before(self) -> str:
        return self._said("before")

    @property
    def after(self) -> str:
        return self._said("after")

    def _said(self, side: str) -> str:
        """The value of one side in words, with its state where only the state moved."""
        known = self.event.data.get(side)
        if not isinstance(known, dict) or self.reading is None:
            return ""
        other = self.event.data.get("after" if side == "before" else "before") or {}
        value = _value(self.reading, str(known.get("value", "")))
        moved = known.get("state") != other.get("state") and known.get("value") == other.get("value")
        return f"{value} ({_STATES.get(str(known.get('state')), '')})" if moved else value


def _value(reading: Reading, plain: str) -> str:
    if plain == _NOT_APPLICABLE:
        return wording.NOT_APPLICABLE
    return wording.shown(reading.input, Decimal(plain)) if plain else "trống"


@dataclass(frozen=True)
class Trail:
    """A page of the trail, newest first; `after` names the act that the next page starts behind."""

    entries: list[Entry]
    after: int | None
    chosen: Filter
    acts: dict[str, str]


def trail(user: User, chosen: Filter, after: int | None = None) -> Trail:
    """One page within the person's scope. Raises OutOfScope for people who may see no trail at all."""
    events = _events(user, chosen)
    rows = list((events.filter(id__lt=after) if after else events)[: PAGE + 1])
    shown = rows[:PAGE]
    return Trail(_entries(shown), shown[-1].pk if len(rows) > PAGE else None, chosen, ACTS)


def every(user: User, chosen: Filter) -> Iterator[Entry]:
    """All of it, a few hundred at a time: for the export."""
    left = _events(user, chosen).iterator(chunk_size=_BATCH)
    while batch := list(islice(left, _BATCH)):
        yield from _entries(batch)


def _scope(user: User) -> tuple[str, ...]:
    """The places whose acts the person sees, with all below them; "" means what happened nowhere in particular."""
    granted = granted_area_ids(user, Permission.SEE_AUDIT)
    if not granted:
        raise OutOfScope
    placed = Placement.objects.filter(area_id__in=granted).values_list("path", "area__level")
    # A place nobody stands at, for somebody whose unit has none: never the whole province.
    paths = tuple(sorted({path for path, _ in placed})) or ("?",)
    # Law, people and rounds are the province's to look after.
    return ("", *paths) if any(level == Level.PROVINCE for _, level in placed) else paths


def _events(user: User, chosen: Filter) -> QuerySet[AuditEvent]:
    """The acts within the person's scope that the filter lets through, newest first."""
    scope, events = _scope(user), AuditEvent.objects.order_by("-id")
    if chosen.unit:
        places = [path for path in _paths(chosen.unit) if path.startswith(tuple(filter(None, scope)))]
        events = events.filter(area_path__in=places)
    else:
        condition = Q(area_path="") if "" in scope else Q(pk__in=[])
        for path in filter(None, scope):
            condition |= Q(area_path__startswith=path)
        events = events.filter(condition)
    return _chosen(events, chosen)


def _chosen(events: QuerySet[AuditEvent], chosen: Filter) -> QuerySet[AuditEvent]:
    if chosen.person:
        events = events.filter(actor_id__in=_people(chosen.person))
    if chosen.code:
        readings = Reading.objects.filter(input__code=chosen.code)
        events = events.filter(
            subject_type=_READING, subject_id__in=readings.values(said=Cast("pk", CharField(max_length=60)))
        )
    if chosen.act:
        events = events.filter(action=chosen.act)
    if chosen.since:
        events = events.filter(at__gte=_midnight(chosen.since))
    if chosen.until:
        events = events.filter(at__lt=_midnight(chosen.until + dt.timedelta(days=1)))
    return events


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def _people(text: str) -> list[int]:
    """Ids of people whose name or user name holds the text, marks or no marks."""
    named = Q(search_key__contains=search_key(text)) | Q(username=text)
    return list(User.objects.filter(named).order_by("pk").values_list("pk", flat=True)[:200])


def _paths(text: str) -> list[str]:
    """The places of the units whose name holds the text, or whose code it is, wherever they stood or stand.

    A district stands for its communes as well.
    """
    units = Area.objects.filter(Q(search_key__contains=search_key(text)) | Q(code=text))
    own = dict(Placement.objects.filter(area__in=units).values_list("path", "area__level"))
    wide = [path for path, level in own.items() if level in (Level.DISTRICT, Level.PROVINCE)]
    below = Placement.objects.filter(under(wide)).values_list("path", flat=True) if wide else []
    return sorted({*own, *below})


def _entries(events: Iterable[AuditEvent]) -> list[Entry]:
    """The acts with the values they were on: one statement."""
    rows = list(events)
    ids = {int(row.subject_id) for row in rows if row.subject_type == _READING and row.subject_id.isdecimal()}
    readings = Reading.objects.select_related("input", "assessment__area", "assessment__round__period").in_bulk(ids)
    return [Entry(row, readings.get(int(row.subject_id)) if row.subject_type == _READING else None) for row in rows]
