"""Create the demo accounts, or bring them back to what they were."""

import os

from django.core.management.base import BaseCommand, CommandError

from accounts.demo import demo_account_lines, ensure_demo_accounts


class Command(BaseCommand):
    help = "Tạo các tài khoản minh hoạ; mật khẩu chung lấy từ biến môi trường DEMO_PASSWORD."

    def handle(self, *args, **options) -> None:
        password = os.environ.get("DEMO_PASSWORD", "")
        if not password:
            raise CommandError("Set DEMO_PASSWORD: the one password of all demo accounts.")
        try:
            created = ensure_demo_accounts(password)
        except PermissionError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write("\n".join([*demo_account_lines(), f"{created} created."]))
