"""What tests of screens read from an answer."""

import re
from html import unescape
from typing import Any

from django.test.client import Client

from accounts.models import User


def text(answer: Any) -> str:
    """The words between <main> and </main>, tags gone and white space made one."""
    main = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)
    assert main is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main.group())).split())


def content(answer: Any) -> bytes:
    """All of a file that was sent; reading to the end closes it."""
    return b"".join(answer.streaming_content)


def errors(answer: Any) -> dict[str, list[str]]:
    """The messages of the page's form, by field."""
    return {name: list(messages) for name, messages in answer.context["form"].errors.items()}


def said(client: Client, answer: Any) -> list[str]:
    """The messages on the page that the answer leads to."""
    return [str(message) for message in client.get(answer["Location"]).context["messages"]]


def column(answer: Any, name: str) -> list[Any]:
    """The values of one column of the page's table, in order."""
    return [row.get_cell_value(name) for row in answer.context["table"].paginated_rows]


def let_expire(client: Client, user: User, organisation: str = "duoplus") -> None:
    """The person was at work in this browser, and then the session ended."""
    client.force_login(user)
    assert client.get(f"/{organisation}/").status_code == 200
    client.session.flush()
