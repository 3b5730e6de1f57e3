import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from accounts.deeds import DEEDS, details, words
from reports.workflow import TRANSITIONS

APPS = ("accounts", "jobs", "library", "investments", "reports", "publishing")


def recorded() -> Iterator[str]:
    """Every action that code gives to the log, with the steps of the workflow written out."""
    for app in APPS:
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text())):
                arguments = call.args if isinstance(call, ast.Call) else []
                said = [node.value for node in arguments if isinstance(node, ast.Constant)]
                yield from (value for value in said if isinstance(value, str) and is_action(app, value))
    yield from (f"reports.{name}" for name in TRANSITIONS)


def is_action(app: str, text: str) -> bool:
    """Such as "reports.add_section": a verb first, so that names of classes and templates do not count."""
    verbs = {"add", "create", "update", "rename", "move", "remove", "save", "explain", "set", "compile", "invite"}
    space, _, deed = text.partition(".")
    return space == app and deed.isidentifier() and deed.split("_")[0] in verbs


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
