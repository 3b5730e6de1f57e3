"""Explanations: to read beside their figures, to write by the controller and by the lead of the owner team."""

from collections.abc import Callable, Iterable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import Conflict, Refused
from accounts.lists import list_page
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, evidence, explaining, permissions, queries
from ..actions import ExplanationInput
from ..coverage import share
from ..evidence import Bundle
from ..explaining import Told
from ..explanation_forms import ClaimsForm
from ..filters import OwnLineFilter
from ..forms import ExplanationForm, VersionedForm
from ..models import Claim, Explanation, Line, Table
from ..tables import OwnLineTable
from .answers import form_page, typed


@require_GET
def own_lines(request: MemberRequest) -> HttpResponse:
    rows = explaining.with_explained(queries.explainable_lines(request.member))
    chosen = OwnLineFilter(request.GET, rows)
    listed = OwnLineTable(chosen.qs)
    return list_page(request, "investments/own_lines.html", listed, {"filter": chosen, "lines": listed})


@require_GET
def explanations(request: MemberRequest, table_id: int) -> HttpResponse:
    """What must still be explained first, then the explanation of the table and those of its lines."""
    found = queries.get_table(request.member.organisation, table_id)
    lines = list(queries.lines(found))
    by_key = {line.pk: line for line in lines}
    covered = explaining.coverage([found])[found.pk]
    bundles = evidence.of_table(found)
    context = {
        "table": found,
        "view": "explanations",
        "may_edit": permissions.may_edit_figures(request.member),
        "may_explain": bool(explaining.explainable(request.member, found, lines)),
        "share": share(covered),
        "open": [
            (by_key[item.key], item, permissions.may_explain_line(request.member, by_key[item.key]))
            for item in covered
            if item.is_open
        ],
        "told": [
            (
                told,
                _with_evidence(request, told, bundles),
                permissions.may_explain_lines(request.member, [line for line, _ in told.claims]),
            )
            for told in explaining.told(lines)
        ],
    }
    return render(request, "investments/explanations.html", context)


def _with_evidence(
    request: MemberRequest, told: Told, bundles: Mapping[int, Bundle]
) -> list[tuple[Line, Claim, Bundle, bool, bool]]:
    """Each claim with the postings behind it, and whether this person sees and chooses them."""
    return [
        (
            line,
            claim,
            bundles.get(claim.pk, Bundle()),
            permissions.may_read_postings(request.member, line),
            line.is_from_ledger and permissions.may_choose_postings(request.member, line),
        )
        for line, claim in told.claims
    ]


@require_http_methods(["GET", "POST"])
def explain_table(request: MemberRequest, table_id: int) -> HttpResponse:
    require(permissions.may_edit_figures(request.member))
    found = queries.get_table(request.member.organisation, table_id)
    form = ExplanationForm(typed(request), initial={"explanation": found.explanation, "version": found.version})
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.explain_table(request.member, found.pk, form.seen_version, form.cleaned_data["explanation"])
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            return _saved(request, found.pk)
    context = {"form": form, "table": found, "statement": queries.table_figures(found).statement}
    return form_page(request, "investments/explain_table.html", context, conflict)


@require_http_methods(["GET", "POST"])
def explain_line(request: MemberRequest, line_id: int) -> HttpResponse:
    """The explanation that the line has, else a new one."""
    line = queries.get_line(request.member.organisation, line_id)
    require(permissions.may_explain_line(request.member, line))
    held = explaining.own_explanation(line)

    def save(seen_version: int, entry: ExplanationInput) -> object:
        return actions.explain_line(request.member, line.pk, seen_version, entry)

    return _write(request, line.table, save, held, chosen=[line.pk], line=line)


@require_http_methods(["GET", "POST"])
def new_explanation(request: MemberRequest, table_id: int) -> HttpResponse:
    """One text for several lines; the address says which are chosen beforehand (`regel`)."""
    found = queries.get_table(request.member.organisation, table_id)
    chosen = [int(key) for key in request.GET.getlist("regel") if key.isdecimal()]

    def save(seen_version: int, entry: ExplanationInput) -> object:
        return actions.add_explanation(request.member, found.pk, entry)

    return _write(request, found, save, None, chosen=chosen)


@require_http_methods(["GET", "POST"])
def edit_explanation(request: MemberRequest, explanation_id: int) -> HttpResponse:
    found = explaining.get_explanation(request.member.organisation, explanation_id)
    require(
        permissions.may_explain_lines(request.member, [claim.line for claim in found.claims.select_related("line")])
    )

    def save(seen_version: int, entry: ExplanationInput) -> object:
        return actions.save_explanation(request.member, found.pk, seen_version, entry)

    return _write(request, found.table, save, found)


@require_http_methods(["GET", "POST"])
def remove_explanation(request: MemberRequest, explanation_id: int) -> HttpResponse:
    """Ask first, then remove."""
    found = explaining.get_explanation(request.member.organisation, explanation_id)
    lines = [claim.line for claim in found.claims.select_related("line")]
    require(permissions.may_explain_lines(request.member, lines))
    form = VersionedForm(typed(request), initial={"version": found.version})
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.remove_explanation(request.member, found.pk, form.seen_version)
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, "De toelichting is verwijderd. In de geschiedenis blijft staan wat zij zei.")
            return _to_explanations(request, found.table_id)
    context = {"form": form, "table": found.table, "explanation": found, "lines": lines}
    return form_page(request, "investments/explanation_remove.html", context, conflict)


def _write(
    request: MemberRequest,
    table: Table,
    save: Callable[[int, ExplanationInput], object],
    held: Explanation | None,
    *,
    chosen: Iterable[int] = (),
    line: Line | None = None,
) -> HttpResponse:
    """The form of one explanation; `save` takes the version that was seen and what was entered."""
    form = _claims_form(request, table, held, chosen)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            save(form.seen_version, form.entry)
        except Refused as refusal:
            form.add_error("explanation", str(refusal))
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            return _saved(request, table.pk)
    others = [item for item in explaining.explanations_of(line) if item != held] if line else []
    context = {"form": form, "table": table, "line": line, "explanation": held, "others": others}
    return form_page(request, "investments/explain_line.html", context, conflict)


def _claims_form(request: MemberRequest, table: Table, held: Explanation | None, chosen: Iterable[int]) -> ClaimsForm:
    """With the lines that this person may explain; 403 without any."""
    lines = explaining.explainable(request.member, table, queries.lines(table))
    require(bool(lines))
    organisation = request.member.organisation
    return ClaimsForm(typed(request), organisation=organisation, lines=lines, explanation=held, chosen=chosen)


def _saved(request: MemberRequest, table_id: int) -> HttpResponse:
    messages.success(request, "De toelichting is opgeslagen.")
    return _to_explanations(request, table_id)


def _to_explanations(request: MemberRequest, table_id: int) -> HttpResponse:
    return redirect("investments:explanations", organisation=request.member.organisation.slug, table_id=table_id)
