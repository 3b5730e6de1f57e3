"""The proof of all tests of accessibility: what is wrong with a page is told, in each scheme of colours."""

import pytest

from tests.screens import Visitor, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_what_axe_finds_is_told_by_scheme(visit: Visitor) -> None:
    page = visit(None, "/account/login/")
    page.evaluate(
        """() => {
            const image = Object.assign(document.createElement("img"), {src: "/static/icons/favicon.svg", id: "image"})
            const words = Object.assign(document.createElement("p"), {textContent: "Donker", id: "words"})
            words.style.color = "#222222"
            document.querySelector("main").append(image, words)
        }"""
    )
    assert violations(page) == ["light image-alt: #image", "dark color-contrast: #words"]
