"""What browser tests ask of a page."""

from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from accounts.models import User

Visitor = Callable[[User | None, str], Page]
# Without preloading: axe would copy stylesheets into the page, which the content security policy rightly refuses.
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "preload": False,
}


def violations(page: Page) -> list[str]:
    """Violations of WCAG 2.2 A and AA that axe finds, light and dark, as "scheme rule: elements"."""
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        result: dict[str, Any] = Axe().run(page, options=WCAG).response
        found += [
            f"{scheme} {rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in result["violations"]
        ]
    return found


def scrolls_sideways(page: Page, width: int = 390) -> bool:
    """Whether the page itself (not a table in it) is wider than a phone."""
    page.set_viewport_size({"width": width, "height": 844})
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
