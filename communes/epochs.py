"""The province's data counter: ETags and cached bodies stand on it."""

from django.conf import settings
from django.db.models import F

from communes.models import Epoch


def bump(province_code: str | None = None) -> int:
    """Raise the counter inside the current transaction and return the new value."""
    code = province_code or settings.PROVINCE_CODE
    if not Epoch.objects.filter(province_code=code).update(value=F("value") + 1):
        Epoch.objects.get_or_create(province_code=code)
    return current(code)


def current(province_code: str | None = None) -> int:
    """The counter as committed; one indexed read."""
    code = province_code or settings.PROVINCE_CODE
    return Epoch.objects.filter(province_code=code).values_list("value", flat=True).first() or 0
