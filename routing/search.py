"""Finding streets, addresses, places and entrances of one map by name, as people type them.

What is typed is looked for as it is first (parts of words, in any order); where too little is found, with slips: words
one letter off, then whatever shares most of its pieces. The tables behind it lie beside the saved map (`search_file`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from routing.answers import Coordinate
from routing.entrances import Entrances
from routing.geodesy import distance_m
from routing.graph import StreetGraph
from routing.plane import Plane
from routing.search_index import Candidate, SearchIndex
from routing.search_rows import KINDS, Row, rows_of
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

_ORDER = {kind: place for place, kind in enumerate(KINDS)}


class Hit(NamedTuple):
    """Something found; `entrance` is where one goes in, where the map has that."""

    row: Row
    entrance: Coordinate | None
    distance_m: float | None
    """From `near`, in a straight line."""


class Search:
    """The names of one map; any thread of any process may ask."""

    def __init__(self, graph: StreetGraph, plane: Plane, entrances: Entrances) -> None:
        """At once for a saved map; for one that only lies in memory its index is made first, for half a second or more.

        `plane` and `entrances` are those of this map.
        """
        file = graph.search_file
        self._index = SearchIndex.made_of(rows_of(graph, plane)) if file is None else SearchIndex(file.connect)
        self._entrances = entrances

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
        best = sorted(found, key=lambda one: _key(one, wanted, near)) if found else self._slips(wanted, near)
        return self._hits(best[:limit], near)

    def exact(self, text: str) -> list[Hit]:
        """Everything whose usual name is this, case and accents aside."""
        wanted = fold(text)
        found = self._holding(wanted) if wanted else []
        return self._hits(sorted((one for one in found if one.texts[0] == wanted), key=lambda one: one.number), None)

    def _holding(self, wanted: str) -> list[Candidate]:
        """What has every word as a part of its own; numbers and single letters begin a word."""
        words = wanted.split()
        parts = list(dict.fromkeys(word if len(word) >= GRAM else f" {word}" for word in words))
        indexed = [part for part in parts if len(part) >= GRAM]
        if not indexed:
            return self._scanned(words)
        found = self._index.matching(" AND ".join(f'"{part}"' for part in indexed), LOOKED_AT)
        if len(indexed) < len(parts):
            found = [one for one in found if one.has(parts)]
        if not found and len(words) == 1:
            found = self._scanned(words)
        return found

    def _scanned(self, words: Sequence[str]) -> list[Candidate]:
        """What holds short words anywhere: one or two letters have no piece of their own in the index."""
        words = list(dict.fromkeys(words))
        begins = self._index.scanned([f" {word}" for word in words], LOOKED_AT)
        if len(begins) == LOOKED_AT or all(word.isascii() for word in words):
            return begins
        return list(dict.fromkeys([*begins, *self._index.scanned(words, LOOKED_AT)]))[:LOOKED_AT]

    def _slips(self, wanted: str, near: Coordinate | None) -> list[Candidate]:
        """What may have been meant: each unknown word corrected by one letter, else what is most alike."""
        alike: dict[Candidate, float] = {}
        for guess in (wanted, *self._corrected(wanted.split())):
            pieces, asked = grams(guess), guess == wanted
            for one in self._alike(wanted) if asked else self._holding(guess):
                score = max(likeness(pieces, _grams(text)) for text in one.texts)
                # A whole word one letter off was meant; that it stands among others says nothing against it.
                score = score if asked else CORRECTED * max(score, ALIKE / CORRECTED)
                alike[one] = max(score, alike.get(one, 0.0))
        scored = [(-round(score, 1), _key(one, wanted, near), one) for one, score in alike.items()]
        return [one for score, _, one in sorted(scored) if -score >= round(ALIKE, 1)]

    def _corrected(self, words: Sequence[str]) -> list[str]:
        """The question with its unknown words replaced by words of the map one letter off."""
        guesses = [""]
        known = self._index.known(words)
        for word in words:
            choices = [word]
            if word not in known and len(word) >= GRAM:
                choices = sorted(self._index.known(one_off(word, self._index.letters)))[:CORRECTIONS_MAX] or [word]
            guesses = [f"{before} {choice}".strip() for before in guesses for choice in choices][:CORRECTIONS_MAX]
        return [guess for guess in guesses if guess != " ".join(words)]

    def _alike(self, wanted: str) -> list[Candidate]:
        """What shares the rarest pieces of what was typed."""
        often = self._index.often(grams(wanted))
        rarest = sorted(often, key=lambda piece: (often[piece], piece))[:GRAMS_MAX]
        query = " OR ".join(f'"{piece}"' for piece in rarest)
        return self._index.matching(query, GUESSES, likeliest=True) if query else []

    def _hits(self, found: Sequence[Candidate], near: Coordinate | None) -> list[Hit]:
        return [self._hit(row, near) for row in self._index.rows(found)]

    def _hit(self, row: Row, near: Coordinate | None) -> Hit:
        entrance = None if row.kind == "street" else self._entrances.into(row.osm_id, row.at, row.number)
        return Hit(row, entrance, None if near is None else _away_m(row.at, near))


@lru_cache(maxsize=2_000)
def _grams(text: str) -> frozenset[str]:
    return frozenset(grams(text))


def _key(one: Candidate, wanted: str, near: Coordinate | None) -> tuple[float, ...]:
    texts = one.texts
    rank = min(_rank(text, wanted) + (0.5 if place else 0.0) for place, text in enumerate(texts))
    if near is not None:
        return rank, _ORDER[one.kind], _away_m(one.at, near), one.number
    return rank, _ORDER[one.kind], -one.metres, len(texts[0]), one.number


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
