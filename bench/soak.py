"""Hours of mixed load with closures coming and going: does memory grow, does anything fail?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from bench import load
from bench.figures import Figures, median, percentile, quotient
from bench.guard import within_memory
from bench.load import Load, figures_in
from bench.machine import memory_mb, say
from bench.questions import Pair, Question, for_stepfree, mixed, repeated
from bench.served import Served, server

SLICE_S = 10.0
CONNECTIONS = 16
CLOSED_S = 0.5
QUESTIONS = 2000


def measured(map_path: Path, pairs: Sequence[Pair], seconds: float) -> Figures:
    """Load for so many seconds, in slices; memory is read after each.

    `growth_pss` holds the end against the end of the first third: until then caches fill.
    """
    questions, slices, weights, closures = mixed(pairs, QUESTIONS), list[Load](), list[float](), 0
    with server(map_path) as ours, within_memory(ours.pid):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline or len(slices) < 2:
            found, closed = _slice(ours, repeated(questions, 20_000, len(slices)), pairs)
            slices.append(found)
            closures += closed
            weights.append(sum(memory_mb(pid)["pss_mb"] for pid in [ours.pid, *ours.workers()]))
            say(
                f"soak: {found.per_s:.0f}/s, p99 {found.p99_ms:.0f} ms, {weights[-1]:.0f} MB, "
                f"{found.refused} refused, {found.broken} broken"
            )
    warm = weights[len(weights) // 3]
    return {
        "seconds": round(sum(each.seconds for each in slices)),
        "requests": sum(each.requests for each in slices),
        "closures": closures,
        "refused": sum(each.refused for each in slices),
        "broken": sum(each.broken for each in slices),
        "p99_median_ms": round(median([each.p99_ms for each in slices]), 1),
        "p99_worst_ms": round(percentile([each.p99_ms for each in slices], 1.0), 1),
        "pss_warm_mb": round(warm, 1),
        "pss_last_mb": round(weights[-1], 1),
        "growth_pss": quotient(weights[-1], warm),
    }


def _slice(ours: Served, questions: Sequence[Question], pairs: Sequence[Pair]) -> tuple[Load, int]:
    """Ten seconds of load, and how many closures came and went in them."""
    bodies, closures = [for_stepfree(question) for question in questions], 0
    operator = httpx.Client(base_url=ours.url, headers={"Authorization": f"Bearer {ours.key}"}, timeout=30)
    with operator, load.running(ours.url, "/v1/routes", bodies, connections=CONNECTIONS, seconds=SLICE_S) as process:
        while process.poll() is None:
            place = {"type": "Point", "coordinates": pairs[closures % len(pairs)][0]}
            made = operator.post("/v1/closures", json={"geometry": place, "reason": "soak"}).raise_for_status().json()
            time.sleep(CLOSED_S)
            operator.delete(f"/v1/closures/{made['closure_id']}").raise_for_status()
            closures += 1
        said, _ = process.communicate()
    return figures_in(said, 0.0), closures
