import django.db.models.deletion
import reports.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('reports', '0001_documents')]

    initial = True

    dependencies = [
        ('accounts', '0001_tables'),
        ('accounts', '__first__'),
        ('communes', '0001_tables'),
        ('criteria', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.SlugField(max_length=20, verbose_name='loại')),
                ('head', models.JSONField(default=dict, verbose_name='phần đầu và phần ký')),
                ('code', models.CharField(default=reports.models.new_code, max_length=12, unique=True, verbose_name='mã kiểm')),
                ('asked', models.CharField(max_length=64, unique=True, verbose_name='dấu yêu cầu')),
                ('asked_at', models.DateTimeField(verbose_name='yêu cầu lúc')),
                ('epoch', models.PositiveBigIntegerField(default=0, verbose_name='đời số liệu')),
                ('paper', models.JSONField(null=True, verbose_name='nội dung')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='mã băm nội dung')),
                ('is_official', models.BooleanField(default=False, verbose_name='kỳ đã chốt')),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='số liệu minh hoạ')),
                ('made_at', models.DateTimeField(null=True, verbose_name='lập xong lúc')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.area')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('docx', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='criteria.storedfile')),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.job')),
                ('pdf', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='criteria.storedfile')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='criteria.period')),
                ('xlsx', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='criteria.storedfile')),
            ],
            options={
                'verbose_name': 'văn bản',
                'verbose_name_plural': 'văn bản',
                'indexes': [models.Index(fields=['area', '-id'], name='document_of_area')],
                'constraints': [models.CheckConstraint(condition=models.Q(('made_at', None), models.Q(('docx__isnull', False), ('paper__isnull', False), ('pdf__isnull', False), ('xlsx__isnull', False)), _connector='OR'), name='document_made_whole')],
            },
        ),
    ]
