"""The fonts that scripts/assets.py builds; `make assets` builds them."""

import re

import pytest
from fontTools.ttLib import TTFont

from tests.services.portals import ROOT

BUILD = ROOT / "static" / "build"
FIGURES = "0123456789,.-+%\u2212"
FACE = re.compile(r'font-family: "([^"]+)".*?font-weight: (\d+).*?url\("([^"]+)"\)', re.DOTALL)


@pytest.fixture(scope="module")
def faces() -> list[tuple[str, str, str]]:
    """(family, weight, file) of each @font-face."""
    return FACE.findall((BUILD / "fonts.css").read_text())


def test_every_weight_of_both_faces_is_there(faces):
    assert {(family, weight) for family, weight, _ in faces} == {
        (family, weight) for family in ("Be Vietnam Pro", "NTM Figures") for weight in ("400", "500", "600", "700")
    }
    assert all((BUILD / file).stat().st_size > 0 for _, _, file in faces)


def test_fonts_come_from_our_own_host_only(faces):
    assert all(file.startswith("fonts/") for _, _, file in faces)


def test_figures_are_of_equal_width(faces):
    for _, _, file in [face for face in faces if face[0] == "NTM Figures"]:
        font = TTFont(BUILD / file)
        assert {ord(character) for character in FIGURES} <= set(font.getBestCmap())
        (feature,) = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
        assert feature == "tnum"
        substitutes = font["GSUB"].table.LookupList.Lookup[0].SubTable[0].mapping
        widths = {font["hmtx"][substitutes[font.getBestCmap()[ord(digit)]]][0] for digit in "0123456789"}
        assert len(widths) == 1


def test_vietnamese_letters_are_in_the_text_face(faces):
    covered = set()
    for family, weight, file in faces:
        if (family, weight) == ("Be Vietnam Pro", "400"):
            covered |= set(TTFont(BUILD / file).getBestCmap())
    letters = "ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ₫"
    assert {ord(letter) for letter in letters} <= covered
