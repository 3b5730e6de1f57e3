import pytest

from reports.forms.review import ReasonForm, RestoreForm, StepForm, form_for
from reports.workflow import TRANSITIONS


@pytest.mark.parametrize(
    ("step", "form"), [("submit", StepForm), ("withdraw", StepForm), ("agree", StepForm), ("send_back", ReasonForm)]
)
def test_the_form_of_each_step(step: str, form: type[StepForm]) -> None:
    assert form_for(TRANSITIONS[step]) is form


def test_a_reason_is_asked_for() -> None:
    form = ReasonForm({"version": "3", "reason": "  "})
    assert form.errors == {"reason": ["Geef een reden, zodat de schrijver weet wat er moet veranderen."]}


def test_what_was_seen() -> None:
    form = ReasonForm({"version": "3", "fingerprint": "abc", "reason": " Korter. "})
    assert form.is_valid()
    assert form.cleaned_data == {"version": 3, "fingerprint": "abc", "reason": "Korter."}


@pytest.mark.parametrize("form", [StepForm, RestoreForm])
def test_without_a_version_nothing_was_seen(form: type[StepForm]) -> None:
    assert form({}).errors == {"version": ["Dit veld is verplicht."]}
