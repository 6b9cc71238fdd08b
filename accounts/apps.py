"""App registration."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from accounts.middleware import stamp_session


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "người dùng"

    def ready(self) -> None:
        user_logged_in.connect(stamp_session, dispatch_uid="accounts.stamp_session")
