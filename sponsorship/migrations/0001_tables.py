import datetime
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('sponsorship', '0001_initial'), ('sponsorship', '0002_ledger'), ('sponsorship', '0004_cancelled_index'), ('sponsorship', '0005_corrections')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('communes', '0001_tables'),
        ('criteria', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Sponsor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(blank=True, null=True, verbose_name='ghi lúc')),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='số liệu minh hoạ')),
                ('name', models.CharField(max_length=200, verbose_name='tên')),
                ('kind', models.CharField(choices=[('agency', 'cơ quan, đơn vị'), ('enterprise', 'doanh nghiệp'), ('organisation', 'tổ chức'), ('compatriot', 'con em xa quê'), ('individual', 'cá nhân')], max_length=12, verbose_name='loại')),
                ('is_anonymous', models.BooleanField(default=False, verbose_name='không nêu tên')),
                ('search_key', models.CharField(db_index=True, max_length=240, verbose_name='khoá tìm')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='phiên bản')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'đơn vị đỡ đầu',
                'verbose_name_plural': 'đơn vị đỡ đầu',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('recorded_at', None), ('recorded_by', None)), models.Q(('recorded_at__isnull', False), ('recorded_by__isnull', False)), _connector='OR'), name='sponsor_recorded_paired')],
            },
        ),
        migrations.CreateModel(
            name='Pledge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(blank=True, null=True, verbose_name='ghi lúc')),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='số liệu minh hoạ')),
                ('channel', models.CharField(choices=[('assigned', 'được UBND tỉnh giao hoặc chấp thuận'), ('called', 'kêu gọi tổ chức, cá nhân'), ('called_by_districts', 'cấp huyện kêu gọi'), ('called_by_communes', 'cấp xã kêu gọi')], max_length=20, verbose_name='kênh')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('pledged_on', models.DateField(verbose_name='ngày cam kết')),
                ('amount', models.BigIntegerField(verbose_name='số tiền cam kết (đồng)')),
                ('purpose', models.CharField(blank=True, max_length=200, verbose_name='nội dung')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='rút lúc')),
                ('withdrawal_reason', models.CharField(blank=True, max_length=300, verbose_name='lý do rút')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.area')),
                ('criterion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='criteria.criterion')),
                ('indicator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='criteria.indicator')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('village', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.village')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sponsor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pledges', to='sponsorship.sponsor')),
            ],
            options={
                'verbose_name': 'cam kết',
                'verbose_name_plural': 'cam kết',
                'indexes': [models.Index(fields=['year', 'area'], name='pledge_by_year')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('recorded_at', None), ('recorded_by', None)), models.Q(('recorded_at__isnull', False), ('recorded_by__isnull', False)), _connector='OR'), name='pledge_recorded_paired'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='pledge_withdrawn_paired'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='pledge_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(blank=True, null=True, verbose_name='ghi lúc')),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='số liệu minh hoạ')),
                ('amount', models.BigIntegerField(verbose_name='số tiền (đồng)')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='lý do huỷ')),
                ('given_on', models.DateField(blank=True, null=True, verbose_name='ngày thực nhận')),
                ('channel', models.CharField(choices=[('assigned', 'được UBND tỉnh giao hoặc chấp thuận'), ('called', 'kêu gọi tổ chức, cá nhân'), ('called_by_districts', 'cấp huyện kêu gọi'), ('called_by_communes', 'cấp xã kêu gọi')], max_length=20, verbose_name='kênh')),
                ('kind', models.CharField(choices=[('money', 'tiền'), ('workdays', 'ngày công'), ('goods', 'hiện vật'), ('land', 'đất')], default='money', max_length=8, verbose_name='loại')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('received_on', models.DateField(blank=True, null=True, verbose_name='ngày nhận')),
                ('day', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce('received_on', models.Value(datetime.date(1, 1, 1))), output_field=models.DateField(verbose_name='ngày xếp'))),
                ('quantity', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='số lượng')),
                ('unit', models.CharField(blank=True, max_length=30, verbose_name='đơn vị tính')),
                ('rate', models.BigIntegerField(blank=True, null=True, verbose_name='quy đổi (đồng một đơn vị)')),
                ('rate_basis', models.CharField(blank=True, max_length=200, verbose_name='căn cứ quy đổi')),
                ('purpose', models.CharField(blank=True, max_length=200, verbose_name='nội dung')),
                ('purpose_key', models.CharField(blank=True, max_length=240, verbose_name='khoá tìm nội dung')),
                ('receipt', models.CharField(blank=True, max_length=40, verbose_name='số biên nhận')),
                ('receipt_key', models.CharField(blank=True, max_length=40, verbose_name='khoá biên nhận')),
                ('source', models.TextField(blank=True, verbose_name='nguồn')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.area')),
                ('criterion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='criteria.criterion')),
                ('indicator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='criteria.indicator')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='sponsorship.contribution')),
                ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='sponsorship.contribution')),
                ('village', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.village')),
                ('pledge', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='sponsorship.pledge')),
                ('sponsor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='sponsorship.sponsor')),
            ],
            options={
                'verbose_name': 'khoản đóng góp',
                'verbose_name_plural': 'khoản đóng góp',
                'indexes': [models.Index(condition=models.Q(('reverses__isnull', False)), fields=['reverses'], name='contribution_cancelled'), models.Index(fields=['year', 'channel'], name='contribution_by_year'), models.Index(fields=['-day', '-id'], name='contribution_by_day'), models.Index(fields=['year', '-day', '-id'], name='contribution_of_year_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('reason', ''), ('reverses', None)), models.Q(('amount__lt', 0), ('reverses__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='contribution_is_signed'), models.CheckConstraint(condition=models.Q(models.Q(('recorded_at', None), ('recorded_by', None)), models.Q(('recorded_at__isnull', False), ('recorded_by__isnull', False)), _connector='OR'), name='contribution_recorded_paired'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'money'), ('quantity', None), ('rate', None), ('unit', '')), models.Q(models.Q(('kind', 'money'), _negated=True), ('quantity__gt', 0), ('rate__gt', 0), models.Q(('unit', ''), _negated=True), models.Q(('rate_basis', ''), _negated=True)), _connector='OR'), name='contribution_states_its_conversion'), models.CheckConstraint(condition=models.Q(('reverses', None), models.Q(('receipt', ''), ('received_on__isnull', False)), _connector='OR'), name='contribution_reversal_is_dated'), models.CheckConstraint(condition=models.Q(models.Q(('receipt', ''), ('receipt_key', '')), models.Q(models.Q(('receipt', ''), _negated=True), models.Q(('receipt_key', ''), _negated=True)), _connector='OR'), name='contribution_receipt_has_key'), models.CheckConstraint(condition=models.Q(models.Q(('given_on', None), ('replaces', None)), models.Q(('given_on__isnull', False), ('received_on__isnull', False), ('replaces__isnull', False), ('reverses', None)), _connector='OR'), name='contribution_replacement_is_dated'), models.UniqueConstraint(condition=models.Q(('replaces', None), models.Q(('receipt_key', ''), _negated=True)), fields=('year', 'area', 'receipt_key'), name='contribution_receipt_once')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(blank=True, null=True, verbose_name='ghi lúc')),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='số liệu minh hoạ')),
                ('decision', models.CharField(blank=True, max_length=60, verbose_name='văn bản giao')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='ngày văn bản')),
                ('year_from', models.PositiveSmallIntegerField(verbose_name='từ năm')),
                ('year_to', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='đến năm')),
                ('areas', models.ManyToManyField(related_name='+', to='communes.area', verbose_name='xã được đỡ đầu')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('villages', models.ManyToManyField(blank=True, related_name='+', to='communes.village', verbose_name='thôn được đỡ đầu')),
                ('sponsor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='sponsorship.sponsor')),
            ],
            options={
                'verbose_name': 'phân công đỡ đầu',
                'verbose_name_plural': 'phân công đỡ đầu',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('recorded_at', None), ('recorded_by', None)), models.Q(('recorded_at__isnull', False), ('recorded_by__isnull', False)), _connector='OR'), name='assignment_recorded_paired'), models.CheckConstraint(condition=models.Q(('year_to', None), ('year_to__gte', models.F('year_from')), _connector='OR'), name='assignment_years_in_order')],
            },
        ),
        migrations.CreateModel(
            name='YearClosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('published', models.BigIntegerField(verbose_name='tổng đã công bố (đồng)')),
                ('through', models.BigIntegerField(help_text='id of the last entry of the published total; 0: none', verbose_name='khoản cuối')),
                ('closed_at', models.DateTimeField(verbose_name='chốt lúc')),
                ('reopened_at', models.DateTimeField(blank=True, null=True, verbose_name='mở lại lúc')),
                ('reopen_reason', models.CharField(blank=True, max_length=300, verbose_name='lý do mở lại')),
                ('closed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reopened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'chốt năm',
                'verbose_name_plural': 'chốt năm',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reopened_at', None), ('reopened_by', None)), models.Q(('reopened_at__isnull', False), ('reopened_by__isnull', False)), _connector='OR'), name='closing_reopened_paired'), models.CheckConstraint(condition=models.Q(models.Q(('reopen_reason', ''), ('reopened_at', None)), models.Q(('reopened_at__isnull', False), models.Q(('reopen_reason', ''), _negated=True)), _connector='OR'), name='closing_reopened_for_a_reason'), models.UniqueConstraint(condition=models.Q(('reopened_at', None)), fields=('year',), name='closing_once')],
            },
        ),
        migrations.CreateModel(
            name='Arrears',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(blank=True, null=True, verbose_name='ghi lúc')),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='số liệu minh hoạ')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('amount', models.BigIntegerField(verbose_name='nợ đọng (đồng)')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='phiên bản')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.area')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'nợ đọng xây dựng cơ bản',
                'verbose_name_plural': 'nợ đọng xây dựng cơ bản',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('recorded_at', None), ('recorded_by', None)), models.Q(('recorded_at__isnull', False), ('recorded_by__isnull', False)), _connector='OR'), name='arrears_recorded_paired'), models.UniqueConstraint(fields=('area', 'year'), name='arrears_identity'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='arrears_are_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('contribution', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='confirmation', serialize=False, to='sponsorship.contribution')),
                ('confirmed_at', models.DateTimeField(verbose_name='đối chiếu lúc')),
                ('confirmed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'đối chiếu khoản',
                'verbose_name_plural': 'đối chiếu khoản',
            },
        ),
        migrations.CreateModel(
            name='Disbursement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(blank=True, null=True, verbose_name='ghi lúc')),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='số liệu minh hoạ')),
                ('amount', models.BigIntegerField(verbose_name='số tiền (đồng)')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='lý do huỷ')),
                ('paid_on', models.DateField(verbose_name='ngày chi')),
                ('purpose', models.CharField(blank=True, max_length=200, verbose_name='nội dung chi')),
                ('voucher', models.CharField(blank=True, max_length=40, verbose_name='số chứng từ')),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disbursements', to='sponsorship.contribution')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='sponsorship.disbursement')),
            ],
            options={
                'verbose_name': 'khoản chi',
                'verbose_name_plural': 'khoản chi',
                'indexes': [models.Index(condition=models.Q(('reverses__isnull', False)), fields=['reverses'], name='disbursement_cancelled')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('reason', ''), ('reverses', None)), models.Q(('amount__lt', 0), ('reverses__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='disbursement_is_signed'), models.CheckConstraint(condition=models.Q(models.Q(('recorded_at', None), ('recorded_by', None)), models.Q(('recorded_at__isnull', False), ('recorded_by__isnull', False)), _connector='OR'), name='disbursement_recorded_paired')],
            },
        ),
        migrations.CreateModel(
            name='Funding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(blank=True, null=True, verbose_name='ghi lúc')),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='số liệu minh hoạ')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('line', models.CharField(max_length=30, verbose_name='nguồn vốn')),
                ('plan', models.BigIntegerField(default=0, verbose_name='kế hoạch (đồng)')),
                ('mobilised', models.BigIntegerField(default=0, verbose_name='huy động (đồng)')),
                ('disbursed', models.BigIntegerField(default=0, verbose_name='giải ngân (đồng)')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='phiên bản')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.area')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'nguồn vốn của năm',
                'verbose_name_plural': 'nguồn vốn của năm',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('recorded_at', None), ('recorded_by', None)), models.Q(('recorded_at__isnull', False), ('recorded_by__isnull', False)), _connector='OR'), name='funding_recorded_paired'), models.UniqueConstraint(fields=('area', 'year', 'line'), name='funding_identity'), models.CheckConstraint(condition=models.Q(('disbursed__gte', 0), ('mobilised__gte', 0), ('plan__gte', 0)), name='funding_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(blank=True, null=True, verbose_name='ghi lúc')),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='số liệu minh hoạ')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('amount', models.BigIntegerField(verbose_name='số tiền cần (đồng)')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='ghi chú')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='phiên bản')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.area')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='criteria.indicator')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'nhu cầu vốn',
                'verbose_name_plural': 'nhu cầu vốn',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('recorded_at', None), ('recorded_by', None)), models.Q(('recorded_at__isnull', False), ('recorded_by__isnull', False)), _connector='OR'), name='need_recorded_paired'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='need_is_not_negative'), models.UniqueConstraint(fields=('area', 'indicator', 'year'), name='need_identity')],
            },
        ),
    ]
