"""How long a director waits from the button to the file: `python -m pytest tests/bench/clicking.py -s`.

It prints what it measured in headless Chromium, with a real worker that made an earlier edition of the same report.
"""

import sys
import time

import pytest
from django.db.models import Value
from django.db.models.functions import Concat

from accounts.roles import Role
from reports.models import Section
from tests import builders, workers
from tests.bench import reports
from tests.screens import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHAPTERS = 40
MOST = 2.5
"""Seconds."""
PATIENCE = 600_000
"""Milliseconds, for the first edition."""


def test_click_to_download(visit: Visitor) -> None:
    organisation = builders.organisation()
    director = builders.person("Hendrik van Aalsum", organisation, Role.DIRECTOR)
    reports.store(reports.report(CHAPTERS), organisation)
    with workers.running_worker(JOB_LEASE_SECONDS="60", JOB_SWEEP_SECONDS="30"):
        for round_of in ("from nothing", "after an edit"):
            Section.objects.filter(chapter__title__startswith="Programma 3 ").update(
                text=Concat("text", Value("<p>Nog iets.</p>"))
            )
            page = visit(director, "/duoplus/rapporten/groot/samenstellen/")
            started = time.perf_counter()
            page.get_by_role("button", name="PDF maken").click()
            link = page.get_by_role("link", name="PDF downloaden")
            link.wait_for(timeout=PATIENCE)
            with page.expect_download() as download:
                link.click()
            size = download.value.path().stat().st_size
            waited = time.perf_counter() - started
            sys.stdout.write(f"\n{round_of}: {waited:.2f} s from click to {size} bytes (at most {MOST})\n")
