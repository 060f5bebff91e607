"""How soon a closure is in every worker's routes: a real server with two workers, real HTTP, a real database, load.

One connection is held to each worker (which process is at its other end is read from the system, not guessed) and asks
the same question again and again. What counts is asked of the slowest worker.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from bench import load
from bench.figures import Figures, median, percentile
from bench.machine import holder_of, say
from bench.questions import Pair, Question, for_stepfree
from bench.served import Served

ROUNDS = 100
GIVE_UP_S = 10.0
TRIES = 200
"""Connections opened until each worker has taken one."""
LONG_S = 600.0


@dataclass(frozen=True)
class Known:
    """When one worker knew: seconds after the 201. `asked_s` = when the first question was sent that was answered
    with the closure, as all later ones; `told_s` = when that answer was there."""

    asked_s: float
    told_s: float
    clear: bool


class Probe:
    """A connection to one worker."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._line = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=30)
        self._line.connect()

    @property
    def port(self) -> int | None:
        """Its own end; `None` where the server ended it, as a worker does that has more connections than others."""
        port: int | None = None if self._line.sock is None else self._line.sock.getsockname()[1]
        return port

    def ask(self, body: str) -> dict[str, Any]:
        self._line.request("POST", "/v1/routes", body, {"Content-Type": "application/json"})
        return dict(json.loads(self._line.getresponse().read()))

    def close(self) -> None:
        self._line.close()

    def until_known(self, body: str, closure_id: str, revision: int, since: float) -> Known:
        """Ask until the answer knows `revision`; a map without a way round answers that there is none."""
        while time.perf_counter() - since < GIVE_UP_S:
            asked = time.perf_counter()
            answer = self.ask(body)
            told = time.perf_counter()
            if "routes" not in answer:
                return Known(asked - since, told - since, answer.get("code") == "no_route")
            if answer["as_of"]["revision"] >= revision:
                return Known(asked - since, told - since, _clear(answer, closure_id))
        raise RuntimeError(f"a worker does not know revision {revision} after {GIVE_UP_S:.0f} s")


def _clear(answer: dict[str, Any], closure_id: str) -> bool:
    met = {(barrier["barrier_id"], barrier["effect"]) for barrier in answer["routes"][0]["barriers"]}
    return (closure_id, "avoided") in met


@contextmanager
def probes(server: Served, body: str) -> Iterator[list[Probe]]:
    """One connection to each worker."""
    workers, held = server.workers(), dict[int, Probe]()
    with ExitStack() as stack:
        for _ in range(TRIES):
            probe = Probe(server.url)
            stack.callback(probe.close)
            probe.ask(body)
            port = probe.port
            pid = None if port is None else holder_of(port, workers)
            if pid is None or pid in held:
                probe.close()
            else:
                held[pid] = probe
            if len(held) == len(workers):
                yield list(held.values())
                return
        raise RuntimeError(f"{len(held)} of {len(workers)} workers took one of {TRIES} connections")


def measured(server: Served, ends: Pair, bodies: Sequence[str], connections: int) -> Figures:
    """Close the middle of the route between `ends` again and again while `connections` ask `bodies`."""
    question = for_stepfree(Question(*ends))
    with ExitStack() as stack:
        if connections:
            stack.enter_context(load.running(server.url, "/v1/routes", bodies, connections=connections, seconds=LONG_S))
            time.sleep(2.0)
        held = stack.enter_context(probes(server, question))
        pool = stack.enter_context(ThreadPoolExecutor(len(held)))
        operator = stack.enter_context(
            httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {server.key}"}, timeout=30)
        )
        rounds = [_round(number, operator, held, pool, question) for number in range(ROUNDS)]
    figures = _figures(rounds, len(held))
    say(
        f"a closure under {connections} connections: every worker knows it {figures['asked_p99_ms']} ms after the 201 "
        f"at p99 (median {figures['asked_median_ms']}); {figures['kept_clear']} of {figures['answers']} keep clear"
    )
    return figures


def _round(
    number: int, operator: httpx.Client, held: Sequence[Probe], pool: ThreadPoolExecutor, question: str
) -> tuple[float, list[Known]]:
    """Seconds of the POST, and what each worker did; afterwards the place is open again and everybody knows."""
    line = held[number % len(held)].ask(question)["routes"][0]["geometry"]["coordinates"]
    place = {"type": "Point", "coordinates": line[len(line) // 2 + number % 3 - 1]}
    began = time.perf_counter()
    closed = operator.post("/v1/closures", json={"geometry": place, "reason": "bench"}).raise_for_status().json()
    done = time.perf_counter()
    known = list(
        pool.map(lambda probe: probe.until_known(question, closed["closure_id"], closed["revision"], done), held)
    )
    opened = operator.delete(f"/v1/closures/{closed['closure_id']}").raise_for_status().json()
    list(pool.map(lambda probe: probe.until_known(question, "", opened["revision"], time.perf_counter()), held))
    return done - began, known


def _figures(rounds: Sequence[tuple[float, list[Known]]], workers: int) -> Figures:
    asked = [1e3 * max(each.asked_s for each in known) for _, known in rounds]
    told = [1e3 * max(each.told_s for each in known) for _, known in rounds]
    post = [1e3 * took for took, _ in rounds]
    answers = [each for _, known in rounds for each in known]
    return {
        "rounds": len(rounds),
        "workers": workers,
        "asked_median_ms": round(median(asked), 1),
        "asked_p99_ms": round(percentile(asked, 0.99), 1),
        "told_median_ms": round(median(told), 1),
        "told_p99_ms": round(percentile(told, 0.99), 1),
        "post_median_ms": round(median(post), 1),
        "post_p99_ms": round(percentile(post, 0.99), 1),
        "answers": len(answers),
        "kept_clear": sum(each.clear for each in answers),
    }
