"""The only place that changes an organisation's material: documents, themes, house style."""

from dataclasses import dataclass
from functools import partial

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.shortcuts import get_object_or_404

from accounts import log, seen
from accounts.errors import Refused, in_use
from accounts.members import Member
from accounts.models import Organisation
from accounts.permissions import require

from . import colours, files, permissions, queries
from .models import HouseStyle, SourceDocument, Theme

DOCUMENT_EXISTS = "Dit document staat al in de lijst."
THEME_EXISTS = "Dit thema bestaat al."

NEW_FILE = "een nieuw bestand"


@dataclass(frozen=True)
class DocumentInput:
    """A document as typed: a new file, the present one kept (`keeps_file`), an address, or none of them."""

    title: str
    year: int
    address: str = ""
    file: File | None = None
    keeps_file: bool = False


@dataclass(frozen=True)
class StyleInput:
    """A house style as chosen; a new logo, or the present one kept (`keeps_logo`), or none."""

    accent: str
    font: str
    logo: File | None = None
    keeps_logo: bool = True


@transaction.atomic
def add_document(member: Member, entry: DocumentInput) -> SourceDocument:
    """A new source; raise Refused when it is listed already or its file is no PDF."""
    require(permissions.may_edit_documents(member))
    document = SourceDocument(organisation=member.organisation, title=entry.title, year=entry.year)
    _store_document(document, entry)
    log.record(member, "library.add_document", document, document=document.pk)
    return document


@transaction.atomic
def update_document(member: Member, document_id: int, entry: DocumentInput, *, seen_mark: str) -> SourceDocument:
    """Another title, year or place; raise Refused as `add_document` does, Conflict when someone else was first."""
    require(permissions.may_edit_documents(member))
    document = get_object_or_404(queries.documents(member.organisation).select_for_update(no_key=True), pk=document_id)
    kept = document.file.name if entry.keeps_file else ""
    mine = _document_in_words(entry.title, entry.year, entry.address, NEW_FILE if entry.file else kept)
    seen.check(member, document, seen_mark, shown_document(document), mine, document=document.pk)
    was, old_file = str(document), document.file.name
    document.title, document.year = entry.title, entry.year
    _store_document(document, entry)
    if old_file and old_file != document.file.name:
        _forget_file(old_file)
    log.record(member, "library.update_document", document, document=document.pk, was=was)
    return document


@transaction.atomic
def remove_document(member: Member, document_id: int) -> None:
    """Remove a source and its file; raise Refused when a goal refers to it, naming the goal."""
    require(permissions.may_edit_documents(member))
    document = get_object_or_404(queries.documents(member.organisation).select_for_update(), pk=document_id)
    log.record(member, "library.remove_document", document, document=document.pk)
    try:
        document.delete()
    except ProtectedError as error:
        raise Refused(f"Naar deze bron verwijst {in_use(error)}. Kies daar eerst een andere bron.") from error
    if document.file.name:
        _forget_file(document.file.name)


@transaction.atomic
def add_theme(member: Member, *, name: str, heading: str) -> Theme:
    """A new theme, last in order; raise Refused when the name is taken."""
    require(permissions.may_edit_style(member))
    last = queries.themes(member.organisation).aggregate(last=Max("position"))["last"] or 0
    theme = Theme(organisation=member.organisation, name=name, heading=heading, position=last + 1)
    _save(theme, THEME_EXISTS)
    log.record(member, "library.add_theme", theme, theme=theme.pk)
    return theme


@transaction.atomic
def update_theme(member: Member, theme_id: int, *, name: str, heading: str, seen_mark: str) -> None:
    """Another name or heading; raise Refused when the name is taken, Conflict when someone else was first."""
    require(permissions.may_edit_style(member))
    theme = get_object_or_404(queries.themes(member.organisation).select_for_update(no_key=True), pk=theme_id)
    mine = [("thema", name), ("kop in het rapport", heading)]
    seen.check(member, theme, seen_mark, shown_theme(theme), mine, theme=theme.pk)
    was = theme.name
    theme.name, theme.heading = name, heading
    _save(theme, THEME_EXISTS)
    log.record(member, "library.update_theme", theme, theme=theme.pk, was=was)


