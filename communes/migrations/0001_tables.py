import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('communes', '0001_initial'), ('communes', '0002_village_register')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Epoch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province_code', models.CharField(max_length=10, unique=True, verbose_name='mã tỉnh')),
                ('value', models.BigIntegerField(default=1, verbose_name='giá trị')),
            ],
            options={
                'verbose_name': 'mốc dữ liệu',
                'verbose_name_plural': 'mốc dữ liệu',
            },
        ),
        migrations.CreateModel(
            name='Area',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, verbose_name='mã')),
                ('name', models.CharField(help_text='with its kind: Xã Hà Linh', max_length=120, verbose_name='tên')),
                ('short_name', models.CharField(max_length=120, verbose_name='tên gọn')),
                ('level', models.CharField(choices=[('province', 'cấp tỉnh'), ('district', 'cấp huyện'), ('commune', 'cấp xã'), ('village', 'thôn, tổ dân phố')], max_length=10, verbose_name='cấp')),
                ('kind', models.CharField(choices=[('tinh', 'tỉnh'), ('thanh_pho', 'thành phố thuộc tỉnh'), ('thi_xa', 'thị xã'), ('huyen', 'huyện'), ('xa', 'xã'), ('phuong', 'phường'), ('thi_tran', 'thị trấn'), ('dac_khu', 'đặc khu'), ('thon', 'thôn')], max_length=12, verbose_name='loại')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến ngày')),
                ('confidence', models.CharField(choices=[('verified', 'đã đối chiếu'), ('recalled', 'chưa đối chiếu văn bản gốc'), ('uncertain', 'chưa chắc chắn'), ('placeholder', 'chưa biết, giữ chỗ')], default='verified', max_length=12, verbose_name='độ tin cậy')),
                ('search_key', models.CharField(db_index=True, max_length=240, verbose_name='khoá tìm')),
                ('sort_key', models.CharField(max_length=240, verbose_name='khoá xếp')),
            ],
            options={
                'verbose_name': 'đơn vị hành chính',
                'verbose_name_plural': 'đơn vị hành chính',
                'ordering': ['sort_key', 'id'],
                'constraints': [models.UniqueConstraint(fields=('code', 'valid_from'), name='area_identity'), models.UniqueConstraint(condition=models.Q(('valid_from', None)), fields=('code',), name='area_identity_of_old'), models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='area_dates_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Classification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(choices=[('region', 'vùng'), ('commune_group', 'nhóm xã')], max_length=20, verbose_name='cách phân loại')),
                ('value', models.CharField(max_length=20, verbose_name='giá trị')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến ngày')),
                ('legal_reference', models.CharField(blank=True, max_length=300, verbose_name='căn cứ')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='classifications', to='communes.area')),
            ],
            options={
                'verbose_name': 'phân loại',
                'verbose_name_plural': 'phân loại',
            },
        ),
        migrations.CreateModel(
            name='Village',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='tên')),
                ('name_key', models.CharField(help_text='the name in small letters, its marks kept', max_length=120, verbose_name='khoá tên')),
                ('sort_key', models.CharField(max_length=240, verbose_name='khoá xếp')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến ngày')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='lý do kết thúc')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='phiên bản')),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='số liệu minh hoạ')),
                ('written_at', models.DateTimeField(verbose_name='ghi lúc')),
                ('households', models.PositiveIntegerField(blank=True, null=True, verbose_name='số hộ')),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='số khẩu')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.area', verbose_name='đơn vị cấp xã')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'thôn',
                'verbose_name_plural': 'thôn',
                'indexes': [models.Index(fields=['commune', 'sort_key', 'id'], name='village_of_commune')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='village_dates_in_order'), models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('commune', 'name_key'), name='village_once')],
            },
        ),
        migrations.CreateModel(
            name='ModelResidentialArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='tên')),
                ('name_key', models.CharField(help_text='the name in small letters, its marks kept', max_length=120, verbose_name='khoá tên')),
                ('sort_key', models.CharField(max_length=240, verbose_name='khoá xếp')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến ngày')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='lý do kết thúc')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='phiên bản')),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='số liệu minh hoạ')),
                ('written_at', models.DateTimeField(verbose_name='ghi lúc')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm được công nhận')),
                ('decision', models.CharField(blank=True, max_length=200, verbose_name='quyết định')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.area', verbose_name='đơn vị cấp xã')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('village', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.village')),
            ],
            options={
                'verbose_name': 'khu dân cư kiểu mẫu',
                'verbose_name_plural': 'khu dân cư kiểu mẫu',
                'indexes': [models.Index(fields=['commune', 'sort_key', 'id'], name='residential_of_commune')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='residential_dates_in_order'), models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('commune', 'name_key'), name='residential_once')],
            },
        ),
        migrations.CreateModel(
            name='ModelGarden',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='tên')),
                ('name_key', models.CharField(help_text='the name in small letters, its marks kept', max_length=120, verbose_name='khoá tên')),
                ('sort_key', models.CharField(max_length=240, verbose_name='khoá xếp')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến ngày')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='lý do kết thúc')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='phiên bản')),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='số liệu minh hoạ')),
                ('written_at', models.DateTimeField(verbose_name='ghi lúc')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm được công nhận')),
                ('area_m2', models.DecimalField(blank=True, decimal_places=1, max_digits=9, null=True, verbose_name='diện tích, m²')),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.area', verbose_name='đơn vị cấp xã')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('village', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communes.village')),
            ],
            options={
                'verbose_name': 'vườn mẫu',
                'verbose_name_plural': 'vườn mẫu',
                'indexes': [models.Index(fields=['commune', 'sort_key', 'id'], name='garden_of_commune')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='garden_dates_in_order')],
            },
        ),
        migrations.CreateModel(
            name='AreaChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('change', models.CharField(choices=[('merge', 'sáp nhập'), ('merge_into_existing', 'nhập vào đơn vị có sẵn'), ('status_change', 'đổi loại đơn vị'), ('district_transfer', 'chuyển huyện'), ('district_dissolved', 'giải thể huyện'), ('district_level_abolished', 'kết thúc cấp huyện'), ('unchanged', 'giữ nguyên')], max_length=30, verbose_name='thay đổi')),
                ('effective_on', models.DateField(verbose_name='hiệu lực')),
                ('is_partial', models.BooleanField(default=False, verbose_name='một phần')),
                ('legal_basis', models.CharField(max_length=300, verbose_name='căn cứ')),
                ('confidence', models.CharField(choices=[('verified', 'đã đối chiếu'), ('recalled', 'chưa đối chiếu văn bản gốc'), ('uncertain', 'chưa chắc chắn'), ('placeholder', 'chưa biết, giữ chỗ')], max_length=12, verbose_name='độ tin cậy')),
                ('note', models.TextField(blank=True, verbose_name='ghi chú')),
                ('new', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes_in', to='communes.area')),
                ('old', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes_out', to='communes.area')),
            ],
            options={
                'verbose_name': 'thay đổi địa giới',
                'verbose_name_plural': 'thay đổi địa giới',
                'ordering': ['effective_on', 'id'],
                'constraints': [models.UniqueConstraint(fields=('old', 'new', 'effective_on'), name='area_change_identity')],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(db_index=True, max_length=80, verbose_name='đường dẫn')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến ngày')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='communes.area')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='child_placements', to='communes.area')),
            ],
            options={
                'verbose_name': 'vị trí trong cây',
                'verbose_name_plural': 'vị trí trong cây',
                'constraints': [models.UniqueConstraint(fields=('area', 'valid_from'), name='placement_identity'), models.UniqueConstraint(condition=models.Q(('valid_from', None)), fields=('area',), name='placement_identity_of_old')],
            },
        ),
    ]
