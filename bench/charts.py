"""Bars as a small SVG: no library, readable on light and dark ground, every bar with its number in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

COLOURS = ("#1f77b4", "#d95f02", "#7f7f7f", "#2ca02c")
WIDTH, LABEL, NUMBER, ROW, GAP, TOP = 640, 190, 90, 20, 12, 46
STYLE = "text{font:13px sans-serif;fill:#777}.title{font-size:15px;font-weight:bold}"


def bars(title: str, groups: Mapping[str, Sequence[tuple[str, float]]], unit: str) -> str:
    """Groups of (who, value ≥ 0), one bar each; the longest is the highest value."""
    names = list(dict.fromkeys(who for group in groups.values() for who, _ in group))
    highest = max((value for group in groups.values() for _, value in group), default=0.0) or 1.0
    parts, y = [], TOP
    for group, values in groups.items():
        middle = y + ROW * len(values) / 2 + 4
        parts.append(f'<text x="{LABEL - 10}" y="{middle:.0f}" text-anchor="end">{escape(group)}</text>')
        for who, value in values:
            length = (WIDTH - LABEL - NUMBER) * value / highest
            colour = COLOURS[names.index(who) % len(COLOURS)]
            parts.append(
                f'<rect x="{LABEL}" y="{y + 2}" width="{max(1.0, length):.1f}" height="{ROW - 4}" fill="{colour}">'
                f"<title>{escape(f'{group}, {who}: {value:g} {unit}')}</title></rect>"
                f'<text x="{LABEL + length + 6:.1f}" y="{y + 14}">{value:g}</text>'
            )
            y += ROW
        y += GAP
    said = "; ".join(f"{group}: {who} {value:g} {unit}" for group, rows in groups.items() for who, value in rows)
    heading = f'<text class="title" x="0" y="16">{escape(title)} ({escape(unit)})</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}">'
        f"<title>{escape(title)}</title><desc>{escape(said)}</desc><style>{STYLE}</style>"
        f"{heading}{_legend(names)}{''.join(parts)}</svg>\n"
    )


def _legend(names: Sequence[str]) -> str:
    parts, x = [], LABEL
    for number, name in enumerate(names):
        colour = COLOURS[number % len(COLOURS)]
        parts.append(f'<rect x="{x}" y="24" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 17}" y="35">{escape(name)}</text>')
        x += 40 + 8 * len(name)
    return "".join(parts)
