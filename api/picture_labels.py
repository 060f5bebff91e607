"""Words and marks on a picture that do not hide each other."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import pairwise

from api.exports import xml
from api.picture_frame import WIDTH, Frame, Pixels

FONT = "DejaVu Sans, Verdana, Arial, Noto Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
LABEL_PX = 12
LETTER = 0.62
"""Widths of a letter, in its height, at most on average; Chinese ones are square."""
NAME_MAX = 48
MARK_PX = 12
"""Half the size of a mark."""
_SQUARE = "\u2e80"
"""From here on letters are square."""
_CLOSES = "，。、；：？！）》」』”…%"
"""What begins no line."""

_STEERS = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad]")
"""Characters that only change how others are read: in a name they are of no use, and may reverse what follows."""
_STEPS = [(0.0, 0.0)] + [
    (reach * math.cos(math.pi * turn / 6), reach * math.sin(math.pi * turn / 6))
    for reach in (2.4 * MARK_PX, 4.2 * MARK_PX, 6 * MARK_PX)
    for turn in range(12)
]
"""Where a mark may go when its place is taken: farther and farther away."""


def plain(text: str, longest: float = NAME_MAX) -> str:
    """A name as a picture shows it: on one line, cut where it is endless."""
    text = " ".join(_STEERS.sub("", text).split())
    return text if letters(text) <= longest else text[: _fitting(text, longest - 1)] + "…"


def width(text: str, size: float = LABEL_PX) -> float:
    """Pixels that a text takes, rather too many than too few."""
    return letters(text) * size * LETTER


def letters(text: str) -> float:
    """How many Latin letters are as wide: a Chinese one is square."""
    return sum(1 / LETTER if letter >= _SQUARE else 1.0 for letter in text)


def halves(text: str, longest: float) -> tuple[str, str]:
    """A line of at most so many letters and what is left; between words, or between Chinese letters."""
    fits = _fitting(text, longest)
    if fits == len(text):
        return text, ""
    for end in range(fits, 0, -1):
        if text[end] == " " or (text[end - 1] >= _SQUARE and text[end] not in _CLOSES):
            return text[:end], text[end:].lstrip()
    return text[:fits], text[fits:]


def _fitting(text: str, longest: float) -> int:
    """How many characters go into so many letters."""
    return next((n for n in range(len(text)) if letters(text[: n + 1]) > longest), len(text))


def text(x: float, y: float, words: str, size: float = LABEL_PX, more: str = "") -> str:
    """One line of text; `more`: attributes."""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{more and " " + more}>{xml(words)}</text>'


class Room:
    """The space of a frame and what has been taken of it, as circles."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._taken: list[tuple[float, float, float]] = []

    def is_free(self, circles: Iterable[tuple[float, float, float]]) -> bool:
        """Inside the frame and not on anything."""
        return all(
            radius <= x <= WIDTH - radius
            and self._frame.top + radius <= y <= self._frame.bottom - radius
            and all(math.hypot(x - a, y - b) >= radius + other for a, b, other in self._taken)
            for x, y, radius in circles
        )

    def take(self, circles: Iterable[tuple[float, float, float]]) -> None:
        self._taken += circles

    def take_line(self, line: Pixels) -> None:
        """Nothing else on this line from now on."""
        for (x0, y0), (x1, y1) in pairwise(line.tolist()):
            count = min(int(math.hypot(x1 - x0, y1 - y0) // 12) + 1, 100)
            self._taken += [(x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count, 7.0) for i in range(count)]

    def mark(self, x: float, y: float) -> tuple[float, float]:
        """Where the mark of this place goes: there, or near it."""
        for east, south in _STEPS:
            at = (x + east, y + south, float(MARK_PX))
            if self.is_free([at]):
                self.take([at])
                return at[0], at[1]
        return x, y

    def label(self, name: str, stretch: Pixels, *, above: float, longest: float) -> str | None:
        """A name along a straight stretch [2, 2], `above` it by so many pixels; `None` where there is no room.

        `longest`: how much longer than its stretch it may be.
        """
        (x0, y0), (x1, y1) = stretch.tolist()
        if x1 < x0:
            x0, y0, x1, y1 = x1, y1, x0, y0
        length = math.hypot(x1 - x0, y1 - y0)
        wide = width(name)
        if length == 0 or wide > longest * length:
            return None
        east, south = (x1 - x0) / length, (y1 - y0) / length
        x, y = (x0 + x1) / 2 + above * south, (y0 + y1) / 2 - above * east
        radius = LABEL_PX * 0.6
        count = max(1, math.ceil(wide / LABEL_PX))
        circles = [
            (x + east * wide * share, y + south * wide * share, radius)
            for share in (((i + 0.5) / count - 0.5) for i in range(count))
        ]
        if not self.is_free(circles):
            return None
        self.take(circles)
        turn = math.degrees(math.atan2(south, east))
        return text(0, LABEL_PX * 0.36, name, more=f'transform="translate({x:.1f} {y:.1f}) rotate({turn:.1f})"')
