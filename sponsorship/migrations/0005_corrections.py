"""A cancelled entry may be replaced without reopening its year; what money was for is found without marks."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from accounts.text import search_key

# SQLite makes the table anew for a check, and filling a column is a change: the triggers stand aside meanwhile.
triggers = import_module('sponsorship.migrations.0003_append_only')


def fill_keys(apps, schema_editor):
    rows = apps.get_model('sponsorship', 'Contribution').objects.exclude(purpose='')
    for purpose in rows.order_by().values_list('purpose', flat=True).distinct():
        rows.filter(purpose=purpose).update(purpose_key=search_key(purpose)[:240])
    if schema_editor.connection.vendor == 'postgresql':
        # Indexes follow: nothing of the table may be waiting to be checked.
        schema_editor.connection.check_constraints()


class Migration(migrations.Migration):

    dependencies = [
        ('sponsorship', '0004_cancelled_index'),
    ]

    operations = [
        migrations.RunPython(triggers.take_down, triggers.put_up),
        migrations.RemoveConstraint(
            model_name='contribution',
            name='contribution_receipt_once',
        ),
        migrations.AddField(
            model_name='contribution',
            name='given_on',
            field=models.DateField(blank=True, null=True, verbose_name='ngày thực nhận'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='purpose_key',
            field=models.CharField(blank=True, max_length=240, verbose_name='khoá tìm nội dung'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='replaces',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='sponsorship.contribution'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('given_on', None), ('replaces', None)), models.Q(('given_on__isnull', False), ('received_on__isnull', False), ('replaces__isnull', False), ('reverses', None)), _connector='OR'), name='contribution_replacement_is_dated'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.UniqueConstraint(condition=models.Q(('replaces', None), models.Q(('receipt_key', ''), _negated=True)), fields=('year', 'area', 'receipt_key'), name='contribution_receipt_once'),
        ),
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
        migrations.RunPython(triggers.put_up, triggers.take_down),
    ]
