"""What stands in the log of the installation: never what people typed, and never what an error quotes.

A database names the value that it refused, a mail server the address, a path may hold the key of a mailed link. So of
an error its type and the places that it passed are written, not its message; of a text that a library puts into a
message nothing, unless that library is known to name addresses and processes only.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = f"{Path(__file__).resolve().parent.parent}/"
OURS = frozenset({"accounts", "jobs", "library", "investments", "reports", "publishing", "duoplus", "tests"})
# These name paths, hosts and processes.
KNOWN = ("django.request", "django.security.csrf", "celery.worker", "celery.beat", "gunicorn.error")
# By these Celery names a task.
NAMES = frozenset({"name", "id"})
WITHHELD = "…"
SECRETS = [
    # The key of a mailed link, in a path.
    (re.compile(r"(/password/reset/key/)[^/\s?]+"), rf"\1{WITHHELD}"),
    (re.compile(r"\?\S+"), f"?{WITHHELD}"),
    (re.compile(r"[^\s@/:]+@[^\s@/:]+"), WITHHELD),
]


class Lines(logging.Formatter):
    """For people: a line for each event, and one for each place that an error passed."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone()
        lines = [f"{at:%Y-%m-%d %H:%M:%S} {record.levelname} {record.name}: {message(record)}"]
        for error in errors(record):
            lines += [f"  {error['type']} {error.get('code', '')}".rstrip(), *(f"    {at}" for at in error["at"])]
        return "\n".join(lines)


class JsonLines(logging.Formatter):
    """For machines: an object for each event, on a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message(record),
            "process": record.process,
        }
        found = list(errors(record))
        return json.dumps(entry | ({"errors": found} if found else {}), ensure_ascii=False)


def message(record: logging.LogRecord) -> str:
    """The message on one line, without what may be somebody's words."""
    if record.name.partition(".")[0] in OURS:
        shown = _filled(record, _harmless)
    elif record.name.startswith(KNOWN):
        shown = _filled(record, _named)
    else:
        # Without arguments the whole text may have been put together; the place in the source says which it was.
        shown = _filled(record, _withheld) if record.args else f"{WITHHELD} ({_place(record.pathname, record.lineno)})"
    for pattern, replacement in SECRETS:
        shown = pattern.sub(replacement, shown)
    return " ".join(shown.split())


def errors(record: logging.LogRecord) -> Iterator[dict[str, Any]]:
    """The error of the record and those that led to it: type, code of the database, places from the outside in."""
    error = record.exc_info[1] if record.exc_info else None
    while error is not None:
        kind = type(error)
        found: dict[str, Any] = {"type": f"{kind.__module__}.{kind.__qualname__}"}
        code = getattr(error, "pgcode", None) or getattr(error, "sqlite_errorname", None)
        if code or isinstance(error, OSError):
            found["code"] = str(code or error.errno)  # type: ignore[attr-defined]  # one of the two
        frames = traceback.extract_tb(error.__traceback__)
        yield found | {"at": [f"{_place(frame.filename, frame.lineno)} {frame.name}" for frame in frames]}
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _filled(record: logging.LogRecord, shown: Any) -> str:
    """The template of the message with each argument as `shown` gives it."""
    if isinstance(record.args, Mapping):
        values: Any = {name: value if name in NAMES else shown(value) for name, value in record.args.items()}
    else:
        values = tuple(shown(value) for value in record.args or ())
    try:
        return str(record.msg) % values if values else str(record.msg)
    except (TypeError, ValueError, KeyError):
        return f"{WITHHELD} ({_place(record.pathname, record.lineno)})"


def _harmless(value: object) -> object:
    """What our own lines name: ids, hosts, kinds of work; of an error its type."""
    return type(value).__name__ if isinstance(value, BaseException) else value


def _named(value: object) -> object:
    return value if isinstance(value, str | int | float) else type(value).__name__


def _withheld(value: object) -> object:
    return value if isinstance(value, int | float) else WITHHELD


def _place(path: str, line: int | None) -> str:
    """Where in the source; a library's from its own folder on."""
    return f"{path.removeprefix(ROOT).rpartition('site-packages/')[2]}:{line}"
