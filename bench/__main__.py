"""`make bench`: what building, loading and answering take, and how that compares with peers in the same run.

    make bench [CITIES=1,4,16,40] [SOAK_S=600] [WRITE=docs/performance.md]
    python -m bench [--cities 1,4] [--parts cities,peers,live] [--add] [--write FILE]

Figures are printed, never asserted; a ratio worse than 1.2 times the recorded one (docs/performance.json) is told.
`SHARED_DATA` (default `../shared/data`) holds the maps; without it the bundled sample is measured. What takes long is
kept in `build/bench` and taken again while its source is unchanged; so are the figures (`last.json`), to which `--add`
adds further parts. `--parts none --add --write FILE` writes the page of the last run.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench import against, live, report, sizes, soak
from bench.cities import SHAPES
from bench.figures import Figures, at, quotient, worse
from bench.kept import FOLDER, ROOT
from bench.machine import described, say
from bench.peers import python, valhalla
from bench.peers.valhalla import Skipped
from bench.promises import judged
from bench.questions import PROFILE, Pair, Question, for_router, for_stepfree, mixed, random_pairs, spread_pairs
from bench.served import server
from routing.answers import NoRoute
from routing.geodesy import distance_m
from routing.graph import StreetGraph
from routing.router import Router
from routing.storage import load

SAMPLE = ROOT / "samples" / "helsinki-centre.osm.pbf"
LAST = FOLDER / "last.json"
RECORDED = ROOT / "docs" / "performance.json"
PARTS = ("peers", "live", "cities")
PAIRS = 300


def map_file() -> Path:
    """The benchmark city where the shared maps are, else the bundled map."""
    heidelberg = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "osm" / "heidelberg_2024.osm.pbf"
    return heidelberg if heidelberg.is_file() else SAMPLE


class Run:
    """One run: its figures, written down after every part."""

    def __init__(self, source: Path, *, add: bool) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.source = source
        self.figures: Figures = json.loads(LAST.read_text()) if add and LAST.is_file() else {}
        now = {"at": time.strftime("%Y-%m-%d"), "city": source.name.partition(".")[0], "machine": described()}
        self.figures |= {name: value for name, value in now.items() if not add or name not in self.figures}

    def keep(self, name: str, figures: Figures) -> None:
        self.figures[name] = figures
        part = LAST.with_suffix(".part")
        part.write_text(json.dumps(self.figures, indent=1) + "\n")
        part.rename(LAST)

    def city(self, times: int) -> None:
        """One size; larger ones are held against the first."""
        found = sizes.measured(sizes.built(self.source, times), times)
        cities: Figures = self.figures.get("cities", {}) | {f"x{times}": found}
        first = cities.get("x1")
        for name, city in cities.items():
            if first is not None and name != "x1":
                city |= sizes.grown(city, first)
        self.keep("cities", cities)

    def peers(self, graph: StreetGraph, map_path: Path) -> None:
        try:
            peer = valhalla.prepared(self.source, FOLDER)
            inside, pairs = against.in_process(graph, peer)
            built = {"build_s": peer.build_s, "build_peak_mb": peer.build_peak_mb, "tiles_mb": peer.tiles_mb}
            self.keep("in_process", inside | {"valhalla_tiles": built})
            self.keep("http", against.over_http(graph, map_path, peer, pairs))
        except Skipped as why:
            say(f"Valhalla skipped: {why}")
            for name in ("in_process", "http"):
                self.keep(name, {"skipped": str(why)})
        self._python_peers(graph, map_path)

    def _python_peers(self, graph: StreetGraph, map_path: Path) -> None:
        pairs = random_pairs(graph, PAIRS)
        ours_ms = against.median_ms(graph, pairs)
        peer = python.networkx_path(graph, PROFILE, pairs)
        peer["ratio_answer"] = quotient(peer["median_ms"], ours_ms)
        say(f"networkx's path alone takes {peer['ratio_answer']:g} times our whole answer")
        self.keep("networkx", peer)
        try:
            other = python.osmnx_way(self.source, FOLDER, pairs)
        except (OSError, subprocess.SubprocessError) as error:
            self.keep("osmnx", {"skipped": f"it does not run here ({type(error).__name__})"})
            return
        build_s = sizes.built(self.source, 1).build["build_s"]
        other["ratio_answer"] = quotient(other["median_ms"], ours_ms)
        other["ratio_load"] = quotient(other["load_s"], build_s)
        say(f"OSMnx takes {other['ratio_answer']:g} times our answer, and {other['load_s']} s to load")
        self.keep("osmnx", other)

    def live(self, graph: StreetGraph, map_path: Path) -> None:
        pairs = spread_pairs(graph, PAIRS)
        ends, bodies = walk_apart(graph, pairs), [for_stepfree(each) for each in mixed(pairs, 4 * PAIRS)]
        with server(map_path) as ours:
            found = {f"connections_{number}": live.measured(ours, ends, bodies, number) for number in (0, 16)}
        self.keep("live", found)

    def soak(self, graph: StreetGraph, map_path: Path, seconds: float) -> None:
        self.keep("soak", soak.measured(map_path, spread_pairs(graph, PAIRS), seconds))


def walk_apart(graph: StreetGraph, pairs: list[Pair]) -> Pair:
    """The first of the pairs that lies half a kilometre to two apart and is `ok` for a wheelchair."""
    router = Router(graph)
    try:
        for pair in pairs:
            if 500 < float(distance_m(*pair[0], *pair[1])) < 2000:
                answer = router.route(for_router(Question(*pair)))
                if not isinstance(answer, NoRoute) and answer.status == "ok":
                    return pair
    finally:
        router.close()
    raise SystemExit("no pair of this map is a walk apart")


def summary(figures: Figures, recorded: Path) -> None:
    """The promises, and loudly what has become worse."""
    print("\nWhat was promised:")
    for promise, value, kept in judged(figures):
        word = {True: "kept  ", False: "MISSED", None: "–     "}[kept]
        shown = "not measured" if value is None else f"{value:g} {promise.unit}"
        print(f"  {word} {promise.words}: {shown} (wanted {'≥' if promise.at_least else '≤'} {promise.target:g})")
    if not recorded.is_file():
        return
    before: Figures = json.loads(recorded.read_text())
    if at(before, "city") != at(figures, "city"):
        print("\nThe recorded run is of another city: nothing is compared.")
    elif lines := worse(figures, before):
        print("\n" + "!" * 80 + "\nWORSE than the recorded run:")
        print("\n".join(f"  {line}" for line in lines) + "\n" + "!" * 80)
    else:
        print("\nNo ratio is worse than 1.2 times the recorded one.")


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--cities", default=os.environ.get("CITIES") or "1,4", help="how many times the city: 1,4,16,40"
    )
    parser.add_argument("--parts", default=",".join(PARTS), help=f"of {','.join(PARTS)}, or none")
    parser.add_argument("--soak", type=float, default=float(os.environ.get("SOAK_S") or 0), help="seconds of soak")
    parser.add_argument("--add", action="store_true", help="add to the figures of the last run")
    parser.add_argument("--write", type=Path, help="write the page there, and its record beside it")
    asked = parser.parse_args(arguments)
    asked.cities = [int(times) for times in asked.cities.split(",") if times]
    asked.parts = [] if asked.parts == "none" else asked.parts.split(",")
    if unknown := ({*asked.parts} - {*PARTS}) | {str(times) for times in asked.cities if times not in SHAPES}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return asked


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 1 when a part could not be measured."""
    asked = _asked(arguments)
    run = Run(map_file(), add=asked.add)
    parts: dict[str, Callable[[], None]] = {}
    if asked.parts or asked.soak:
        there = sizes.built(run.source, 1)
        if "peers" in asked.parts:
            parts["peers"] = lambda: run.peers(load(there.map_path), there.map_path)
        if "live" in asked.parts:
            parts["live"] = lambda: run.live(load(there.map_path), there.map_path)
        if "cities" in asked.parts:
            parts |= {f"×{times}": partial(run.city, times) for times in sorted(asked.cities)}
        if asked.soak:
            parts["soak"] = lambda: run.soak(load(there.map_path), there.map_path, asked.soak)
    failed = [name for name, part in parts.items() if not _done(part)]
    summary(run.figures, RECORDED)
    if asked.write is not None:
        print("\nWritten:", ", ".join(path.name for path in report.write(run.figures, asked.write)))
    if failed:
        print(f"\nFAILED: {', '.join(failed)}")
    return 1 if failed else 0


def _done(part: Callable[[], None]) -> bool:
    """A part that fails, whatever it is, takes no other with it."""
    try:
        part()
    except Exception:
        traceback.print_exc()
        return False
    return True


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started is ended
    sys.exit(main())
