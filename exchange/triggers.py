"""Triggers that write the feed: whoever writes a public row, by whatever statement, has written its change.

PostgreSQL: a statement's public rows are noted in `exchange_pending`, in one set. When the transaction commits, a
deferred trigger takes the lock of the feed's only row, numbers what was noted and moves it to `exchange_change`. The
lock is held for the rest of the commit only, so numbers follow the order of commits, without a gap, and nobody waits
for a long transaction. What was noted is never committed there: the table is empty for everybody else, and unlogged.
SQLite: one writer at a time; each row takes its number at once.

They are put up after every `migrate`. SQLite cannot rebuild a table that a trigger names: there they are taken down
before, and a migration that changes public rows is then not in the feed.
"""

import hashlib
from collections.abc import Iterable, Iterator

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from communes.models import Area
from exchange.models import Change, Feed, Op
from exchange.sources import FOLLOWERS, SOURCES, Follower, Source

_COLUMNS = "kind, op, object_id, key, area_id"
_EVENTS = ("insert", "update", "delete")


def _select(source: Source, event: str, *, old: str, new: str) -> tuple[str, str]:
    """What a row is noted as, and the condition under which it is."""
    row = old if event == "delete" else new
    was, now = (source.public.format(row=each) or "TRUE" for each in (old, new))
    op = {
        "insert": f"'{Op.CREATED}'",
        "delete": f"'{Op.DELETED}'",
        "update": f"CASE WHEN NOT ({was}) THEN '{Op.CREATED}' WHEN NOT ({now}) THEN '{Op.DELETED}' "
        f"ELSE '{Op.UPDATED}' END",
    }[event]
    pk = f"{row}.{source.pk}"
    # A row that is deleted with another may find no key there any more.
    key = f"COALESCE({source.key.format(row=row)}, '')" if source.key else f"CAST({pk} AS varchar(40))"
    condition = {"insert": now, "delete": was, "update": f"({was}) OR ({now})"}[event]
    return f"SELECT '{source.kind}' AS kind, {op} AS op, {pk} AS object_id, {key} AS key, " + (
        f"{source.area.format(row=row)} AS area_id"
    ), condition


def _follow(follower: Follower, row: str) -> tuple[str, str, str]:
    """What the followers of a row are noted as: SELECT, FROM, WHERE."""
    rows, _, condition = follower.rows.format(row=row).partition(" WHERE ")
    select = f"SELECT '{follower.kind}' AS kind, '{Op.UPDATED}' AS op, x.id AS object_id, {follower.key} AS key"
    return f"{select}, {follower.area} AS area_id", rows, condition


def _named(part: Source | Follower, event: str) -> str:
    return f"exchange_{part.table}_{part.kind}_{event}"


def _events(part: Source | Follower) -> tuple[str, ...]:
    return part.on if isinstance(part, Follower) else _EVENTS


# PostgreSQL

_PENDING = f"""
    CREATE UNLOGGED TABLE IF NOT EXISTS exchange_pending (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, is_first boolean NOT NULL, kind varchar(12) NOT NULL,
        op varchar(7) NOT NULL, object_id bigint NOT NULL, key varchar(40) NOT NULL, area_id bigint
    );
    CREATE OR REPLACE FUNCTION exchange_number() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
    DECLARE many bigint; last bigint;
    BEGIN
        SELECT count(*) INTO many FROM exchange_pending WHERE id >= NEW.id;
        IF many > 0 THEN
            INSERT INTO exchange_feed (id, last_seq, pruned_to, triggers) VALUES (1, many, 0, '')
            ON CONFLICT (id) DO UPDATE SET last_seq = exchange_feed.last_seq + many RETURNING last_seq INTO last;
            WITH taken AS (DELETE FROM exchange_pending WHERE id >= NEW.id RETURNING id, {_COLUMNS})
            INSERT INTO exchange_change (seq, at, {_COLUMNS})
            SELECT last - many + row_number() OVER (ORDER BY id), clock_timestamp(), {_COLUMNS} FROM taken ORDER BY id;
        END IF;
        RETURN NULL;
    END $$;
    DROP TRIGGER IF EXISTS exchange_number ON exchange_pending;
    CREATE CONSTRAINT TRIGGER exchange_number AFTER INSERT ON exchange_pending DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.is_first) EXECUTE FUNCTION exchange_number();
"""
_TABLES = {"insert": ("n",), "delete": ("o",), "update": ("o", "n")}
_TRANSITION = {"n": "NEW TABLE AS n", "o": "OLD TABLE AS o"}


