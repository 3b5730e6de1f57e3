"""The table of requirements in docs/operations.md names tests: they are there."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

MANUAL = Path(settings.BASE_DIR, "docs", "operations.md")
NAMED = re.compile(r"`(tests/[^`]+?\.py)::([^`]+)`")
TABLE = MANUAL.read_text().partition("### OWASP ASVS")[2].partition("\n\n| requirements |")[2].partition("\n\n")[0]
ROWS = [row.split("|")[1:-1] for row in TABLE.splitlines()[2:]]


def names_in(path: Path) -> set[str]:
    """Functions and methods as pytest names them, without parameters."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return {name for name in found if name.rpartition("::")[2].startswith("test_")}


@pytest.mark.parametrize("named", sorted(set(NAMED.findall(MANUAL.read_text()))), ids="::".join)
def test_every_named_test_exists(named: tuple[str, str]) -> None:
    path, name = named
    assert name in names_in(Path(settings.BASE_DIR, path))


def test_every_row_names_requirements_and_a_test() -> None:
    assert len(ROWS) > 60
    for requirements, how, shown_by in ROWS:
        assert re.fullmatch(r" \d+\.\d+(\.\d+)?((, | to )\d+\.\d+(\.\d+)?)* ", requirements), requirements
        assert how.strip()
        assert NAMED.findall(shown_by), requirements


@pytest.mark.parametrize("chapter", sorted({*range(1, 17)} - {9, 10, 12}))
def test_every_chapter_that_applies_has_its_rows(chapter: int) -> None:
    """Chapter 12 is about TLS, which a proxy does: it is below the table."""
    assert [row for row in ROWS if f" {chapter}." in f" {row[0]}"]
