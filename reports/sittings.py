"""Versions as people remember them: what somebody saved in one sitting belongs together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from django.utils import timezone
from django.utils.formats import date_format

GAP = timedelta(minutes=15)
"""The longest pause within one sitting."""


class Saved(Protocol):
    """What a version tells of itself."""

    @property
    def saved_by_id(self) -> int | None: ...

    @property
    def saved_at(self) -> datetime: ...


def saved_words(at: datetime | None, now: datetime | None = None) -> str:
    """When it was saved: “opgeslagen om 14:32”, with the day when that is not today."""
    if at is None:
        return "nog niets om op te slaan"
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    clock = f"{local:%H:%M}"
    return (
        f"opgeslagen om {clock}" if local.date() == today else f"opgeslagen op {date_format(local, 'j F')} om {clock}"
    )


Version = TypeVar("Version", bound=Saved)


@dataclass(frozen=True)
class Sitting(Generic[Version]):
    """The version with which a sitting ended, and those saved on the way to it, newest first."""

    last: Version
    earlier: tuple[Version, ...]


def sittings(versions: Iterable[Version]) -> list[Sitting[Version]]:
    """Group versions (newest first) by person, as long as no pause is longer than GAP."""
    groups: list[list[Version]] = []
    for version in versions:
        newer = groups[-1][-1] if groups else None
        if newer and newer.saved_by_id == version.saved_by_id and newer.saved_at - version.saved_at <= GAP:
            groups[-1].append(version)
        else:
            groups.append([version])
    return [Sitting(group[0], tuple(group[1:])) for group in groups]
