"""Loading the rulebooks of the programme: checked, all or nothing, never changed once results stand on them."""

import shutil

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEvent
from criteria.law_loading import LawRefused
from ocop.loading import load
from ocop.models import ProductSet, RuleSet
from ocop.rules.rulesets import SETS

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(SETS, tmp_path / "sets")
    return tmp_path / "sets"


@pytest.fixture
def edit(folder):
    def change(slug: str, old: str, new: str) -> int:
        path = folder / f"{slug}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return change


def reasons(folder) -> list[str]:
    with pytest.raises(LawRefused) as refused:
        load(folder)
    return [str(fault) for fault in refused.value.faults]


def test_the_rules_of_four_decisions_and_26_product_sets_are_loaded():
    assert list(RuleSet.objects.order_by("slug").values_list("slug", flat=True)) == [
        "ocop-2019",
        "ocop-2023",
        "ocop-2025",
        "ocop-2026",
    ]
    assert ProductSet.objects.count() == 26
    assert ProductSet.objects.get(number=9).name == "Tương, nước mắm, gia vị dạng lỏng khác"
    assert set(ProductSet.objects.values_list("group", flat=True)) == {
        "food", "drink", "herbal", "craft", "ornamental", "tourism",
    }  # fmt: skip


def test_loading_again_changes_nothing(folder):
    before = AuditEvent.objects.count()
    assert set(load(folder).values()) == {"unchanged"}
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("slug", "old", "new", "reason"),
    [
        ("ocop-2023", "most: 40", "most: 41", "the parts give 101 points together"),
        ("ocop-2023", "{star: 3, from: 50", "{star: 3, from: 51", "the one before ends at 50"),
        ("ocop-2026", "effective_from: 2026-05-22", "effective_from: 2026-05-23", "does not end the day before"),
        ("ocop-2026", "{star: 5, level: central", "{star: 2, level: central", "nobody recognises star 5"),
        ("ocop-2019", "known: []", "known: [{star: 3, part: D, least: 5}]", "there is no part D"),
        ("ocop-2019", "known: []", "known: [{star: 3, part: B, least: 26}]", "part B gives 25 at most"),
        ("ocop-2019", "name: Bộ", "nom: Bộ", "unknown key 'nom'"),
        ("ocop-2019", "effective_from: 2019-08-21", "effective_from: 21/08/2019", "is not a date"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place_and_nothing_changes(folder, edit, slug, old, new, reason):
    edit(slug, old, new)
    before = list(RuleSet.objects.order_by("pk").values_list("slug", "checksum"))
    found = reasons(folder)
    assert any(reason in said and said.startswith(f"{slug}.yaml:") for said in found), found
    assert list(RuleSet.objects.order_by("pk").values_list("slug", "checksum")) == before


def test_other_bands_lose_the_confirmation_of_those_that_were_there(folder, edit, province_officer):
    RuleSet.objects.update(bands_confirmed_by=province_officer, bands_confirmed_at=timezone.now())
    edit("ocop-2023", "{star: 4, from: 70, to: 90", "{star: 4, from: 70, to: 91")
    edit("ocop-2023", "{star: 5, from: 90", "{star: 5, from: 91")
    edit("ocop-2019", "name: Bộ tiêu chí OCOP 2019", "name: Bộ tiêu chí OCOP năm 2019")
    assert load(folder)["ocop-2023"] == "replaced"
    assert RuleSet.objects.get(slug="ocop-2023").bands_confirmed_by is None
    assert RuleSet.objects.get(slug="ocop-2019").bands_confirmed_by == province_officer


def test_the_command_names_the_faults_and_fails(folder, edit, capsys):
    edit("ocop-2023", "most: 40", "most: 41")
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("load_ocop", dir=folder)
    assert "ocop-2023.yaml:" in capsys.readouterr().err
