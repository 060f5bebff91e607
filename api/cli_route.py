"""`stepfree route`: one route in the terminal, or as a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.cells import set_cell_size

from accessibility.refusals import Refused
from api.exports import GEOJSON, GPX
from api.languages import asked
from api.map_files import open_map
from api.operations import JSON
from api.plain_words import PlainWords, plain_words
from api.progress import shown
from api.route_files import PNG, SVG, bytes_of, places_in
from api.wire import AsOf, RouteQuery, RoutesAnswer, answer_of, profile_named, question_of
from routing.answers import NoRoute
from routing.line import encoded
from routing.phrases import Units
from routing.router import Router

Position = tuple[float, float]

TEXT = "text"
FORMATS = {TEXT: "text/plain", "json": JSON, "geojson": GEOJSON, "gpx": GPX, "svg": SVG, "png": PNG}
"""By name, which is also how the names of such files end."""
BINARY = ("png",)
LABEL_CELLS = 22


def run(
    map_path: Path,
    data: Path,
    *,
    start: Position,
    end: Position,
    profile: str,
    shape: str | None = None,
    out: Path | None = None,
    language: str | None = None,
    units: Units = "metric",
) -> int:
    """Print the way from `start` to `end` (longitude, latitude), or write it to `out`.

    `shape`: one of `FORMATS`; `None`: as the name of `out` ends, else text. Raises `Refused`, as far as possible before
    the map is read.
    """
    profile_named(profile)
    shape = shape or _shape_of(out)
    _check_target(shape, out)
    spoken = asked(language, None)
    question = question_of(RouteQuery([start, end], profile, units=units), datetime.now(UTC), spoken)
    with shown() as progress:
        graph = open_map(map_path, data, progress)
    router = Router(graph)
    try:
        found = router.route(question)
        if isinstance(found, NoRoute):
            raise Refused("no_route", "Nothing passable connects these two places.")
        as_of = AsOf(graph.meta.build_id, 0, datetime.now(UTC))
        answer = answer_of(found, question.profile, as_of, graph.meta.attribution)
        content = _content(shape, answer, router, plain_words(spoken, units))
    finally:
        router.close()
    _deliver(content, out)
    return 0


def _shape_of(out: Path | None) -> str:
    ending = "" if out is None else out.suffix.removeprefix(".").lower()
    return ending if ending in FORMATS else TEXT


def _check_target(shape: str, out: Path | None) -> None:
    if out is None:
        if shape in BINARY and sys.stdout.isatty():
            raise Refused(
                "argument_invalid", f"A {shape} is not for a terminal: name a file with --out, or send it to a pipe."
            )
    elif out.is_dir() or not out.parent.is_dir():
        raise Refused("output_failed", f"{out} cannot be written: it is a folder, or its folder is not there.")


def _content(shape: str, answer: RoutesAnswer, router: Router, words: PlainWords) -> bytes:
    if shape == TEXT:
        return "".join(f"{line}\n" for line in _lines(answer, words)).encode()
    if shape == "json":
        return msgspec.json.format(encoded(answer), indent=1) + b"\n"
    return bytes_of(FORMATS[shape], answer, places_in(router.state.overlay), router, words)


def _lines(answer: RoutesAnswer, words: PlainWords) -> Iterator[str]:
    """What a map calls its places may hold letters that command a terminal: they are left out."""
    for line in _told(answer, words):
        yield "".join(letter for letter in line if letter.isprintable())


def _told(answer: RoutesAnswer, words: PlainWords) -> Iterator[str]:
    route = answer.routes[0]
    yield words.status(answer.status)
    for violation in route.violations:
        yield f"  ! {words.violation(violation)}"
    for note in route.notes:
        yield f"  {words.note(note)}"
    yield ""
    for label, said in words.facts(route.summary, route):
        yield set_cell_size(words.labelled(label, ""), LABEL_CELLS) + said
    yield ""
    steps = [step for leg in route.legs for step in leg.steps]
    for number, step in enumerate(steps, 1):
        yield f"{number:3}. {step.text}"
    yield ""
    yield words.map_data(answer.attribution)


def _deliver(content: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise Refused("output_failed", f"{out} cannot be written: {os.strerror(error.errno or 0)}.") from error
