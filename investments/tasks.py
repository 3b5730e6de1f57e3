"""Celery: the variances of one table."""

from django.db import transaction
from django.utils import timezone

from jobs.actions import Claim
from jobs.running import CannotBeDone, job_task

from . import queries
from .actions import COMPUTE
from .amounts import from_cents
from .calculation import calculate
from .figures import CircularTotal, Figures, LineFigures, inputs_hash
from .models import Table, Variance

STORED = ["original", "amendments", "amended", "actual", "result"]


@job_task(COMPUTE, time_limit=120)
def compute_variances(held: Claim) -> None:
    """Compute and store the figures of every line of the table from its state now.

    The table is locked meanwhile: of two runs the later one reads and writes last.
    """
    with transaction.atomic():
        table = Table.objects.select_for_update(no_key=True).filter(pk=held.subject_id).first()
        if table is None:
            return
        entered = [queries.figures_of(line) for line in queries.lines(table)]
        by_key = {line.key: line for line in entered}
        now = timezone.now()
        Variance.objects.bulk_create(
            [
                Variance(
                    line_id=key,
                    percentage=figures.percentage,
                    inputs_hash=inputs_hash(by_key[key], by_key),
                    computed_at=now,
                    **{name: from_cents(getattr(figures, name)) for name in STORED},
                )
                for key, figures in _calculated(entered).items()
            ],
            update_conflicts=True,
            unique_fields=["line"],
            update_fields=[*STORED, "percentage", "inputs_hash", "computed_at"],
        )


def _calculated(entered: list[LineFigures]) -> dict[int, Figures]:
    try:
        return calculate(entered)
    except CircularTotal as circle:
        raise CannotBeDone(f"Het totaal “{circle}” telt zichzelf mee. Kies opnieuw wat dit totaal optelt.") from circle
