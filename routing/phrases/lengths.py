"""Lengths, heights and grades as people say them: metres, feet or paces.

Only words: the figures of an answer stay metres.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from routing.phrases.catalogue import C_, P_, Catalogue, Plural

Units = Literal["metric", "imperial", "steps"]

M_PER_FOOT = 0.3048
M_PER_MILE = 1609.344
M_PER_INCH = 0.0254
FEET_UP_TO = 1000
"""A fifth of a mile; from there on one says miles."""
PACES_UP_TO = 1000
"""Nobody counts farther: from there on, kilometres."""


class Measure(NamedTuple):
    """A unit in writing, and as it is said."""

    written: Plural
    said: Plural


METRES = Measure(
    P_("length, written", "{n} m", "{n} m"),
    P_("length", "{n} metre", "{n} metres"),
)
KILOMETRES = Measure(
    P_("length, written", "{n} km", "{n} km"),
    P_("length", "{n} kilometre", "{n} kilometres"),
)
FEET = Measure(
    P_("length, written", "{n} ft", "{n} ft"),
    P_("length", "{n} foot", "{n} feet"),
)
MILES = Measure(
    P_("length, written", "{n} mi", "{n} mi"),
    P_("length", "{n} mile", "{n} miles"),
)
PACES = Measure(
    P_("length, written", "{n} pace", "{n} paces"),
    P_("length", "{n} pace", "{n} paces"),
)
HALF_A_MILE = C_("length", "half a mile")
CENTIMETRES = (
    P_("height, written", "{n} cm", "{n} cm"),
    P_("height", "{n} centimetre", "{n} centimetres"),
)
INCHES = (
    P_("height, written", "{n} in", "{n} in"),
    P_("height", "{n} inch", "{n} inches"),
)
PERCENT = (C_("grade, written", "{n} %"), C_("grade", "{n} percent"))


class Scale(NamedTuple):
    """A small unit, and a large one from which on tenths are told."""

    small: Measure
    large: Measure


Length = int
"""So many of the small unit; minus so many tenths of the large one. One number, so that tables look it up at once."""


class Said(NamedTuple):
    """The same to the eye and to the ear."""

    text: str
    spoken: str


def rounded(value: float) -> int:
    """By ones up to 20, by fives up to 100, by tens up to 1,000, then by hundreds; never nothing."""
    step = 1 if value < 20 else 5 if value < 100 else 10
    whole = max(1, round(value / step) * step)
    return whole if whole < 1000 else round(value / 100) * 100


METRIC, IMPERIAL, IN_PACES = Scale(METRES, KILOMETRES), Scale(FEET, MILES), Scale(PACES, KILOMETRES)


def metric(metres: float) -> Length:
    whole = rounded(metres)
    return whole if whole < 1000 else whole // -100


def imperial(metres: float) -> Length:
    feet = metres / M_PER_FOOT
    whole = max(1, round(feet)) if feet < 20 else round(feet / 10) * 10 if feet < 200 else round(feet / 50) * 50
    return whole if whole < FEET_UP_TO else -round(metres / M_PER_MILE * 10)


def paces(metres: float, step_m: float) -> Length:
    """`step_m`: how long this person's steps are."""
    whole = rounded(metres / step_m)
    return whole if whole < PACES_UP_TO else -max(1, round(metres / 100))


def said(words: Catalogue, length: Length, scale: Scale) -> Said:
    """The words for a length."""
    if length >= 0:
        return Said(words.counted(scale.small.written, length), words.counted(scale.small.said, length))
    whole, rest = divmod(-length, 10)
    shown = f"{whole}{words.tongue.decimal}{rest}" if rest else str(whole)
    # A fraction takes the plural: "0.5 kilometres", "1.2 Kilometer".
    count = whole if not rest else 2
    half = scale.large is MILES and length == -5
    spoken = words(HALF_A_MILE) if half else words.counted(scale.large.said, count, shown)
    return Said(words.counted(scale.large.written, count, shown), spoken)


def height(words: Catalogue, metres: float, units: Units) -> Said:
    """Of a kerb."""
    written, spoken = INCHES if units == "imperial" else CENTIMETRES
    n = max(1, round(metres / M_PER_INCH)) if units == "imperial" else round(metres * 100)
    return Said(words.counted(written, n), words.counted(spoken, n))


def grade(words: Catalogue, percent: int) -> Said:
    written, spoken = PERCENT
    return Said(words(written, n=percent), words(spoken, n=percent))
