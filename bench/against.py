"""Us against Valhalla: the same questions, in process and over HTTP, in turns, so that both meet the same machine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from accessibility.refusals import Refused
from bench.figures import Figures, median, percentile, quotient
from bench.load import Load, ask, generator
from bench.machine import cpu_seconds, say
from bench.peers import valhalla
from bench.peers.valhalla import Inside, Valhalla
from bench.questions import Pair, Question, for_router, for_stepfree, for_valhalla, mixed, random_pairs, repeated
from bench.served import Served, server
from routing.answers import NoRoute
from routing.graph import StreetGraph
from routing.line import encoded
from routing.router import Router

PAIRS = 500
QUESTIONS = 2000
ROUNDS = 3
SECONDS = 6.0
CONNECTIONS = (1, 16)
PER_ROUND = {1: 12_000, 16: 30_000}
"""Prepared requests of one round: more than are asked in it."""


def answers(router: Router, questions: Sequence[Question]) -> list[tuple[float, int]]:
    """Each question in turn, in the thread that answers: how long a sleeping core takes to wake for it is the machine's
    affair."""
    return router.engine.call(lambda: [answer(router, question) for question in questions])


def answer(router: Router, question: Question) -> tuple[float, int]:
    """Seconds and bytes of the whole answer, question to JSON; 0 bytes where there is none."""
    started = time.perf_counter()
    try:
        found = router.route(for_router(question))
    except Refused:
        return time.perf_counter() - started, 0
    size = 0 if isinstance(found, NoRoute) else len(encoded(found))
    return time.perf_counter() - started, size


@dataclass(frozen=True)
class Both:
    """Questions that both engines answer, and the milliseconds each took for them in process, in turn."""

    questions: list[Question]
    ours_ms: list[float]
    theirs_ms: list[float]

    def by_kind(self) -> Figures:
        """Medians of each kind of question, as they come: limits are met in any order, and may have been forgotten."""
        kinds: dict[str, list[tuple[float, float]]] = {}
        for question, ours, theirs in zip(self.questions, self.ours_ms, self.theirs_ms, strict=True):
            kinds.setdefault(question.kind, []).append((ours, theirs))
        return {
            kind: {
                "questions": len(times),
                "stepfree_median_ms": round(median([ours for ours, _ in times]), 2),
                "valhalla_median_ms": round(median([theirs for _, theirs in times]), 2),
            }
            for kind, times in sorted(kinds.items())
        }


def both_answer(router: Router, inside: Inside, questions: Sequence[Question]) -> Both:
    """The questions that both engines answer."""
    theirs = inside.ask([for_valhalla(question) for question in questions])
    ours = answers(router, questions)
    both = [
        (question, 1e3 * mine, 1e3 * other)
        for question, (mine, size), (other, answered, _) in zip(questions, ours, theirs, strict=True)
        if size and answered
    ]
    return Both([asked for asked, _, _ in both], [ms for _, ms, _ in both], [ms for _, _, ms in both])


def in_process(graph: StreetGraph, peer: Valhalla) -> tuple[Figures, list[Pair]]:
    """Whole answers of random pairs; also gives the pairs that both answer."""
    router = Router(graph)
    asked = [Question(*pair) for pair in random_pairs(graph, PAIRS)]
    try:
        with valhalla.inside(peer) as inside:
            both = both_answer(router, inside, asked).questions
            say(f"in process: {len(both)} of {PAIRS} pairs are answered by both")
            ours, theirs = [], []
            bodies = [for_valhalla(question) for question in both]
            for _ in range(ROUNDS):
                ours.append(answers(router, both))
                theirs.append(inside.ask(bodies))
    finally:
        router.close()
    mine = _inside_figures([[seconds for seconds, _ in each] for each in ours], ours[0])
    other = _inside_figures([[seconds for seconds, _, _ in each] for each in theirs], [(t, n) for t, _, n in theirs[0]])
    figures = {
        "pairs": len(both),
        "pairs_asked": PAIRS,
        "stepfree": mine,
        "valhalla": other,
        "ratio_median": quotient(other["median_ms"], mine["median_ms"]),
        "ratio_p99": quotient(other["p99_ms"], mine["p99_ms"]),
    }
    say(f"in process: median {mine['median_ms']} ms, Valhalla {other['median_ms']} ms: ×{figures['ratio_median']}")
    return figures, [(question.start, question.end) for question in both]


def _inside_figures(rounds: Sequence[Sequence[float]], answers: Sequence[tuple[float, int]]) -> Figures:
    """Each question counts with the best of its rounds, so that a neighbour on the machine does not."""
    best = [min(times) for times in zip(*rounds, strict=True)]
    return {
        "median_ms": round(1e3 * median(best), 3),
        "p99_ms": round(1e3 * percentile(best, 0.99), 3),
        "answer_kb": round(sum(size for _, size in answers) / len(answers) / 1024, 1),
    }


def over_http(
    graph: StreetGraph, map_path: Path, peer: Valhalla, pairs: Sequence[Pair], connections: Sequence[int] = CONNECTIONS
) -> Figures:
    """Both servers with two workers under the same mix of questions, in turns."""
    router = Router(graph)
    try:
        with valhalla.inside(peer) as inside:
            both = both_answer(router, inside, mixed(pairs, QUESTIONS))
    finally:
        router.close()
    questions = both.questions
    say(f"over HTTP: {len(questions)} of {QUESTIONS} questions are answered by both; load by {generator()}")
    figures: Figures = {"load": generator(), "questions": len(questions), "workers": valhalla.WORKERS}
    figures["by_kind"] = both.by_kind()
    with server(map_path) as ours, valhalla.served(peer, for_valhalla(questions[0])) as theirs:
        _warm(ours, questions)
        for number in connections:
            rounds = [_round(ours, theirs, questions, number, seed) for seed in range(ROUNDS)]
            figures[f"connections_{number}"] = _compared(rounds)
    return figures


def _warm(ours: Served, questions: Sequence[Question]) -> None:
    """Every worker knows the profile, and has met the limits a page offers, before anything is measured."""
    ask(ours.url, "/v1/routes", [for_stepfree(each) for each in questions], connections=16, seconds=3, pid=ours.pid)


def _round(
    ours: Served, theirs: tuple[str, int], questions: Sequence[Question], connections: int, seed: int
) -> tuple[Load, Load]:
    asked = repeated(questions, PER_ROUND[connections], 1000 * connections + seed)
    before = [cpu_seconds(pid) for pid in ours.workers()]
    mine = ask(
        ours.url,
        "/v1/routes",
        [for_stepfree(each) for each in asked],
        connections=connections,
        seconds=SECONDS,
        pid=ours.pid,
    )
    spent = [cpu_seconds(pid) - start for pid, start in zip(ours.workers(), before, strict=True)]
    other = ask(
        theirs[0],
        "/route",
        [for_valhalla(each) for each in asked],
        connections=connections,
        seconds=SECONDS,
        pid=theirs[1],
    )
    say(
        f"{connections} connections: {mine.per_s:.0f}/s p99 {mine.p99_ms:.1f} ms "
        f"(busiest worker {max(spent) / max(sum(spent), 1e-9):.0%} of the work), "
        f"Valhalla {other.per_s:.0f}/s p99 {other.p99_ms:.1f} ms"
    )
    return mine, other


def _compared(rounds: Sequence[tuple[Load, Load]]) -> Figures:
    mine, other = load_figures([mine for mine, _ in rounds]), load_figures([other for _, other in rounds])
    return {
        "stepfree": mine,
        "valhalla": other,
        "ratio_requests_per_s": quotient(mine["requests_per_s"], other["requests_per_s"]),
        "ratio_p50": quotient(other["p50_ms"], mine["p50_ms"]),
        "ratio_p99": quotient(other["p99_ms"], mine["p99_ms"]),
        "ratio_cpu_per_request": quotient(other["cpu_ms_per_request"], mine["cpu_ms_per_request"]),
    }


def load_figures(rounds: Sequence[Load]) -> Figures:
    """Medians of the rounds; what was refused or broken is added up."""
    return {
        "requests_per_s": round(median([each.per_s for each in rounds]), 1),
        "p50_ms": round(median([each.p50_ms for each in rounds]), 2),
        "p99_ms": round(median([each.p99_ms for each in rounds]), 2),
        "cpu_ms_per_request": round(median([each.cpu_ms_per_request for each in rounds]), 3),
        "answer_kb": round(sum(each.bytes for each in rounds) / sum(each.requests for each in rounds) / 1024, 1),
        "requests": sum(each.requests for each in rounds),
        "refused": sum(each.refused for each in rounds),
        "broken": sum(each.broken for each in rounds),
    }


def median_ms(graph: StreetGraph, pairs: Sequence[Pair]) -> float:
    """Our whole answer, in process."""
    router = Router(graph)
    try:
        answer(router, Question(*pairs[0]))
        return 1e3 * median([answer(router, Question(*pair))[0] for pair in pairs])
    finally:
        router.close()
