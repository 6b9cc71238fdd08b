"""The place of each act on a value, where it was not written down: the trail is read by place."""

from django.db import migrations

PLACES = """
    UPDATE accounts_auditevent SET area_path = COALESCE((
        SELECT p.path
        FROM criteria_reading r
        JOIN criteria_assessment s ON s.id = r.assessment_id
        JOIN criteria_round d ON d.id = s.round_id
        JOIN criteria_period q ON q.id = d.period_id
        JOIN communes_placement p ON p.area_id = s.area_id
            AND (p.valid_from IS NULL OR p.valid_from <= q.ends_on)
            AND (p.valid_to IS NULL OR p.valid_to >= q.ends_on)
        WHERE r.id = CAST(accounts_auditevent.subject_id AS bigint)
    ), '')
    WHERE subject_type = 'criteria.reading' AND area_path = ''
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_trail"),
        ("communes", "0001_initial"),
        ("criteria", "0005_reminders"),
    ]

    operations = [migrations.RunSQL(PLACES, migrations.RunSQL.noop)]
