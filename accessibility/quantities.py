"""What mappers write for lengths, grades, counts, speeds and levels, as numbers; nonsense is `None`, never an error.

A range or a list (`2 - 2.5 m`, `5;7`) is read as its least or its greatest value, whichever is the safe one for the
question asked: the caller says which.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Literal

Pick = Literal["least", "greatest"]

_NUMBER = r"[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+"
_HEDGE = re.compile(r"^(?:ca\.?|circa|approx\.?|about|etwa|min\.?|max\.?|[~≈<>≤≥=±])\s*")
_LENGTH = re.compile(rf"^({_NUMBER})\s*([a-zµ]*|['′\"″])$")
_FEET = re.compile(rf"^({_NUMBER})\s*(?:'|′|ft|feet|foot)\s*(?:({_NUMBER})\s*(?:\"|″|''|in|inch|inches)?)?$")
_INCHES = re.compile(rf"^({_NUMBER})\s*(?:\"|″|''|in|inch|inches)$")
_GRADE = re.compile(rf"^([+-]?)\s*({_NUMBER})\s*(%|％|percent|°|º|deg|degrees?)?$")
_RATIO = re.compile(rf"^([+-]?)\s*({_NUMBER})\s*[:/]\s*({_NUMBER})$")
_RANGE = re.compile(rf"^({_NUMBER})(\s*[^0-9\s.,;:/+-]*)\s*(?:-|–|—|to|bis)\s*({_NUMBER})(\s*[^0-9;:/+-]*)$")
_COUNT = re.compile(r"^([0-9]{1,4})(?:\.0)?\+?$")
_SPEED = re.compile(rf"^({_NUMBER})\s*(km/h|kmh|kph|mph|knots)?$")
_LEVEL = re.compile(r"^-?(?:[0-9]{1,3})(?:[.,][0-9]{1,3})?$")
_LEVEL_RANGE = re.compile(r"^(-?[0-9]{1,3})\s*-\s*(-?[0-9]{1,3})$")

_METRES = {
    "": 1.0, "m": 1.0, "mt": 1.0, "mtr": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0,
    "cm": 0.01, "mm": 0.001, "dm": 0.1, "km": 1000.0, "yd": 0.9144,
}  # fmt: skip
_KMH = {None: 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
_FOOT_M, _INCH_M = 0.3048, 0.0254

SURVEY_CODES = frozenset({777.0, 888.0, 999.0})
"""Numbers that surveys write for "not measured", never a measurement (TAGS, finding 4)."""

KERB_HIGHEST_M = 0.5
"""A kerb above this is a mistake: nobody calls half a metre a kerb."""
GRADE_STEEPEST = 1.0
"""45 degrees; beyond it a number is a mistake, whatever its unit."""


def length_m(text: str | None, pick: Pick = "least") -> float | None:
    """Metres of a length such as `2`, `2 m`, `80cm`, `3'4"`, `12"`, `1,5`, `2 - 2.5 m`; unit metres when none is said.

    A width is safe at its least value, a height in the way at its greatest.
    """
    return _picked(text, _one_length, pick)


def kerb_height_m(text: str | None) -> float | None:
    """Metres of a kerb: as `length_m`, but a bare number of 1 or more can only mean centimetres (`15` → 0.15)."""
    height = _picked(text, _one_kerb, "greatest")
    return height if height is not None and height <= KERB_HIGHEST_M else None


def grade(text: str | None) -> float | None:
    """Signed fraction of `6 %`, `6°`, `1:12`, `-4%`, `8`; of a range the steepest; `None` for `up`, `down`, `steep`.

    A bare number from 1 on means percent (all such values in the shared extracts do); between 0 and 1 it may be a
    fraction or a percentage: nobody can say, so it is unknown.
    """
    parts = _parts(text)
    found = [_one_grade(part) for part in parts]
    if not found or any(value is None for value in found):
        return None
    values = [value for value in found if value is not None]
    if min(values) < 0 < max(values):
        return None
    return max(values, key=abs)


def grade_sign(text: str | None) -> int | None:
    """+1 for `up`, −1 for `down`: a slope whose direction is known and whose steepness is not."""
    return {"up": 1, "+": 1, "uphill": 1, "down": -1, "-": -1, "downhill": -1}.get((text or "").strip().lower())


def count(text: str | None) -> int | None:
    """A number of things such as `7`, `ca. 20`, `10-12` (→ 12); `None` for nonsense or a negative number."""
    value = _picked(text, _one_count, "greatest")
    return None if value is None else round(value)


def speed_kmh(text: str | None) -> float | None:
    """Kilometres per hour of `30`, `20 mph`; 7 for a walking pace; the greatest of several."""
    return _picked(text, _one_speed, "greatest")


def levels(text: str | None) -> tuple[float, ...]:
    """Storeys in `0`, `-1;0`, `-0,5`, `0-3`, ascending; what is no number (`E`, `G`) is left out."""
    found: set[float] = set()
    for part in (text or "").split(";"):
        part = part.strip()
        spread = _LEVEL_RANGE.match(part)
        if spread and abs(int(spread[2]) - int(spread[1])) <= 200:
            low, high = sorted((int(spread[1]), int(spread[2])))
            found.update(float(level) for level in range(low, high + 1))
        elif _LEVEL.match(part):
            found.add(float(part.replace(",", ".")) + 0.0)
    return tuple(sorted(found))


def _picked(text: str | None, read: Callable[[str], float | None], pick: Pick) -> float | None:
    """The least or greatest of all parts; unknown as soon as one part is."""
    found = [read(part) for part in _parts(text)]
    if not found or any(value is None for value in found):
        return None
    values = [value for value in found if value is not None]
    return min(values) if pick == "least" else max(values)


def _parts(text: str | None) -> list[str]:
    """`a;b` and `a - b` as single values, without hedges such as `ca.`; the unit of a range's end holds for both."""
    parts: list[str] = []
    for part in (text or "").lower().split(";"):
        part = _HEDGE.sub("", part.strip()).strip()
        spread = _RANGE.match(part)
        if spread:
            unit = spread[2].strip() or spread[4].strip()
            parts += [f"{spread[1]}{unit}", f"{spread[3]}{spread[4]}".strip()]
        else:
            parts.append(part)
    return parts


