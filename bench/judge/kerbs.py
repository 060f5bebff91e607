"""What a node or a crossing way says about its kerb."""

from __future__ import annotations

from bench.judge import words
from bench.judge.tables import KERB_M, SLOPED_CURB_M

Tags = dict[str, str]
_KEYS = ("kerb", "kerb:height", "sloped_curb")


def kerb_m(tags: Tags, *, fearful: bool) -> float | None:
    """The kerb a node or crossing way speaks of, in metres; `kerb:height` wins over words."""
    height = words.kerb_height(tags.get("kerb:height"), fearful=fearful)
    if height is None:
        height = words.kerb_word(tags.get("kerb"), KERB_M, fearful=fearful)
    if height is None and fearful:
        height = words.kerb_word(tags.get("curb"), KERB_M, fearful=True)
    if height is None:
        height = words.kerb_word(tags.get("sloped_curb"), SLOPED_CURB_M, fearful=fearful)
    return height


def kerb_tagged(tags: Tags) -> bool:
    """Does a crossing way itself speak of its kerbs."""
    return any(key in tags for key in _KEYS)
