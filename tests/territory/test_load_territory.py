"""The loading command: idempotent, all or nothing, and it tells what it did."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from communes import epochs, loading
from communes.models import Area, AreaChange, Placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(loading.UNITS, tmp_path / "units")


def rows():
    return [list(m.objects.order_by("id").values()) for m in (Area, Placement, AreaChange)]


def edit(folder, file, old, new):
    path = folder / file
    text = path.read_bytes().decode()
    assert text.count(old) >= 1
    path.write_bytes(text.replace(old, new, 1).encode())


def test_lost_rows_are_written_again_and_the_load_is_told(capsys):
    call_command("load_territory")
    AreaChange.objects.all().delete()
    Placement.objects.all().delete()
    epoch = epochs.current()
    capsys.readouterr()
    call_command("load_territory")
    assert "411 units, 413 placements, 351 changes (764 created, 0 updated, 0 deleted)" in capsys.readouterr().out
    assert epochs.current() == epoch + 1
    event = AuditEvent.objects.filter(action="territory.load").latest("id")
    assert (event.area_path, event.actor_name, event.data["created"]) == ("/42/", "hệ thống", 764)


def test_a_row_that_no_file_tells_any_more_goes():
    loading.load()
    old, new = Area.objects.filter(code="18502")[0], Area.objects.filter(code="18505")[0]
    AreaChange.objects.create(
        old=old, new=new, change="merge", effective_on="2024-01-01", legal_basis="", confidence="recalled"
    )
    assert loading.load().deleted == 1


def test_a_second_load_writes_nothing_in_few_queries(django_assert_max_num_queries):
    loading.load()
    before, epoch, events = rows(), epochs.current(), AuditEvent.objects.count()
    with django_assert_max_num_queries(8):
        assert not loading.load().is_changed
    assert (rows(), epochs.current(), AuditEvent.objects.count()) == (before, epoch, events)


def test_a_corrected_file_changes_only_what_differs(folder):
    loading.load()
    ids, epoch = set(Area.objects.values_list("id", flat=True)), epochs.current()
    edit(folder, "hatinh-unit-changes.csv", "part of area and population", "part of both")
    outcome = loading.load(folder)
    assert (outcome.created, outcome.updated, outcome.deleted) == (0, 1, 0)
    assert epochs.current() == epoch + 1
    assert set(Area.objects.values_list("id", flat=True)) == ids


def test_a_unit_that_the_files_do_not_name_is_left_alone():
    loading.load()
    hamlet = Area.objects.create(code="1850201", name="Thôn 1", short_name="1", level="village", kind="thon")
    assert not loading.load().is_changed
    assert Area.objects.filter(pk=hamlet.pk).exists()


def test_registers_of_another_province_are_refused(settings):
    settings.PROVINCE_CODE = "40"
    with pytest.raises(CommandError, match="no register names the province 40"):
        call_command("load_territory")


WRONG = {
    "a column under another name": ("hatinh-units-2025.csv", "parent_code", "parent"),
    "a parent that is not in the register": ("hatinh-units-2024.csv", "thanh_pho,42,", "thanh_pho,99,"),
    "a kind that the name contradicts": ("hatinh-units-2024.csv", "Phường Trần Phú,phuong", "Phường Trần Phú,xa"),
    "a date that is none": ("hatinh-units-2025.csv", "2025-07-01", "2025-13-01"),
    "a code that is no number": ("hatinh-units-2024.csv", "18070,", "18O70,"),
    "a code listed twice": ("hatinh-units-2024.csv", "18073,Phường Nam Hà", "18070,Phường Nam Hà"),
    "an end before the beginning": ("hatinh-units-2024.csv", "2007-05-28,2025-06-30", "2025-07-28,2025-06-30"),
    "a missing column": ("hatinh-units-2024.csv", "xa,439,,\n", "xa,439\n"),
    "two registers that disagree": ("hatinh-units-2025H1.csv", "Phường Nam Hà", "Phường Hà Nam"),
    "an end without a change": (
        "hatinh-unit-changes.csv",
        "18073,18073,merge,2025-07-01",
        "18079,18073,merge,2025-07-01",
    ),
    "a successor that does not exist": ("hatinh-unit-changes.csv", "18103,18103,merge,2020", "18103,99999,merge,2020"),
    "an unknown sort of change": ("hatinh-unit-changes.csv", "18103,18103,merge,", "18103,18103,swap,"),
    "a share that is neither full nor part": ("hatinh-unit-changes.csv", "Xã Đồng Môn,full", "Xã Đồng Môn,half"),
    "a register file that is missing": ("registers.csv", "hatinh-units-2024", "hatinh-units-2023"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_row_is_refused_with_its_file_and_line_and_changes_nothing(folder, case):
    file, old, new = WRONG[case]
    edit(folder, file, old, new)
    loading.load()
    before, epoch = rows(), epochs.current()
    with pytest.raises(CommandError, match=r"^hatinh-unit[\w-]*\.csv(:\d+)?: .*nothing was changed$"):
        call_command("load_territory", folder=folder)
    assert (rows(), epochs.current()) == (before, epoch)
