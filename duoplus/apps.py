from django.apps import AppConfig


class DuoplusConfig(AppConfig):
    name = "duoplus"
