"""Which postings count in which line: the rules, what no rule counts, and the postings of one line."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import Refused
from accounts.lists import list_page, turn_pages
from accounts.permissions import require
from accounts.requests import MemberRequest

from .. import actions, explaining, ledger_queries, permissions, queries
from ..ledger_exports import posting_lines
from ..ledger_filters import AccountFilter, PostingFilter, RuleFilter
from ..ledger_forms import RuleForm
from ..ledger_tables import PostingTable, RuleTable, UnmappedTable, VersionTable
from .answers import form_page, typed
from .ledger import page


@require_GET
def rules(request: MemberRequest, year: int) -> HttpResponse:
    """The rules in force, and every change of them."""
    require(permissions.may_read_ledger(request.member))
    ledger = ledger_queries.get_year(request.member.organisation, year)
    chosen = RuleFilter(request.GET, ledger_queries.rules(ledger))
    may_edit = permissions.may_edit_figures(request.member)
    listed = RuleTable(chosen.qs, exclude=() if may_edit else ("end",))
    versions = VersionTable(ledger_queries.versions(ledger))
    turn_pages(request, versions, per_page=10)
    context = page(request, ledger, "rules", filter=chosen, rules=listed, versions=versions)
    return list_page(request, "investments/ledger_rules.html", listed, context)


@require_http_methods(["GET", "POST"])
def new_rule(request: MemberRequest, year: int) -> HttpResponse:
    """A rule; the address may name an account, a cost centre and a line to begin with."""
    require(permissions.may_edit_figures(request.member))
    ledger = ledger_queries.get_year(request.member.organisation, year)
    asked = {"account": "account_from", "cost_centre": "cost_centre_from", "line": "line"}
    initial = {field: request.GET.get(name, "") for name, field in asked.items()}
    form = RuleForm(typed(request), ledger_queries.mappable_lines(ledger), initial)
    if request.method == "POST" and form.is_valid():
        try:
            rule = actions.add_rule(request.member, year, form.entry)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{str(rule).capitalize()} telt voortaan in “{rule.line}”.")
            return redirect("investments:ledger-rules", organisation=request.member.organisation.slug, year=year)
    return form_page(request, "investments/ledger_rule.html", page(request, ledger, "rules", form=form))


@require_POST
def end_rule(request: MemberRequest, rule_id: int) -> HttpResponse:
    rule = ledger_queries.get_rule(request.member.organisation, rule_id)
    actions.end_rule(request.member, rule_id)
    messages.success(request, f"{str(rule).capitalize()} telt niet meer in “{rule.line}”.")
    slug = request.member.organisation.slug
    return redirect("investments:ledger-rules", organisation=slug, year=rule.ledger.year)


@require_GET
def unmapped(request: MemberRequest, year: int) -> HttpResponse:
    """What no rule counts, by account."""
    require(permissions.may_read_ledger(request.member))
    ledger = ledger_queries.get_year(request.member.organisation, year)
    chosen = AccountFilter(request.GET, ledger_queries.unmapped_accounts(ledger))
    may_edit = permissions.may_edit_figures(request.member)
    listed = UnmappedTable(chosen.qs, exclude=() if may_edit else ("map",))
    context = page(
        request, ledger, "unmapped", filter=chosen, accounts=listed, left=ledger_queries.unmapped_total(ledger)
    )
    return list_page(request, "investments/ledger_unmapped.html", listed, context)


@require_GET
def postings(request: MemberRequest, line_id: int) -> HttpResponse:
    """What the line's actual is made of."""
    line = queries.get_line(request.member.organisation, line_id)
    require(permissions.may_read_postings(request.member, line))
    chosen = PostingFilter(request.GET, ledger_queries.postings_of(line))
    listed = PostingTable(chosen.qs)
    turn_pages(request, listed, per_page=50)
    context = {
        "line": line,
        "table": line.table,
        "filter": chosen,
        "postings": listed,
        "rules": ledger_queries.rules_of(line),
        "totals": ledger_queries.totals(chosen.qs),
        "explanations": explaining.explanations_of(line),
        "may_choose": permissions.may_choose_postings(request.member, line),
    }
    return render(request, "investments/postings.html", context)


@require_GET
def export_postings(request: MemberRequest, line_id: int) -> HttpResponseBase:
    """The same postings as CSV."""
    line = queries.get_line(request.member.organisation, line_id)
    require(permissions.may_read_postings(request.member, line))
    chosen = PostingFilter(request.GET, ledger_queries.postings_of(line))
    found: Iterator[str] = posting_lines(chosen.qs.order_by("date", "pk"))
    answer = StreamingHttpResponse(found, content_type="text/csv; charset=utf-8")
    name = f"boekingen-{slugify(line.label)}-{line.table.year}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
