import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError

import jobs.actions
from jobs.models import Job, JobState
from publishing.actions import COMPILE
from publishing.models import Edition
from reports.models import Report
from tests import builders

pytestmark = pytest.mark.django_db


def edition(report: Report, number: int = 1) -> Edition:
    director = builders.person("Hendrik van Aalsum", report.organisation)
    made = Edition.objects.create(report=report, number=number, content={}, content_hash="0", requested_by=director)
    made.job = jobs.actions.request(COMPILE, report.organisation, made.pk, by=director)
    made.save()
    return made


@pytest.mark.parametrize(
    ("state", "file", "ready", "building", "failed"),
    [
        (JobState.WAITING, "", False, True, False),
        (JobState.RUNNING, "", False, True, False),
        (JobState.RUNNING, "editions/1/1.pdf", True, False, False),
        (JobState.DONE, "editions/1/1.pdf", True, False, False),
        (JobState.FAILED, "", False, False, True),
    ],
)
def test_edition_stands_where_its_file_and_job_say(
    state: JobState, file: str, ready: bool, building: bool, failed: bool
) -> None:
    made = edition(builders.report(builders.organisation()))
    Edition.objects.update(file=file)
    Job.objects.update(state=state)
    made = Edition.objects.get(pk=made.pk)
    assert (made.is_ready, made.is_building, made.is_failed) == (ready, building, failed)


def test_number_is_given_once_per_report() -> None:
    org = builders.organisation()
    edition(builders.report(org))
    edition(builders.report(org, "Voortgangsrapportage 2020", "voortgang-2020"))
    with pytest.raises(IntegrityError):
        edition(Report.objects.get(slug="jaarstukken-2020"))


def test_report_with_editions_is_not_removed() -> None:
    report = builders.report(builders.organisation())
    edition(report)
    with pytest.raises(ProtectedError):
        report.delete()


def test_edition_says_which_it_is() -> None:
    assert str(edition(builders.report(builders.organisation()), 3)) == "Jaarstukken 2020, editie 3"


@pytest.mark.parametrize(
    ("chapters", "stem"),
    [
        ([], "duoplus-jaarstukken-2020-editie-3-concept"),
        (["3.1"], "duoplus-jaarstukken-2020-editie-3-hoofdstuk-3.1-concept"),
        (["3", "4"], "duoplus-jaarstukken-2020-editie-3-deel-concept"),
    ],
)
def test_files_say_what_of_the_report_they_hold(chapters: list[str], stem: str) -> None:
    made = edition(builders.report(builders.organisation()), 3)
    made.chapters = chapters
    assert made.file_stem == stem
