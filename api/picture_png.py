"""A drawing as PNG, made in a process of its own (docs/decisions/0009)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import structlog

import web
from accessibility.refusals import Refused

FONT = web.FOLDER / "fonts" / "DejaVuSans.ttf"
WITHIN_S = 25.0
"""Longer than any picture takes on a machine that does other things too."""

_CHILD = Path(__file__).with_name("picture_child.py")
_IN_FONT = re.compile(
    "[ -~\u00a0-\u02e9\u0300-\u034f\u038e-\u0525\u0531-\u0556\u0561-\u0587\u05b0-\u05c3\u05d0-\u05ea\u0621-\u063a"
    "\u0640-\u0655\u0660-\u0670\u0679-\u06bf\u10d0-\u10fc\u1e00-\u1efb\u2010-\u2027\u2030-\u205e]*"
)
_log = structlog.get_logger("stepfree")


def drawable(name: str) -> bool:
    """Whether our own font has all the letters: Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic."""
    return _IN_FONT.fullmatch(name) is not None


def png_of(svg: str) -> bytes | None:
    """The picture in its own pixels, `None` where the library could not draw it. Raises `overloaded` when it takes too
    long."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD), str(FONT)],
            input=svg.encode(),
            capture_output=True,
            timeout=WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused("overloaded", "The picture took too long to draw.") from None
    if done.returncode == 0:
        return done.stdout
    _log.error("picture_not_drawn", status=done.returncode)
    return None
