"""Rows of the grid and of the printed table, laid out by Python: templates took seconds for 500 lines of 12 columns."""

from html import escape
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import statements
from ..grid import Grid, GridCell, GridRow
from .figures import verdict_mark

register = template.Library()

OOB = SafeString(' hx-swap-oob="true"')
WORDS, AMOUNT = ' maxlength="300"', ' inputmode="decimal"'
STALE = {True: "wordt berekend", False: "verouderd"}


@register.simple_tag(takes_context=True)
def grid_row(context: Context, row: GridRow, grid: Grid) -> SafeString:
    """One line of the grid and, below it, what is wrong with what was typed in it."""
    label = escape(row.line.label)
    return format_html(
        '<tr id="rij-{}" class="{}" data-line="{}" data-sign="{}" data-amendments="{}"{}{}>'
        '<th scope="row" class="grid__line">{} {}</th>{}<td class="grid__state">{}</td>{}</tr>{}',
        row.key,
        "grid__subtotal" if row.line.is_total else "grid__heading" if row.line.is_heading else "",
        row.key,
        row.sign,
        row.entered.amendments,
        format_html(' data-counted="{}"', row.counted) if row.line.is_total else "",
        format_html(' data-state="{}"', "error" if row.is_refused else "stale") if _has_state(row) else "",
        row.line.label,
        _notes(row, grid) if row.line.has_amounts else "",
        SafeString("".join(_cell(row, cell, label, grid) for cell in row.cells)),
        row_state(row, waiting=bool(context.get("waiting")), oob=False),
        _actions(row, grid, str(context.get("csrf_token", ""))) if grid.may_edit else "",
        _message(context, row, grid) if row.is_refused else "",
    )


@register.simple_tag
def row_state(row: GridRow, *, waiting: bool, oob: bool) -> SafeString:
    """Whether what stands in the row is stored and its results are fresh."""
    told = SafeString()
    if row.is_refused:
        told = _status("attention", "niet opgeslagen")
    elif row.is_stale:
        told = _status("stale", STALE[bool(waiting)])
    return format_html('<span id="regel-{}-state"{}>{}</span>', row.key, OOB if oob else "", told)


@register.simple_tag
def row_figure(row: GridRow, cell: GridCell, *, oob: bool) -> SafeString:
    """A figure that follows from what was typed; the script of the grid finds it by its id."""
    text = _deviation(cell.text, row.favourable) if cell.key == "result" else escape(cell.text)
    stated = _stated(cell.computed) if cell.computed else ""
    return SafeString(
        f'<span class="grid__computed" id="regel-{row.key}-{escape(cell.key)}"{OOB if oob else ""}'
        f"{' data-stated' if stated else ''}>{text}{stated}</span>"
    )


@register.simple_tag
def statement_row(row: statements.Row, proof: str = "") -> SafeString:
    """A line as the report prints it; with `proof`, the address of its proofs, each printed sum carries its verdict."""
    kind = "statement__total" if row.is_total else "statement__heading" if row.is_heading else ""
    cells = "".join(
        f'<td class="{"statement__words" if cell.is_words else "number"}">'
        f"{verdict_mark(cell, proof) if proof else ''}{escape(cell.text)}</td>"
        for cell in row.cells
    )
    return SafeString(f'<tr class="{kind}"><th scope="row">{escape(row.label)}</th>{cells}</tr>')


def _has_state(row: GridRow) -> bool:
    return row.is_refused or row.is_stale


def _status(kind: str, label: str) -> SafeString:
    """As templates/includes/status.html draws it."""
    return format_html('<span class="status status--{}">{}</span>', kind, label)


def _deviation(text: str, favourable: bool | None) -> SafeString:
    """As templates/includes/deviation.html draws it."""
    if favourable is None:
        return format_html('<span class="deviation">{}</span>', text)
    kind, mark, title = ("favourable", "V", "voordeel") if favourable else ("unfavourable", "N", "nadeel")
    return format_html(
        '<span class="deviation deviation--{}">{}<abbr title="{}">{}</abbr></span>', kind, text, title, mark
    )


