"""Making an edition: freeze the report, ask for the PDF, publish the file."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max
from django.http import Http404

import jobs.actions
from accounts import log
from accounts.errors import Refused
from accounts.members import Member
from accounts.permissions import require
from reports import queries as reports
from reports.models import Report

from . import permissions, queries
from .content import ReportContent, content_hash, from_data, only
from .freezing import freeze, lock
from .glyphs import unprintable
from .models import CompileChoice, Edition

COMPILE = "publishing.compile_edition"


@transaction.atomic
def compile_report(
    member: Member, slug: str, chapter_ids: Collection[int] = (), *, draft: bool = True, reason: str = ""
) -> Edition:
    """Freeze the report and ask for its PDF; unchanged content returns the edition that exists or is being made.

    A final edition holds the whole report with every section agreed to and every character printed as it was written;
    raises Refused otherwise. 404 for a chapter of another report. What was chosen is remembered; `reason` goes to an
    edition that is new.
    """
    require(permissions.may_compile(member))
    found = reports.get_report(member.organisation, slug)
    report = Report.objects.select_for_update(no_key=True).get(pk=found.pk)
    lock(report)
    chapters = [item for item in reports.outline(report) if item.chapter.pk in chapter_ids]
    if len(chapters) != len(set(chapter_ids)):
        raise Http404
    if not draft:
        _check_final(report, chapter_ids)
    choice = {"draft": draft, "chapters": [item.chapter.pk for item in chapters]}
    CompileChoice.objects.update_or_create(user=member.user, report=report, defaults=choice)
    content = freeze(report, chapter_ids, draft=draft)
    if not draft:
        _check_signs(content)
    return _ask_for(member, report, content, reason=reason, chapters=[item.number for item in chapters])


@transaction.atomic
def take_chapter(member: Member, edition_id: int, number: str) -> Edition:
    """Ask for one chapter of a ready edition as a PDF of its own: what was frozen then, with its own number and hash.

    Raises Refused for an edition without a PDF. 404 for a chapter that it does not have, or one of somebody else.
    """
    require(permissions.may_compile(member))
    edition = queries.get_edition(member.organisation, edition_id)
    if not edition.is_ready:
        raise Refused("Deze editie heeft geen PDF waaruit een hoofdstuk kan komen.")
    if number not in dict(queries.chapters(edition)):
        raise Http404
    report = Report.objects.select_for_update(no_key=True).get(pk=edition.report_id)
    content = only(from_data(edition.content), number)
    reason = f"Hoofdstuk {number} uit editie {edition.number}"
    return _ask_for(member, report, content, reason=reason, chapters=[number], source=edition)


def _ask_for(
    member: Member,
    report: Report,
    content: ReportContent,
    *,
    reason: str,
    chapters: list[str],
    source: Edition | None = None,
) -> Edition:
    """The edition that holds this, or the next one of the report, with the job that makes it. The caller holds the
    report's row.
    """
    data = content.as_data()
    hashed = content_hash(data)
    same = report.editions.filter(content_hash=hashed).select_related("job").first()
    if same is not None and (same.is_building or same.has_file):
        return same
    edition = Edition.objects.create(
        report=report,
        number=(report.editions.aggregate(last=Max("number"))["last"] or 0) + 1,
        source=source,
        draft=content.draft,
        chapters=chapters,
        content=data,
        content_hash=hashed,
        reason=reason,
        requested_by=member.user,
    )
    edition.job = jobs.actions.request(COMPILE, member.organisation, edition.pk, by=member.user)
    edition.save(update_fields=["job"])
    log.record(member, "publishing.compile", edition, edition=edition.pk, content_hash=edition.content_hash)
    return edition


@transaction.atomic
def cancel_edition(member: Member, edition_id: int) -> Edition:
    """Stop making the edition; raise Refused when it is ready, or ended otherwise. 404 for one of somebody else."""
    require(permissions.may_compile(member))
    edition = queries.get_edition(member.organisation, edition_id)
    reason = f"Afgebroken door {member.user}."
    if edition.job_id is None or not jobs.actions.cancel(edition.job_id, reason):
        raise Refused("Deze editie wordt niet meer gemaakt: er is niets af te breken.")
    log.record(member, "publishing.cancel", edition, edition=edition.pk)
    return edition


def _check_final(report: Report, chapter_ids: Collection[int]) -> None:
    if chapter_ids:
        raise Refused("Een definitieve editie bevat het hele rapport. Kies geen hoofdstukken.")
    waiting = [section.title for section in reports.without_agreement(report)]
    if waiting:
        named = ", ".join(waiting[:5]) + (" en andere" if len(waiting) > 5 else "")
        raise Refused(f"Nog niet elk onderdeel is akkoord: {named}. Maak een concept, of vraag eerst akkoord.")


def _check_signs(content: ReportContent) -> None:
    found = unprintable(content)
    if found:
        named = "; ".join(f"{item}: {item.named}" for item in found[:5]) + (" en meer" if len(found) > 5 else "")
        raise Refused(f"Deze tekens staan niet in het lettertype: {named}. Vervang ze, of maak een concept.")
