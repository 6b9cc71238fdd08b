
import datetime as dt

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


# Tokens were django-rest-knox's before: a digest of the same kind (SHA-512), so that what was given goes on.
_TAKE_OVER = """
    SELECT digest, token_key, created, expiry, user_id FROM knox_authtoken WHERE expiry > %s
"""
ALL_VERBS = ["read", "enter", "steps"]


def take_over(apps, schema_editor):
    """Keep the tokens that hold, and drop the table that they were in."""
    connection = schema_editor.connection
    if "knox_authtoken" not in connection.introspection.table_names():
        return
    ApiToken = apps.get_model("accounts", "ApiToken")
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_OVER, [connection.ops.adapt_datetimefield_value(timezone.now())])
        rows = cursor.fetchall()
        moment = _moment(connection)
        ApiToken.objects.bulk_create(
            ApiToken(
                name="API", digest=digest, hint=key[:8], verbs=ALL_VERBS, user_id=user_id,
                created_at=moment(created), expires_at=moment(expiry),
            )
            for digest, key, created, expiry, user_id in rows
        )
        cursor.execute("DROP TABLE knox_authtoken")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'knox'")


def _moment(connection):
    """SQLite gives moments as text without a zone."""
    if connection.vendor != "sqlite":
        return lambda value: value
    return lambda value: dt.datetime.fromisoformat(str(value)).replace(tzinfo=dt.UTC)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_people'),
        ('communes', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='tên')),
                ('digest', models.CharField(max_length=128, unique=True)),
                ('former_digest', models.CharField(max_length=128, null=True, unique=True)),
                ('former_until', models.DateTimeField(null=True)),
                ('hint', models.CharField(help_text="the secret's first characters, to tell it by", max_length=12, verbose_name='bắt đầu bằng')),
                ('verbs', models.JSONField(default=list, verbose_name='việc được làm')),
                ('networks', models.JSONField(default=list, help_text='CIDR; empty: from anywhere', verbose_name='mạng được dùng')),
                ('created_at', models.DateTimeField(verbose_name='cấp lúc')),
                ('expires_at', models.DateTimeField(verbose_name='hết hạn lúc')),
                ('last_used_at', models.DateTimeField(null=True, verbose_name='dùng lần cuối')),
                ('last_used_from', models.GenericIPAddressField(null=True, verbose_name='từ địa chỉ')),
                ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.area')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'mã truy cập',
                'verbose_name_plural': 'mã truy cập',
            },
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