@transaction.atomic
def move_theme(member: Member, theme_id: int, steps: int) -> None:
    """Move a theme down (positive) or up (negative) among the others, as far as there is room."""
    require(permissions.may_edit_style(member))
    Organisation.objects.select_for_update(no_key=True).get(pk=member.organisation.pk)
    theme = queries.get_theme(member.organisation, theme_id)
    order = list(queries.themes(member.organisation))
    old = order.index(theme)
    new = max(0, min(len(order) - 1, old + steps))
    order.insert(new, order.pop(old))
    for position, row in enumerate(order, start=1):
        Theme.objects.filter(pk=row.pk).update(position=position)
    log.record(member, "library.move_theme", theme, theme=theme.pk, steps=new - old)


@transaction.atomic
def remove_theme(member: Member, theme_id: int) -> None:
    """Remove a theme; raise Refused when an achievement stands under it, naming the achievement."""
    require(permissions.may_edit_style(member))
    theme = get_object_or_404(queries.themes(member.organisation).select_for_update(), pk=theme_id)
    log.record(member, "library.remove_theme", theme, theme=theme.pk)
    try:
        theme.delete()
    except ProtectedError as error:
        raise Refused(f"Onder dit thema staat {in_use(error)}. Kies daar eerst een ander thema.") from error


@transaction.atomic
def save_house_style(member: Member, entry: StyleInput, *, seen_mark: str) -> HouseStyle:
    """Colour, font and logo of screens and PDF; raise Refused for a pale colour or a file that is no image.

    A logo that is replaced stays in storage: editions that were compiled with it name it.
    """
    require(permissions.may_edit_style(member))
    Organisation.objects.select_for_update(no_key=True).get(pk=member.organisation.pk)
    style = queries.house_style(member.organisation)
    kept = style.logo.name if entry.keeps_logo else ""
    mine = _style_in_words(entry.accent, entry.font, NEW_FILE if entry.logo else kept)
    seen.check(member, "Huisstijl", seen_mark, shown_style(style), mine, style=style.pk or 0)
    problem = colours.problem_on_white(entry.accent)
    if problem:
        raise Refused(problem)
    style.accent, style.font = entry.accent, entry.font
    if entry.logo is not None:
        style.logo.save(files.logo_name(entry.logo), entry.logo, save=False)
    elif not entry.keeps_logo:
        style.logo = ""
    style.save()
    log.record(member, "library.save_house_style", style, style=style.pk)
    return style


def shown_document(document: SourceDocument) -> seen.Shown:
    """What the form of a document shows."""
    return _document_in_words(document.title, document.year, document.address, document.file.name)


def shown_theme(theme: Theme) -> seen.Shown:
    """What the form of a theme shows."""
    return [("thema", theme.name), ("kop in het rapport", theme.heading)]


def shown_style(style: HouseStyle) -> seen.Shown:
    """What the form of the house style shows."""
    return _style_in_words(style.accent, style.font, style.logo.name)


def _document_in_words(title: str, year: int, address: str, file: str | None) -> seen.Shown:
    return [("titel", title), ("jaar", str(year)), ("webadres", address), ("bestand", file or "")]


def _style_in_words(accent: str, font: str, logo: str | None) -> seen.Shown:
    return [("accentkleur", accent), ("lettertype", font), ("logo", logo or "")]


def _store_document(document: SourceDocument, entry: DocumentInput) -> None:
    document.address = entry.address
    if not entry.keeps_file:
        document.file = ""
    if entry.address and (entry.file is not None or document.file):
        raise Refused("Kies een bestand of een webadres, niet allebei.")
    if entry.file is not None:
        document.file.save(files.pdf_name(entry.file), entry.file, save=False)
    try:
        _save(document, DOCUMENT_EXISTS)
    except Refused:
        if entry.file is not None:
            default_storage.delete(str(document.file.name))
        raise


def _save(row: SourceDocument | Theme, when_taken: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(when_taken) from error


def _forget_file(name: str) -> None:
    transaction.on_commit(partial(default_storage.delete, name), robust=True)
