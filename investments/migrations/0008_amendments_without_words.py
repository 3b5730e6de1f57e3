import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Date and words stand in the decision alone."""

    dependencies = [("investments", "0007_amendments_by_decision")]

    operations = [
        migrations.AlterModelOptions(name="amendment", options={"ordering": ["decision__date", "id"]}),
        migrations.RemoveField(model_name="amendment", name="date"),
        migrations.RemoveField(model_name="amendment", name="told"),
        migrations.AlterField(
            model_name="amendment",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="amendments",
                to="investments.decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.UniqueConstraint(fields=("decision", "line"), name="amendment_once"),
        ),
    ]
