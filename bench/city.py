"""One built map, measured in a process of its own: load, customise, update, query, whole answer.

    python -m bench.city MAP

prints one line of figures. `as_served` adds what two workers of a server on it hold.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import msgspec

from accessibility import profiles
from accessibility.barriers import Barrier
from bench.against import answer, load_figures
from bench.figures import Figures, median, percentile, quotient
from bench.guard import within_memory
from bench.load import ask
from bench.machine import memory_mb
from bench.questions import PROFILE, Pair, Question, for_router, for_stepfree, mixed, never_seen, spread_pairs
from bench.served import server
from routing.answers import NoRoute
from routing.costs import Strict
from routing.engine import Metric
from routing.graph import StreetGraph
from routing.line import encoded
from routing.router import Router
from routing.storage import load

PAIRS = 300
ROUNDS = 2
NEW_LIMITS = 9
UPDATES = 30
WARM_S = 4.0


def milliseconds(job: Callable[[], object]) -> float:
    started = time.perf_counter()
    job()
    return 1e3 * (time.perf_counter() - started)


def measured(map_path: Path) -> Figures:
    """Everything one process tells about a map."""
    started = time.perf_counter()
    graph = load(map_path)
    router = Router(graph)
    load_s = time.perf_counter() - started
    pairs = spread_pairs(graph, PAIRS)
    try:
        figures: Figures = {"load_s": round(load_s, 2), "nodes": graph.node_count, "arcs": 2 * graph.edge_count}
        figures["loaded_mb"] = _own_mb()
        figures |= _answers(router, [Question(*pair) for pair in pairs])
        figures["one_person_mb"] = round(_own_mb() - figures["loaded_mb"], 1)
        figures |= _queries(router, graph, pairs)
        before = _own_mb()
        figures |= _new_limits(router, pairs)
        figures["new_limits_mb_each"] = round((_own_mb() - before) / NEW_LIMITS, 1)
        figures |= _updates(router, pairs)
    finally:
        router.close()
    return figures


def _own_mb() -> float:
    return memory_mb(os.getpid())["pss_mb"]


def _answers(router: Router, questions: Sequence[Question]) -> Figures:
    answer(router, questions[0])
    rounds = [[answer(router, question) for question in questions] for _ in range(ROUNDS)]
    best = [min(seconds for seconds, _ in times) for times in zip(*rounds, strict=True)]
    outcome = Counter(_outcome(router, question) for question in questions)
    return {
        "pairs": len(questions),
        "answer_median_ms": round(1e3 * median(best), 3),
        "answer_p99_ms": round(1e3 * percentile(best, 0.99), 3),
        "outcome": dict(outcome),
    }


def _outcome(router: Router, question: Question) -> str:
    found = router.route(for_router(question))
    return "no_route" if isinstance(found, NoRoute) else found.status


def _customise(router: Router, limits: dict[str, float | None]) -> Metric:
    person = profiles.with_overrides(profiles.built_in[PROFILE], limits=limits)
    return router.engine.customise(Strict().weights(router.weigh(person)))


def _queries(router: Router, graph: StreetGraph, pairs: Sequence[Pair]) -> Figures:
    """The path alone, between the corners the pairs are."""
    metric = _customise(router, {})
    corner = {
        place: node for node, place in enumerate(zip(graph.node_lon.tolist(), graph.node_lat.tolist(), strict=True))
    }
    ends = [(corner[start], corner[end]) for start, end in pairs]
    took = [
        milliseconds(lambda: router.engine.query(metric, [(start, 0)], [(end, 0)]))  # noqa: B023
        for start, end in ends
    ]
    return {"query_median_ms": round(median(took), 3), "query_p99_ms": round(percentile(took, 0.99), 3)}


def _new_limits(router: Router, pairs: Sequence[Pair]) -> Figures:
    """What a set of limits costs that nobody had before: its weights alone, and the first answer with it.

    The warm answer is that to the same question once more. `growth_first_answer` holds the first against three warm
    ones and one customisation.
    """
    chance = random.Random(3)
    customise = [milliseconds(lambda: _customise(router, never_seen(chance))) for _ in range(NEW_LIMITS)]
    first, warm = [], []
    for pair in pairs[:: max(1, len(pairs) // NEW_LIMITS)]:
        question = Question(*pair, limits=never_seen(chance))
        first.append(1e3 * answer(router, question)[0])
        warm.append(1e3 * min(answer(router, question)[0] for _ in range(3)))
    allowed = 3 * median(warm) + median(customise)
    return {
        "customise_ms": round(median(customise), 2),
        "first_answer_ms": round(median(first), 2),
        "same_answer_warm_ms": round(median(warm), 2),
        "growth_first_answer": quotient(median(first), allowed),
    }


def _updates(router: Router, pairs: Sequence[Pair]) -> Figures:
    """A closure comes into force in the middle of a known route: taking it over, and the first answer that knows it."""
    taking, first, warm = [], [], []
    for number, pair in enumerate(pairs[:: max(1, len(pairs) // UPDATES)]):
        question = Question(*pair)
        line = line_of(router, question)
        if not line:
            continue
        barrier = _closed(number, line[len(line) // 2])
        taking.append(milliseconds(lambda: router.apply([barrier], router.state.revision + 1)))  # noqa: B023
        first.append(1e3 * answer(router, question)[0])
        warm.append(1e3 * min(answer(router, question)[0] for _ in range(2)))
    return {
        "update_ms": round(median(taking), 2),
        "update_and_answer_ms": round(median([a + b for a, b in zip(taking, first, strict=True)]), 2),
        "answer_past_closure_warm_ms": round(median(warm), 2),
    }


def line_of(router: Router, question: Question) -> list[tuple[float, float]]:
    """The way as the wire shows it; empty where there is none."""
    found = router.route(for_router(question))
    return (
        []
        if isinstance(found, NoRoute)
        else msgspec.json.decode(encoded(found))["routes"][0]["geometry"]["coordinates"]
    )


def _closed(number: int, place: tuple[float, float]) -> Barrier:
    where = {"type": "Point", "coordinates": list(place)}
    return Barrier(
        UUID(int=number + 1),
        "construction",
        4,
        (place[0], place[1]),
        where,
        "confirmed",
        active=True,
        revision=number + 1,
    )


def in_child(map_path: Path) -> Figures:
    """`measured`, in a fresh process."""
    command = [sys.executable, "-m", "bench.city", str(map_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process, within_memory(process.pid):
        said, _ = process.communicate()
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
    found: Figures = json.loads(said.splitlines()[-1])
    return found


def as_served(map_path: Path) -> Figures:
    """Two workers under load: requests a second, and what each process weighs afterwards.

    `share_second_worker`: what a worker holds alone (private pages: gone if it went; the mean of the two, which may not
    have had the same work), against all that the supervisor and the other would weigh together without it.
    """
    bodies = _asked(map_path)
    with server(map_path) as ours, within_memory(ours.pid):
        ask(ours.url, "/v1/routes", bodies, connections=16, seconds=WARM_S, pid=ours.pid)
        load_16 = ask(ours.url, "/v1/routes", bodies, connections=16, seconds=WARM_S, pid=ours.pid)
        supervisor, workers = memory_mb(ours.pid), [memory_mb(pid) for pid in ours.workers()]
    if len(workers) != 2:
        raise RuntimeError(f"two workers wanted, {len(workers)} found")
    first, second = workers
    alone = (first["private_mb"] + second["private_mb"]) / 2
    whole = supervisor["pss_mb"] + first["pss_mb"] + second["pss_mb"]
    return {
        "connections_16": load_figures([load_16]),
        "pss_mb": {
            "supervisor": supervisor["pss_mb"],
            "first_worker": first["pss_mb"],
            "second_worker": second["pss_mb"],
            "together": round(whole, 1),
        },
        "private_mb": {"first_worker": first["private_mb"], "second_worker": second["private_mb"]},
        "share_second_worker": round(alone / (whole - alone), 3),
    }


def _asked(map_path: Path) -> list[str]:
    """Bodies for the load; the map is let go of before, or this process would bear a part of its shared pages."""
    graph = load(map_path)
    return [for_stepfree(question) for question in mixed(spread_pairs(graph, PAIRS), 4 * PAIRS)]


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]))))
