"""The names of one map as tables in a file beside it: made once, when the map is saved, and opened for reading alone.

SQLite's FTS5 with its trigram tokenizer, which come with Python. The file is opened as one that nobody changes, and
mapped: its pages are the system's, whatever the number of processes that search it.
"""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from routing.search_rows import KINDS, Row

SEARCH_RULES = 1
"""Part of a saved map's fingerprint: raise it whenever the same map would give other rows or other folded words."""
SCHEMA = (
    "create table about(letters text, addresses_from integer)",
    "create table compared(id integer primary key, texts text, kind integer, lon real, lat real, metres real)",
    "create table told(id integer primary key, name text, osm_id text, category text, address text, number text, "
    "locality text)",
    "create table words(word text primary key) without rowid",
    "create table pieces(piece text primary key, often integer) without rowid",
    "create virtual table names using fts5(texts, content='', tokenize='trigram')",
)
"""`compared` is what is read to find and to rank, `told` the rest of what is found, `words` what is known when a word
is misspelt; `pieces` says how many rows hold three letters."""
BETWEEN = " | "
"""Stands between the names of a row; each begins with a space, so that a word's beginning can be looked for."""
LETTERS_MAX = 40
AT_ONCE = 2_000
"""So many rows are written together."""
MAPPED_MAX = 2**31 - 2**16
"""SQLite maps no more of a file than this; what is beyond is read."""

_MADE_BY_FTS5 = 4
"""Tables beside `names`."""
_SETTINGS = ("page_size = 4096", "auto_vacuum = none", "journal_mode = off", "synchronous = off", "cache_size = -16000")


def write(path: Path, rows: Iterable[Row]) -> None:
    """Make the index of `rows` in a new file; that it reaches the disk is the caller's business."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # All or nothing is taken care of by who writes the whole map: no journal, no waiting for the disk.
        for setting in _SETTINGS:
            connection.execute(f"pragma {setting}")
        fill(connection, rows)
        connection.execute("vacuum")  # the pages that merging the index has left empty
    finally:
        connection.close()


def fill(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Make the tables of `rows`, which are gone through once and numbered as they come."""
    for statement in SCHEMA:
        connection.execute(statement)
    connection.execute("begin")
    words: set[str] = set()
    left, number = iter(rows), 0
    while some := list(islice(left, AT_ONCE)):
        _insert(connection, some, number)
        words.update(word for row in some for text in row.texts[:2] for word in text.split())
        number += len(some)
    connection.execute("insert into names(names) values ('optimize')")
    connection.executemany("insert into words values (?)", ((word,) for word in sorted(words)))
    connection.execute("create virtual table temp.vocabulary using fts5vocab(main, names, 'row')")
    connection.execute("insert into pieces select term, doc from temp.vocabulary order by term")
    connection.execute("drop table temp.vocabulary")
    letters = sorted({letter for word in words for letter in word if letter.isalpha()})[:LETTERS_MAX]
    connection.execute(
        "insert into about select ?, coalesce((select min(id) from compared where kind = ?), ?)",
        ("".join(letters), KINDS.index("address"), number),
    )
    connection.execute("commit")


def _insert(connection: sqlite3.Connection, rows: list[Row], first: int) -> None:
    padded = [(at, BETWEEN.join(f" {text}" for text in row.texts)) for at, row in enumerate(rows, first)]
    connection.executemany("insert into names(rowid, texts) values (?, ?)", padded)
    connection.executemany(
        "insert into compared values (?, ?, ?, ?, ?, ?)",
        ((*one, KINDS.index(row.kind), *row.at, row.metres) for one, row in zip(padded, rows, strict=True)),
    )
    connection.executemany(
        "insert into told values (?, ?, ?, ?, ?, ?, ?)",
        (
            (at, row.name, row.osm_id, row.category, row.address, row.number, row.locality)
            for at, row in enumerate(rows, first)
        ),
    )


class SearchFile:
    """The index of a saved map, as it was when the map was loaded, whatever takes its place later."""

    def __init__(self, path: Path) -> None:
        """Raises `ValueError` where there is no sound index."""
        self.path = path.resolve()
        # Kept open: before anybody searches, another map may take the place of this one.
        self._file = path.open("rb")
        weakref.finalize(self, self._file.close)
        try:
            self._check()
        except sqlite3.Error as error:
            raise ValueError(f"{path.name} cannot be read: {error}") from error

    def _check(self) -> None:
        connection = self.connect()
        try:
            made = {sql.lower() for (sql,) in connection.execute("select sql from sqlite_schema where sql is not null")}
            if not made.issuperset(SCHEMA) or len(made) != len(SCHEMA) + _MADE_BY_FTS5:
                raise ValueError(f"{self.path.name} has other tables")
            ((said,),) = connection.execute("pragma quick_check(1)")
            if said != "ok":
                raise ValueError(f"{self.path.name} is not sound: {said}")
            rows, told, about = (
                connection.execute(f"select count(*) from {table}").fetchone()[0]
                for table in ("compared", "told", "about")
            )
            if rows != told or about != 1:
                raise ValueError(f"the tables of {self.path.name} do not fit each other")
        finally:
            connection.close()

    def connect(self) -> sqlite3.Connection:
        """A connection that can only read. It belongs to the process that asked: none may be taken through a fork."""
        return self._by_name() or self._by_content()

    def _by_name(self) -> sqlite3.Connection | None:
        """`None` when another file has the name now: SQLite opens nothing but names."""
        try:
            connection = sqlite3.connect(
                f"{self.path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False, isolation_level=None
            )
        except sqlite3.OperationalError:
            return None
        try:
            if os.path.samestat(self.path.stat(), os.fstat(self._file.fileno())):
                connection.execute(f"pragma mmap_size = {MAPPED_MAX}")
                return connection
        except OSError:
            pass
        connection.close()
        return None

    def _by_content(self) -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        descriptor = self._file.fileno()
        connection.deserialize(os.pread(descriptor, os.fstat(descriptor).st_size, 0))
        connection.execute("pragma query_only = on")
        return connection
