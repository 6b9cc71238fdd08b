"""Reading a page as text, and counting what it asked the database."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


class Reader(HTMLParser):
    """The page's words, its headings and everything that a strict policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.lang = ""
        self.faults: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        if tag == "html":
            self.lang = given.get("lang", "")
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given.get("href", ""))
        for name, value in attrs:
            self._judge(tag, name, value or "")
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.faults.append(f"inline <{tag}>")

    def _judge(self, tag: str, name: str, value: str) -> None:
        if name == "style" or name.startswith("on"):
            self.faults.append(f"{tag} {name}={value}")
        if name in ("src", "href", "action") and value.startswith(("http:", "https:", "//", "javascript:")):
            self.faults.append(f"{tag} {name}={value}")

    def handle_data(self, data):
        self.words.append(data)
        if "{{" in data or "{%" in data:
            self.faults.append(f"unrendered: {data}")

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).replace("\u00a0", " ").split())


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Every test starts without kept bodies."""
    cache.clear()


@pytest.fixture
def read(visitor) -> Callable[..., Reader]:
    """`read(address, client=visitor)`: the page, which must answer 200."""

    def get(address: str, client: Client = visitor) -> Reader:
        response = client.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        reader = Reader()
        reader.feed(response.content.decode())
        return reader

    return get


@pytest.fixture
def cost(visitor) -> Callable[..., int]:
    """`cost(address, client=visitor)`: how many statements the view and its rendering took, nothing kept."""

    def count(address: str, client: Client = visitor) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    return count
