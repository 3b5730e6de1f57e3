from typing import Any

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate  # noqa: TID251  the cache table belongs to no model


class DuoplusConfig(AppConfig):
    name = "duoplus"

    def ready(self) -> None:
        # The signal is sent for apps with models only, which the project is not.
        post_migrate.connect(make_cache_table, sender=apps.get_app_config("accounts"))


def make_cache_table(using: str, **_: Any) -> None:
    """The table of the cache stands wherever the tables of the models stand."""
    call_command("createcachetable", database=using, verbosity=0)
