from datetime import UTC, datetime
from typing import Any

import pytest
from django.template import Context, Template, engines
from django.test import RequestFactory
from jinja2 import UndefinedError

from duoplus import fragments


def laid_out(source: str, **context: Any) -> str:
    """A fragment of this source."""
    return str(engines["fragments"].from_string(source).render(context))


def test_what_people_wrote_is_escaped() -> None:
    assert laid_out("{{ label }}", label="<b>5 & 6</b>") == "&lt;b&gt;5 &amp; 6&lt;/b&gt;"


def test_a_name_that_is_missing_does_not_pass_for_empty() -> None:
    with pytest.raises(UndefinedError, match="'labl' is undefined"):
        laid_out("{{ labl }}", label="Computers")


def test_whole_numbers_are_written_as_they_are() -> None:
    assert laid_out("{{ key }} {{ cents|grouped }}", key=12345, cents=12345) == "12345 12.345"


def test_a_fragment_in_a_page_has_what_the_page_has_and_is_not_escaped_again() -> None:
    page = Template(
        '{% load fragments %}{% with table=2 %}{% fragment "reports/saved.html" section=section %}{% endwith %}'
    )

    class Unwritten:
        saved_at = None
        table_id = 7

    assert page.render(Context({"section": Unwritten()})).strip() == "cijfers uit een tabel"


def test_addresses_are_those_of_the_portal() -> None:
    assert fragments.address("investments:table", "duoplus", 7) == "/duoplus/tabellen/7/"


@pytest.mark.parametrize(
    ("asked", "without", "changes", "query"),
    [
        ("/", "", {"page": 2}, "?page=2"),
        ("/?sort=title&page=3", "page", {"sort": "-title"}, "?sort=-title"),
        ("/?page=3", "page", {}, "?"),
        ("/?text=a%26b", "", {"page": 2}, "?text=a%26b&page=2"),
    ],
)
def test_a_query_keeps_what_is_not_changed(asked: str, without: str, changes: dict[str, Any], query: str) -> None:
    assert fragments.query(RequestFactory().get(asked), without, **changes) == query


@pytest.mark.parametrize(
    ("form", "told"),
    [("j b Y H:i", "1 jan 2021 00:30"), ("j F Y", "1 januari 2021"), ("c", "2021-01-01T00:30:00+01:00")],
)
def test_a_moment_is_told_in_dutch_and_in_dutch_time(form: str, told: str) -> None:
    assert fragments.moment(datetime(2020, 12, 31, 23, 30, tzinfo=UTC), form) == told


def test_marks_escape_their_words() -> None:
    assert fragments.status("draft", "<concept>") == '<span class="status status--draft">&lt;concept&gt;</span>'
    assert fragments.icon("menu") == (
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="/static/icons/icons.svg#menu"></use></svg>'
    )


@pytest.mark.parametrize(
    ("is_favourable", "html"),
    [
        (None, '<span class="deviation">0</span>'),
        (True, '<span class="deviation deviation--favourable">0<abbr title="voordeel">V</abbr></span>'),
        (False, '<span class="deviation deviation--unfavourable">0<abbr title="nadeel">N</abbr></span>'),
    ],
)
def test_a_deviation_says_which_way_in_a_letter(is_favourable: bool | None, html: str) -> None:
    assert fragments.deviation("0", is_favourable) == html


def test_the_words_of_a_page_and_of_a_fragment_are_the_same() -> None:
    page = Template('{% include "includes/status.html" with kind="done" label="klaar" %}')
    assert page.render(Context()).strip() == fragments.status("done", "klaar")
