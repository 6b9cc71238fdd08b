"""The document as .pdf, set by Typst from paper.typ in Tinos (static/build/paper, from scripts/assets.py)."""

import io
import json
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

from reports.documents.paper import Paper, heads, layout, written

_TEMPLATE = Path(__file__).resolve().parent / "paper.typ"


def document(paper: Paper, *, code: str, address: str) -> bytes:
    """The file, with a QR code that leads to the page of verification."""
    said = {**paper, "annexes": [_written(annex) for annex in paper["annexes"]]}
    inputs = {
        "paper": json.dumps(said, ensure_ascii=False),
        "layout": json.dumps(layout(), ensure_ascii=False),
        "code": code,
        "address": address,
        "qr": _qr(address),
    }
    fonts = [str(settings.BASE_DIR / "static" / "build" / "paper")]
    return typst.compile(str(_TEMPLATE), font_paths=fonts, ignore_system_fonts=True, sys_inputs=inputs)


def _written(annex: dict[str, Any]) -> dict[str, Any]:
    """The annex with its head and its cells as words, one after another: what the template's table takes."""
    said = heads(annex["columns"])
    return {
        "is_small": False,
        **annex,
        "heads": [{"name": head.name, "down": head.down, "across": head.across} for row in said for head in row],
        "head_rows": len(said),
        "cells": [written(cell) for row in annex["rows"] for cell in row],
    }


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", xmldecl=False, border=0)
    return drawn.getvalue().decode()
