"""The page about a run: promises kept, missed and not measured, peers that were skipped, charts."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

from bench import report
from bench.figures import Figures
from bench.promises import PROMISES, judged

SIDE = {"median_ms": 1.0, "p99_ms": 3.0, "answer_kb": 10.0}


def run(**parts: Any) -> Figures:
    return {"at": "2026-11-26", "machine": {"cores": 2, "memory_gb": 23}, **parts}


def test_each_promise_is_kept_missed_or_not_measured() -> None:
    figures = run(in_process={"ratio_median": 2.9}, cities={"x1": {"customise_ms": 30.0, "build_s": 15.1}})
    found = {kept.promise.path: kept.kept for kept in judged(figures)}
    assert found["in_process/ratio_median"] is False
    assert found["cities/x1/customise_ms"] is True
    assert found["cities/x1/build_s"] is False
    assert found["live/connections_16/asked_p99_ms"] is None
    assert len(found) == len(PROMISES)


def test_the_page_and_its_record_are_written_with_charts(tmp_path: Path) -> None:
    inside = {"pairs": 420, "pairs_asked": 500, "stepfree": SIDE, "valhalla": SIDE | {"median_ms": 4.5}}
    city = {"nodes": 46787, "answer_median_ms": 1.5, "query_median_ms": 0.1}
    figures = run(
        in_process=inside | {"ratio_median": 4.5, "ratio_p99": 1.0},
        cities={"x4": city | {"growth_answer": 1.2}, "x1": city},
        osmnx={"skipped": "it does <not> run here"},
    )
    written = report.write(figures, tmp_path / "performance.md")
    text = (tmp_path / "performance.md").read_text()
    assert json.loads((tmp_path / "performance.json").read_text()) == figures
    assert "| median ms | 1.0 | 4.5 | ×4.5 |" in text
    assert "| nodes | 46787 | 46787 |" in text
    assert "it does <not> run here" in text
    assert "| – | 1.2 |" in text, "the first size has not grown"
    charts = [path for path in written if path.suffix == ".svg"]
    assert {path.name for path in charts} == {"performance-in-process.svg", "performance-cities.svg"}
    for path in charts:
        assert f"({path.name})" in text
        assert ElementTree.fromstring(path.read_text()).tag.endswith("svg")


def test_a_run_without_peers_says_why(tmp_path: Path) -> None:
    skipped = {"skipped": "no Python 3.12 or newer is here"}
    text = report.page(run(in_process=skipped, http=skipped), [])
    assert "Skipped: no Python 3.12 or newer is here." in text
    assert "not measured" in text
