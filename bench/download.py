"""`python -m bench.download ADDRESS`: fetch a file that is sent in pieces, and say how long and with what memory."""

import json
import sys
import time
from typing import Any

import django

django.setup()

from django.test import Client  # noqa: E402  (after Django)

from bench.peak import peak_mb  # noqa: E402

if __name__ == "__main__":
    client = Client()
    client.get("/healthz")  # addresses are read
    before, began = peak_mb(), time.perf_counter()
    answer: Any = client.get(sys.argv[1])
    pieces = iter(answer.streaming_content)
    lines, size = 0, len(next(pieces))
    heading = time.perf_counter() - began
    first = 0.0
    for piece in pieces:
        first = first or time.perf_counter() - began
        lines += piece.count(b"\n")
        size += len(piece)
    told = {
        "heading": heading,
        "first rows": first,
        "seconds": time.perf_counter() - began,
        "lines": lines,
        "MB": round(size / 1e6, 1),
        "before MB": before,
        "most MB": peak_mb(),
    }
    sys.stdout.write(json.dumps(told) + "\n")
