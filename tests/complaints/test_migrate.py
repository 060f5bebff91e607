"""Migrations: end at the written schema, once each, safe when two start at once; rights as promised."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from accessibility.complaints.migrate import BOOKKEEPING, SQL, Migration, migrate, migrations
from accessibility.complaints.store.connection import connect
from accessibility.complaints.store.statements import names, statement
from accessibility.refusals import Refused
from api.embedded_places import wheel_binaries


def dumped(url: str) -> list[str]:
    """The schema as pg_dump says it, without its random marks."""
    program = str(wheel_binaries() / "bin" / "pg_dump")
    done = subprocess.run(
        [program, "--schema-only", "--schema=stepfree", url], capture_output=True, text=True, check=True
    )
    return [line for line in done.stdout.splitlines() if line and not line.startswith(("--", "\\"))]


async def test_the_migrations_end_at_the_written_schema(empty_database: str, database: str) -> None:
    connection = await asyncpg.connect(empty_database)
    await connection.execute((SQL / "roles.sql").read_text())
    await connection.execute("SET ROLE stepfree_owner; SET search_path TO stepfree")
    await connection.execute(BOOKKEEPING)
    await connection.execute((SQL / "schema.sql").read_text())
    await connection.close()
    written, migrated = dumped(empty_database), dumped(database)
    assert written == migrated
    assert any("CREATE TABLE stepfree.barrier" in line for line in migrated)


async def test_two_that_start_at_once_apply_each_migration_once(empty_database: str) -> None:
    applied = await asyncio.gather(*(migrate(empty_database) for _ in range(4)))
    assert sorted(map(len, applied)) == [0, 0, 0, len(migrations())]


async def test_an_edited_migration_is_refused(empty_database: str) -> None:
    first = Migration(1, "0001_a", "CREATE TABLE a (x int)")
    second = Migration(2, "0002_b", "CREATE TABLE b (x int)")
    assert await migrate(empty_database, [first]) == ["0001_a"]
    assert await migrate(empty_database, [first, second]) == ["0002_b"]
    with pytest.raises(Refused, match="changed after"):
        await migrate(empty_database, [Migration(1, "0001_a", "CREATE TABLE a (x bigint)"), second])
    with pytest.raises(Refused, match="newer version"):
        await migrate(empty_database, [first])


async def test_a_failing_migration_leaves_nothing(empty_database: str) -> None:
    good = Migration(1, "0001_a", "CREATE TABLE a (x int)")
    bad = Migration(2, "0002_b", "CREATE TABLE b (x int); SELECT 1/0")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty_database, [good, bad])
    assert await migrate(empty_database, [good]) == ["0001_a"]


@pytest.mark.parametrize("bad", [["1_a.sql"], ["0001_a.sql", "0003_c.sql"]])
def test_names_and_gaps_are_checked(tmp_path: Path, bad: list[str]) -> None:
    for name in bad:
        (tmp_path / name).write_text("SELECT 1")
    with pytest.raises(ValueError, match=r"NNNN_words|without a gap"):
        migrations(tmp_path)


async def test_every_named_query_can_be_prepared(database: str) -> None:
    connection = await connect(database)
    wrong = {}
    for name in names():
        try:
            await connection.prepare(statement(name))
        except asyncpg.PostgresError as error:
            wrong[name] = str(error)
    await connection.close()
    assert wrong == {}
    assert len(names()) > 40


@pytest.mark.parametrize("name", names())
def test_every_named_query_says_its_purpose_and_its_columns(name: str) -> None:
    purpose, *lines = statement(name).splitlines()
    assert purpose.startswith("-- ")
    assert purpose.endswith(".")
    assert "*" not in "\n".join(lines)


def test_every_named_query_is_used_by_the_store() -> None:
    source = "".join(path.read_text() for path in (SQL.parent / "store").glob("*.py"))
    assert [name for name in names() if f'statement("{name}")' not in source] == []


async def test_every_table_and_key_starts_with_the_city(database: str) -> None:
    connection = await connect(database)
    keys = await connection.fetch(
        """
        SELECT t.relname, (SELECT attname FROM pg_attribute WHERE attrelid = t.oid AND attnum = i.indkey[0]) AS first
        FROM pg_class t JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
        WHERE t.relnamespace = 'stepfree'::regnamespace AND t.relname <> 'migration'
        """
    )
    await connection.close()
    assert len(keys) > 15
    assert {row["first"] for row in keys} == {"city_id"}


DENIED = [
    "SELECT name FROM contact",
    "DELETE FROM contact",
    "UPDATE audit SET action = 'x'",
    "DELETE FROM audit",
    "TRUNCATE audit",
    "DELETE FROM evidence",
    "DELETE FROM complaint",
    "UPDATE report SET note = ''",
    "DROP TABLE barrier",
    "CREATE TABLE mine (x int)",
    "CREATE TABLE public.mine (x int)",
]


@pytest.mark.parametrize("sql", DENIED)
async def test_the_server_role_may_not(database: str, sql: str) -> None:
    connection = await connect(database)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(sql)
    await connection.close()


async def add_audit_row(connection: Any) -> None:
    await connection.execute(
        """
        INSERT INTO stepfree.audit (city_id, seq, case_id, at, actor_pseudonym, role, action, payload, prev_hash, hash)
        VALUES (1, 1, uuidv7(), now(), 'p', 'system', 'x', '{}', '', '')
        """
    )


@pytest.mark.parametrize(
    "sql", ["UPDATE stepfree.audit SET action = 'y'", "DELETE FROM stepfree.audit", "TRUNCATE stepfree.audit"]
)
async def test_even_the_owner_cannot_change_the_audit_log(database: str, sql: str) -> None:
    connection = await asyncpg.connect(database)
    await add_audit_row(connection)
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await connection.execute(sql)
    await connection.close()


async def test_the_contact_role_reads_contact_and_nothing_else(database: str) -> None:
    connection = await asyncpg.connect(
        database, server_settings={"role": "stepfree_contact", "search_path": "stepfree"}
    )
    assert await connection.fetch("SELECT name FROM contact") == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetch("SELECT note FROM report")
    await connection.close()


async def test_an_ordinary_database_owner_can_migrate(postgres: str) -> None:
    """On a real server the URL names a user who may create roles and owns the database, not a superuser."""
    admin = await asyncpg.connect(postgres)
    await admin.execute("CREATE ROLE city_admin LOGIN CREATEROLE")
    for role in ("stepfree_owner", "stepfree_app", "stepfree_contact"):
        await admin.execute(f"DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        await admin.execute(f"GRANT {role} TO city_admin WITH ADMIN OPTION")
    await admin.execute("CREATE DATABASE city OWNER city_admin")
    url = postgres.replace("postgres@/stepfree?", "city_admin@/city?")
    try:
        assert await migrate(url) == [one.name for one in migrations()]
        connection = await connect(url)
        assert await connection.fetchval("SELECT revision FROM revision") == 0
        await connection.close()
    finally:
        await admin.execute("DROP DATABASE city WITH (FORCE)")
        await admin.execute("DROP ROLE city_admin")
        await admin.close()
