"""Through whom money was found; when each channel stands is told by rulebooks/channels.yaml."""

from django.db import models


class Channel(models.TextChoices):
    ASSIGNED = "assigned", "được UBND tỉnh giao hoặc chấp thuận"
    CALLED = "called", "kêu gọi tổ chức, cá nhân"
    CALLED_BY_DISTRICTS = "called_by_districts", "cấp huyện kêu gọi"
    CALLED_BY_COMMUNES = "called_by_communes", "cấp xã kêu gọi"
