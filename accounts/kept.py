"""What was typed in a form while the session had expired.

The fields wait in the session, survive the login, and are shown again, once, in the same form, to whoever typed them.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict

SESSION_KEY = "kept_input"
LARGEST = 1024 * 1024
LIFETIME_SECONDS = 60 * 60
COOKIE = f"{settings.COOKIE_PREFIX}people"
SALT = "accounts.kept"


def note_person(request: HttpRequest, response: HttpResponse) -> None:
    """Note in the browser who uses it now and who did before, signed: that outlives the session.

    The cookie ends when the browser is closed, as that of the session does.
    """
    now, seen = request.user.pk, _people(request)
    if seen[-1:] != [now]:
        people = [*[person for person in seen if person != now][-1:], now]
        response.set_signed_cookie(
            COOKIE,
            ".".join(map(str, people)),
            salt=SALT,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite=settings.SESSION_COOKIE_SAMESITE,
        )


def latest_person(request: HttpRequest) -> int | None:
    """Who used this browser last, and so typed what came with its present token: logging in renews that."""
    return next(reversed(_people(request)), None)


def only_person(request: HttpRequest) -> int | None:
    """Who used this browser, if nobody else did: the writer of a form of before the last login."""
    people = _people(request)
    return people[0] if len(people) == 1 else None


def _people(request: HttpRequest) -> list[int]:
    noted = request.get_signed_cookie(COOKIE, default="", salt=SALT) or ""
    return [int(person) for person in noted.split(".") if person]


def keep(request: HttpRequest, author: int | None) -> None:
    """Remember the posted fields for the form's page and the person who typed them; without a person nothing.

    Files and very large posts are not kept.
    """
    if author is None:
        return
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    encoded = fields.urlencode()
    if len(encoded) > LARGEST:
        return
    request.session[SESSION_KEY] = {"path": form_path(request), "fields": encoded, "author": author}
    if not request.user.is_authenticated:
        request.session.set_expiry(LIFETIME_SECONDS)


def take(request: HttpRequest) -> QueryDict | None:
    """The fields that this person typed on this page, handed out once with a message; None when there are none."""
    stored = request.session.get(SESSION_KEY)
    if not stored or (stored["path"], stored.get("author")) != (request.path, request.user.pk):
        return None
    del request.session[SESSION_KEY]
    messages.warning(request, "Uw sessie was verlopen. Uw invoer is bewaard, maar nog niet opgeslagen.")
    return QueryDict(stored["fields"])


def form_path(request: HttpRequest) -> str:
    """The page that holds the form: the post's own address, or the page that it was sent from."""
    return urlsplit(form_address(request)).path


def form_address(request: HttpRequest) -> str:
    """The same page with its query, as an address to return to."""
    came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    if came_from.netloc != request.get_host() or not came_from.path:
        return request.path
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
