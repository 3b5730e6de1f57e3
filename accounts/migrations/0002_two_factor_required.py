from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="two_factor_required",
            field=models.BooleanField(default=False, verbose_name="tweestapsverificatie verplicht"),
        ),
    ]
