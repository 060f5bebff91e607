"""What is measured on running servers is there: two workers, load that is answered, closures they come to know."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import live
from bench.__main__ import walk_apart
from bench.load import ask
from bench.machine import cpu_seconds, memory_mb
from bench.peers import valhalla
from bench.questions import for_stepfree, mixed, spread_pairs
from bench.served import server
from routing.graph import StreetGraph
from tests.conftest import SAMPLE


def test_two_workers_answer_load_and_come_to_know_closures(
    sample_map: Path, sample_graph: StreetGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "ROUNDS", 3)
    pairs = spread_pairs(sample_graph, 40)
    bodies = [for_stepfree(question) for question in mixed(pairs, 80)]
    with server(sample_map) as ours:
        assert len(ours.workers()) == 2
        assert all(memory_mb(pid)["private_mb"] > 1 for pid in ours.workers())
        before = cpu_seconds(ours.pid)
        found = ask(ours.url, "/v1/routes", bodies, connections=2, seconds=1.0, pid=ours.pid)
        assert found.requests > found.refused == 0
        assert found.broken == 0
        assert 0 < found.cpu_s <= cpu_seconds(ours.pid) - before
        closures = live.measured(ours, walk_apart(sample_graph, pairs), bodies, connections=2)
    assert closures["workers"] == 2
    assert closures["kept_clear"] == closures["answers"] == 6
    assert closures["asked_p99_ms"] <= closures["told_p99_ms"]


def test_valhalla_is_skipped_with_the_reason_where_it_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valhalla, "_python_for_wheel", lambda: None)
    with pytest.raises(valhalla.Skipped, match=r"no Python 3\.12"):
        valhalla.prepared(SAMPLE, tmp_path)
    monkeypatch.setattr(valhalla, "_python_for_wheel", lambda: "/usr/bin/false")
    with pytest.raises(valhalla.Skipped, match="cannot be installed"):
        valhalla.prepared(SAMPLE, tmp_path)
