"""Directions of real routes in every language, kept as somebody once read them and found them good.

    python -m tests.support.golden

writes the words anew, for the maps that are here; read the difference as the person would before it is committed. The
paths stay as they are: each is given by its streets, so that a better route never changes these files.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from accessibility.profiles import built_in
from routing.build import build
from routing.costs import Weigher
from routing.directions import steps_of
from routing.elements import read_osm_file
from routing.graph import StreetGraph
from routing.phrases import LANGUAGES, voice
from routing.stretches import trace
from tests.conftest import SAMPLE, SHARED
from tests.support.walked import pieces_along

FOLDER = Path(__file__).parent.parent / "routing" / "golden"
MAPS = {
    "helsinki": SAMPLE,
    "zurich": SHARED / "osm" / "zurich_hb_2025.osm.pbf",
    "monaco": SHARED / "osm" / "monaco_2026.osm.pbf",
    "beijing": SHARED / "osm" / "beijing_tsinghua_2017.osm.pbf",
}

Kept = dict[str, Any]
"""One route: `profile`, `units`, `streets` ("way first last"); `steps` by language, each `[text, spoken, short]`."""


def read(name: str) -> dict[str, Kept]:
    """The routes kept of a map, by what they are."""
    found: dict[str, Kept] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def streets_of(kept: Kept) -> list[tuple[int, int, int]]:
    """Way, first and last node of every street of the route."""
    return [(int(way), int(first), int(last)) for way, first, last in map(str.split, kept["streets"])]


def told(graph: StreetGraph, kept: Kept) -> dict[str, list[list[str]]]:
    """The steps of this route as they are told now; `spoken` is an empty text where it is the same as `text`."""
    person = built_in[kept["profile"]]
    found = trace(graph, Weigher(graph).weigh(person), pieces_along(graph, streets_of(kept)))
    steps = {
        language: steps_of(graph, found, person, voice(language, kept["units"], person.gait.step_m))
        for language in LANGUAGES
    }
    return {
        language: [[step.text, "" if step.spoken == step.text else step.spoken, step.short] for step in each]
        for language, each in steps.items()
    }


def write(name: str, routes: dict[str, Kept]) -> None:
    (FOLDER / f"{name}.json").write_text(json.dumps(routes, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    for name, source in MAPS.items():
        if not source.exists():
            sys.stdout.write(f"{name}: no map\n")
            continue
        graph = build(read_osm_file(source))
        routes = read(name)
        write(name, {title: {**kept, "steps": told(graph, kept)} for title, kept in routes.items()})
        sys.stdout.write(f"{name}: {len(routes)} routes\n")


if __name__ == "__main__":
    main()
