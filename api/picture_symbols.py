"""The marks of a picture, each a shape of its own around the place 0, 0."""

from __future__ import annotations

from api.picture_labels import text
from api.picture_marks import Shape

SHAPES: dict[Shape, str] = {
    "triangle": '<path d="M0,-14 L14,11 L-14,11 Z" fill="#b3261e" stroke="#ffffff" stroke-width="2"/>',
    "diamond": '<path d="M0,-15 L15,0 L0,15 L-15,0 Z" fill="#7a4100" stroke="#ffffff" stroke-width="2"/>',
    "square": '<rect x="-11" y="-11" width="22" height="22" rx="3" fill="#35506b" stroke="#ffffff" stroke-width="2"/>',
}
"""A limit broken, a barrier, something to know: white on these is 6 : 1 and more."""
OTHER = "#6a3d9a"
LOW = {"triangle": 8.0}
"""Where the number of a shape stands, if not in its middle."""
WHITE = 'fill="#ffffff" text-anchor="middle"'


def symbol(shape: Shape, number: str) -> str:
    """A shape with its number."""
    size = 12 if len(number) < 2 else 10
    return SHAPES[shape] + text(0, LOW.get(shape, size * 0.36), number, size, WHITE)


def sign(number: str) -> str:
    """Which of several other ways a line is."""
    circle = f'<circle r="10" fill="#ffffff" stroke="{OTHER}" stroke-width="3"/>'
    return circle + text(0, 4.5, number, 12, f'fill="{OTHER}" text-anchor="middle"')


def letter(name: str) -> str:
    """A place that the way begins at, goes through or ends at."""
    circle = '<circle r="13" fill="#111827" stroke="#ffffff" stroke-width="3"/>'
    return circle + text(0, 5, name, 14, WHITE)
