"""A route drawn: the way on its streets, what is met on it by number, and the same in words.

Everything is shape and word before it is colour; every text stands at 4.5 : 1 or more against its ground (WCAG 2, AA).
Nothing in it runs, and nothing is loaded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from api.exports import attribute, xml
from api.picture_frame import HEIGHT, WIDTH, Frame, Pixels, arrow_heads, path, thinned
from api.picture_furniture import TEXT, compass, header, listed, rows_needed, scale_bar, strip
from api.picture_labels import FONT, Room, plain
from api.picture_marks import Mark, marks_of
from api.picture_streets import Streets, streets_in
from api.picture_symbols import OTHER, letter, sign, symbol
from api.plain_words import PlainWords
from api.route_geojson import PlaceOf, Role, ways_of
from api.wire import RoutesAnswer
from routing.answers import Coordinate, Route
from routing.router import Router

GROUND = "#f6f6f2"
NAMES_MAX = 28
PLACES_MAX = 28
"""Marks in one picture, about."""
MARKS_APART_PX = 90.0
"""The same number again only so far away."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXY"
"""One for each of up to 25 waypoints."""
WAYS: dict[Role, str] = {
    "route": 'stroke="#1450a8" stroke-width="7"',
    "alternative": f'stroke="{OTHER}" stroke-width="5" stroke-dasharray="14 6"',
    "return": 'stroke="#0b6b4f" stroke-width="5" stroke-linecap="round" stroke-dasharray="1 9"',
}


def route_picture(
    answer: RoutesAnswer,
    place_of: PlaceOf,
    router: Router,
    words: PlainWords,
    *,
    named: Callable[[str], bool] = lambda _: True,
) -> str:
    """The answer as SVG of `WIDTH` × `HEIGHT`; `named`: which names of streets are written."""
    route = answer.routes[0]
    marks = marks_of(route, place_of, words)
    others = [(role, index, other) for role, index, _, other in ways_of(answer) if index != 0]
    lines = [(role, words.labelled(words.title(role, index), words.size(other))) for role, index, other in others]
    top, bottom = 64, HEIGHT - 26 - rows_needed(len(lines) + len(marks))
    frame = Frame.around(router.plane, _seen(answer, marks), top, bottom)
    streets = streets_in(frame, router.graph, router.placer)
    title = words.size_and_steps(route)
    room = Room(frame)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-labelledby="title desc" xml:lang={attribute(words.language)} font-family={attribute(FONT)} '
        f'fill="{TEXT}">',
        f'<title id="title">{xml(words.labelled(words.title("route", 0), title))}</title>',
        f'<desc id="desc">{xml(_in_words(answer, marks, [said for _, said in lines], words))}</desc>',
        f'<clipPath id="map"><rect y="{top}" width="{WIDTH}" height="{bottom - top}"/></clipPath>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        '<g clip-path="url(#map)" fill="none" stroke-linecap="round" stroke-linejoin="round">',
        f'<rect y="{top}" width="{WIDTH}" height="{bottom - top}" fill="{GROUND}"/>',
        *_ground(streets),
        *(_way(frame, role, other) for role, _, other in reversed(others)),
        *_main(frame, route),
        "</g>",
        *_marked(frame, room, answer, marks),
        *compass(frame, room, words),
        *scale_bar(frame, room, words),
        *_signed(frame, room, route, others),
        *_labels(frame, room, route, streets, named),
        *header(title, words.status(answer.status), answer.status),
        *listed(lines, marks, bottom, WAYS, words),
        *strip(plain(answer.attribution, 110), answer.as_of.at),
        "</svg>",
        "",
    ]
    return "\n".join(parts)


def _seen(answer: RoutesAnswer, marks: list[Mark]) -> list[Coordinate]:
    """What must be in the picture; a barrier far off the way that it was avoided for would make it small."""
    lines = [at for _, _, _, route in ways_of(answer) for at in route.geometry.coordinates]
    return lines + [at for mark in marks if mark.shape == "triangle" for at in mark.places]


def _in_words(answer: RoutesAnswer, marks: list[Mark], others: list[str], words: PlainWords) -> str:
    """The text alternative: what the picture shows, to somebody who does not see it."""
    route = answer.routes[0]
    facts = [words.labelled(*fact) for fact in words.facts(route.summary, route)]
    met = [words.labelled(str(mark.number), mark.words) for mark in marks]
    way = [step.text for leg in route.legs for step in leg.steps if step.text][:40]
    return words.sentences([words.status(answer.status), *facts, *met, *others, *way, answer.attribution])


def _ground(streets: Streets) -> Iterator[str]:
    yield f'<path d="{streets.squares}" stroke="#e2e4e8" stroke-width="1"/>'
    yield f'<path d="{streets.roads}" stroke="#bcc2ca" stroke-width="5"/>'
    yield f'<path d="{streets.roads}" stroke="#ffffff" stroke-width="3"/>'
    yield f'<path d="{streets.paths}" stroke="#9199a5" stroke-width="1"/>'
    yield f'<path d="{streets.steps}" stroke="#7b828d" stroke-width="4" stroke-dasharray="1 2" stroke-linecap="butt"/>'


