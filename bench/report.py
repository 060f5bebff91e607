"""A run as a page: docs/performance.md with its charts, and docs/performance.json that later runs are held against."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.charts import bars
from bench.figures import Figures, at
from bench.promises import Kept, judged

HEAD = """# How fast, how large

Written by `make bench WRITE=docs/performance.md`; do not edit. Ratios are of one run, both sides in turns on the same
machine with the same questions; absolute figures are those of the machine below, which may have had other work.
"""
HOW = """## How it is measured

- **In process**: whole answers on both sides, question in, JSON out: snapping, path, segments or edges, directions with
  text, geometry; each in the thread that answers, so that no core has to be woken between. Random pairs of street
  corners, only those that both engines answer. Each pair counts with the best of three rounds.
- **Over HTTP**: `stepfree serve --workers 2` with its database against `valhalla_service` with two workers. No question
  is asked twice: places jittered by up to 5 m, 25 % with limits of their own (22 % such as a page offers, 3 % such as
  nobody had before), 5 % avoid an area. Only questions that both engines answer. Medians of three rounds in turns.
  CPU time is that of the server processes, database included.
- **Cities**: Heidelberg's tile repeated, joined to its neighbours about every 200 m on all sides. Pairs are 0.3 to 5 km
  apart as the crow flies, spread alike in every size. Query: the path alone. Building is measured when a map is built;
  an unchanged one is taken again, with its figures. Memory: proportional set size after load.
  The second worker's share: the memory that would be free without it, against what supervisor and first worker hold.
- **A closure**: one connection is held to each worker and asks without pause. Counted from the 201 until the first
  question was sent that was answered with the closure, as all later ones, by the slowest worker.
