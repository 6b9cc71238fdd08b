"""The cache of the server profile: without Redis every key is absent, and pages are built as if there were no cache."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Redis as a help, never as a condition: /readyz tells that it is gone."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as fault:
            return _absent(fault, default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(*args, **kwargs)
        except RedisError as fault:
            _absent(fault, None)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        try:
            return super().add(*args, **kwargs)
        except RedisError as fault:
            return _absent(fault, True)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        try:
            return super().delete(*args, **kwargs)
        except RedisError as fault:
            return _absent(fault, False)


def _absent(fault: RedisError, answer: Any) -> Any:
    logger.warning("The cache does not answer: %s", type(fault).__name__)
    return answer
