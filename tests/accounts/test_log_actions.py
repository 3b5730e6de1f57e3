"""No action of a member leaves the log out: each public one calls what writes it, itself or through another."""

import ast
from collections.abc import Iterator
from importlib import import_module
from inspect import isfunction, signature
from pathlib import Path

import pytest
from django.conf import settings

from accounts.members import Member

APPS = ("accounts", "library", "investments", "reports", "publishing")


def actions(app: str) -> Iterator[str]:
    """What views may call of an app's actions on behalf of a member."""
    for name, action in vars(import_module(f"{app}.actions")).items():
        if isfunction(action) and action.__module__.startswith(f"{app}.actions") and not name.startswith("_"):
            parameters = list(signature(action).parameters.values())
            if parameters and parameters[0].annotation is Member:
                yield name


def calls(app: str) -> dict[str, set[str]]:
    """By function of an app's actions the names that it calls."""
    folder = Path(settings.BASE_DIR, app)
    found = {}
    for path in (*folder.glob("actions.py"), *folder.glob("actions/*.py")):
        for function in ast.parse(path.read_text()).body:
            if isinstance(function, ast.FunctionDef):
                called = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
                found[function.name] = {ast.unparse(call.func) for call in called}
    return found


def writes(name: str, known: dict[str, set[str]], seen: frozenset[str] = frozenset()) -> bool:
    called = known.get(name, set())
    return "log.record" in called or any(writes(other, known, seen | {name}) for other in called - seen - {name})


@pytest.mark.parametrize(("app", "name"), [(app, name) for app in APPS for name in actions(app)])
def test_each_action_of_a_member_is_in_the_log(app: str, name: str) -> None:
    assert writes(name, calls(app))


def test_the_actions_are_found() -> None:
    assert {"add_team", "export_log"} <= set(actions("accounts"))
    assert min(len(list(actions(app))) for app in APPS) > 0
    assert sum(len(list(actions(app))) for app in APPS) > 40
