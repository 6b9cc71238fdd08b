"""How many requests the API takes: by token, by person, and by address for visitors, in buckets of their own.

Counters stand in the cache `limits` (Redis on a server, so that all processes count together). While it is away reads
are let through, and everything else is counted in this process's own memory.
"""

import ipaddress
import logging
import math
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.http import HttpRequest
from redis import RedisError
from rest_framework.exceptions import Throttled
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.signin import client_address
from accounts.tokens import parsed_address

log = logging.getLogger(__name__)

VISITORS, READS, WRITES, EXPORTS, GUESSES = "visitors", "reads", "writes", "exports", "guesses"
# An answer in one of these formats is a table to take home, whatever the address.
EXPORT_FORMATS = frozenset({"csv", "xlsx", "ndjson", "geojson", "parquet"})
# After a failure the store is asked again this much later: a hanging Redis must not slow every request down.
_ASKED_AGAIN = 10.0


class _Store:
    away_until = 0.0


@dataclass(frozen=True)
class Count:
    """Where a bucket stands after this request."""

    bucket: str
    limit: int
    window: int
    used: int
    resets_in: int

    @property
    def is_over(self) -> bool:
        return self.used > self.limit

    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers writes them."""
        left = max(0, self.limit - self.used)
        return {
            "RateLimit-Policy": f'"{self.bucket}";q={self.limit};w={self.window}',
            "RateLimit": f'"{self.bucket}";r={left};t={self.resets_in}',
        }


class ApiThrottle(BaseThrottle):
    """Counts every request of the API. A view may name its bucket: `rate_bucket = throttling.EXPORTS`."""

    found: Count | None = None

    def allow_request(self, request: Request, view) -> bool:
        self.found = _counted(_bucket(request, view), _who(request))
        _remember(request._request, self.found)
        return self.found is None or not self.found.is_over

    def wait(self) -> float | None:
        return self.found.resets_in if self.found else None


def wrong_guess(request: HttpRequest) -> None:
    """Count a token or password that was wrong, against its address. Raises Throttled beyond the limit."""
    _refuse(request, _counted(GUESSES, _address(request)))


def check_guesses(request: HttpRequest) -> None:
    """Raises Throttled when the address has used up its guesses."""
    _refuse(request, _counted(GUESSES, _address(request), by=0))


def _refuse(request: HttpRequest, found: Count | None) -> None:
    if found is not None and found.used > found.limit:
        _remember(request, found)
        raise Throttled(wait=found.resets_in)


def _remember(request: HttpRequest, found: Count | None) -> None:
    request.rate_count = found  # type: ignore[attr-defined]  # read by accounts.api_headers


def _bucket(request: Request, view) -> str:
    if named := getattr(view, "rate_bucket", ""):
        return named
    if request.method not in SAFE_METHODS:
        return WRITES
    renderer = getattr(request, "accepted_renderer", None)
    if renderer is not None and renderer.format in EXPORT_FORMATS:
        return EXPORTS
    return READS if request.user.is_authenticated else VISITORS


def _who(request: Request) -> str:
    if not request.user.is_authenticated:
        return _address(request._request)
    return f"token-{request.auth.pk}" if request.auth else f"person-{request.user.pk}"


def _address(request: HttpRequest) -> str:
    """The address, or the network of 64 bits that one subscriber of IPv6 has to choose from."""
    at = parsed_address(client_address(request))
    if isinstance(at, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((at, 64), strict=False).network_address)
    return str(at or "unknown")


def _counted(bucket: str, who: str, *, by: int = 1) -> Count | None:
    """The bucket with this request in it; None: no limit is set, or reads while the store is away."""
    limit, window = _rate(bucket)
    if not limit:
        return None
    now = time.time()
    number = int(now // window)
    used = _add(bucket, f"limit.{bucket}.{who}.{number}", window, by)
    return None if used is None else Count(bucket, limit, window, used, math.ceil((number + 1) * window - now) or 1)


def _rate(bucket: str) -> tuple[int, int]:
    limit, _, window = settings.RATE_LIMITS.get(bucket, "0/60").partition("/")
    return int(limit), int(window)


def _add(bucket: str, key: str, window: int, by: int) -> int | None:
    if time.monotonic() >= _Store.away_until:
        try:
            return _atomically(caches["limits"], key, window, by)
        except (RedisError, OSError) as fault:
            _Store.away_until = time.monotonic() + _ASKED_AGAIN
            log.warning("The store of rate limits does not answer: %s", type(fault).__name__)
    return None if bucket in (READS, VISITORS) else _atomically(caches["limits-here"], key, window, by)


def _atomically(store: BaseCache, key: str, window: int, by: int) -> int:
    if not by:
        return store.get(key, 0)
    try:
        return store.incr(key, by)
    except ValueError:
        return by if store.add(key, by, window) else store.incr(key, by)
