"""App registration."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from criteria.statements import teach_sqlite


class CriteriaConfig(AppConfig):
    name = "criteria"
    verbose_name = "tiêu chí"

    def ready(self) -> None:
        connection_created.connect(teach_sqlite, dispatch_uid="criteria.teach_sqlite")
