import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Amendments are told by decisions: first the place for them."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("investments", "0005_ledger"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="boekjaar")),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="nummer")),
                ("date", models.DateField(verbose_name="datum")),
                ("title", models.CharField(max_length=200, verbose_name="besluit")),
                ("body", models.CharField(blank=True, max_length=100, verbose_name="genomen door")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={"ordering": ["date", "id"]},
        ),
        migrations.RenameField("amendment", "decision", "told"),
        migrations.AddField(
            model_name="amendment",
            name="decision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="amendments",
                to="investments.decision",
            ),
        ),
    ]
