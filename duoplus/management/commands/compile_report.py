"""`manage.py compile_report`: the director's button from a terminal, with a worker of its own when none runs."""

import hashlib
import shutil
import time
from argparse import ArgumentTypeError
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

import jobs.actions
from accounts.errors import Refused
from accounts.members import Member, member_of
from accounts.models import Membership, Organisation
from accounts.roles import Role
from duoplus import programs
from duoplus.processes import Children
from jobs.models import Job, JobState
from publishing.actions import compile_report
from publishing.models import Edition
from publishing.storing import put
from reports import queries as reports
from reports.models import Report

LOOK_EVERY = 0.2


class Command(BaseCommand):
    help = (
        "Compiles a report as its director would and copies the PDF to a file. Starts a worker for as long as it "
        "takes when nobody picks the work up; unchanged content gives the edition that exists."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="address of the organisation, such as duoplus")
        parser.add_argument("report", help="address of the report, such as jaarstukken-2020")
        parser.add_argument("--output", type=Path, required=True, help="where the PDF goes")
        parser.add_argument("--chapters", nargs="+", default=[], metavar="NUMBER", help="only these, such as 3.2")
        parser.add_argument("--final", action="store_true", help="without CONCEPT; everything must be agreed to")
        parser.add_argument("--timeout", type=positive, default=600, metavar="SECONDS", help="wait at most this long")
        parser.add_argument("--patience", type=positive, default=3, metavar="SECONDS", help="then start a worker")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print path, pages, bytes and SHA-256; CommandError with the reason when there is no PDF."""
        output: Path = options["output"].absolute()
        if output.is_dir() or not output.parent.is_dir():
            raise CommandError(f"{output} cannot be written: it needs a name in a folder that exists.")
        director = director_of(options["organisation"])
        report = report_of(director.organisation, options["report"])
        chapters = chapters_of(report, options["chapters"])
        try:
            edition = compile_report(director, report.slug, chapters, draft=not options["final"])
        except Refused as error:
            raise CommandError(str(error)) from error
        if not edition.is_ready:
            self.wait_for(edition, options["timeout"], options["patience"])
            edition.refresh_from_db()
        copy(edition, output)
        self.stdout.write(
            f"{output}: edition {edition.number}, {edition.pages} pages, {edition.size} bytes, sha256 {edition.sha256}"
        )

    def wait_for(self, edition: Edition, timeout: float, patience: float) -> None:
        """Return when the edition's job is done; CommandError when it fails or takes longer than `timeout` seconds."""
        started = waiting = swept = time.monotonic()
        with ExitStack() as stack:
            children: Children | None = None
            while (job := Job.objects.get(edition=edition)).is_active:
                now = time.monotonic()
                if now - started > timeout:
                    raise CommandError(f"{edition} is not ready after {timeout:g} seconds; it is still asked for.")
                waiting = waiting if job.state == JobState.WAITING else now
                if children is not None:
                    children.tend()
                elif now - waiting > patience:
                    children = stack.enter_context(Children(settings.BASE_DIR, self.stderr.write))
                    children.start("worker", programs.worker(scheduler=False))
                if now - swept > settings.JOB_SWEEP_SECONDS:
                    swept = now
                    jobs.actions.sweep()
                time.sleep(LOOK_EVERY)
        if job.state != JobState.DONE:
            raise CommandError(f"{edition} could not be made: {job.reason}")


def positive(written: str) -> float:
    """A number of seconds above zero."""
    try:
        seconds = float(written)
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        raise ArgumentTypeError(f"{written} is not a number of seconds")
    return seconds


def director_of(slug: str) -> Member:
    """The director of the organisation in whose name the work is asked for; CommandError when there is none."""
    if not Organisation.objects.filter(slug=slug).exists():
        known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"There is no organisation {slug}; known are: {known or '(none)'}.")
    directors = Membership.objects.filter(organisation__slug=slug, role=Role.DIRECTOR, user__is_active=True)
    first = directors.select_related("user").order_by("pk").first()
    member = member_of(first.user, slug) if first else None
    if member is None:
        raise CommandError(f"The organisation {slug} has no director, and only a director compiles.")
    return member


def report_of(organisation: Organisation, slug: str) -> Report:
    """The report; CommandError that names the others when there is none by this address."""
    known = {report.slug: report for report in reports.reports(organisation)}
    if slug not in known:
        raise CommandError(f"{organisation} has no report {slug}; it has: {', '.join(sorted(known)) or '(none)'}.")
    return known[slug]


def chapters_of(report: Report, numbers: list[str]) -> list[int]:
    """Ids of the chapters with these numbers; CommandError for a number that is not in the report."""
    known = {item.number: item.chapter.pk for item in reports.outline(report)}
    unknown = [number for number in numbers if number not in known]
    if unknown:
        raise CommandError(f"{report} has no chapter {', '.join(unknown)}; it has: {', '.join(known) or '(none)'}.")
    return [known[number] for number in numbers]


def copy(edition: Edition, output: Path) -> None:
    """The edition's file under another name, in one step and unchanged; CommandError otherwise."""

    def write(beside: Path) -> int:
        with edition.file.open() as source, beside.open("wb") as target:
            shutil.copyfileobj(source, target)
        with beside.open("rb") as copied:
            if hashlib.file_digest(copied, "sha256").hexdigest() != edition.sha256:
                raise CommandError(f"The stored file of {edition} is damaged: its SHA-256 is not what was recorded.")
        return edition.pages or 0

    try:
        put(output, write)
    except OSError as error:
        raise CommandError(f"{edition} was made, but could not be copied: {error}") from error
