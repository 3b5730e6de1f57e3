import json
import logging
import sys

import pytest

from duoplus.logs import JsonLines, Lines

WORDS = "Vertrouwelijk: het tekort is 3 miljoen"


def record(name: str, text: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    raised = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord(name, logging.WARNING, "/lib/site-packages/lib/module.py", 12, text, args, raised)


def written(name: str, text: str, *args: object) -> str:
    """The message as both formats give it."""
    said: str = json.loads(JsonLines().format(record(name, text, *args)))["message"]
    line = Lines().format(record(name, text, *args))
    assert line.partition(": ")[2] == said
    return said


def caught() -> BaseException:
    """An error that quotes, raised while another was handled."""
    try:
        try:
            int(WORDS)
        except ValueError as error:
            raise KeyError(WORDS) from error
    except KeyError as error:
        return error
    raise AssertionError


def test_our_own_lines_are_written_as_they_are() -> None:
    assert written("jobs.running", "job %s is held by another worker", 7) == "job 7 is held by another worker"


def test_an_error_among_the_arguments_is_its_type() -> None:
    assert written("jobs.actions", "no broker: %s", ValueError(WORDS)) == "no broker: ValueError"
    assert written("django.request", "%s: %s", "Bad Request", ValueError(WORDS)) == "Bad Request: ValueError"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/duoplus/teams/7/", "/duoplus/teams/7/"),
        ("/account/password/reset/key/1-cx2b-38f0a/", "/account/password/reset/key/…/"),
        ("/duoplus/mensen/?name=Anna", "/duoplus/mensen/?…"),
        ("/duoplus/anna@duoplus.example/", "/duoplus/…/"),
        ("/duoplus/\nWARNING forged", "/duoplus/ WARNING forged"),
    ],
)
def test_a_path_shows_no_key_no_query_and_no_address(path: str, shown: str) -> None:
    assert written("django.request", "Not Found: %s", path) == f"Not Found: {shown}"


def test_what_a_library_puts_into_its_message_is_withheld() -> None:
    assert written("weasyprint", "No anchor #%s at %d", WORDS, 3) == "No anchor #… at 3"
    assert written("lib", WORDS) == "… (lib/module.py:12)"
    assert written("lib", "%d of %s", WORDS, WORDS) == "… (lib/module.py:12)"


def test_a_task_that_failed_is_named_without_its_error() -> None:
    text = "Task %(name)s[%(id)s] %(description)s: %(exc)s\n%(traceback)s"
    data = {"name": "publishing.compile", "id": "1-2", "description": "raised", "exc": WORDS, "traceback": WORDS}
    assert written("celery.app.trace", text, data) == "Task publishing.compile[1-2] …: … …"


def test_an_error_is_its_types_and_places() -> None:
    entry = json.loads(JsonLines().format(record("jobs.running", "it failed", error=caught())))
    assert [(error["type"], len(error["at"])) for error in entry["errors"]] == [
        ("builtins.KeyError", 1),
        ("builtins.ValueError", 1),
    ]
    assert entry["errors"][0]["at"][0].startswith("tests/duoplus/test_logs.py:")
    assert WORDS not in json.dumps(entry)
    lines = Lines().format(record("jobs.running", "it failed", error=caught())).splitlines()
    assert [line.split(":")[0].strip() for line in lines[1:]] == [
        "builtins.KeyError",
        "tests/duoplus/test_logs.py",
        "builtins.ValueError",
        "tests/duoplus/test_logs.py",
    ]


def test_an_error_of_the_system_has_its_number() -> None:
    try:
        open("/nergens/geheim.txt")  # noqa: PTH123, SIM115  it does not exist
    except OSError as error:
        entry = json.loads(JsonLines().format(record("jobs.running", "it failed", error=error)))
    assert (entry["errors"][0]["type"], entry["errors"][0]["code"]) == ("builtins.FileNotFoundError", "2")
    assert "geheim" not in json.dumps(entry)


def test_json_lines_have_what_a_machine_sorts_by() -> None:
    entry = json.loads(JsonLines().format(record("jobs.running", "één")))
    assert {name: entry[name] for name in ("level", "logger", "message")} == {
        "level": "WARNING",
        "logger": "jobs.running",
        "message": "één",
    }
    assert entry["time"].endswith("+00:00")
    assert set(entry) == {"level", "logger", "message", "process", "time"}
    assert isinstance(entry["process"], int)
    assert "\n" not in JsonLines().format(record("jobs.running", "regel\nregel"))


def test_who_logs_an_error_that_is_none_is_heard() -> None:
    empty = logging.LogRecord("jobs.running", logging.ERROR, "x.py", 1, "odd", (), sys.exc_info())
    assert "errors" not in json.loads(JsonLines().format(empty))
