import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_trail")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="on_behalf_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations",
                to="accounts.appointment",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("on_behalf_of", None), ("valid_to__isnull", False), _connector="OR"),
                name="appointment_delegation_ends",
            ),
        ),
    ]
