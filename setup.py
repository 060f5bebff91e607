"""Compiles what reads a path and tells it to C, from the same typed sources (docs/decisions/0013).

Where there is no C compiler nothing is compiled, and everything works the same, only slower; so it is on purpose with
`STEPFREE_PLAIN=1`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from setuptools import setup

if TYPE_CHECKING:
    from setuptools import Extension

COMPILED = [
    "announcing",
    "broken_limits",
    "crossings",
    "directions",
    "grounds",
    "itinerary",
    "labels",
    "landmarks",
]
COMPILED += ["met", "moves", "path", "phrases/lengths", "phrases/voices", "polyline", "rests", "said"]
COMPILED += ["stretches", "summary", "telling", "turns", "vertices"]
"""Modules of `routing/` that go through a path stretch by stretch and step by step, with the classes they share."""


def compiled() -> list[Extension]:
    """One shared library for all of them, and for each module a door to it."""
    if os.environ.get("STEPFREE_PLAIN"):
        return []
    from mypyc.build import mypycify

    options = ["--follow-imports=silent", "--hide-error-context"]
    sources = [f"routing/{name}.py" for name in COMPILED]
    found: list[Extension] = mypycify([*options, *sources], opt_level="3", group_name="routing.fast")
    for extension in found:
        extension.optional = True
    return found


setup(ext_modules=compiled())
