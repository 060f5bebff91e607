"""Attached sidewalks: which sides there are, and which tags speak for a side."""

from __future__ import annotations

from accessibility.facts import Sidewalk
from accessibility.tags.reading import Tags

SIDES = ("left", "right")

_WORDS: dict[str, tuple[Sidewalk | None, Sidewalk | None]] = {
    "both": (Sidewalk.ATTACHED, Sidewalk.ATTACHED),
    "yes": (Sidewalk.ATTACHED, Sidewalk.ATTACHED),
    "left": (Sidewalk.ATTACHED, Sidewalk.NONE),
    "right": (Sidewalk.NONE, Sidewalk.ATTACHED),
    "none": (Sidewalk.NONE, Sidewalk.NONE),
    "no": (Sidewalk.NONE, Sidewalk.NONE),
    "separate": (Sidewalk.SEPARATE, Sidewalk.SEPARATE),
}
_SIDE_WORDS = {
    "yes": Sidewalk.ATTACHED,
    "sidewalk": Sidewalk.ATTACHED,
    "no": Sidewalk.NONE,
    "none": Sidewalk.NONE,
    "separate": Sidewalk.SEPARATE,
}

_OWN = frozenset(
    {
        "width",
        "maxwidth:physical",
        "est_width",
        "surface",
        "smoothness",
        "wheelchair",
        "sloped_curb:start",
        "sloped_curb:end",
    }
)
"""What the carriageway's own tag never says about the sidewalk beside it."""


def side_of(tags: Tags, side: str) -> Sidewalk | None:
    """What there is to walk on at one side of a carriageway."""
    for key in (f"sidewalk:{side}", "sidewalk:both", f"footway:{side}"):
        found = _SIDE_WORDS.get(tags.get(key, ""))
        if found is not None:
            return found
    both = _WORDS.get(tags.get("sidewalk", "")) or _WORDS.get(tags.get("footway", ""))
    return None if both is None else both[SIDES.index(side)]


def beside(tags: Tags, side: str | None) -> Sidewalk | None:
    """The sidewalk of one side, or of the street as a whole: attached anywhere, else separate anywhere, else none."""
    if side is not None:
        return side_of(tags, side)
    found = {side_of(tags, one) for one in SIDES}
    for best in (Sidewalk.ATTACHED, Sidewalk.SEPARATE):
        if best in found:
            return best
    return Sidewalk.NONE if found == {Sidewalk.NONE} else None


def sides(tags: Tags) -> tuple[str, ...]:
    """The sides with an attached sidewalk of their own, in the order left, right."""
    return tuple(side for side in SIDES if side_of(tags, side) is Sidewalk.ATTACHED)


def sided(tags: Tags, attribute: str, side: str | None) -> str | None:
    """The value of `attribute` for a side; without one, for the whole street when both sides agree, else the way's own.

    For a side the carriageway's own width and surface say nothing and are not used.
    """
    if side is not None:
        said = _said(tags, attribute, side)
        return said if said is not None or attribute in _OWN else tags.get(attribute)
    left, right = (_said(tags, attribute, one) for one in SIDES)
    attached = sides(tags)
    if left is not None and (left == right or attached == ("left",)):
        return left
    if right is not None and attached == ("right",):
        return right
    return tags.get(attribute)


def _said(tags: Tags, attribute: str, side: str) -> str | None:
    dotted = attribute.replace(":", ".")
    keys = (
        f"sidewalk:{side}:{attribute}",
        f"footway:{side}:{attribute}",
        f"footway:{side}.{dotted}",
        f"sidewalk:both:{attribute}",
        f"footway:both:{attribute}",
        f"sidewalk:{attribute}",
        f"footway:{attribute}",
    )
    return next((tags[key] for key in keys if key in tags), None)
