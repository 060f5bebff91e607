"""A process of its own for one picture: SVG from standard input, PNG to standard output.

It runs by itself, `python -I picture_child.py FONT …`: whatever goes wrong in the drawing library ends here, and while
it draws the server's interpreter is free. Nothing but the fonts given is read: every machine draws the same.
"""

from __future__ import annotations

import os
import resource
import sys

import resvg_py

CPU_S = 20
MEMORY_BYTES = 1 << 30
POLITE = 10
"""Routes go first where there are too few cores for both."""


def main() -> None:
    """Draws, within bounds."""
    os.nice(POLITE)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    svg = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=sys.argv[1:]))


if __name__ == "__main__":
    main()
