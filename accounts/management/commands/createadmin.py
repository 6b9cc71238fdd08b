"""Make an administrator from the command line: the first one, or one to come back in with."""

import getpass
import os

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts import actions
from accounts.errors import Refused
from accounts.roles import Role


class Command(BaseCommand):
    help = "Tạo tài khoản quản trị đầu tiên (creates an administrator)."

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="Quản trị", help="what screens show")
        parser.add_argument("--password-env", metavar="NAME", help="read the password from this environment variable")

    def handle(self, *args, username: str, name: str, password_env: str | None, **options) -> None:
        password = _from_environment(password_env) if password_env else _asked()
        try:
            with transaction.atomic():
                person, _ = actions.create_person(username=username, display_name=name, password=password, by=None)
                actions.appoint(user=person, role=Role.ADMINISTRATOR, valid_from=timezone.localdate(), by=None)
        except Refused as fault:
            raise CommandError(fault.message) from fault
        self.stdout.write(f"Administrator '{person.username}' created.")


def _from_environment(name: str) -> str:
    if not os.environ.get(name):
        raise CommandError(f"The environment variable {name} is empty.")
    return os.environ[name]


def _asked() -> str:
    password = getpass.getpass("Password: ")
    if getpass.getpass("Password again: ") != password:
        raise CommandError("The two passwords differ.")
    return password
