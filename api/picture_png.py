"""A drawing as PNG, made in a process of its own (docs/decisions/0009)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pylopdf_fonts_zh_cn
import structlog

import web
from accessibility.refusals import Refused

FONT = web.FOLDER / "fonts" / "DejaVuSans.ttf"
CHINESE_FONT = pylopdf_fonts_zh_cn.sans_path()
"""Noto Sans SC. Eight megabytes, which are read only for a picture with such letters in it."""
WITHIN_S = 25.0
"""Longer than any picture takes on a machine that does other things too."""

_CHILD = Path(__file__).with_name("picture_child.py")
_CHINESE = "\u3001-\u303f\u3041-\u3096\u3099-\u30ff\u3105-\u312f\u3400-\u4db5\u4e00-\u9fef\uff01-\uff5e\uffe0-\uffe6"
_NEEDS_CHINESE = re.compile(f"[{_CHINESE}]")
_IN_FONTS = re.compile(
    "[ -~\u00a0-\u02e9\u0300-\u034f\u038e-\u0525\u0531-\u0556\u0561-\u0587\u05b0-\u05c3\u05d0-\u05ea\u0621-\u063a"
    "\u0640-\u0655\u0660-\u0670\u0679-\u06bf\u10d0-\u10fc\u1e00-\u1efb\u2010-\u2027\u2030-\u205e"
    f"{_CHINESE}]*"
)
_log = structlog.get_logger("stepfree")


def drawable(name: str) -> bool:
    """Whether our own fonts have all the letters: Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic, Chinese,
    Japanese kana."""
    return _IN_FONTS.fullmatch(name) is not None


def png_of(svg: str) -> bytes | None:
    """The picture in its own pixels, `None` where the library could not draw it. Raises `overloaded` when it takes too
    long."""
    fonts = [FONT, CHINESE_FONT] if _NEEDS_CHINESE.search(svg) else [FONT]
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD), *map(str, fonts)],
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
