"""The form field for rich text: an editor where JavaScript runs, a plain text area where it does not."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from . import html

LONGEST = 200_000
"""Characters of HTML that one field may hold, some sixty printed pages."""


class RichTextWidget(forms.Textarea):
    """A text area that `static/js/editor.js` turns into an editor.

    A page with this widget includes library/editor_styles.html and library/editor_scripts.html: the import map among
    them needs the nonce of the request, which the media of a form cannot know.
    """

    template_name = "library/rich_text.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, small: bool = False) -> None:
        self.size = "small" if small else "full"
        super().__init__({"rows": 4 if small else 16, "data-rich-text": self.size, **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["size"] = self.size
        context["widget"]["languages"] = " ".join(f"{code}:{language}" for code, language in html.LANGUAGES.items())
        context["widget"]["schemes"] = " ".join(sorted(html.LINK_SCHEMES))
        return context

    def format_value(self, value: Any) -> str | None:
        """What was typed, already cleaned: shown again beside an error it holds nothing that a browser would run."""
        shown: str | None = super().format_value(value)
        try:
            return html.clean(shown) if shown and len(shown) <= LONGEST else shown
        except html.TooDeep:
            return shown

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: the browser cannot point at a text area that the editor hides."""
        return False


class RichTextField(forms.CharField):
    """HTML that passed `library.html.clean`; an empty string when a reader would see nothing.

    `small` is for a field among others: a low editor without headings and tables among its tools.
    """

    def __init__(self, *, small: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", RichTextWidget(small=small))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        # Before cleaning, which takes a second for each megabyte.
        if len(typed) > LONGEST:
            raise ValidationError("Deze tekst is te lang. Verdeel hem over meer onderdelen.", code="too_long")
        try:
            return html.clean(typed)
        except html.TooDeep as error:
            raise ValidationError(str(error), code="too_deep") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the cleaned texts differ; markup that the allowlist removes is no change."""
        try:
            before = self.to_python(initial)
        except ValidationError:
            return True
        return super().has_changed(before, data)
