"""Finding streets, addresses, places and entrances of one map by name, as people type.

The index is SQLite's FTS5 with its trigram tokenizer, which comes with Python; nothing is stored on disk. What is typed
is looked for as it is first (parts of words, in any order); where too little is found, with slips: words one letter
off, then whatever shares most of its pieces.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from routing.answers import Coordinate
from routing.entrances import Entrances
from routing.geodesy import distance_m
from routing.graph import StreetGraph
from routing.plane import Plane
from routing.search_rows import Kind, Row, rows_of
from routing.search_text import GRAM, fold, grams, likeness, one_off, plain_umlauts

LOOKED_AT = 1_000
"""So many rows that hold every word are compared; streets come first among them."""
GRAMS_MAX = 8
"""With slips, rows are fetched by the rarest pieces of what was typed …"""
GUESSES = 300
"""… so many of them."""
ALIKE = 0.6
"""How alike something must be to be offered."""
CORRECTED = 0.9
"""What a corrected word counts for."""
CORRECTIONS_MAX = 12

_ORDER: dict[Kind, int] = {"street": 0, "place": 1, "entrance": 2, "address": 3}


class Hit(NamedTuple):
    """Something found; `entrance` is where one goes in, where the map has that."""

    row: Row
    entrance: Coordinate | None
    distance_m: float | None
    """From `near`, in a straight line."""


class Search:
    """The names of one map. Built once (two seconds for a city); `find` may be called from any thread."""

    def __init__(self, graph: StreetGraph, plane: Plane, entrances: Entrances) -> None:
        self.rows = rows_of(graph, plane)
        self._entrances = entrances
        self._guard = threading.Lock()
        self._padded = [" | ".join(f" {text}" for text in row.texts) for row in self.rows]
        self._short = [number for number, row in enumerate(self.rows) if row.kind != "address"]
        self._words = {word for row in self.rows for text in row.texts[:2] for word in text.split()}
        self._pieces: dict[str, frozenset[str]] = {}
        self._letters = sorted({letter for word in self._words for letter in word if letter.isalpha()})[:40]
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute("create virtual table names using fts5(texts, content='', tokenize='trigram')")
        self._index.executemany(
            "insert into names(rowid, texts) values (?, ?)",
            enumerate(self._padded),
        )
        self._index.execute("insert into names(names) values ('optimize')")
        self._index.execute("create virtual table pieces using fts5vocab(names, 'row')")
        self._often: dict[str, int] = dict(self._index.execute("select term, doc from pieces"))

    def find(self, text: str, near: Coordinate | None = None, limit: int = 20) -> list[Hit]:
        """The best matches for what was typed; equal names before beginnings, those before words inside.

        Among equals streets come first, then what is nearer to `near` (without it: longer streets, shorter names).
        """
        wanted = fold(text)
        if not wanted:
            return []
        found = self._holding(wanted)
        if not found and (other := plain_umlauts(wanted)) != wanted:
            wanted, found = other, self._holding(other)
        if found:
            ranked = sorted((self._key(number, wanted, near), number) for number in found)
            best = [number for _, number in ranked]
        else:
            best = self._slips(wanted, near)
        return [self._hit(self.rows[number], near) for number in best[:limit]]

    def exact(self, text: str) -> list[Hit]:
        """Everything whose usual name is this, case and accents aside."""
        wanted = fold(text)
        equal = [number for number in self._holding(wanted) if self.rows[number].texts[0] == wanted] if wanted else []
        return [self._hit(self.rows[number], None) for number in sorted(equal)]

    def _holding(self, wanted: str) -> list[int]:
        """Rows with every word as a part of theirs; numbers and single letters begin a word."""
        words = wanted.split()
        parts = [word if len(word) >= GRAM else f" {word}" for word in words]
        indexed = [part for part in parts if len(part) >= GRAM]
        if not indexed:
            return self._scanned(words)
        query = " AND ".join(f'"{part}"' for part in dict.fromkeys(indexed))
        found = self._ask("select rowid from names where names match ? order by rowid limit ?", query, LOOKED_AT)
        if len(indexed) < len(parts):
            found = self._with(parts, found)
        if not found and len(words) == 1:
            found = self._scanned(words)
        return found

    def _scanned(self, words: Sequence[str]) -> list[int]:
        """Rows that hold short words anywhere: one or two letters have no piece of their own in the index."""
        begins = self._with([f" {word}" for word in words], self._short)
        if len(begins) >= LOOKED_AT or all(word.isascii() for word in words):
            return begins[:LOOKED_AT]
        return list(dict.fromkeys([*begins, *self._with(words, self._short)]))[:LOOKED_AT]

    def _with(self, parts: Sequence[str], numbers: Iterable[int]) -> list[int]:
        """Those rows one of whose names has every part."""
        padded, first = self._padded, parts[0]
        some = [number for number in numbers if first in padded[number]]
        if len(parts) == 1:
            return some
        names = {number: padded[number].split("|") for number in some}
        return [number for number in some if any(all(part in name for part in parts) for name in names[number])]

    def _slips(self, wanted: str, near: Coordinate | None) -> list[int]:
        """What may have been meant: each unknown word corrected by one letter, else what is most alike."""
        alike: dict[int, float] = {}
        for guess in (wanted, *self._corrected(wanted.split())):
            pieces, asked = grams(guess), guess == wanted
            for number in self._alike(wanted) if asked else self._holding(guess):
                score = max(likeness(pieces, self._grams(text)) for text in self.rows[number].texts)
                # A whole word one letter off was meant; that it stands among others says nothing against it.
                score = score if asked else CORRECTED * max(score, ALIKE / CORRECTED)
                alike[number] = max(score, alike.get(number, 0.0))
        scored = [(-round(score, 1), self._key(number, wanted, near), number) for number, score in alike.items()]
        return [number for score, _, number in sorted(scored) if -score >= round(ALIKE, 1)]

    def _grams(self, text: str) -> frozenset[str]:
        found = self._pieces.get(text)
        if found is None:
            found = self._pieces[text] = frozenset(grams(text))
        return found

    def _corrected(self, words: Sequence[str]) -> list[str]:
        """The question with its unknown words replaced by words of the map one letter off."""
        guesses = [""]
        for word in words:
            choices = [word]
            if word not in self._words and len(word) >= GRAM:
                known = sorted({other for other in one_off(word, self._letters) if other in self._words})
                choices = known[:CORRECTIONS_MAX] or [word]
            guesses = [f"{before} {choice}".strip() for before in guesses for choice in choices][:CORRECTIONS_MAX]
        return [guess for guess in guesses if guess != " ".join(words)]

    def _alike(self, wanted: str) -> list[int]:
        """Rows that share the rarest pieces of what was typed."""
        known = sorted((piece for piece in grams(wanted) if piece in self._often), key=lambda piece: self._often[piece])
        query = " OR ".join(f'"{piece}"' for piece in known[:GRAMS_MAX])
        return (
            self._ask("select rowid from names where names match ? order by rank limit ?", query, GUESSES)
            if query
            else []
        )

    def _ask(self, query: str, *values: object) -> list[int]:
        with self._guard:
            return [number for (number,) in self._index.execute(query, values)]

    def _key(self, number: int, wanted: str, near: Coordinate | None) -> tuple[float, ...]:
        row = self.rows[number]
        rank = min(_rank(text, wanted) + (0.5 if place else 0.0) for place, text in enumerate(row.texts))
        if near is not None:
            return rank, _ORDER[row.kind], _away_m(row.at, near), number
        return rank, _ORDER[row.kind], -row.metres, len(row.texts[0]), number

    def _hit(self, row: Row, near: Coordinate | None) -> Hit:
        entrance = None if row.kind == "street" else self._entrances.into(row.osm_id, row.at, row.number)
        return Hit(row, entrance, None if near is None else _away_m(row.at, near))


def _rank(name: str, wanted: str) -> int:
    """0 equal, 1 the name begins so, 2 a word of it does, 3 it is inside, 4 its words are there in another order."""
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if f" {wanted}" in name:
        return 2
    return 3 if wanted in name else 4


def _away_m(at: Coordinate, near: Coordinate) -> float:
    return float(distance_m(*at, *near))
