from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate  # noqa: TID251  triggers belong to no migration: they are put back

from . import append_only


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from . import sessions  # noqa: PLC0415  models are there only now

        user_logged_in.connect(sessions.begin)
        post_migrate.connect(append_only.after_migrate, sender=self)