def _way(frame: Frame, role: Role, route: Route) -> str:
    line = _line(frame, route.geometry.coordinates)
    return f'<path d="{line}" stroke="#ffffff" stroke-width="9"/><path d="{line}" {WAYS[role]}/>'


def _main(frame: Frame, route: Route) -> Iterator[str]:
    """The way, a ladder where it has steps, and arrows along it."""
    line = route.geometry.coordinates
    drawn = _line(frame, line)
    yield f'<path d="{drawn}" stroke="#0a2a5c" stroke-width="12"/>'
    yield f'<path d="{drawn}" stroke="#ffffff" stroke-width="10"/>'
    yield f'<path d="{drawn}" {WAYS["route"]}/>'
    spans = (segment.geometry_index for segment in route.segments if segment.steps)
    if ladder := "".join(path(frame.pixels(line[first : last + 1])) for first, last in spans):
        yield f'<path d="{ladder}" stroke="#ffffff" stroke-width="7" stroke-dasharray="2 3" stroke-linecap="butt"/>'
    if arrows := "".join(arrow_heads(frame.pixels(line))):
        yield f'<path d="{arrows}" stroke="#ffffff" stroke-width="2"/>'


def _line(frame: Frame, line: Sequence[Coordinate]) -> str:
    pixels = frame.pixels(line)
    return path(pixels[thinned(pixels, np.zeros(len(pixels), np.intp))])


def _marked(frame: Frame, room: Room, answer: RoutesAnswer, marks: list[Mark]) -> Iterator[str]:
    """Letters where the waypoints met the streets, then the numbers; what had to make room points at its place."""
    ends = frame.pixels([one.location for one in answer.snapped]).tolist()
    placed = [(x, y, *room.mark(x, y), letter(name)) for (x, y), name in zip(ends, LETTERS, strict=False)]
    for mark in marks:
        for x, y in _apart(frame.pixels(mark.places).tolist(), MARKS_APART_PX, PLACES_MAX // len(marks) + 1):
            if frame.top < y < frame.bottom and 0 < x < WIDTH:
                placed.append((x, y, *room.mark(x, y), symbol(mark.shape, str(mark.number))))
    for x, y, to_x, to_y, _ in placed:
        if (x, y) != (to_x, to_y):
            yield f'<path d="M{x:.1f},{y:.1f} {to_x:.1f},{to_y:.1f}" stroke="{TEXT}" stroke-width="1.2"/>'
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#ffffff" stroke="{TEXT}" stroke-width="1.5"/>'
    for *_, to_x, to_y, drawn in reversed(placed):
        yield f'<g transform="translate({to_x:.1f} {to_y:.1f})">{drawn}</g>'


def _signed(frame: Frame, room: Room, route: Route, others: list[tuple[Role, int | None, Route]]) -> Iterator[str]:
    """The number of each other way where it is farthest from those before it; no name is written on any of them."""
    drawn = [frame.pixels(one.geometry.coordinates) for one in (route, *(other for _, _, other in others))]
    thin = [pixels[:: len(pixels) // 200 + 1] for pixels in drawn]
    for number, (role, index, _) in enumerate(others, 1):
        if role == "alternative":
            before = np.concatenate(thin[:number])
            away = np.hypot(*(thin[number][:, None] - before[None]).T).min(axis=0)
            x, y = room.mark(*thin[number][int(away.argmax())].tolist())
            yield f'<g transform="translate({x:.1f} {y:.1f})">{sign(str(index))}</g>'
    for pixels in drawn:
        room.take_line(pixels)


def _apart(places: list[list[float]], pixels: float, most: int) -> list[list[float]]:
    """The first of places that lie so close that one mark says it."""
    kept: list[list[float]] = []
    for x, y in places:
        if len(kept) < most and all(math.hypot(x - a, y - b) >= pixels for a, b in kept):
            kept.append([x, y])
    return kept


def _labels(frame: Frame, room: Room, route: Route, streets: Streets, named: Callable[[str], bool]) -> Iterator[str]:
    """Names: of the streets of the way beside it, then of the longest ones around; none on the way itself."""
    found: dict[str, str] = {}
    for name, stretch in _on_the_way(frame, route):
        sides = (room.label(name, stretch, above=side, longest=3.0) for side in (17, -17))
        if name not in found and named(name) and (drawn := next((one for one in sides if one), None)):
            found[name] = drawn
    for name, stretch in streets.named:
        name = plain(name)
        if len(found) >= NAMES_MAX:
            break
        if name and name not in found and named(name):
            found.update({name: drawn} if (drawn := room.label(name, stretch, above=0, longest=2.2)) else {})
    yield f'<g text-anchor="middle" stroke="{GROUND}" stroke-width="3" stroke-linejoin="round" paint-order="stroke">'
    yield from found.values()
    yield "</g>"


def _on_the_way(frame: Frame, route: Route) -> Iterator[tuple[str, Pixels]]:
    """The street of each instruction and the longest straight stretch of it."""
    for leg in route.legs:
        for step in leg.steps:
            first, last = step.geometry_index
            if last > first and (name := plain(step.street or "")):
                pixels = frame.pixels(route.geometry.coordinates[first : last + 1])
                longest = int(np.argmax(np.hypot(*(pixels[1:] - pixels[:-1]).T)))
                yield name, pixels[longest : longest + 2]
