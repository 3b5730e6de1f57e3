from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.models import Team
from accounts.roles import Role
from duoplus.demo_entries import DemoError, Entry, read

DATA = """
title = "Jaarstukken"
year = 2020
amount = "81412.50"
day = "2020-06-18"
role = "director"
roles = ["controller", "auditor"]
teams = ["oevers", "bureau"]

[style]
accent = "#7a3a24"

[[lines]]
key = "boot"
label = "Werkboot"

[[lines]]
key = "paal"
label = "Meetpaal"
"""
KNOWN = {"oevers": 1, "bureau": 2}


def entry(folder: Path, text: str = DATA) -> Entry:
    (folder / "waterrand").mkdir()
    path = folder / "waterrand" / "jaarstukken.toml"
    path.write_text(text)
    return read(path, folder)


def test_values_are_read_as_what_they_are(tmp_path: Path) -> None:
    data = entry(tmp_path)
    assert data.text("title") == "Jaarstukken"
    assert data.text("subtitle", default="") == ""
    assert data.number("year") == 2020
    assert data.amount("amount") == Decimal("81412.50")
    assert data.amount("other", "0") == 0
    assert data.day("day") == date(2020, 6, 18)
    assert data.choice("role", Role) == Role.DIRECTOR
    assert data.choices("roles", Role) == [Role.CONTROLLER, Role.AUDITOR]
    assert data.some_of("teams", KNOWN) == [1, 2]
    assert data.one_or_none("parent", KNOWN) is None
    assert data.entry("style").text("accent") == "#7a3a24"
    assert {key: row.text("label") for key, row in data.keyed("lines").items()} == {
        "boot": "Werkboot",
        "paal": "Meetpaal",
    }
    assert data.entries("sections") == []
    data.refuse_unread()


@pytest.mark.parametrize(
    ("text", "ask", "problem"),
    [
        ("", lambda data: data.text("title"), "title: missing"),
        ("title = 3", lambda data: data.text("title"), "title: a text is needed, not 3"),
        (f'name = "{"a" * 121}"', lambda data: data.text("name", Team), "name: 121 characters, at most 120 fit"),
        ("year = true", lambda data: data.number("year"), "year: a whole number is needed, not True"),
        ('a = "1.234,50"', lambda data: data.amount("a"), 'a: "1.234,50" is not an amount like "1234.50"'),
        ('a = "12.505"', lambda data: data.amount("a"), 'a: "12.505" is not an amount like "1234.50"'),
        ('a = "Infinity"', lambda data: data.amount("a"), 'a: "Infinity" is not an amount like "1234.50"'),
        ("a = 12.5", lambda data: data.amount("a"), "a: a text is needed, not 12.5"),
        ('day = "18-06-2020"', lambda data: data.day("day"), 'day: "18-06-2020" is not a date like "2020-12-31"'),
        ('team = "oever"', lambda data: data.one_of("team", KNOWN), 'team: "oever" is not one of oevers, bureau'),
        ('team = "oever"', lambda data: data.one_of("team", {}), 'team: "oever" is not one of (none)'),
        ("teams = [1]", lambda data: data.some_of("teams", KNOWN), "teams: a list of texts is needed, not 1 in it"),
        ('style = "red"', lambda data: data.entry("style"), "style: a table of keys is needed, not 'red'"),
        ("lines = [3]", lambda data: data.entries("lines"), "lines[1]: a table of keys is needed, not 3"),
        ("[[lines]]", lambda data: data.keyed("lines"), "lines[1].key: missing"),
        (
            '[[lines]]\nkey = "a"\n[[lines]]\nkey = "a"',
            lambda data: data.keyed("lines"),
            "lines[a].key: used before",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, ask: Callable[[Entry], object], problem: str) -> None:
    with pytest.raises(DemoError) as error:
        ask(entry(tmp_path, text))
    assert str(error.value) == f"waterrand/jaarstukken.toml: {problem}"


def test_key_that_nobody_asks_for_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    data = entry(tmp_path, '[[lines]]\ntitle = "Doelen"\n[[lines.goals]]\nobjective = "Op tijd"\nresullt = ""')
    for line in data.entries("lines"):
        line.text("title")
        for goal in line.entries("goals"):
            goal.text("objective")
            goal.text("result", default="")
    with pytest.raises(DemoError) as error:
        data.refuse_unread()
    place = "waterrand/jaarstukken.toml: lines[Doelen].goals[Op tijd].resullt"
    assert str(error.value) == f"{place}: unknown; known here are objective, result"


def test_file_that_is_no_toml_is_named_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(DemoError) as error:
        entry(tmp_path, "title = 'a'\n[[lines\n")
    assert str(error.value).startswith("waterrand/jaarstukken.toml: ")
    assert "line 2" in str(error.value)


def test_file_that_is_absent_is_named(tmp_path: Path) -> None:
    with pytest.raises(DemoError) as error:
        read(tmp_path / "jaarstukken.toml", tmp_path)
    assert str(error.value) == "jaarstukken.toml: missing"
