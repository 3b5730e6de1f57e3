"""The forms behind the buttons of the workflow."""

from django import forms

from ..workflow import Transition


class StepForm(forms.Form):
    """What was seen when the button was pressed, and for some steps a reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    fingerprint = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class ReasonForm(StepForm):
    """A step that must say why."""

    reason = forms.CharField(
        label="Reden",
        max_length=1000,
        help_text="De schrijver leest dit bij het onderdeel.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Geef een reden, zodat de schrijver weet wat er moet veranderen."},
    )


def form_for(step: Transition) -> type[StepForm]:
    """The form that this step asks for."""
    return ReasonForm if step.needs_reason else StepForm


class RestoreForm(forms.Form):
    """The version that stood when somebody chose to bring back an older one."""

    version = forms.IntegerField(widget=forms.HiddenInput)
