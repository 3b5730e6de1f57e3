"""What browser tests ask of a page."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from playwright.sync_api import Locator, Page

from accounts.models import User

PATIENCE = 20.0
QUIET = 0.1
Visitor = Callable[[User | None, str], Page]
# Without preloading: axe would copy stylesheets into the page, which the content security policy rightly refuses.
# Of what passes it tells one node only, or telling takes as long as looking.
WCAG: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "preload": False,
    "resultTypes": ["violations"],
}
# What another scheme of colours may change.
COLOURS: dict[str, Any] = WCAG | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
LOOK = """async rules => (await axe.run(rules)).violations.map(
    ({id, nodes}) => `${id}: ${nodes.map(node => node.target.join(" ")).join(", ")}`)"""


def rich_text(page: Page | Locator, name: str = "Tekst") -> Locator:
    """The editor of a rich text; never the textarea that stands there until the editor has taken its place."""
    return page.locator("[contenteditable]").and_(page.get_by_role("textbox", name=name, exact=True))


def violations(page: Page) -> list[str]:
    """Violations of WCAG 2.2 A and AA that axe finds, light and dark, as "scheme rule: elements"."""
    page.wait_for_load_state()  # Styles may come after the words.
    page.evaluate(Axe().axe_script)
    found: list[str] = []
    schemes: list[tuple[Literal["light", "dark"], dict[str, Any]]] = [("light", WCAG), ("dark", COLOURS)]
    for scheme, rules in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{scheme} {violation}" for violation in page.evaluate(LOOK, rules)]
    return found


def scrolls_sideways(page: Page, width: int = 390) -> bool:
    """Whether the page itself (not a table in it) is wider than a phone."""
    page.set_viewport_size({"width": width, "height": 844})
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


class InFlight:
    """Counts the requests that are being answered: a page that is closed may still be saving what was typed."""

    def __init__(self) -> None:
        self.started = self.finished = 0

    @contextmanager
    def following(self) -> Iterator[None]:
        request_started.connect(self.start)
        request_finished.connect(self.finish)
        try:
            yield
        finally:
            request_started.disconnect(self.start)
            request_finished.disconnect(self.finish)

    def start(self, **signal: object) -> None:
        self.started += 1

    def finish(self, **signal: object) -> None:
        self.finished += 1

    def settle(self) -> None:
        """Return once every request has ended and no new one came for a moment."""
        until = time.monotonic() + PATIENCE
        while True:
            seen = self.started
            time.sleep(QUIET)
            if self.started == self.finished == seen:
                return
            assert time.monotonic() < until, "the portal is still answering"
