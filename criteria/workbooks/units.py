"""Which unit a row means: by code, by name however it is typed, or by what the unit was called before a merger."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from accounts.text import search_key
from communes.models import Area, AreaChange

_KIND = re.compile(r"^(xa|phuong|thi tran|thi xa|thanh pho|huyen|dac khu|x|p|tt|tx|tp|h)[. ] *")


def _folded(name: str) -> str:
    """A name without marks, case and kind: Xã Hà Linh, HÀ LINH and X. Ha Linh are one."""
    return _KIND.sub("", " ".join(search_key(name).split()))


def _full(name: str) -> str:
    return " ".join(search_key(name).split())


@dataclass(frozen=True)
class Found:
    """The unit that a row means, or why none; `told` says that it was found under an old name."""

    area_id: int | None
    message: str = ""
    told: str = ""


class Units:
    """The units of a round that a person may enter, and the names they had before: two statements in all."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._areas = {area.pk: area for area in areas}
        self._by_code: dict[str, list[int]] = defaultdict(list)
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for area in self._areas.values():
            self._file(area.code, area.name, area.pk)
        self._old = self._read_old()
        self._answers: dict[tuple[str, str], Found] = {}

    def _file(self, code: str, name: str, pk: int) -> None:
        self._by_code[code].append(pk)
        for key in {_folded(name), _full(name)}:
            self._by_name[key].append(pk)

    def _read_old(self) -> "_Former":
        changes = AreaChange.objects.filter(new__isnull=False).exclude(old=F("new")).select_related("old")
        return _Former(list(changes.order_by("effective_on", "pk")), set(self._areas))

    def find(self, code: str, name: str) -> Found:
        """The unit with this code and name, either of which may be empty."""
        if (code, name) not in self._answers:
            self._answers[code, name] = self._find(code, name)
        return self._answers[code, name]

    def _find(self, code: str, name: str) -> Found:
        if not code and not name:
            return Found(None, "Hàng thiếu mã và tên đơn vị. Ghi mã đơn vị.")
        if code in self._by_code:
            return self._agreeing(self._by_code[code][0], name)
        if code:
            return self._former(self._old.by_code.get(code, []), f"mã {code}")
        named = self._by_name.get(_full(name)) or self._by_name.get(_folded(name), [])
        if len(named) == 1:
            return Found(named[0])
        if named:
            codes = ", ".join(self._areas[pk].code for pk in named)
            return Found(None, f"Có nhiều đơn vị tên “{name}”. Ghi mã: {codes}.")
        return self._former(self._old.by_name.get(_folded(name), []), f"“{name}”")

    def _agreeing(self, pk: int, name: str) -> Found:
        area = self._areas[pk]
        if name and _folded(name) != _folded(area.name):
            return Found(None, f"Mã {area.code} là {area.name}, không phải “{name}”. Sửa mã hoặc tên.")
        return Found(pk)

    def _former(self, olds: list[int], called: str) -> Found:
        """A unit under its old code or name: its one whole successor, else the names to choose from."""
        if not olds:
            return Found(None, f"Không có đơn vị {called} trong đợt này, hoặc bạn không được nhập. Kiểm tra lại mã.")
        reached = sorted({pk for old in olds for pk in self._old.heirs[old]})
        names = ", ".join(f"{self._areas[pk].name} ({self._areas[pk].code})" for pk in reached)
        if len(reached) > 1 or any(old in self._old.parted for old in olds):
            return Found(None, f"{called} đã chia, nhập vào đơn vị khác. Ghi một trong: {names}.")
        return Found(reached[0], told=f"{called} là tên, mã cũ: đọc là {names}.")


class _Former:
    """Units that became others: whom of the round each ended in, and which were parted."""

    def __init__(self, changes: list[AreaChange], present: set[int]) -> None:
        links: dict[int, list[int]] = defaultdict(list)
        partial = {change.old_id for change in changes if change.is_partial}
        for change in changes:
            if change.new_id is not None:
                links[change.old_id].append(change.new_id)
        self.heirs: dict[int, set[int]] = {}
        self.parted: set[int] = set()
        self.by_code: dict[str, list[int]] = defaultdict(list)
        self.by_name: dict[str, list[int]] = defaultdict(list)
        for old in {change.old_id: change.old for change in changes if change.old_id not in present}.values():
            passed, ends = _walked(old.pk, links, present)
            if not ends:
                continue
            self.heirs[old.pk] = ends
            if passed & partial:
                self.parted.add(old.pk)
            self.by_code[old.code].append(old.pk)
            self.by_name[_folded(old.name)].append(old.pk)


def _walked(start: int, links: dict[int, list[int]], present: set[int]) -> tuple[set[int], set[int]]:
    """Units passed on the way from `start`, and those of the round where the ways end."""
    passed, ends, queue = {start}, set(), [start]
    for current in queue:
        for following in links.get(current, ()):
            if following in present:
                ends.add(following)
            elif following not in passed:
                passed.add(following)
                queue.append(following)
    return passed, ends
