"""While a PDF is made nothing is fetched: not from the net, not from the disk."""

import re
from dataclasses import replace

import pytest

from publishing import pdf
from tests.publishing.printing import GOAL, ICT, chapter, figures, goals, narrative, printed, quiet, report

REFUSED = [
    '<img src="{there}/x.png" alt="">',
    '<img src="file:///etc/hostname" alt="">',
    '<link rel="stylesheet" href="{there}/x.css">',
    '<link rel="attachment" href="file:///etc/hostname">',
    '<style>@import "{there}/x.css";</style>',
    "<style>@font-face {{ font-family: x; src: url({there}/x.ttf) }} p {{ font-family: x }}</style><p>x</p>",
    '<p style="background: url({there}/x.png)">x</p>',
    '<object data="{there}/x.png"></object>',
    '<embed src="file:///etc/hostname">',
    '<base href="{there}/"><img src="x.png" alt="">',
    '<img src="duoplus:font/../../../etc/hostname" alt="">',
]
IGNORED = [
    '<p style="content: url(file:///etc/hostname)">x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><use href="{there}/x.svg#a"/></svg>',
    '<iframe src="{there}/x.html"></iframe>',
    '<script src="{there}/x.js"></script>',
]


def test_hostile_texts_print_as_text_and_fetch_nothing(listener: tuple[str, list[str]]) -> None:
    there, heard = listener
    hostile = "".join(REFUSED + IGNORED).format(there=there) + "<script>alert(1)</script><p onclick='x()'>Leesbaar.</p>"
    told = printed(
        report(
            chapter("1", hostile[:200], narrative(hostile[:200], hostile)),
            chapter("2", "Doelen", goals("Doelen", replace(GOAL, planned_action=hostile, source_address="file:///x"))),
            chapter("3", "Cijfers", figures(replace(ICT, title=hostile[:200], explanation=hostile))),
        )
    )
    assert heard == []
    assert "Leesbaar." in told.words(3)
    assert [link for link in told.all_links() if isinstance(link.target, str)] == []


def page(markup: str, there: str) -> str:
    return f'<!DOCTYPE html><html lang="nl"><title>x</title><body>{markup.format(there=there)}</body></html>'


@pytest.mark.parametrize("markup", REFUSED)
def test_pages_that_ask_for_more_are_refused(markup: str, listener: tuple[str, list[str]]) -> None:
    there, heard = listener
    with pytest.raises(pdf.ForeignMaterial):
        pdf.render(page(markup, there), "", "key", {}, quiet)
    assert heard == []


@pytest.mark.parametrize("markup", IGNORED)
def test_what_the_renderer_does_not_know_fetches_nothing(markup: str, listener: tuple[str, list[str]]) -> None:
    there, heard = listener
    assert pdf.render(page(markup, there), "", "key", {}, quiet).pages == 1
    assert heard == []


def test_stylesheet_that_asks_for_more_is_refused(listener: tuple[str, list[str]]) -> None:
    there, heard = listener
    css = f"@import url({there}/x.css);"
    with pytest.raises(pdf.ForeignMaterial, match=re.escape("/x.css")):
        pdf.render('<html lang="nl"><p>x</p></html>', css, "key", {}, quiet)
    assert heard == []
