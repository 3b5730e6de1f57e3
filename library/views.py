"""Pages of an organisation's material: source documents, themes, house style."""

from functools import partial

from django.contrib import messages
from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts import kept
from accounts.confirmation import Removal, confirm
from accounts.downloads import download
from accounts.errors import Refused
from accounts.lists import list_page
from accounts.permissions import require
from accounts.requests import MemberRequest

from . import actions, files, permissions, queries
from .filters import DocumentFilter
from .forms import DocumentForm, HouseStyleForm, ThemeForm
from .tables import DocumentTable

form_page = require_http_methods(["GET", "POST"])


@require_GET
def document_list(request: MemberRequest) -> HttpResponse:
    chosen = DocumentFilter(request.GET, queries.documents(request.member.organisation), request=request)
    table = DocumentTable(chosen.qs)
    context = {"filter": chosen, "table": table, "may_edit": permissions.may_edit_documents(request.member)}
    return list_page(request, "library/document_list.html", table, context)


@form_page
def document_new(request: MemberRequest) -> HttpResponse:
    require(permissions.may_edit_documents(request.member))
    form = DocumentForm(request.POST or kept.take(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            document = actions.add_document(request.member, form.entry)
        except Refused as refused:
            form.add_error("title", str(refused))
        else:
            messages.success(request, f"“{document}” staat bij de bronnen.")
            return redirect("library:document-list", organisation=request.member.organisation.slug)
    return _page(request, "library/document_form.html", {"form": form})


@form_page
def document_edit(request: MemberRequest, document_id: int) -> HttpResponse:
    require(permissions.may_edit_documents(request.member))
    document = queries.get_document(request.member.organisation, document_id)
    form = DocumentForm.of(request.POST or kept.take(request), request.FILES or None, document)
    if request.method == "POST" and form.is_valid():
        seen_mark = form.cleaned_data["seen"]
        try:
            changed = actions.update_document(request.member, document_id, form.entry, seen_mark=seen_mark)
        except Refused as refused:
            form.add_error("title", str(refused))
        else:
            messages.success(request, f"“{changed}” is opgeslagen.")
            return redirect("library:document-list", organisation=request.member.organisation.slug)
    return _page(request, "library/document_form.html", {"form": form, "document": document})


@form_page
def document_remove(request: MemberRequest, document_id: int) -> HttpResponse:
    require(permissions.may_edit_documents(request.member))
    document = queries.get_document(request.member.organisation, document_id)
    removal = Removal(
        question=f"“{document}” verwijderen?",
        consequence="De bron verdwijnt uit de lijst, met haar bestand. Edities die al zijn gemaakt, veranderen niet.",
        button="Bron verwijderen",
        done=f"“{document}” is verwijderd.",
        back=reverse("library:document-edit", args=[request.member.organisation.slug, document_id]),
        after=reverse("library:document-list", args=[request.member.organisation.slug]),
    )
    return confirm(request, removal, partial(actions.remove_document, request.member, document_id))


@require_safe
def document_file(request: MemberRequest, document_id: int) -> HttpResponseBase:
    """The PDF as a download, under a name made of its title; never shown inside the portal's own pages."""
    document = queries.get_document(request.member.organisation, document_id)
    name = f"{slugify(str(document)) or 'bron'}.pdf"
    # Another file gets another name in storage.
    return download(request, _opened(document.file), name, "application/pdf", tag=str(document.file.name))


@require_GET
def theme_list(request: MemberRequest) -> HttpResponse:
    context = {
        "themes": queries.themes(request.member.organisation),
        "may_edit": permissions.may_edit_style(request.member),
    }
    return render(request, "library/theme_list.html", context)


@form_page
def theme_new(request: MemberRequest) -> HttpResponse:
    require(permissions.may_edit_style(request.member))
    form = ThemeForm(request.POST or kept.take(request))
    if request.method == "POST" and form.is_valid():
        entry = form.cleaned_data
        try:
            theme = actions.add_theme(request.member, name=entry["name"], heading=entry["heading"])
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"Thema “{theme}” is toegevoegd.")
            return redirect("library:theme-list", organisation=request.member.organisation.slug)
    return _page(request, "library/theme_form.html", {"form": form})


@form_page
def theme_edit(request: MemberRequest, theme_id: int) -> HttpResponse:
    require(permissions.may_edit_style(request.member))
    theme = queries.get_theme(request.member.organisation, theme_id)
    form = ThemeForm.of(request.POST or kept.take(request), theme)
    if request.method == "POST" and form.is_valid():
        entry = form.cleaned_data
        new = {"name": entry["name"], "heading": entry["heading"], "seen_mark": entry["seen"]}
        try:
            actions.update_theme(request.member, theme_id, **new)
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"Thema “{entry['name']}” is opgeslagen.")
            return redirect("library:theme-list", organisation=request.member.organisation.slug)
    return _page(request, "library/theme_form.html", {"form": form, "theme": theme})


@require_POST
def theme_move(request: MemberRequest, theme_id: int) -> HttpResponse:
    """One place up or down, by the button that was pressed."""
    step = {"up": -1, "down": 1}.get(request.POST.get("to", ""), 0)
    actions.move_theme(request.member, theme_id, step)
    return redirect("library:theme-list", organisation=request.member.organisation.slug)


@form_page
def theme_remove(request: MemberRequest, theme_id: int) -> HttpResponse:
    require(permissions.may_edit_style(request.member))
    theme = queries.get_theme(request.member.organisation, theme_id)
    removal = Removal(
        question=f"Thema “{theme}” verwijderen?",
        consequence="Teams kunnen er dan geen prestaties meer onder zetten.",
        button="Thema verwijderen",
        done=f"Thema “{theme}” is verwijderd.",
        back=reverse("library:theme-edit", args=[request.member.organisation.slug, theme_id]),
        after=reverse("library:theme-list", args=[request.member.organisation.slug]),
    )
    return confirm(request, removal, partial(actions.remove_theme, request.member, theme_id))


@form_page
def house_style(request: MemberRequest) -> HttpResponse:
    require(permissions.may_edit_style(request.member))
    style = queries.house_style(request.member.organisation)
    form = HouseStyleForm.of(request.POST or kept.take(request), request.FILES or None, style)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_house_style(request.member, form.entry, seen_mark=form.cleaned_data["seen"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "De huisstijl is opgeslagen. Nieuwe edities krijgen haar ook.")
            return redirect("library:house-style", organisation=request.member.organisation.slug)
    return _page(request, "library/house_style.html", {"form": form, "style": style})


@require_GET
def house_style_preview(request: MemberRequest) -> HttpResponse:
    """The drawing of a page in the colour and font that are being chosen."""
    require(permissions.may_edit_style(request.member))
    style = queries.house_style(request.member.organisation)
    form = HouseStyleForm.of(request.GET, None, style)
    return render(request, "library/house_style_preview.html", {"form": form, "style": style})


@require_GET
def logo(request: MemberRequest) -> FileResponse:
    """The logo in use; a new one gets another name, so that its address with `?v=` may be cached."""
    style = queries.house_style(request.member.organisation)
    kind = files.LOGO_TYPES.get(str(style.logo.name).rpartition(".")[2])
    if kind is None:
        raise Http404
    response = FileResponse(_opened(style.logo), content_type=kind)
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _page(request: MemberRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """A form as first shown, or (422) with what must be put right."""
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _opened(stored: FieldFile) -> File:
    """The file for reading; 404 where there is none or storage lost it."""
    if not stored:
        raise Http404
    try:
        return stored.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
