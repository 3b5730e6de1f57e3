"""What was typed in a form while the session had expired.

The fields wait in the session, survive the login, and are shown again, once, in the same form.
"""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, QueryDict

SESSION_KEY = "kept_input"
LARGEST = 1024 * 1024
LIFETIME_SECONDS = 60 * 60


def keep(request: HttpRequest) -> None:
    """Remember the posted fields for the form's page; files and very large posts are not kept."""
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    encoded = fields.urlencode()
    if len(encoded) > LARGEST:
        return
    request.session[SESSION_KEY] = {"path": form_path(request), "fields": encoded}
    if not request.user.is_authenticated:
        request.session.set_expiry(LIFETIME_SECONDS)


def take(request: HttpRequest) -> QueryDict | None:
    """The fields kept for this page, handed out once with a message; None when there are none."""
    stored = request.session.get(SESSION_KEY)
    if not stored or stored["path"] != request.path:
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
