"""Close every demo account."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.actions import MANAGING_ROLES
from accounts.demo import remove_demo_accounts
from accounts.models import Appointment


class Command(BaseCommand):
    help = "Đóng mọi tài khoản minh hoạ và xoá mật khẩu của chúng."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{remove_demo_accounts()} demo accounts closed.")
        managers = Appointment.objects.in_force(timezone.localdate()).filter(role__in=MANAGING_ROLES)
        if not managers.filter(user__is_active=True).exists():
            self.stdout.write("No administrator is left: run 'manage.py createadmin USERNAME'.")
