"""The people of the demo as they stand in `demo/*/organisation.toml`, and the one password they share."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# Not a secret: it is printed by `make run`, and the demo is never loaded in production unless asked for.
PASSWORD = "duoplus-demo-2020"  # noqa: S105 - see above


@dataclass(frozen=True)
class DemoLogin:
    """One membership: somebody who belongs to two organisations has two."""

    organisation: str
    email: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]


def read_logins(folder: Path) -> list[DemoLogin]:
    """All memberships in the demo data below this folder, in the order of the files."""
    logins: list[DemoLogin] = []
    for path in sorted(folder.glob("*/organisation.toml")):
        data = tomllib.loads(path.read_text())
        names = {team["key"]: team["name"] for team in data["teams"]}
        for person in data["people"]:
            teams = tuple(names[key] for key in person.get("teams", ()))
            logins.append(DemoLogin(data["short_name"], person["email"], tuple(person["roles"]), teams))
    return logins


def describe(logins: Iterable[DemoLogin]) -> list[str]:
    """One line per membership, aligned in columns."""
    rows = [
        (login.organisation, ", ".join(login.roles).replace("_", " "), login.email, ", ".join(login.teams))
        for login in logins
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
