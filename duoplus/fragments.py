"""What repeats on a page (rows, cells, branches) is laid out by Jinja2, from `templates/fragments`.

A page of sixty rows takes Django's own templates most of the time of a request; Jinja2 compiles the same template to
Python and takes about a tenth. A fragment gets all that the page around it has, and nothing that is missing passes for
empty.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

import jinja2
from django.http import HttpRequest
from django.template.backends import jinja2 as django_jinja2
from django.templatetags.static import static
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django_tables2.templatetags.django_tables2 import table_page_range
from jinja2.ext import Extension

from investments.amounts import grouped
from investments.templatetags.figures import euros, favourable, verdict_mark


class Fragment(django_jinja2.Template):
    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        """The fragment as HTML, in which Jinja2 has escaped what it was given."""
        return mark_safe(super().render(context, request))  # noqa: S308


class Fragments(django_jinja2.Jinja2):
    """Django's own engine for Jinja2; what it makes may stand in a page as it is."""

    def get_template(self, template_name: str) -> Fragment:
        return Fragment(super().get_template(template_name).template, self)


class WithoutIndents(Extension):
    """Leaves out the spaces before a line and empty lines: a quarter of a long page, and none of what it shows."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"\n\s+", "\n", source)


def environment(**options: Any) -> jinja2.Environment:
    """Jinja2 with what the fragments may use; Django's backend turns escaping on."""
    own = {"undefined": jinja2.StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = jinja2.Environment(**options | own)  # noqa: S701  escaping is among the options
    made.add_extension(WithoutIndents)
    made.globals.update(
        deviation=deviation, icon=icon, page_range=table_page_range, query=query, status=status, url=address
    )
    made.filters.update(euros=euros, favourable=favourable, grouped=grouped, moment=moment, verdict_mark=verdict_mark)
    return made


@lru_cache(maxsize=20_000)
def address(name: str, *arguments: str | int) -> str:
    """The address of a page; kept, since a list asks for one per row and it never changes."""
    return reverse(name, args=arguments)


def query(request: HttpRequest, without: str = "", **changes: Any) -> str:
    """The page's own query with these changes, and without one part of it."""
    parts = request.GET.copy()
    parts.pop(without, None)
    for name, value in changes.items():
        parts[name] = str(value)
    return f"?{parts.urlencode()}" if parts else "?"


def moment(at: datetime, form: str = "j b Y H:i") -> str:
    """A moment here, in Django's letters for dates."""
    return format_date(localtime(at), form)


def status(kind: str, label: str) -> SafeString:
    """A word with its mark, which is that of draft, in_review, agreed, done, failed, stale and other kinds."""
    return format_html('<span class="status status--{}">{}</span>', kind, label)


@lru_cache
def icon(name: str) -> SafeString:
    """A drawing beside words that say the same; kept, since a grid has one in each row."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons/icons.svg"),
        name,
    )


def deviation(value: str, is_favourable: bool | None) -> SafeString:
    """An amount with V or N behind it, or neither where nothing deviates."""
    if is_favourable is None:
        return format_html('<span class="deviation">{}</span>', value)
    kind, word, mark = ("favourable", "voordeel", "V") if is_favourable else ("unfavourable", "nadeel", "N")
    html = '<span class="deviation deviation--{}">{}<abbr title="{}">{}</abbr></span>'
    return format_html(html, kind, value, word, mark)
