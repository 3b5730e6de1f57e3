import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

import jobs.actions
from accounts.models import Membership, Organisation, Team
from accounts.roles import Role
from jobs.actions import Claim
from jobs.models import ACTIVE, Job, JobState
from jobs.running import CannotBeDone, run
from publishing import building, tasks
from publishing.models import Edition
from reports.models import Report
from tests import builders, workers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team() -> Team:
    return builders.team(builders.organisation())


@pytest.fixture
def report(team: Team) -> Report:
    """Chapters 1 and 2 with a section each, and a director to compile them."""
    org = team.organisation
    builders.person("Hendrik van Aalsum", org, Role.DIRECTOR)
    made = builders.report(org)
    for title in ("Inleiding", "Jaarrekening"):
        builders.section(builders.chapter(made, title), team, text=f"<p>Over {title}.</p>")
    return made


@pytest.fixture
def output(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "jaarstukken.pdf"


def compile_report(output: Path, *words: str, slug: str = "jaarstukken-2020", organisation: str = "duoplus") -> str:
    out = StringIO()
    call_command("compile_report", organisation, slug, "--output", str(output), *words, stdout=out)
    return out.getvalue()


def refused(output: Path, *words: str, **names: str) -> str:
    """The message with which the command ends in status 1."""
    with pytest.raises(CommandError) as error:
        compile_report(output, *words, **names)
    return str(error.value)


@contextmanager
def somebody_works(work: Callable[[Claim], None] = tasks.compile_edition) -> Iterator[None]:
    """A thread that does the next job and what that asks for, as the worker of a running portal would."""

    def do_next() -> None:
        until, begun = time.monotonic() + 20, False
        while time.monotonic() < until and not (begun and not Job.objects.filter(state__in=ACTIVE).exists()):
            job = Job.objects.filter(state=JobState.WAITING).first()
            held = job and jobs.actions.claim(job.pk, joins_until_end=True)
            if job and held:
                begun = True
                run(tasks.render_part if job.kind == building.RENDER else work, held)
            time.sleep(0.05)
        connections.close_all()

    thread = threading.Thread(target=do_next)
    thread.start()
    yield
    thread.join()


def test_report_is_compiled_by_the_worker_that_runs(report: Report, output: Path) -> None:
    with somebody_works():
        printed = compile_report(output, "--patience", "60")
    pdf = output.read_bytes()
    edition = Edition.objects.get()
    digest = hashlib.sha256(pdf).hexdigest()
    assert (edition.sha256, edition.draft, edition.requested_by.name) == (digest, True, "Hendrik van Aalsum")
    assert printed == f"{output}: edition 1, {edition.pages} pages, {len(pdf)} bytes, sha256 {digest}\n"
    assert list(output.parent.iterdir()) == [output]


def test_report_is_compiled_by_a_worker_of_its_own_when_none_runs(report: Report, output: Path) -> None:
    before = workers.running_beside_this()
    with workers.own_queue(), workers.for_children():
        compile_report(output, "--patience", "0.1")
    assert output.read_bytes().startswith(b"%PDF")
    assert Job.objects.get(parent=None).state == JobState.DONE
    assert workers.running_beside_this() - before == set()


def test_job_of_a_worker_that_is_gone_is_taken_over(report: Report, output: Path) -> None:
    with workers.broken_broker(output.parent):
        refused(output, "--timeout", "0.1")
    assert jobs.actions.claim(Job.objects.get().pk, joins_until_end=True) is not None
    Job.objects.update(lease_until="2020-12-31T12:00Z")
    with workers.own_queue(), workers.for_children(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.JOB_SWEEP_SECONDS", 0.1)
        compile_report(output, "--patience", "0.1")
    job = Job.objects.get(parent=None)
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_unchanged_content_is_the_edition_that_exists_at_once(report: Report, output: Path) -> None:
    with somebody_works():
        first = compile_report(output)
    again = output.with_name("again.pdf")
    assert compile_report(again) == first.replace(str(output), str(again))
    assert again.read_bytes() == output.read_bytes()
    assert Job.objects.filter(parent=None).count() == 1


def test_chosen_chapters(report: Report, output: Path) -> None:
    with somebody_works():
        compile_report(output, "--chapters", "2")
    edition = Edition.objects.get()
    assert (edition.chapters, [chapter["number"] for chapter in edition.content["chapters"]]) == (["2"], ["2"])


def test_older_file_is_replaced(report: Report, output: Path) -> None:
    output.write_bytes(b"de vorige")
    with somebody_works():
        compile_report(output)
    assert output.read_bytes().startswith(b"%PDF")


# --- what ends in status 1 --------------------------------------------------------------------------------------------
def test_reason_of_a_job_that_failed_is_told(report: Report, output: Path) -> None:
    def refuse(held: Claim) -> None:
        raise CannotBeDone("Kies minder hoofdstukken.")

    with somebody_works(refuse):
        assert refused(output) == "Jaarstukken 2020, editie 1 could not be made: Kies minder hoofdstukken."
    assert not output.exists()


def test_waiting_ends(report: Report, output: Path) -> None:
    message = refused(output, "--timeout", "0.5")
    assert message == "Jaarstukken 2020, editie 1 is not ready after 0.5 seconds; it is still asked for."
    assert Job.objects.get().state == JobState.WAITING


def test_stored_file_that_is_damaged_is_not_copied_and_one_that_is_gone_is_made_again(
    report: Report, output: Path
) -> None:
    with somebody_works():
        compile_report(output)
    before = output.read_bytes()
    stored = Path(Edition.objects.get().file.path)
    stored.write_bytes(b"%PDF damaged")
    assert "its SHA-256 is not what was recorded" in refused(output)
    assert (output.read_bytes(), list(output.parent.iterdir())) == (before, [output])
    stored.unlink()
    with somebody_works():
        assert ": edition 2, " in compile_report(output)
    assert output.read_bytes() == Path(Edition.objects.get(number=2).file.path).read_bytes()


def test_final_edition_that_is_not_agreed_to(report: Report, output: Path) -> None:
    assert refused(output, "--final").startswith("Nog niet elk onderdeel is akkoord: Speerpunten")


def test_unknown_names_are_told_with_the_known_ones(report: Report, output: Path) -> None:
    builders.report(report.organisation, "Begroting 2021", "begroting-2021")
    assert refused(output, organisation="duo") == "There is no organisation duo; known are: duoplus."
    assert refused(output, slug="2020") == "Duo+ has no report 2020; it has: begroting-2021, jaarstukken-2020."
    assert refused(output, "--chapters", "2", "2.1", "3") == "Jaarstukken 2020 has no chapter 2.1, 3; it has: 1, 2."


def test_organisation_without_director(report: Report, output: Path) -> None:
    Membership.objects.update(role=Role.CONTROLLER)
    assert refused(output) == "The organisation duoplus has no director, and only a director compiles."


def test_database_without_organisations(output: Path) -> None:
    assert refused(output) == "There is no organisation duoplus; known are: (none)."


def test_place_that_cannot_be_written_is_told_before_the_work(report: Report, output: Path) -> None:
    wrong = output.parent / "nowhere" / "a.pdf"
    assert refused(wrong) == f"{wrong} cannot be written: it needs a name in a folder that exists."
    assert refused(output.parent) == f"{output.parent} cannot be written: it needs a name in a folder that exists."
    assert Edition.objects.count() == 0


@pytest.mark.parametrize("seconds", ["0", "-1", "soon"])
def test_seconds_are_a_positive_number(output: Path, seconds: str) -> None:
    assert f"{seconds} is not a number of seconds" in refused(output, "--timeout", seconds)
    assert Organisation.objects.count() == 0
