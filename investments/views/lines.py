"""Lines of a table: added, described, moved, removed; totals and what they count."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import Conflict, Refused
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, permissions, queries
from ..amounts import euros
from ..forms import LineForm, StatedForm, TotalForm, VersionedForm
from ..models import Line
from .answers import form_page, to_table, typed


@require_http_methods(["GET", "POST"])
def new_line(request: MemberRequest, table_id: int) -> HttpResponse:
    require(permissions.may_edit_figures(request.member))
    found = queries.get_table(request.member.organisation, table_id)
    totals = [line for line in queries.lines(found) if line.is_total]
    form = LineForm(typed(request), table=found, totals=totals)
    if request.method == "POST" and form.is_valid():
        line = actions.add_line(request.member, found.pk, form.entry, kind=form.chosen_kind, counts_in=form.counts_in)
        messages.success(request, f"De regel “{line}” is toegevoegd.")
        if "another" in request.POST:
            return redirect("investments:line-new", organisation=found.organisation.slug, table_id=found.pk)
        return to_table(request, found.pk, line.pk)
    return form_page(request, "investments/line_form.html", {"form": form, "table": found})


@require_http_methods(["GET", "POST"])
def edit_line(request: MemberRequest, line_id: int) -> HttpResponse:
    """Name, team, direction and amounts of a line; for a total its name and what it counts."""
    require(permissions.may_edit_figures(request.member))
    line = queries.get_line(request.member.organisation, line_id)
    if line.is_total:
        return _edit_total(request, line)
    form = LineForm(typed(request), table=line.table, line=line)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_line(request.member, line.pk, form.seen_version, form.entry)
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, "De regel is opgeslagen.")
            return to_table(request, line.table_id, line.pk)
    return form_page(request, "investments/line_form.html", {"form": form, "table": line.table, "line": line}, conflict)


@require_http_methods(["GET", "POST"])
def state_figures(request: MemberRequest, line_id: int) -> HttpResponse:
    """What a source printed where the portal computes, beside what the portal finds."""
    require(permissions.may_edit_figures(request.member))
    line = queries.get_line(request.member.organisation, line_id)
    found = queries.table_figures(line.table).cells.computed.get(line.pk, {})
    computed = {key: euros(cents) for key, cents in found.items() if cents is not None}
    form = StatedForm(typed(request), line=line, computed=computed)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.state_figures(request.member, line.pk, form.seen_version, form.stated)
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, f"De bedragen volgens de bron bij “{line}” zijn vastgelegd.")
            return to_table(request, line.table_id, line.pk)
    context = {"form": form, "table": line.table, "line": line}
    return form_page(request, "investments/line_stated.html", context, conflict)


@require_http_methods(["GET", "POST"])
def new_total(request: MemberRequest, table_id: int) -> HttpResponse:
    require(permissions.may_edit_figures(request.member))
    found = queries.get_table(request.member.organisation, table_id)
    form = TotalForm(typed(request), lines=queries.lines(found))
    if request.method == "POST" and form.is_valid():
        total = actions.add_total(request.member, found.pk, form.cleaned_data["label"], form.members)
        messages.success(request, f"Het totaal “{total}” is toegevoegd.")
        return to_table(request, found.pk, total.pk)
    return form_page(request, "investments/total_form.html", {"form": form, "table": found})


def _edit_total(request: MemberRequest, total: Line) -> HttpResponse:
    form = TotalForm(typed(request), total=total, lines=queries.lines(total.table))
    conflict = None
    if request.method == "POST" and form.is_valid():
        label = form.cleaned_data["label"]
        try:
            actions.set_members(request.member, total.pk, form.seen_version, form.members, label=label)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, "Het totaal is opgeslagen.")
            return to_table(request, total.table_id, total.pk)
    context = {"form": form, "table": total.table, "line": total}
    return form_page(request, "investments/total_form.html", context, conflict)


@require_http_methods(["GET", "POST"])
def remove_line(request: MemberRequest, line_id: int) -> HttpResponse:
    """Ask first, then remove."""
    require(permissions.may_edit_figures(request.member))
    line = queries.get_line(request.member.organisation, line_id)
    form = VersionedForm(typed(request), initial={"version": line.version})
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.remove_line(request.member, line.pk, form.seen_version)
        except Conflict as error:
            conflict = error
            form.go_on_from(error)
        else:
            messages.success(request, f"De regel “{line}” is verwijderd.")
            return to_table(request, line.table_id)
    context = {"form": form, "table": line.table, "line": line}
    return form_page(request, "investments/line_remove.html", context, conflict)


@require_POST
def move_line(request: MemberRequest, line_id: int) -> HttpResponse:
    """One place up or down."""
    line = queries.get_line(request.member.organisation, line_id)
    actions.move_line(request.member, line.pk, -1 if request.POST.get("direction") == "up" else 1)
    return to_table(request, line.table_id, line.pk)
