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
"""Nobody counts farther: beyond it, metres."""


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


class Length(NamedTuple):
    """So many of a unit; `tenths` for what is said with one decimal."""

    measure: Measure
    n: int
    tenths: bool = False


class Said(NamedTuple):
    """The same to the eye and to the ear."""

    text: str
    spoken: str


def rounded(value: float) -> int:
    """By ones up to 20, by fives up to 100, by tens up to 1,000, then by hundreds; never nothing."""
    step = 1 if value < 20 else 5 if value < 100 else 10
    whole = max(1, round(value / step) * step)
    return whole if whole < 1000 else round(value / 100) * 100


def metric(metres: float) -> Length:
    whole = rounded(metres)
    return Length(METRES, whole) if whole < 1000 else Length(KILOMETRES, whole // 100, tenths=True)


def imperial(metres: float) -> Length:
    feet = metres / M_PER_FOOT
    whole = max(1, round(feet)) if feet < 20 else round(feet / 10) * 10 if feet < 200 else round(feet / 50) * 50
    return Length(FEET, whole) if whole < FEET_UP_TO else Length(MILES, round(metres / M_PER_MILE * 10), tenths=True)


def paces(metres: float, step_m: float) -> Length:
    """`step_m`: how long this person's steps are."""
    whole = rounded(metres / step_m)
    return Length(PACES, whole) if whole <= PACES_UP_TO else metric(metres)


def said(words: Catalogue, length: Length) -> Said:
    """The words for a length."""
    measure, n = length.measure, length.n
    if not length.tenths:
        return Said(words.counted(measure.written, n), words.counted(measure.said, n))
    whole, rest = divmod(n, 10)
    shown = f"{whole}{words.tongue.decimal}{rest}" if rest else str(whole)
    # A fraction takes the plural: "0.5 kilometres", "1.2 Kilometer".
    count = whole if not rest else 2
    spoken = words.counted(measure.said, count, shown)
    if measure is MILES and n == 5:
        spoken = words(HALF_A_MILE)
    return Said(words.counted(measure.written, count, shown), spoken)


def height(words: Catalogue, metres: float, units: Units) -> Said:
    """Of a kerb."""
    written, spoken = INCHES if units == "imperial" else CENTIMETRES
    n = max(1, round(metres / M_PER_INCH)) if units == "imperial" else round(metres * 100)
    return Said(words.counted(written, n), words.counted(spoken, n))


def grade(words: Catalogue, percent: int) -> Said:
    written, spoken = PERCENT
    return Said(words(written, n=percent), words(spoken, n=percent))
