import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_initial')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='lúc')),
                ('actor_id', models.BigIntegerField(null=True, verbose_name='mã người làm')),
                ('actor_name', models.CharField(max_length=150, verbose_name='người làm')),
                ('action', models.CharField(max_length=60, verbose_name='việc')),
                ('subject_type', models.CharField(max_length=60, verbose_name='đối tượng')),
                ('subject_id', models.CharField(max_length=60, verbose_name='mã đối tượng')),
                ('area_path', models.CharField(blank=True, max_length=80, verbose_name='nơi')),
                ('reason', models.TextField(blank=True, verbose_name='lý do')),
                ('data', models.JSONField(default=dict, verbose_name='nội dung')),
            ],
            options={
                'verbose_name': 'nhật ký',
                'verbose_name_plural': 'nhật ký',
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='mã')),
                ('name', models.CharField(max_length=200, verbose_name='tên')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='hiệu lực từ')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='hiệu lực đến')),
                ('is_illustrative', models.BooleanField(default=False, verbose_name='số liệu minh hoạ')),
            ],
            options={
                'verbose_name': 'sở, ngành',
                'verbose_name_plural': 'sở, ngành',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='việc')),
                ('arguments', models.JSONField(default=dict, verbose_name='tham số')),
                ('state', models.CharField(choices=[('queued', 'đang chờ'), ('running', 'đang chạy'), ('done', 'đã xong'), ('failed', 'không làm được'), ('cancelled', 'đã huỷ')], default='queued', max_length=10, verbose_name='tình trạng')),
                ('marks', models.JSONField(default=dict, help_text='where the next step goes on', verbose_name='đã làm tới')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='đã làm')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='tổng số')),
                ('result', models.JSONField(default=dict, verbose_name='kết quả')),
                ('reason', models.TextField(blank=True, help_text='of the last attempt that failed', verbose_name='lý do')),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='since the last step that succeeded', verbose_name='số lần thử')),
                ('stop_asked', models.BooleanField(default=False, verbose_name='được yêu cầu dừng')),
                ('claim', models.CharField(blank=True, help_text='a new one each time it is taken', max_length=32, verbose_name='người đang làm')),
                ('asked_at', models.DateTimeField(verbose_name='yêu cầu lúc')),
                ('run_after', models.DateTimeField(verbose_name='không trước')),
                ('started_at', models.DateTimeField(null=True, verbose_name='bắt đầu')),
                ('heartbeat_at', models.DateTimeField(null=True, verbose_name='còn làm lúc')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='kết thúc')),
            ],
            options={
                'verbose_name': 'việc nền',
                'verbose_name_plural': 'việc nền',
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('display_name', models.CharField(max_length=150, verbose_name='họ tên hoặc chức danh')),
                ('is_demo', models.BooleanField(default=False, verbose_name='tài khoản minh hoạ')),
                ('must_change_password', models.BooleanField(default=False, verbose_name='phải đổi mật khẩu')),
                ('search_key', models.CharField(blank=True, max_length=310, verbose_name='khoá tìm')),
                ('session_generation', models.PositiveIntegerField(default=0, verbose_name='đời phiên')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'người dùng',
                'verbose_name_plural': 'người dùng',
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('commune_officer', 'Cán bộ xã'), ('district_officer', 'Cán bộ huyện'), ('district_reviewer', 'Người thẩm tra cấp huyện'), ('department_officer', 'Chuyên viên sở, ngành'), ('province_officer', 'Văn phòng Điều phối NTM tỉnh'), ('administrator', 'Quản trị'), ('reader', 'Người xem')], max_length=30, verbose_name='vai trò')),
                ('valid_from', models.DateField(verbose_name='từ ngày')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='đến ngày')),
                ('appointed_at', models.DateTimeField(auto_now_add=True, verbose_name='lúc')),
                ('appointed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'phân công',
                'verbose_name_plural': 'phân công',
            },
        ),
    ]
