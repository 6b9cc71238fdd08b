"""What no constraint of a row can say: entries are never changed, and a reversal mirrors the entry that it cancels."""

from django.db import migrations

# table → the columns in which a reversing entry equals the entry that it cancels
MIRRORED = {
    'sponsorship_contribution': (
        'sponsor_id', 'area_id', 'village_id', 'channel', 'kind', 'year', 'quantity', 'criterion_id', 'indicator_id',
    ),
    'sponsorship_disbursement': ('contribution_id',),
}
CHANGED = 'an entry of the ledger is never changed'
UNLIKE = 'a reversal mirrors one entry that is no reversal'


def _mirror(table, same):
    equal = ' AND '.join(f'o.{column} {same} NEW.{column}' for column in MIRRORED[table])
    return f'SELECT 1 FROM {table} o WHERE o.id = NEW.reverses_id AND o.reverses_id IS NULL AND o.amount = -NEW.amount AND {equal}'


def _sqlite(table):
    yield f"""CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table}
        BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END"""
    yield f"""CREATE TRIGGER {table}_mirror BEFORE INSERT ON {table}
        WHEN NEW.reverses_id IS NOT NULL AND NOT EXISTS ({_mirror(table, 'IS')})
        BEGIN SELECT RAISE(ABORT, '{UNLIKE}'); END"""


def _postgresql(table):
    yield f"""CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{CHANGED}' USING ERRCODE = 'check_violation'; END $$"""
    yield f"""CREATE FUNCTION {table}_mirror() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS ({_mirror(table, 'IS NOT DISTINCT FROM')}) THEN
                RAISE EXCEPTION '{UNLIKE}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$"""
    yield f"""CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_kept()"""
    yield f"""CREATE TRIGGER {table}_mirror BEFORE INSERT ON {table}
        FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION {table}_mirror()"""


def put_up(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in MIRRORED:
        for statement in {'sqlite': _sqlite, 'postgresql': _postgresql}[vendor](table):
            schema_editor.execute(statement)


def take_down(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == 'postgresql'
    for table in MIRRORED:
        for name in ('kept', 'mirror'):
            schema_editor.execute(f'DROP TRIGGER {table}_{name}' + (f' ON {table}' if is_postgresql else ''))
            if is_postgresql:
                schema_editor.execute(f'DROP FUNCTION {table}_{name}()')


class Migration(migrations.Migration):

    replaces = [('sponsorship', '0003_append_only')]

    dependencies = [('sponsorship', '0001_tables')]

    operations = [migrations.RunPython(put_up, take_down)]
