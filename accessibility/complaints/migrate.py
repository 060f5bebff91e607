"""Brings a database to the schema this code expects: plain SQL files, in order, each exactly once."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

import asyncpg

from accessibility.refusals import Refused

SQL = Path(__file__).parent / "sql"
LOCK = 0x53746570  # any fixed number: one migration at a time per database

BOOKKEEPING = """
CREATE TABLE IF NOT EXISTS migration (
    number     integer PRIMARY KEY,
    name       text NOT NULL,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


class Migration(NamedTuple):
    """One file `NNNN_words.sql`."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the file's text: an applied migration must never change again."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations(folder: Path = SQL / "migrations") -> list[Migration]:
    """All migrations, numbered 1, 2, 3 … without a gap; a misnamed file raises ValueError."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        matched = re.fullmatch(r"(\d{4})_[a-z0-9_]+", path.stem)
        if matched is None:
            raise ValueError(f"{path.name}: a migration is named NNNN_words.sql")
        found.append(Migration(int(matched[1]), path.stem, path.read_text(encoding="utf-8")))
    if [one.number for one in found] != list(range(1, len(found) + 1)):
        raise ValueError("migrations are numbered 0001, 0002 … without a gap")
    return found


async def migrate(url: str, wanted: list[Migration] | None = None) -> list[str]:
    """Applies what is missing in one transaction and returns the names applied.

    Safe when several start at once: the second waits, then finds nothing to do. Raises Refused("database_schema") when
    an applied migration was edited afterwards or the database is newer than this code.
    """
    wanted = migrations() if wanted is None else wanted
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            await connection.execute((SQL / "roles.sql").read_text(encoding="utf-8"))
            await connection.execute("SET LOCAL ROLE stepfree_owner")
            await connection.execute("SET LOCAL search_path TO stepfree")
            await connection.execute(BOOKKEEPING)
            done = await connection.fetch("SELECT number, name, checksum FROM migration ORDER BY number")
            _check(done, wanted)
            missing = wanted[len(done) :]
            for one in missing:
                await connection.execute(one.sql)
                await connection.execute(
                    "INSERT INTO migration (number, name, checksum) VALUES ($1, $2, $3)",
                    one.number,
                    one.name,
                    one.checksum,
                )
            return [one.name for one in missing]
    finally:
        await connection.close()


def _check(done: list[asyncpg.Record], wanted: list[Migration]) -> None:
    if len(done) > len(wanted):
        raise Refused("database_schema", "this database was used by a newer version of the server; update the server")
    for row, one in zip(done, wanted, strict=False):
        if (row["number"], row["checksum"]) != (one.number, one.checksum):
            raise Refused("database_schema", f"migration {one.name} was changed after this database had applied it")
