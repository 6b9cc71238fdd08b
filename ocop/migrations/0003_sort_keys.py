"""Products that were there before get their place in the Vietnamese order."""

from django.db import migrations

from communes.text import sort_key

_BATCH = 500


def fill(apps, schema_editor):
    product = apps.get_model("ocop", "Product")
    rows = list(product.objects.filter(sort_key="").only("pk", "name"))
    for row in rows:
        row.sort_key = sort_key(row.name)
    product.objects.bulk_update(rows, ["sort_key"], batch_size=_BATCH)


class Migration(migrations.Migration):
    dependencies = [("ocop", "0002_register_and_councils")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
