"""`stepfree build`: OpenStreetMap data in, a folder that `serve` loads at once out, and a word on what it is worth."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from api.progress import shown
from routing import storage
from routing.build import build
from routing.elements import RawMap, add_gtfs, download, read_map_file
from routing.elevation import Elevation
from routing.graph import StreetGraph

Box = tuple[float, float, float, float]

COVERED = {
    "surface": "surface",
    "smoothness": "smoothness",
    "width_m": "width",
    "incline": "incline",
    "incline_coarse": "coarse slope",
}
"""Facts of a way whose share of the length is shown."""


def run(
    output: Path,
    *,
    source: Path | None,
    place: str | None,
    bbox: Box | None,
    dem: Sequence[Path] = (),
    gtfs: Sequence[Path] = (),
) -> int:
    """Build and save a map, then print what was kept."""
    began = time.monotonic()
    # Before anything is downloaded or parsed: a bad elevation file is told at once.
    elevation = Elevation.open(dem) if dem else None
    with shown() as progress:
        if source is not None:
            raw = read_map_file(source, progress=progress)
        else:
            raw = download(place=place, bbox=bbox, progress=progress)
        for feed in gtfs:
            raw = add_gtfs(raw, feed, progress=progress)
        graph = build(raw, progress, elevation)
        storage.save(graph, output)
    _print(graph, raw, output, time.monotonic() - began)
    return 0


def _print(graph: StreetGraph, raw: RawMap, output: Path, seconds: float) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for label, value in [*_kept(graph, raw), *_coverage(graph), *_lost(raw)]:
        table.add_row(label, value)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table.add_row("Seconds", f"{seconds:.1f}")
    table.add_row("Peak memory", f"{peak_mb:,.0f} MB")
    out = Console(highlight=False)
    out.print(table)
    for warning in graph.meta.warnings:
        out.print(f"Warning: {warning}", markup=False)
    out.print(f"Saved in {output} (map {graph.meta.build_id}). {graph.meta.attribution}", markup=False, soft_wrap=True)


def _kept(graph: StreetGraph, raw: RawMap) -> list[tuple[str, str]]:
    return [
        ("Ways kept", f"{len(raw.ways):,}"),
        ("Relations kept", f"{len(raw.relations):,}"),
        ("Nodes with tags", f"{len(raw.node_tags):,}"),
        ("Street stretches", f"{graph.first_passage:,}"),
        ("Kerbs, gates, lifts to pass", f"{graph.edge_count - graph.first_passage:,}"),
        ("Length", f"{float(graph.edge_length_m.sum()) / 1000:,.1f} km"),
        ("Sets of facts", f"{len(graph.way_facts) + len(graph.passage_facts):,}"),
    ]


def _coverage(graph: StreetGraph) -> list[tuple[str, str]]:
    """How much of the length, and of the kerbs, the map says something about."""
    length = graph.edge_length_m[: graph.first_passage]
    row = graph.edge_facts[: graph.first_passage]
    total = float(length.sum()) or 1.0
    rows = []
    for name, label in COVERED.items():
        said = np.array([getattr(facts, name) is not None for facts in graph.way_facts], bool)
        rows.append((f"Length with {label}", f"{float(length[said[row]].sum()) / total:.1%}"))
    passages = [graph.passage_facts[i] for i in graph.edge_facts[graph.first_passage :]]
    kerbs = [facts for facts in passages if facts.kerb_events]
    if kerbs:
        said_kerbs = sum(facts.kerb is not None or facts.kerb_height_m is not None for facts in kerbs)
        rows.append(("Kerbs with a height or kind", f"{said_kerbs / len(kerbs):.1%}"))
    return rows


def _lost(raw: RawMap) -> list[tuple[str, str]]:
    losses = raw.losses
    counts = [
        ("Ways cut where the data ends", losses.cut_ways),
        ("Ways left out, no nodes", losses.dropped_ways),
        ("Nodes missing", losses.missing_nodes),
        ("Nodes without a position", losses.bad_nodes),
        ("Objects marked deleted", losses.deleted),
        ("Objects given twice", losses.repeated),
    ]
    return [(label, f"{count:,}") for label, count in counts if count]
