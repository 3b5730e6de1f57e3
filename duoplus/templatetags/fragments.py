"""`{% fragment "reports/branches.html" %}` lays out a fragment with all that the page has; the marks are one word."""

from typing import Any, cast

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from .. import fragments

register = template.Library()
register.simple_tag(fragments.deviation)
register.simple_tag(fragments.icon)
register.simple_tag(fragments.status)


@register.simple_tag(takes_context=True)
def fragment(context: template.Context, name: str, **own: Any) -> SafeString:
    around = cast("dict[str, Any]", context.flatten())
    return cast("SafeString", get_template(name, using="fragments").render({**around, **own}))
