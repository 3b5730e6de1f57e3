"""Asking once more before something is removed: one page for all that can be removed."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from .errors import Refused
from .requests import MemberRequest


@dataclass(frozen=True)
class Removal:
    """What the page says: the question, what will happen, the words on the button and afterwards.

    `back` is where the question was asked, `after` where to go when it is done; `stays` says why it cannot be done
    now, and then there is no button.
    """

    question: str
    consequence: str
    button: str
    done: str
    back: str
    after: str
    stays: str = ""


def confirm(request: MemberRequest, removal: Removal, remove: Callable[[], None]) -> HttpResponse:
    """Show the question; on a post remove, or show (409) why that was refused."""
    refusal = ""
    if request.method == "POST":
        try:
            remove()
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, removal.done)
            return redirect(removal.after)
    context = {"removal": removal, "refusal": refusal}
    return render(request, "confirm_removal.html", context, status=409 if refusal else 200)
