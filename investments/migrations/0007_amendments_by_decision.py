from collections import Counter
from typing import Any

from django.db import migrations


def gather(apps: Any, schema_editor: Any) -> None:
    """One decision for what has the same date and words in one year; a line that has it twice gets a second one."""
    using = schema_editor.connection.alias
    amendments = apps.get_model("investments", "Amendment").objects.using(using)
    decisions = apps.get_model("investments", "Decision").objects.using(using)
    made: dict[tuple[Any, ...], Any] = {}
    times: Counter[tuple[Any, ...]] = Counter()
    for amendment in amendments.select_related("line__table").order_by("date", "id"):
        table = amendment.line.table
        told = (table.organisation_id, table.year, amendment.date, amendment.told)
        key = (*told, times[amendment.line_id, *told])
        times[amendment.line_id, *told] += 1
        if key not in made:
            made[key] = decisions.create(
                organisation_id=table.organisation_id, year=table.year, date=amendment.date, title=amendment.told
            )
        amendments.filter(pk=amendment.pk).update(decision=made[key])


class Migration(migrations.Migration):
    dependencies = [("investments", "0006_decisions")]

    operations = [migrations.RunPython(gather)]
