"""The tables of a map's names, asked: what holds these letters, what is known of it."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from routing.answers import Coordinate
from routing.search_file import BETWEEN, fill
from routing.search_rows import KINDS, Kind, Row

_COMPARED = "compared.id, texts, kind, lon, lat, metres"
_GIVEN = "(select value from json_each(?))"


class Candidate(NamedTuple):
    """What a row is ranked by."""

    number: int
    padded: str
    kind: Kind
    at: Coordinate
    metres: float

    @property
    def texts(self) -> list[str]:
        """Its names, folded, the usual one first."""
        return [text[1:] for text in self.padded.split(BETWEEN)]

    def has(self, parts: Sequence[str]) -> bool:
        """Whether one of its names has every part."""
        return any(all(part in name for part in parts) for name in self.padded.split("|"))


class SearchIndex:
    """Any thread may ask, in any process: one that was forked takes a connection of its own."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        """`connect` gives a connection to tables that `search_file.fill` has made."""
        self._connect = connect
        self._opened = self._open()
        ((letters, self._addresses_from),) = self._all("select letters, addresses_from from about")
        self.letters: str = letters
        """Those that the words of the map are written with, forty at most."""

    @classmethod
    def made_of(cls, rows: Iterable[Row]) -> SearchIndex:
        """The index of a map that was not saved, in the memory of this process."""
        connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        fill(connection, rows)
        return cls(lambda: connection)

    def _open(self) -> tuple[int, threading.Lock, sqlite3.Connection]:
        return os.getpid(), threading.Lock(), self._connect()

    def _mine(self) -> tuple[threading.Lock, sqlite3.Connection]:
        opened = self._opened
        if opened[0] != os.getpid():
            opened = self._opened = self._open()
        return opened[1:]

    def _all(self, query: str, *values: object) -> list[Any]:
        guard, connection = self._mine()
        with guard:
            return connection.execute(query, values).fetchall()

    def matching(self, query: str, most: int, *, likeliest: bool = False) -> list[Candidate]:
        """Rows that this FTS5 query finds: the first of them, or the likeliest."""
        found = (
            f"select rowid as row from names where names match ? order by {'rank' if likeliest else 'rowid'} limit ?"
        )
        # First the one, then the other: SQLite must not think of going through all that could be compared.
        every = self._all(f"select {_COMPARED} from ({found}) cross join compared on id = row", query, most)
        return [_candidate(row) for row in every]

    def scanned(self, parts: Sequence[str], most: int) -> list[Candidate]:
        """The first rows that have every part in one of their names; addresses are left out."""
        holding = " and ".join("instr(texts, ?) > 0" for _ in parts)
        query = f"select {_COMPARED} from compared where id < ? and {holding} order by id"
        guard, connection = self._mine()
        with guard:
            rows = map(_candidate, connection.execute(query, (self._addresses_from, *parts)))
            return list(islice((row for row in rows if row.has(parts)), most))

    def known(self, words: Iterable[str]) -> set[str]:
        """Those of these that are words of usual names."""
        return {word for (word,) in self._all(f"select word from words where word in {_GIVEN}", _json(words))}

    def often(self, pieces: Iterable[str]) -> dict[str, int]:
        """How many rows hold each of these pieces; those that none holds are left out."""
        return dict(self._all(f"select piece, often from pieces where piece in {_GIVEN}", _json(pieces)))

    def rows(self, candidates: Sequence[Candidate]) -> list[Row]:
        """All that is known of these, in their order."""
        query = f"select id, name, osm_id, category, address, number, locality from told where id in {_GIVEN}"
        told = {row: known for row, *known in self._all(query, _json(one.number for one in candidates))}
        return [_row(one, *told[one.number]) for one in candidates]


def _candidate(row: Any) -> Candidate:
    number, padded, kind, lon, lat, metres = row
    return Candidate(number, padded, KINDS[kind], (lon, lat), metres)


def _row(
    one: Candidate,
    name: str,
    osm_id: str,
    category: str | None,
    address: str | None,
    number: str | None,
    locality: str | None,
) -> Row:
    return Row(one.kind, name, tuple(one.texts), one.at, osm_id, category, address, number, one.metres, locality)


def _json(values: Iterable[object]) -> str:
    return msgspec.json.encode(list(values)).decode()
