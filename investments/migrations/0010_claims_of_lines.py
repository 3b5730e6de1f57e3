from typing import Any

from django.db import migrations


def move(apps: Any, schema_editor: Any) -> None:
    """What was written at a line becomes an explanation that accounts for all of its deviation."""
    using = schema_editor.connection.alias
    lines = apps.get_model("investments", "Line").objects.using(using)
    explanations = apps.get_model("investments", "Explanation").objects.using(using)
    for line in lines.exclude(explanation="").order_by("table_id", "position", "id"):
        made = explanations.create(table_id=line.table_id, text=line.explanation, version=line.explanation_version)
        made.claims.create(line_id=line.pk)


class Migration(migrations.Migration):
    dependencies = [("investments", "0009_explanations")]

    operations = [migrations.RunPython(move)]