def _postgresql() -> Iterator[str]:
    yield _PENDING
    for part in (*SOURCES, *FOLLOWERS):
        for event in _events(part):
            name, tables = _named(part, event), _TABLES[event]
            yield f"""
                CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    INSERT INTO exchange_pending (is_first, {_COLUMNS})
                    SELECT row_number() OVER () = 1, {_COLUMNS} FROM ({_of_tables(part, event)}) AS noted;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER {name} AFTER {event.upper()} ON {part.table}
                    REFERENCING {" ".join(_TRANSITION[table] for table in tables)}
                    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
            """


def _of_tables(part: Source | Follower, event: str) -> str:
    if isinstance(part, Follower):
        row = "o" if event == "delete" else "n"
        select, rows, condition = _follow(part, row)
        return f"{select} FROM {row}, {rows} WHERE {condition}"
    select, condition = _select(part, event, old="o", new="n")
    both = f"n JOIN o ON o.{part.pk} = n.{part.pk}"
    rows = both if event == "update" else _TABLES[event][0]
    return f"{select} FROM {rows} WHERE {condition}"


# SQLite


def _sqlite() -> Iterator[str]:
    for part in (*SOURCES, *FOLLOWERS):
        for event in _events(part):
            noted, condition = _of_row(part, event)
            yield f"""
                CREATE TRIGGER {_named(part, event)} AFTER {event.upper()} ON {part.table}
                FOR EACH ROW WHEN {condition} BEGIN
                    INSERT INTO exchange_feed (id, last_seq, pruned_to, triggers)
                    SELECT 1, COALESCE((SELECT MAX(seq) FROM exchange_change), 0), 0, ''
                    WHERE NOT EXISTS (SELECT 1 FROM exchange_feed);
                    INSERT INTO exchange_change (seq, at, {_COLUMNS})
                    SELECT feed.last_seq + row_number() OVER (), strftime('%Y-%m-%d %H:%M:%f', 'now'), {_COLUMNS}
                    FROM exchange_feed feed, ({noted}) noted;
                    UPDATE exchange_feed SET last_seq = COALESCE((SELECT MAX(seq) FROM exchange_change), last_seq);
                END
            """


def _of_row(part: Source | Follower, event: str) -> tuple[str, str]:
    if isinstance(part, Follower):
        select, rows, condition = _follow(part, "OLD" if event == "delete" else "NEW")
        return f"{select} FROM {rows} WHERE {condition}", "TRUE"
    return _select(part, event, old="OLD", new="NEW")


# Both

_WRITTEN = {"postgresql": _postgresql, "sqlite": _sqlite}
_STANDING = {
    "postgresql": """
        SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE t.tgname LIKE 'exchange\\_%' AND NOT t.tgisinternal
    """,
    "sqlite": """
        SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'exchange\\_%' ESCAPE '\\'
    """,
}


def put_up(using: str = "default") -> bool:
    """Let the database write the feed as the sources say now; False where it already does, or cannot yet."""
    connection = connections[using]
    if not _tables() <= set(connection.introspection.table_names()):
        return False
    statements = list(_WRITTEN[connection.vendor]())
    mark = hashlib.sha256("".join(statements).encode()).hexdigest()
    feed, is_new = Feed.objects.using(using).get_or_create(pk=1)
    if is_new and Area.objects.using(using).exists():
        # Nobody has seen what was written before: a mirror begins with a snapshot.
        Feed.objects.using(using).update(last_seq=1, pruned_to=1)
    if feed.triggers == mark and len(_standing(connection)) >= len(_expected()):
        return False
    with transaction.atomic(using=using), connection.cursor() as cursor:
        take_down(using)
        for statement in statements:
            cursor.execute(statement)
        Feed.objects.using(using).filter(pk=1).update(triggers=mark)
    return True


def take_down(using: str = "default") -> None:
    """Stop writing the feed."""
    connection = connections[using]
    on = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for name, table in _standing(connection):
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if on else ""))


def _standing(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING[connection.vendor])
        return list(cursor.fetchall())


def _expected() -> list[str]:
    return [_named(part, event) for part in (*SOURCES, *FOLLOWERS) for event in _events(part)]


def _tables() -> set[str]:
    parts: Iterable[Source | Follower] = (*SOURCES, *FOLLOWERS)
    return {Change._meta.db_table, Feed._meta.db_table, *(part.table for part in parts)}


def before_migrating(*, using: str, plan: list, **_: object) -> None:
    """Receiver of `pre_migrate`."""
    if plan and connections[using].vendor == "sqlite":
        take_down(using)


def after_migrating(*, using: str, **_: object) -> None:
    """Receiver of `post_migrate`."""
    put_up(using)
