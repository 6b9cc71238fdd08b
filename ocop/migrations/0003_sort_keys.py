"""Products that were there before get their place in the Vietnamese order and their standing certificate."""

from django.db import migrations
from django.db.models import Exists, OuterRef

from communes.text import sort_key

_BATCH = 500


def fill(apps, schema_editor):
    product, rating = apps.get_model("ocop", "Product"), apps.get_model("ocop", "Rating")
    revoked = rating.objects.filter(
        status="revoked", product_id=OuterRef("product_id"), decided_on__gte=OuterRef("decided_on")
    )
    standing = rating.objects.filter(~Exists(revoked), status="recognised").order_by("decided_on", "id")
    latest = dict(standing.values_list("product_id", "pk"))
    rows = list(product.objects.only("pk", "name"))
    for row in rows:
        row.sort_key, row.standing_id = sort_key(row.name), latest.get(row.pk)
    product.objects.bulk_update(rows, ["sort_key", "standing"], batch_size=_BATCH)


class Migration(migrations.Migration):
    dependencies = [("ocop", "0002_register_and_councils")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