def _number(text: str) -> float | None:
    value = float(text.replace(",", "."))
    return None if value in SURVEY_CODES or not math.isfinite(value) else value


def _one_length(part: str) -> float | None:
    part = part.rstrip("+").strip()
    feet, inches = _FEET.match(part), _INCHES.match(part)
    if feet:
        whole, rest = _number(feet[1]), _number(feet[2] or "0")
        return None if whole is None or rest is None else whole * _FOOT_M + rest * _INCH_M
    if inches:
        value = _number(inches[1])
        return None if value is None else value * _INCH_M
    plain = _LENGTH.match(part)
    value, unit = (_number(plain[1]), _METRES.get(plain[2])) if plain else (None, None)
    return None if value is None or unit is None else value * unit


def _one_kerb(part: str) -> float | None:
    value = _one_length(part)
    bare = value is not None and value >= 1 and part[-1:].isdecimal()
    return value / 100 if value is not None and bare else value


def _one_grade(part: str) -> float | None:
    ratio, plain = _RATIO.match(part), _GRADE.match(part)
    if ratio:
        rise, run = _number(ratio[2]), _number(ratio[3])
        size = None if rise is None or not run else rise / run
    elif plain:
        size = _sized(_number(plain[2]), plain[3])
    else:
        return None
    if size is None or size > GRADE_STEEPEST:
        return None
    return -size if part.startswith("-") and size else size


def _sized(value: float | None, unit: str | None) -> float | None:
    if value is None:
        return None
    if unit in ("%", "％", "percent"):
        return value / 100
    if unit is None:
        return None if 0 < value < 1 else value / 100
    return math.tan(math.radians(value)) if value <= 45 else None


def _one_count(part: str) -> float | None:
    whole = _COUNT.match(part)
    return float(whole[1]) if whole else None


def _one_speed(part: str) -> float | None:
    if part in ("walk", "walking_pace"):
        return 7.0
    plain = _SPEED.match(part)
    value = _number(plain[1]) if plain else None
    return None if plain is None or value is None else value * _KMH[plain[2]]