"""

INSIDE, HTTP, CITIES = "performance-in-process.svg", "performance-http.svg", "performance-cities.svg"
CHARTS = {
    INSIDE: "Whole answer in process",
    HTTP: "Requests per second over HTTP, two workers",
    CITIES: "Pairs of the same length in larger cities",
}
Row = Sequence[object]


def table(head: Sequence[str], rows: Sequence[Row]) -> str:
    """A Markdown table; the first column is words, the others numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    lines += ["| " + " | ".join("–" if cell is None else str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def page(figures: Figures, charts: Sequence[str]) -> str:
    """The whole page."""
    parts = [HEAD, _machine(figures), _promises(judged(figures))]
    parts += [*_against(figures), *_shown(charts, INSIDE, HTTP), *_cities(figures), *_shown(charts, CITIES)]
    parts += [*_closures(figures), *_python_peers(figures), *_soak(figures)]
    return "\n".join([*parts, HOW])


def _shown(charts: Sequence[str], *names: str) -> list[str]:
    return [f"![{words}]({name})\n" for name, words in CHARTS.items() if name in names and name in charts]


def _machine(figures: Figures) -> str:
    here = figures.get("machine", {})
    words = {
        "cores": "{} cores",
        "memory_gb": "{} GB",
        "python": "Python {}",
        "load_average_at_start": "load average {}",
    }
    said = ", ".join(words.get(name, "{}").format(value) for name, value in here.items())
    return f"Run of {figures.get('at', 'an unknown day')} on {said}.\n"


def _promises(kept: Sequence[Kept]) -> str:
    rows = []
    for promise, value, held in kept:
        wanted = f"{'≥' if promise.at_least else '≤'} {promise.target:g} {promise.unit}"
        word = "not measured" if held is None else "kept" if held else "**missed**"
        rows.append((promise.words, wanted, None if value is None else f"{value:g} {promise.unit}", word))
    return "## What was promised\n\n" + table(("promise", "wanted", "measured", ""), rows)


def _skipped(found: Any) -> str | None:
    return str(found["skipped"]) if isinstance(found, Mapping) and "skipped" in found else None


def _against(figures: Figures) -> list[str]:
    inside, http = figures.get("in_process"), figures.get("http")
    parts = ["## Against Valhalla\n"]
    for found in (inside, http):
        if (why := _skipped(found)) is not None:
            parts.append(f"Skipped: {why}.\n")
    if inside and not _skipped(inside):
        parts.append(
            f"In process, {inside['pairs']} of {inside['pairs_asked']} pairs are answered by both.\n\n"
            + _sides(inside, ("median_ms", "p99_ms", "answer_kb"), {"median_ms": "ratio_median", "p99_ms": "ratio_p99"})
        )
    if http and not _skipped(http):
        ratio = {
            "requests_per_s": "ratio_requests_per_s",
            "p50_ms": "ratio_p50",
            "p99_ms": "ratio_p99",
            "cpu_ms_per_request": "ratio_cpu_per_request",
        }
        parts.append(_kinds(http["by_kind"]))
        names = (*ratio, "answer_kb", "requests", "refused", "broken")
        for number in (1, 16):
            if found := http.get(f"connections_{number}"):
                parts.append(
                    f"Over HTTP, {number} connection(s), load by {http['load']}.\n\n{_sides(found, names, ratio)}"
                )
    return parts if len(parts) > 1 else []


def _kinds(kinds: Figures) -> str:
    """What the questions of the mix take in process."""
    rows = [(kind, *found.values()) for kind, found in kinds.items()]
    head = ("kind of question", "in the mix", "stepfree, median ms", "Valhalla, median ms")
    return "The mix of questions, one after the other in process:\n\n" + table(head, rows)


def _sides(found: Figures, names: Sequence[str], ratio: Mapping[str, str]) -> str:
    rows = [
        (
            name.replace("_", " "),
            found["stepfree"].get(name),
            found["valhalla"].get(name),
            f"×{found[ratio[name]]:g}" if name in ratio else None,
        )
        for name in names
    ]
    return table(("", "stepfree", "Valhalla", "better by"), rows)


CITY_ROWS = (
    ("nodes", "nodes"),
    ("arcs", "arcs"),
    ("build, s", "build_s"),
    ("build, peak MB", "build_peak_mb"),
    ("map on disk, MB", "map_mb"),
    ("load, s", "load_s"),
    ("one process with it loaded, MB", "loaded_mb"),
    ("and once it has answered one profile, MB more", "one_person_mb"),
    ("each further set of limits, MB", "new_limits_mb_each"),
    ("customise a profile, ms", "customise_ms"),
    ("first answer under new limits, ms", "first_answer_ms"),
    ("the same once more, ms", "same_answer_warm_ms"),
    ("take over a closure, ms", "update_ms"),
    ("take over and answer, ms", "update_and_answer_ms"),
    ("query alone, median ms", "query_median_ms"),
    ("answer, median ms", "answer_median_ms"),
    ("answer, p99 ms", "answer_p99_ms"),
    ("HTTP at 16, requests/s", "served/connections_16/requests_per_s"),
    ("PSS supervisor, MB", "served/pss_mb/supervisor"),
    ("PSS first worker, MB", "served/pss_mb/first_worker"),
    ("PSS second worker, MB", "served/pss_mb/second_worker"),
    ("second worker's share", "served/share_second_worker"),
    ("growth: nodes", "times_nodes"),
    ("growth: median answer", "growth_answer"),
    ("growth: query", "growth_query"),
    ("growth: build time per node", "growth_build_per_node"),
    ("growth: build memory per node", "growth_build_peak_per_node"),
    ("growth: customising per node", "growth_customise_per_node"),
)


def _cities(figures: Figures) -> list[str]:
    cities: Figures = figures.get("cities", {})
    if not cities:
        return []
    names = sorted(cities, key=lambda name: int(name[1:]))
    rows = [(words, *(at(cities[name], path) for name in names)) for words, path in CITY_ROWS]
    return ["## The city and larger ones\n", table(("", *(f"×{name[1:]}" for name in names)), rows)]


def _closures(figures: Figures) -> list[str]:
    live: Figures = figures.get("live", {})
    if not live:
        return []
    rows = [
        (name.replace("_", " "), *(found.get(name) for found in live.values())) for name in next(iter(live.values()))
    ]
    head = ("", *(f"{name.rpartition('_')[2]} connections" for name in live))
    return ["## A closure in every worker's routes\n", table(head, rows)]


def _python_peers(figures: Figures) -> list[str]:
    parts = []
    if found := figures.get("networkx"):
        parts.append(
            f"networkx, the path alone on our weights: median {found['median_ms']} ms, {found['ratio_answer']:g} times "
            f"our whole answer ({found['pairs']} pairs).\n"
        )
    found = figures.get("osmnx")
    if (why := _skipped(found)) is not None:
        parts.append(f"OSMnx skipped: {why}.\n")
    elif found:
        parts.append(
            f"OSMnx, snapping and path by length: median {found['median_ms']} ms, {found['ratio_answer']:g} times our "
            f"whole answer; loading {found['load_s']} s ({found['ratio_load']:g} times our building) and "
            f"{found['peak_mb']} MB.\n"
        )
    return ["## Against Python\n", *parts] if parts else []


def _soak(figures: Figures) -> list[str]:
    found: Figures = figures.get("soak", {})
    if not found:
        return []
    return [
        "## Soak\n",
        table(("", "16 connections"), [(name.replace("_", " "), value) for name, value in found.items()]),
    ]


def drawn(figures: Figures) -> dict[str, str]:
    """File name → chart, for what this run has."""
    charts = {}
    sides = ("stepfree", "valhalla")
    if inside := at(figures, "in_process/stepfree"):
        groups = {
            words: [(side, float(at(figures, f"in_process/{side}/{name}"))) for side in sides]
            for words, name in (("median", "median_ms"), ("p99", "p99_ms"))
            if name in inside
        }
        charts[INSIDE] = bars(CHARTS[INSIDE], groups, "ms")
    http = {
        f"{number} connection(s)": [
            (side, float(at(figures, f"http/connections_{number}/{side}/requests_per_s"))) for side in sides
        ]
        for number in (1, 16)
        if at(figures, f"http/connections_{number}/stepfree")
    }
    if http:
        charts[HTTP] = bars(CHARTS[HTTP], http, "1/s")
    cities = {
        f"×{name[1:]}: {found['nodes']:,} nodes": [
            ("median answer", float(found["answer_median_ms"])),
            ("query alone", float(found["query_median_ms"])),
        ]
        for name, found in sorted(figures.get("cities", {}).items(), key=lambda item: int(item[0][1:]))
    }
    if cities:
        charts[CITIES] = bars(CHARTS[CITIES], cities, "ms")
    return charts


def write(figures: Figures, target: Path) -> list[Path]:
    """The page, its charts and the recorded run beside it; gives what was written."""
    charts = drawn(figures)
    written = {target: page(figures, list(charts)), record_of(target): json.dumps(figures, indent=1) + "\n"}
    written |= {target.parent / name: chart for name, chart in charts.items()}
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")
    return list(written)


def record_of(target: Path) -> Path:
    """Where the recorded run lies."""
    return target.with_suffix(".json")
