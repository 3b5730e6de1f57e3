"""The calculation of a table, done in the test's own process as a worker does it."""

from investments import tasks
from investments.actions import COMPUTE
from investments.models import Table
from jobs import actions as jobs
from jobs.models import Job
from jobs.running import run


def compute(table: Table) -> Job:
    """Do what was asked for the table, or ask for it first; the job as it ended."""
    key = f"variances of table {table.pk}"
    job = jobs.request(COMPUTE, table.organisation, table.pk, by=None, unique_key=key)
    held = jobs.claim(job.pk, joins_until_end=False)
    assert held is not None
    run(tasks.compute_variances, held)
    job.refresh_from_db()
    return job