def _stated(computed: str) -> SafeString:
    return format_html(
        ' <abbr class="grid__stated" title="zoals de bron vermeldt; de portal komt op {}">bron</abbr>', computed
    )


def _notes(row: GridRow, grid: Grid) -> SafeString:
    """Whose line it is, and whether its deviation is explained."""
    told, link = "", ""
    if row.may_explain and (row.line.explanation or row.favourable is not None):
        told = "toegelicht" if row.line.explanation else "toelichten"
        link = f"{grid.lines_address}{row.key}/toelichting/"
    elif not row.may_explain and row.line.explanation:
        told, link = "toegelicht", f"{grid.explanations_address}#regel-{row.key}"
    explained = (
        format_html(' · <a href="{}" aria-label="{}: {}">{}</a>', link, told, row.line.label, told) if told else ""
    )
    return format_html("<small>{}{}</small>", row.line.owner_team or "geen team", explained)


def _cell(row: GridRow, cell: GridCell, label: str, grid: Grid) -> str:
    """HTML; `label` of the line is escaped. Most of the page is this, so that it is written without format_html."""
    if cell.name:
        return _input(row, cell, label)
    if cell.key == "amendments" and row.line.has_amounts:
        text = escape(cell.text)
        return (
            f'<td class="number"><a id="regel-{row.key}-amendments" href="{grid.lines_address}{row.key}/wijzigingen/"'
            f' aria-label="{text}, wijzigingen van {label}">{text}</a></td>'
        )
    return f'<td class="{"grid__words" if cell.is_text else "number"}">{row_figure(row, cell, oob=False)}</td>'


def _input(row: GridRow, cell: GridCell, label: str) -> str:
    name = escape(cell.name)
    field = f"regel-{row.key}-{name}"
    kind, sort = (' class="grid__words"', " grid__input--text") if cell.is_text else ("", "")
    wrong = f' aria-invalid="true" aria-describedby="{field}_error"' if cell.is_wrong else ""
    return (
        f'<td{kind}><input type="text" class="grid__input{sort}" id="{field}" form="regel-{row.key}" name="{name}"'
        f' value="{escape(cell.text)}" data-stored="{escape(cell.stored)}"'
        f' aria-label="{escape(cell.column.heading)}, {label}" autocomplete="off"'
        f"{WORDS if cell.is_text else AMOUNT}{wrong}{' autofocus' if cell.is_first_wrong else ''}></td>"
    )


def _actions(row: GridRow, grid: Grid, token: str) -> SafeString:
    """Saving the row, and what else can be done with its line."""
    address = f"{grid.lines_address}{row.key}/"
    return format_html(
        '<td class="grid__actions"><div class="row-actions">{}<a class="button button--quiet button--icon" href="{}"'
        ' data-menu="{}" aria-label="Meer: {}">{}</a></div></td>',
        _saving(row, address, token) if row.version is not None else "",
        address,
        row.key,
        row.line.label,
        grid.menu_icon,
    )


def _saving(row: GridRow, address: str, token: str) -> SafeString:
    return format_html(
        '<form id="regel-{}" method="post" action="{}opslaan/" data-row data-guard>'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="version" value="{}">'
        '<input type="hidden" name="line" value="{}">'
        '<button type="submit" class="button button--small row-actions__save">Opslaan</button></form>',
        row.key,
        address,
        token,
        row.version,
        row.key,
    )


def _message(context: Context, row: GridRow, grid: Grid) -> SafeString:
    values: dict[Any, Any] = context.flatten()
    told = render_to_string("investments/row_message.html", values | {"row": row})
    return format_html(
        '<tr class="grid__message" id="bericht-{}"><td colspan="{}">{}</td></tr>', row.key, grid.width, told
    )
