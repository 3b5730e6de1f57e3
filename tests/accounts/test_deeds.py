import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from accounts.deeds import DEEDS, details, words
from reports.workflow import TRANSITIONS

APPS = ("accounts", "jobs", "library", "investments", "reports", "publishing")


RECORDERS = {"log.record", "log.record_operation", "log.record_person", "_record", "_changed", "_record_amounts"}


def recorded() -> Iterator[str]:
    """The action in every call that writes to the log, with the steps of the workflow written out."""
    for app in APPS:
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text())):
                if isinstance(call, ast.Call) and ast.unparse(call.func) in RECORDERS:
                    action = call.args[1]
                    if isinstance(action, ast.Constant):
                        yield str(action.value)
    yield from (f"reports.{name}" for name in TRANSITIONS)


@pytest.mark.parametrize("action", sorted(set(recorded())))
def test_every_recorded_action_has_dutch_words(action: str) -> None:
    assert action in DEEDS


def test_no_words_without_an_action() -> None:
    assert set(DEEDS) - set(recorded()) == set()


def test_words() -> None:
    assert words("accounts.add_team") == "team toegevoegd"
    assert words("accounts.unheard_of") == "accounts.unheard_of"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"team": 5}, ""),
        ({"team": 5, "was": "P&O"}, "heette “P&O”"),
        ({"roles": ["team_lead", "controller"]}, "nu controller, teamleider"),
        ({"roles": ["director"], "was_roles": ["auditor"]}, "nu directeur; eerst auditor"),
        ({"was_roles": ["auditor"]}, "eerst auditor"),
    ],
)
def test_details(data: dict[str, object], said: str) -> None:
    assert details(data) == said
