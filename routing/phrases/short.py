"""A step for a small screen: a word or two, and how far."""

from __future__ import annotations

from typing import NamedTuple

from routing.phrases import lengths, remarks
from routing.phrases.actions import SHORT, SHORT_FOR, SHORT_SLOPE, SHORT_STEPS, SHORT_SURFACE
from routing.phrases.catalogue import Catalogue
from routing.phrases.lengths import Length, Scale
from routing.telling import Remark


class Brief(NamedTuple):
    """All that the words depend on."""

    kind: str
    """A step kind, or `steps` for a flight of which nobody has said whether it goes up."""
    steps: int | None
    itself: Remark | None
    """The surface or slope that begins."""
    length: Length | None


def short(words: Catalogue, it: Brief, scale: Scale) -> str:
    """A word or two, and how far."""
    what, length = _what(words, it.kind, it.steps, it.itself), it.length
    return what if length is None else words(SHORT_FOR, what=what, length=lengths.said(words, length, scale).text)


def _what(words: Catalogue, kind: str, count: int | None, itself: Remark | None) -> str:
    if kind in SHORT_STEPS and count:
        return words.counted(SHORT_STEPS[kind], count)
    if itself is not None and itself.surface is not None:
        return words(SHORT_SURFACE, surface=words(remarks.SURFACES[itself.surface]))
    if itself is not None and itself.percent is not None:
        return words(SHORT_SLOPE[itself.rising or 1], grade=lengths.grade(words, itself.percent).text)
    return words(SHORT[kind])
