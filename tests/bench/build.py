"""One way of making one report, in a process of its own: seconds and peak of memory in MiB, as a line of JSON.

`plain N`: one run of WeasyPrint over N chapters. `rebuild N`: an edit that keeps the pages and one that moves them,
by a process that made the report before. `workers N COUNT`: all from nothing, by so many processes of a worker; 0
chapters are a report at the limits.
"""

import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duoplus.settings")
django.setup()

from django.db.models import Value  # noqa: E402  the settings come first
from django.db.models.functions import Concat, Replace  # noqa: E402

import jobs.actions  # noqa: E402
from accounts.members import Member  # noqa: E402
from accounts.roles import Role  # noqa: E402
from duoplus import programs  # noqa: E402
from jobs.models import Job, JobState  # noqa: E402
from jobs.running import give_way, run  # noqa: E402
from publishing import building, composing, fragments, pdf, tasks  # noqa: E402
from publishing.actions import compile_report  # noqa: E402
from publishing.models import Edition  # noqa: E402
from reports.models import Section  # noqa: E402
from tests import builders  # noqa: E402
from tests.bench import reports  # noqa: E402

LOOK_EVERY = 0.1
PAGES = "<p>Een bladzijde erbij.</p>" * 60
Took = dict[str, float]


def spent() -> float:
    """Seconds of a processor that this process and those it waited for took."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def peak() -> float:
    """Of this process, or the largest of those it waited for."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return max(own.ru_maxrss, others.ru_maxrss) / 1024


def timed(name: str, work: Callable[[], object]) -> Took:
    """Seconds on the clock, and of processors."""
    started, before = time.perf_counter(), spent()
    work()
    return {name: time.perf_counter() - started, f"{name} cpu": spent() - before}


def plain(chapters: int) -> Took:
    """The same pages but for the numbers in the contents: WeasyPrint alone, not what comes before it."""
    content = building.read(asked(stored(chapters)).pk)
    found = fragments.cut(content, pdf.engine())
    pages = [fragment.html for fragment in found.fragments]
    bodies = "".join(re.findall("<body[^>]*>(.*)</body>", page, re.DOTALL)[0] for page in pages)
    whole = fragments.page(content, bodies)
    made = []

    def one_run() -> None:
        from weasyprint import CSS, HTML  # noqa: PLC0415  as late as the work itself
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

        fetcher, fonts = pdf._fetcher({}), FontConfiguration()
        styles = CSS(string=found.css, url_fetcher=fetcher, font_config=fonts)
        document = HTML(string=whole, url_fetcher=fetcher).render(font_config=fonts, stylesheets=[styles])
        document.write_pdf("/dev/null", pdf_variant="pdf/ua-1")
        made.append(len(document.pages))

    took = timed("plain", one_run)
    return {**took, "pages": made[0], "peak": peak()}


def stored(chapters: int) -> Member:
    """The director of a report as rows."""
    director = builders.member("Hendrik van Aalsum", builders.organisation(), Role.DIRECTOR)
    reports.store(reports.report(chapters) if chapters else reports.at_the_limits(), director.organisation)
    return director


def asked(director: Member) -> Edition:
    return compile_report(director, "groot")


def attempt(job: Job | None) -> None:
    assert job is not None
    held = jobs.actions.claim(job.pk, joins_until_end=True)
    assert held is not None
    run(tasks.render_part if job.kind == building.RENDER else tasks.compile_edition, held)


def work_off(edition: Edition) -> None:
    """Every attempt that the edition takes."""
    attempt(edition.job)
    for child in Job.objects.filter(parent=edition.job, state=JobState.WAITING).order_by("pk"):
        attempt(child)
    if Job.objects.get(edition=edition).state == JobState.WAITING:
        attempt(edition.job)
    edition.refresh_from_db()
    if not edition.is_ready:
        sys.exit(f"{edition} was not made")


def rebuild(chapters: int) -> Took:
    """From the moment that a warm worker claims the job to the moment that the file is published."""
    jobs.actions.broker.silent_until = float("inf")
    composing.load()
    director = stored(chapters)
    work_off(asked(director))
    one = Section.objects.filter(chapter__title__startswith="Programma 3 ")
    took: Took = {}
    edits = {"keeps": Replace("text", Value(" de "), Value(" en ")), "moves": Concat("text", Value(PAGES))}
    for name, text in edits.items():
        one.update(text=text)
        edition = asked(director)
        took |= timed(name, lambda edition=edition: work_off(edition))  # type: ignore[misc]
        took[f"{name} pages"] = edition.pages or 0
    return {**took, "peak": peak()}


def by_workers(chapters: int, count: int) -> Took:
    """From the first claim to the end, by a real worker; its peak is that of its largest process."""
    director = stored(chapters)
    edition = asked(director)
    command = programs.worker(scheduler=False)
    command[command.index("--concurrency") + 1] = str(count)
    worker = subprocess.Popen(command)
    job = Job.objects.filter(edition=edition)
    while job.get().attempts == 0:
        time.sleep(LOOK_EVERY)
    started = time.perf_counter()
    while job.get().is_active:
        time.sleep(LOOK_EVERY)
    took = time.perf_counter() - started
    worker.terminate()
    worker.wait()
    if job.get().state != JobState.DONE:
        sys.exit(job.get().reason)
    return {
        "workers": took,
        "workers cpu": spent(),
        "pages": Edition.objects.get(pk=edition.pk).pages or 0,
        "peak": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def main(words: list[str]) -> None:
    way, *numbers = words
    ways: dict[str, Callable[..., Took]] = {"plain": plain, "rebuild": rebuild, "workers": by_workers}
    if way != "workers":
        # As the processes of a worker do.
        give_way()
    sys.stdout.write(json.dumps(ways[way](*map(int, numbers))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
