from django.db import migrations


class Migration(migrations.Migration):
    """Why a line deviates stands in explanations alone."""

    dependencies = [("investments", "0010_claims_of_lines")]

    operations = [
        migrations.RemoveField(model_name="line", name="explanation"),
        migrations.RemoveField(model_name="line", name="explanation_version"),
    ]
