"""What every answer of the portal carries, and requests that are too large to be read."""

from collections.abc import MutableMapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

POLICY = "Content-Security-Policy"
RESOURCE_POLICY = "Cross-Origin-Resource-Policy"


class HeadersMiddleware(MiddlewareMixin):
    """Nothing is left in a cache, unless its view says how long; nothing is read by another site.

    A download may do nothing at all, also where a browser shows it instead of storing it. Static files pass outside.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault(RESOURCE_POLICY, "same-origin")
        if response.get("Content-Disposition", "").startswith("attachment") and POLICY in response:
            response[POLICY] += "; sandbox"
        return response


def static_headers(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """For WhiteNoise: a static file is part of our pages, and no page itself."""
    headers[POLICY] = "default-src 'none'; frame-ancestors 'none'"
    headers[RESOURCE_POLICY] = "same-origin"


class LargestRequestMiddleware(MiddlewareMixin):
    """Answers 413 before the body is read; who is not signed in hands in no files."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH", "")
        allowed = settings.LARGEST_REQUEST if request.user.is_authenticated else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if length.isdigit() and int(length) > allowed:
            return render(request, "413.html", {"megabytes": allowed // 2**20}, status=413)
        return None
