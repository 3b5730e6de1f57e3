"""What the page of one section needs, whoever asks: the section page itself, and a step that went wrong."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.requests import MemberRequest

from .. import permissions, queries
from ..forms.review import StepForm, form_for
from ..models import Section
from ..reading import read
from ..sittings import sittings
from ..workflow import SectionState, Transition

RECENT = 3
"""Sittings that stand beside the text; all versions have a page of their own."""


@dataclass(frozen=True)
class Step:
    """A button of the workflow and the form behind it."""

    transition: Transition
    form: StepForm


def steps(
    request: MemberRequest, section: Section, fingerprint: str, wrong: dict[str, StepForm] | None = None
) -> list[Step]:
    """The steps open to this person, plain buttons first; `wrong` holds a refused form, by the step's name.

    `fingerprint` is of the rows that the page shows: agreeing is to those.
    """
    found = permissions.open_transitions(request.member, section, section.chapter.report)
    seen = {"version": section.version, "fingerprint": fingerprint}
    return [
        Step(step, (wrong or {}).get(step.name) or form_for(step)(initial=seen, auto_id=f"id_{step.name}_%s"))
        for step in sorted(found, key=lambda step: step.needs_reason)
    ]


def address(request: MemberRequest, name: str, section: Section) -> str:
    """The address of a page about this section."""
    return reverse(f"reports:{name}", args=[request.member.organisation.slug, section.pk])


def show(
    request: MemberRequest, section: Section, wrong: dict[str, StepForm] | None = None, status: int = 200
) -> HttpResponse:
    """The section as it is read, with what this person can do with it."""
    report = section.chapter.report
    figures = queries.fill([section]).get(section.table_id or 0)
    fingerprint = queries.fingerprint(section, figures.lines if figures else ())
    lapsed = section.state == SectionState.AGREED and section.agreed_hash != fingerprint
    context = {
        "section": section,
        "report": report,
        "place": queries.place(section),
        "reading": read(section, figures),
        "standing": queries.standing_of(section, lapsed),
        "steps": steps(request, section, fingerprint, wrong),
        "may_write": permissions.may_write(request.member, section) and permissions.is_open(section, report),
        "sittings": sittings(queries.versions(section))[:RECENT],
    }
    return render(request, "reports/section.html", context, status=status)
