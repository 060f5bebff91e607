"""Words as people type them, compared as they are meant: case, accents, script variants and punctuation away."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Set

TEXT_MAX = 200
GRAM = 3
"""Letters in a piece of a word; what is shorter is looked for as it is."""

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ĸ": "k"}
)
"""Latin letters that Unicode does not take apart."""
_LONG = (("ae", "a"), ("oe", "o"), ("ue", "u"))
"""How ä, ö and ü are typed without them."""
_JOINERS = "'’ʼ`´."
"""Marks that stand inside a word."""
_PLAIN = {at: None if chr(at) in _JOINERS else chr(at).lower() if chr(at).isalnum() else " " for at in range(128)}
"""What becomes of ASCII, which most names are written in."""


def fold(text: str) -> str:
    """Case, accents and punctuation away: "Café-Å Straße" → "cafe a strasse"; full-width letters become plain."""
    if text.isascii():
        return " ".join(text[:TEXT_MAX].translate(_PLAIN).split())
    plain = unicodedata.normalize("NFKD", text[:TEXT_MAX]).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_LETTERS)
    kept = (letter for letter in plain if not unicodedata.combining(letter) and letter not in _JOINERS)
    return " ".join("".join(letter if letter.isalnum() else " " for letter in kept).split())


def plain_umlauts(folded: str) -> str:
    """ "muehlstrasse" → "muhlstrasse"."""
    for long, short in _LONG:
        folded = folded.replace(long, short)
    return folded


def grams(folded: str) -> set[str]:
    """Three letters at a time, a space before each word: " ha", "hau", "aup", …"""
    padded = f" {folded}"
    return {padded[at : at + GRAM] for at in range(len(padded) - GRAM + 1)}


def likeness(wanted: Set[str], found: Set[str]) -> float:
    """How much of what is wanted is there, 0–1; what is there beside it counts a little against."""
    shared = len(wanted & found)
    return 0.8 * shared / max(1, len(wanted)) + 0.2 * shared / max(1, len(found))


def one_off(word: str, letters: Iterable[str]) -> Iterator[str]:
    """Every word one slip away: a letter left out, doubled, wrong, or two swapped."""
    alphabet = list(letters)
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in alphabet)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        yield from (before + letter + after for letter in alphabet)
