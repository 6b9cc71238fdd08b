from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("criteria", "0009_imports")]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="due_on",
            field=models.DateField(
                blank=True, help_text="an exception, later than the round's", null=True, verbose_name="hạn riêng"
            ),
        ),
    ]
