"""The city in every size asked for: tiled, built (or taken from an earlier run), measured, its cost's growth."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench import city
from bench.cities import SHAPES, write_city
from bench.figures import Figures, quotient
from bench.guard import MemoryShort
from bench.kept import FOLDER, fingerprint, program
from bench.machine import run_measured, say
from bench.served import BIN
from bench.tile import read_tile

TILING = tuple(Path(__file__).with_name(name) for name in ("tile.py", "cities.py"))
GROWING = {"answer_median_ms": "growth_answer", "query_median_ms": "growth_query"}
"""Is to stay the same for pairs of the same length."""
GROWING_PER_NODE = {
    "build_s": "growth_build_per_node",
    "build_peak_mb": "growth_build_peak_per_node",
    "customise_ms": "growth_customise_per_node",
}
"""Is to grow no faster than the map."""


@dataclass(frozen=True)
class Built:
    """A map in `build/bench`, and what building it took when it was built."""

    source: Path
    map_path: Path
    build: Figures


@cache
def built(source: Path, times: int) -> Built:
    """The city `times` over; what an earlier run built of the same file with the same program is taken as it is.

    Asked once a run: an edit meanwhile takes no map away from a server that runs on it.
    """
    extract = source if times == 1 else _tiled(source, times)
    stem = f"map-{source.name.partition('.')[0]}-x{times}"
    folder = FOLDER / f"{stem}-{fingerprint(extract, *program())}"
    record, map_path = folder / "built.json", folder / "map"
    if not record.is_file():
        for old in FOLDER.glob(f"{stem}-*"):
            shutil.rmtree(old)
        folder.mkdir(parents=True)
        say(f"×{times}: building the map")
        seconds, peak_mb = run_measured([str(BIN), "build", str(extract), "-o", str(map_path)])
        size = sum(path.stat().st_size for path in map_path.rglob("*") if path.is_file())
        taken = {"build_s": round(seconds, 1), "build_peak_mb": round(peak_mb), "map_mb": round(size / 2**20)}
        record.write_text(json.dumps(taken))
    return Built(extract, map_path, json.loads(record.read_text()))


def _tiled(source: Path, times: int) -> Path:
    stem = f"city-{source.name.partition('.')[0]}-x{times}"
    target = FOLDER / f"{stem}-{fingerprint(source, *TILING)}.osm.pbf"
    if not target.is_file():
        say(f"×{times}: laying the tiles")
        for old in FOLDER.glob(f"{stem}-*"):
            old.unlink()
        part = target.with_name(f"part-{target.name}")
        write_city(read_tile(source), part, *SHAPES[times])
        part.rename(target)
    return target


def measured(there: Built, times: int) -> Figures:
    """Everything about one size."""
    figures = there.build | city.in_child(there.map_path)
    say(
        f"×{times}: {figures['nodes']} nodes, build {figures['build_s']} s and {figures['build_peak_mb']} MB, "
        f"load {figures['load_s']} s, customise {figures['customise_ms']} ms, query {figures['query_median_ms']} ms, "
        f"answer {figures['answer_median_ms']} ms"
    )
    try:
        served = figures["served"] = city.as_served(there.map_path)
    except MemoryShort as short:
        say(f"×{times}: its two workers were {short}")
        return figures | {"served": {"stopped": str(short)}}
    say(
        f"×{times}: two workers and their supervisor weigh {served['pss_mb']['together']} MB, the second one "
        f"{served['share_second_worker']:.0%} of the rest; {served['connections_16']['requests_per_s']}/s at 16"
    )
    return figures


def grown(figures: Figures, first: Figures) -> Figures:
    """How a larger city compares with the city itself."""
    larger = figures["nodes"] / first["nodes"]
    same = {name: quotient(figures[of], first[of]) for of, name in GROWING.items()}
    per_node = {name: quotient(figures[of] / first[of], larger) for of, name in GROWING_PER_NODE.items()}
    return {"times_nodes": round(larger, 1)} | same | per_node
