"""Tag values → numbers, in two readings: what a value surely says (to accuse) and the worst it may say (to build on).

None = it says nothing we can use. Written apart from the product's own parser on purpose.
"""

from __future__ import annotations

import math
import re

_NUMBER = r"[-+]?\d+(?:[.,]\d+)?"
_METRIC = re.compile(rf"^({_NUMBER})\s*(m|metres?|meters?|cm|mm|ft|feet|')?$", re.IGNORECASE)
_FEET = re.compile(r"^(?:(\d+(?:\.\d+)?)\s*')?\s*(?:(\d+(?:\.\d+)?)\s*(?:\"|''))?$")
_PERCENT = re.compile(rf"^({_NUMBER})\s*%$")
_DEGREES = re.compile(rf"^({_NUMBER})\s*(?:°|deg)$")
_RATIO = re.compile(r"^([-+]?)1\s*[:/]\s*(\d+(?:[.,]\d+)?)$")
_PLAIN = re.compile(rf"^{_NUMBER}$")
_COUNT = re.compile(r"^[0-9]{1,4}$")
_UNIT_M = {"m": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0, "cm": 0.01, "mm": 0.001}


def _float(text: str) -> float:
    return float(text.replace(",", "."))


def metres(text: str) -> float | None:
    """One length: `1.5`, `1,5 m`, `90 cm`, `3'4"`, `12"`."""
    text = text.strip()
    if found := _METRIC.match(text):
        unit = (found[2] or "m").lower()
        return _float(found[1]) * _UNIT_M.get(unit, 0.3048)
    if text and (found := _FEET.match(text)) and (found[1] or found[2]):
        return float(found[1] or 0) * 0.3048 + float(found[2] or 0) * 0.0254
    return None


def _several(text: str | None) -> list[float | None]:
    return [metres(part) for part in text.split(";")] if text else []


def narrowest(text: str | None, *, fearful: bool) -> float | None:
    """A width: with several values the accuser takes the widest (none if one is unclear), the searcher the
    narrowest.
    """
    values = _several(text)
    known = [v for v in values if v is not None and v > 0]
    if not known or (len(known) < len(values) and not fearful):
        return None
    return min(known) if fearful else max(known)


def kerb_height(text: str | None, *, fearful: bool) -> float | None:
    """A kerb height; a bare number above 1 is read as centimetres (nobody builds a 15 m kerb)."""
    values = [
        v / 100 if v is not None and v > 1 and _PLAIN.match(p.strip()) else v
        for v, p in zip(_several(text), (text or "").split(";"), strict=False)
    ]
    known = [v for v in values if v is not None and 0 <= v <= 1]
    if not known or (len(known) < len(values) and not fearful):
        return None
    return max(known) if fearful else min(known)


def kerb_word(text: str | None, words: dict[str, float], *, fearful: bool) -> float | None:
    """A kerb word or several; a word nobody defined says nothing surely and is feared as the highest.

    `yes` is unknown.
    """
    if not text:
        return None
    values = [words.get(part.strip()) for part in text.split(";") if part.strip() != "yes" or "yes" in words]
    known = [v for v in values if v is not None]
    if len(known) < len(values):
        return max(words.values()) if fearful else None
    if not known:
        return None
    return max(known) if fearful else min(known)


def _grade(text: str, *, fearful: bool) -> float | None:
    text = text.strip()
    if found := _PERCENT.match(text):
        return _float(found[1]) / 100
    if found := _DEGREES.match(text):
        return math.tan(math.radians(_float(found[1])))
    if found := _RATIO.match(text):
        below = _float(found[2])
        return None if below == 0 else (-1 if found[1] == "-" else 1) / below
    if _PLAIN.match(text):
        value = _float(text)
        if value == 0:
            return 0.0
        return (value / 100 if abs(value) >= 1 else value) if fearful else None
    return None


def grade(text: str | None, *, fearful: bool) -> float | None:
    """An incline along the way (fraction, sign of the way).

    A number without a unit is only feared, never held against a route.
    """
    if not text:
        return None
    parts = text.split(";")
    values = [_grade(part, fearful=fearful) for part in parts]
    known = [v for v in values if v is not None and abs(v) <= 1]
    if not known or (len(parts) > 1 and not fearful):
        return None
    return max(known, key=abs)


def whole(text: str | None) -> int | None:
    """A count of steps."""
    return int(text) if text and _COUNT.match(text.strip()) and int(text) > 0 else None


def levels(text: str | None) -> frozenset[float] | None:
    """The levels a way or node touches."""
    if not text:
        return None
    try:
        return frozenset(float(part) for part in text.split(";"))
    except ValueError:
        return None
