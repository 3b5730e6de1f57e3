"""How every form is laid out: own templates, and the first field that is wrong gets the focus."""

from typing import Any

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting


class FocusedField(BoundField):
    """A field that takes the focus when it is the first one in error; works without JavaScript."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        wrong = [name for name in self.form.fields if name in self.form.errors] if self.form.is_bound else []
        return built | {"autofocus": True} if wrong[:1] == [self.name] else built


class Renderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = FocusedField
