"""Entries of the demo's TOML files, read strictly: whatever is missing, wrong or unknown is named with file and key."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import Model, TextChoices

Found = TypeVar("Found")
WORDS = {str: "a text", int: "a whole number", list: "a list", dict: "a table of keys"}
NAMING = ("key", "title", "email", "objective", "name")


class DemoError(Exception):
    """The demo's data are wrong; `str(error)` names file, entry and key."""


@dataclass
class Entry:
    """One table of a TOML file and where it stands; it remembers which keys were asked for."""

    file: str
    place: str
    values: dict[str, Any]
    asked: set[str] = field(default_factory=set)
    below: list["Entry"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """File and entry, as in "duoplus/jaarstukken-2020.toml: sections[Speerpunten]"."""
        return f"{self.file}: {self.place}".rstrip(". :")

    def error(self, name: str, problem: str) -> DemoError:
        """The error to raise for one key of this entry."""
        return DemoError(f"{self.file}: {self.place}{name}: {problem}")

    def text(self, name: str, of: type[Model] | None = None, default: str | None = None) -> str:
        """A text, at most as long as the field of that name in model `of`."""
        value = self._value(name, str, default).strip()
        if not value and default is None:
            raise self.error(name, "empty")
        longest = getattr(of._meta.get_field(name), "max_length", None) if of else None  # noqa: SLF001  documented
        if longest is not None and len(value) > longest:
            raise self.error(name, f"{len(value)} characters, at most {longest} fit")
        return value

    def number(self, name: str) -> int:
        """A whole number."""
        return self._value(name, int, None)

    def amount(self, name: str, default: str | None = None) -> Decimal:
        """Euros, written as text so that no binary fraction slips in."""
        written = self._value(name, str, default)
        try:
            amount = Decimal(written)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
            raise self.error(name, f'"{written}" is not an amount like "1234.50"')
        return amount

    def day(self, name: str) -> date:
        """A date as text, year first."""
        written = self._value(name, str, None)
        try:
            return date.fromisoformat(written)
        except ValueError:
            raise self.error(name, f'"{written}" is not a date like "2020-12-31"') from None

    def choice(self, name: str, choices: type[TextChoices], default: str | None = None) -> str:
        """One of the stored values of `choices`."""
        return self._known(name, self._value(name, str, default), choices.values)

    def choices(self, name: str, choices: type[TextChoices]) -> list[str]:
        """A list of stored values of `choices`."""
        return [self._known(name, value, choices.values) for value in self._texts(name)]

    def one_of(self, name: str, known: Mapping[str, Found]) -> Found:
        """What the key that stands here refers to."""
        return known[self._known(name, self._value(name, str, None), known)]

    def one_or_none(self, name: str, known: Mapping[str, Found]) -> Found | None:
        """As `one_of`, or None when nothing is referred to."""
        return self.one_of(name, known) if self.has(name) else None

    def some_of(self, name: str, known: Mapping[str, Found]) -> list[Found]:
        """What the keys in this list refer to, in their order."""
        return [known[self._known(name, key, known)] for key in self._texts(name)]

    def has(self, name: str) -> bool:
        """Whether the key is there."""
        self.asked.add(name)
        return name in self.values

    def entry(self, name: str) -> "Entry":
        """The one table below this key."""
        return self._below(f"{self.place}{name}.", self._value(name, dict, None))

    def entries(self, name: str) -> list["Entry"]:
        """The tables below this key; none when it is absent."""
        rows = self._value(name, list, [])
        return [self._below(f"{self.place}{name}[{_called(row, index)}].", row) for index, row in enumerate(rows, 1)]

    def keyed(self, name: str) -> dict[str, "Entry"]:
        """The tables below this key by their own `key`, each once."""
        found: dict[str, Entry] = {}
        for entry in self.entries(name):
            key = entry.text("key")
            if key in found:
                raise entry.error("key", "used before")
            found[key] = entry
        return found

    def refuse_unread(self) -> None:
        """Raise DemoError for a key that nothing has asked for, here or below: most likely a typing error."""
        for name in self.values:
            if name not in self.asked:
                raise self.error(name, f"unknown; known here are {', '.join(sorted(self.asked))}")
        for entry in self.below:
            entry.refuse_unread()

    def _value(self, name: str, kind: type[Found], default: Found | None) -> Found:
        self.asked.add(name)
        if name not in self.values and default is not None:
            return default
        if name not in self.values:
            raise self.error(name, "missing")
        value = self.values[name]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.error(name, f"{WORDS[kind]} is needed, not {value!r}")
        return value

    def _texts(self, name: str) -> list[str]:
        values: list[Any] = self._value(name, list, [])
        for value in values:
            if not isinstance(value, str):
                raise self.error(name, f"a list of texts is needed, not {value!r} in it")
        return values

    def _known(self, name: str, key: str, known: Iterable[str]) -> str:
        if key not in known:
            raise self.error(name, f'"{key}" is not one of {", ".join(known) or "(none)"}')
        return key

    def _below(self, place: str, row: object) -> "Entry":
        if not isinstance(row, dict):
            raise DemoError(f"{self.file}: {place[:-1]}: {WORDS[dict]} is needed, not {row!r}")
        entry = Entry(self.file, place, row)
        self.below.append(entry)
        return entry


def read(path: Path, root: Path) -> Entry:
    """The whole file; raise DemoError when it is absent or not TOML. Places are told from `root`."""
    name = path.relative_to(root)
    try:
        return Entry(str(name), "", tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise DemoError(f"{name}: missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DemoError(f"{name}: {error}") from None


def _called(row: object, index: int) -> str:
    """What a person calls this entry: its key, title or address, else its place in the list."""
    if isinstance(row, dict):
        for name in NAMING:
            if isinstance(row.get(name), str):
                return str(row[name])[:60]
    return str(index)
