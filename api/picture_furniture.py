"""What stands around the map of a picture: the line above, the list below, the scale, north, and who made the map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from api.exports import moment
from api.picture_frame import HEIGHT, WIDTH, Frame
from api.picture_labels import Room, halves, letters, plain, text
from api.picture_marks import Mark
from api.picture_symbols import sign, symbol
from api.plain_words import PlainWords
from api.route_geojson import Role
from routing.phrases import lengths

TEXT = "#1b1f24"
BROKEN = "#a01d16"
ROW, COLUMNS, ROWS_MAX = 26, 2, 4
LINE_MAX, SMALL_LINE_MAX = 66, 74
"""Letters of one row of the list; of one of the two lines of a row that is full."""
_METRES, _KILOMETRES = (1.0, lengths.METRES), (1000.0, lengths.KILOMETRES)
_FEET, _MILES = (lengths.M_PER_FOOT, lengths.FEET), (lengths.M_PER_MILE, lengths.MILES)


def rows_needed(count: int) -> int:
    """Pixels for a list of so many entries."""
    rows = min(-(-count // COLUMNS), ROWS_MAX)
    return rows * ROW + 12 if rows else 0


def header(title: str, status: str, code: str) -> Iterator[str]:
    """How far and how long, and whether every limit holds."""
    sign = "✓" if code == "ok" else "!"
    yield text(20, 28, title, 20)
    yield text(20, 52, f"{sign} {status}", 14, f'fill="{TEXT if code == "ok" else BROKEN}"')


def listed(
    lines: Sequence[tuple[Role, str]],
    marks: Sequence[Mark],
    top: int,
    styles: Mapping[Role, str],
    words: PlainWords,
) -> Iterator[str]:
    """Every other way with its line, every number with its words, in columns; what has no room is counted."""
    entries = []
    for number, (role, said) in enumerate(lines, 1):
        number_too = sign(str(number)) if role == "alternative" else ""
        entries.append((f'<path d="M-18,0 18,0" fill="none" {styles[role]}/>{number_too}', said))
    entries += [(symbol(mark.shape, str(mark.number)), mark.words) for mark in marks]
    room = ROWS_MAX * COLUMNS
    if len(entries) > room:
        left = len(entries) - room + 1
        entries = [*entries[: room - 1], ("", words.more(left))]
    rows = max(1, -(-len(entries) // COLUMNS))
    for number, (drawn, said) in enumerate(entries):
        x, y = 36 + number // rows * (WIDTH // COLUMNS), top + 8 + ROW * (number % rows) + ROW / 2
        yield f'<g transform="translate({x} {y})"><g transform="scale(.8)">{drawn}</g>{_row(said)}</g>'


def _row(said: str) -> str:
    """On one line, smaller on one line, or on two."""
    said = plain(said, 2 * SMALL_LINE_MAX)
    if letters(said) <= LINE_MAX:
        return text(20, 4.5, said, 12.5)
    first, rest = halves(said, SMALL_LINE_MAX)
    if not rest:
        return text(20, 4, first, 11)
    return text(20, -2, first, 11) + text(20, 10.5, plain(rest, SMALL_LINE_MAX), 11)


def scale_bar(frame: Frame, room: Room, words: PlainWords) -> Iterator[str]:
    """A round length, lower left."""
    count, unit, pixels = _scale(frame, words)
    x, y = 16, frame.bottom - 40
    room.take([(x + share * pixels, y + 14, 22.0) for share in (0.0, 0.25, 0.5, 0.75, 1.0)])
    yield f'<rect x="{x}" y="{y}" width="{pixels + 20:.1f}" height="30" fill="#ffffff" fill-opacity=".85"/>'
    yield f'<path d="M{x + 10},{y + 18} v6 h{pixels:.1f} v-6" fill="none" stroke="{TEXT}" stroke-width="2"/>'
    yield text(x + 10 + pixels / 2, y + 14, words.round_length(count, unit), 12, 'text-anchor="middle"')


def _scale(frame: Frame, words: PlainWords) -> tuple[int, lengths.Measure, float]:
    """How many of which unit, and its pixels; the large unit where one of it has room."""
    large, small = (_MILES, _FEET) if words.in_feet else (_KILOMETRES, _METRES)
    count, pixels = frame.scale(large[0])
    if count:
        return count, large[1], pixels
    count, pixels = frame.scale(small[0])
    return count, small[1], pixels


def compass(frame: Frame, room: Room, words: PlainWords) -> Iterator[str]:
    """North is up, upper right."""
    x, y = WIDTH - 34, frame.top + 34
    room.take([(x, y, 26.0)])
    yield (
        f'<g transform="translate({x} {y})"><circle r="22" fill="#ffffff" fill-opacity=".85"/>'
        f'<path d="M0,-19 L7,2 L0,-3 L-7,2 Z" fill="{TEXT}"/>{text(0, 16, words.north(), 13, TEXT_MIDDLE)}</g>'
    )


TEXT_MIDDLE = 'text-anchor="middle"'


def strip(attribution: str, at: datetime) -> Iterator[str]:
    """Whose map it is, and when the route was asked for."""
    yield f'<rect y="{HEIGHT - 26}" width="{WIDTH}" height="26" fill="#eceef1"/>'
    yield text(20, HEIGHT - 9, attribution, 12)
    yield text(WIDTH - 20, HEIGHT - 9, f"stepfree, {moment(at)[:16]}Z", 12, 'text-anchor="end"')
