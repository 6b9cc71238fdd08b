"""A document, asked for and made."""

from collections.abc import Callable

import pytest

from accounts import jobs
from criteria.models import Period
from reports.actions import documents
from reports.models import Document

HEAD = {
    "superior": "UBND tỉnh Hà Tĩnh",
    "issuer": "Văn phòng Điều phối nông thôn mới",
    "number": "07",
    "place": "Hà Tĩnh",
    "date": "ngày 21 tháng 02 năm 2024",
    "authority": "Chánh Văn phòng",
    "signer": "Trần Văn Một",
    "recipients": ["UBND tỉnh (báo cáo)", "Lưu: VT."],
}


@pytest.fixture
def ask(province_officer) -> Callable[..., Document]:
    """`ask(kind="annual", code="42", year="2023", by=…)`: the document as it stands after asking."""

    def asked(kind: str = "annual", code: str = "42", year: str = "2023", by=None, **head) -> Document:
        period = Period.objects.get(code=year)
        return documents.ask(kind=kind, period=period, area_code=code, head={**HEAD, **head}, by=by or province_officer)

    return asked


@pytest.fixture
def make(ask) -> Callable[..., Document]:
    """The same, made to its end."""

    def made(*args, **kwargs) -> Document:
        document = ask(*args, **kwargs)
        jobs.work_here(document.job)
        return Document.objects.get(pk=document.pk)

    return made
