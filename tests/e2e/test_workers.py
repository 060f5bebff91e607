"""Several workers, one truth: what one was told, every other one routes by, at once and over lost connections."""

from __future__ import annotations

import asyncio
import http.client
import json
import math
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from api.embedded_places import home_of, url_of
from tests.e2e.started import STEPFREE, Started, started, until

ROUNDS = 12
QUESTION = {"waypoints": [[24.9385, 60.1719], [24.9520, 60.1700]], "profile": "manual_wheelchair"}
METRES = (111_195 * math.cos(math.radians(60.17)), 111_195)
"""Of a degree of longitude and of latitude, here."""


class Line:
    """One open connection, and which worker is at its other end."""

    def __init__(self, server: Started) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        self._http.connect()
        ours = self._http.sock.getsockname()[1]
        socket_of = until(lambda: _accepted(server.port, ours), 10, "nobody took the connection")
        self.worker = until(lambda: _holder(answering(server), socket_of), 10, "no worker took the connection")

    def ask(self, min_revision: int | None = None) -> dict[str, Any]:
        """The route between the two ends."""
        return self._post("/v1/routes", {**QUESTION, "min_revision": min_revision})

    def far(self, min_revision: int | None = None) -> tuple[float | None, int]:
        """How long the way is with what is closed at this moment, and the revision that is known."""
        here, there = QUESTION["waypoints"]
        asked = {"sources": [here], "targets": [there], "profile": QUESTION["profile"], "min_revision": min_revision}
        found = self._post("/v1/matrix", asked)
        return found["distances_m"][0][0], found["as_of"]["revision"]

    def _post(self, path: str, question: dict[str, Any]) -> dict[str, Any]:
        """The answer; anything but 200 fails the test."""
        self._http.request("POST", path, json.dumps(question), JSON)
        answer = self._http.getresponse()
        body = json.loads(answer.read())
        assert answer.status == 200, body
        return dict(body)

    def close(self) -> None:
        self._http.close()


JSON = {"Content-Type": "application/json"}


def answering(server: Started) -> set[int]:
    """The workers, or the server itself when it is the only one."""
    return server.workers() or {server.pid}


def _accepted(server_port: int, client_port: int) -> int | None:
    """Inode of the server's end of a loopback connection, once somebody has accepted it."""
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, *_, inode = row.split()[:10]
        if (int(local[-4:], 16), int(remote[-4:], 16)) == (server_port, client_port):
            return int(inode) or None
    return None


def _holder(workers: set[int], inode: int) -> int | None:
    for pid in workers:
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                if os.readlink(handle) == f"socket:[{inode}]":
                    return pid
    return None


@contextmanager
def lines_to_all(server: Started) -> Iterator[list[Line]]:
    """A new connection to every worker; connections are opened until nobody is left out."""
    opened: list[Line] = []
    try:
        last = time.monotonic() + 30
        while {line.worker for line in opened} != answering(server):
            assert time.monotonic() < last, "one worker takes no connections"
            opened.append(Line(server))
        yield list({line.worker: line for line in opened}.values())
    finally:
        for line in opened:
            line.close()


@pytest.fixture(scope="module")
def server(sample_map: Path) -> Iterator[Started]:
    with started(sample_map, "--workers", "2") as server:
        yield server


@pytest.fixture(scope="module")
def operator(server: Started) -> Iterator[httpx.Client]:
    with server.operator() as operator:
        yield operator


def closed(operator: httpx.Client, at: list[float], **span: str) -> tuple[str, int]:
    """Id and revision of a new closure; while the database is away it is asked for again, as `Retry-After` says."""
    body = {"geometry": {"type": "Point", "coordinates": at}, "reason": "test", **span}

    def asked() -> httpx.Response | None:
        answer = operator.post("/v1/closures", json=body)
        if answer.status_code == 503:
            assert answer.json()["code"] == "database_unavailable"
            assert "retry-after" in answer.headers
            return None
        return answer

    answer = until(asked, 10, "no closure was taken")
    assert answer.status_code == 201, answer.text
    assert answer.json().get("effect") == "blocked"
    return answer.json()["closure_id"], answer.json()["revision"]


def opened(operator: httpx.Client, closure_id: str) -> int:
    answer = operator.delete(f"/v1/closures/{closure_id}")
    assert answer.status_code == 200, answer.text
    return int(answer.json()["revision"])


def middle(answer: dict[str, Any], step: int = 0) -> list[float]:
    """A vertex near the middle of the best route."""
    line = answer["routes"][0]["geometry"]["coordinates"]
    return list(line[len(line) // 2 + step])


def keeps_clear(answer: dict[str, Any], at: list[float], closure_id: str) -> bool:
    """The closure is named as avoided, and the line stays out of its 3 m."""
    route = answer["routes"][0]
    told = any(met["barrier_id"] == closure_id and met["effect"] == "avoided" for met in route["barriers"])
    line = [[(lon - at[0]) * METRES[0], (lat - at[1]) * METRES[1]] for lon, lat in route["geometry"]["coordinates"]]
    return told and min(_from_origin(a, b) for a, b in pairwise(line)) > 2.9


def _from_origin(a: list[float], b: list[float]) -> float:
    """Distance of the stretch from `a` to `b` from (0, 0)."""
    along = (b[0] - a[0], b[1] - a[1])
    length2 = along[0] ** 2 + along[1] ** 2
    t = 0.0 if length2 == 0 else max(0.0, min(1.0, -(a[0] * along[0] + a[1] * along[1]) / length2))
    return math.hypot(a[0] + t * along[0], a[1] + t * along[1])


def test_the_very_next_route_of_every_worker_keeps_clear_of_a_closure(server: Started, operator: httpx.Client) -> None:
    for number in range(ROUNDS):
        with lines_to_all(server) as lines:
            assert len(lines) == 2
            before = lines[number % 2].ask()
            at = middle(before, number % 5 - 2)
            closure_id, revision = closed(operator, at)
            for line in lines:
                after = line.ask(revision)
                assert keeps_clear(after, at, closure_id), after["routes"][0]["barriers"]
                assert after["as_of"]["revision"] >= revision
            revision = opened(operator, closure_id)
            for line in reversed(lines):
                assert line.ask(revision)["routes"] == before["routes"]


def test_a_lost_connection_is_caught_up_and_listened_to_again(server: Started, operator: httpx.Client) -> None:
    listening = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND state = 'idle'"
    with lines_to_all(server) as lines:
        at = middle(lines[0].ask())
        assert sql(server, listening) == 2
        for _ in range(3):
            ended = sql(
                server,
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
            )
            assert ended >= 4, "each worker had a listener and a pool"
            closure_id, revision = closed(operator, at)
            began = time.monotonic()
            for line in lines:  # without `min_revision`: nobody asks the worker to look
                until(lambda line=line, r=revision: line.ask()["as_of"]["revision"] >= r, 5)
                assert keeps_clear(line.ask(), at, closure_id)
            assert time.monotonic() - began < 3
            until(lambda: sql(server, listening) == 2, 5, "nobody listens any more")
            opened(operator, closure_id)
    until(server.ready, 5)


def test_a_closure_begins_and_ends_by_itself_for_every_worker(server: Started, operator: httpx.Client) -> None:
    with lines_to_all(server) as lines:
        before, (open_m, _) = lines[0].ask(), lines[0].far()
        begins = datetime.now(UTC) + timedelta(seconds=3)
        ends = begins + timedelta(seconds=3)
        span = {"from": begins.isoformat(), "until": ends.isoformat()}
        _, revision = closed(operator, middle(before), **span)
        assert all(line.far(revision) == (open_m, revision) for line in lines)
        assert all(line.ask(revision)["routes"] == before["routes"] for line in lines), "over before one gets there"
        assert datetime.now(UTC) < begins, "too slow to say"
        for moment, shut in ((begins, True), (ends, False)):
            revision += 1
            for line in lines:
                until(lambda line=line, r=revision: line.far()[1] >= r, 10, "it did not turn")
                assert datetime.now(UTC) >= moment, "before its time"
                assert (line.far()[0] != open_m) is shut
            assert datetime.now(UTC) < moment + timedelta(seconds=2.9), "late"
        assert [line.ask(revision)["routes"] for line in lines] == [before["routes"]] * 2


def test_a_closure_that_begins_before_one_gets_there_counts_at_once(server: Started, operator: httpx.Client) -> None:
    with lines_to_all(server) as lines:
        at = middle(lines[0].ask())
        soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
        closure_id, revision = closed(operator, at, **{"from": soon})
        assert all(keeps_clear(line.ask(revision), at, closure_id) for line in lines)
        until(lambda: all(line.far()[1] > revision for line in lines), 10, "its begin is a revision")
        assert all(keeps_clear(line.ask(), at, closure_id) for line in lines)
        opened(operator, closure_id)


def test_the_meters_show_how_far_every_worker_is(server: Started, operator: httpx.Client) -> None:
    with lines_to_all(server) as lines:
        closure_id, _ = closed(operator, middle(lines[0].ask()))
        revision = opened(operator, closure_id)
        for line in lines:
            line.ask(revision)
        shown = httpx.get(f"{server.url}/metrics").text.splitlines()
    assert f"stepfree_revision {float(revision)}" in shown, "of several workers the one that knows least"


def test_a_second_server_on_the_same_folder_is_refused(server: Started, sample_map: Path) -> None:
    began = time.monotonic()
    done = serve(sample_map, server.data)
    assert time.monotonic() - began < 30
    assert done.returncode == 2
    (sentence,) = done.stderr.strip().splitlines()
    assert "is in use by another server" in sentence
    assert str(server.pid) in sentence
    assert str(server.data) in sentence
    assert done.stdout == "", "it never said that it answers"
    assert server.ready()


def test_a_shifted_clock_shifts_what_is_due(sample_map: Path) -> None:
    day = timedelta(days=1)
    shift = {"STEPFREE_CLOCK_OFFSET_S": str(day.total_seconds())}
    with (
        started(sample_map, environment=shift) as server,
        server.operator() as operator,
        lines_to_all(server) as (line,),
    ):
        before = line.ask()
        there = datetime.fromisoformat(before["as_of"]["at"])
        assert abs(there - datetime.now(UTC) - day) < timedelta(seconds=30)
        at = middle(before)
        span = {"from": there - timedelta(hours=2), "until": there + timedelta(hours=2)}
        closure_id, revision = closed(operator, at, **{name: moment.isoformat() for name, moment in span.items()})
        assert keeps_clear(line.ask(revision), at, closure_id), "here it is tomorrow"
        over = {"until": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
        answer = operator.patch(f"/v1/closures/{closure_id}", json=over)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_field"), "an hour from now is long over"


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_shifted_clock_is_refused_where_others_can_reach_it(sample_map: Path, tmp_path: Path, host: str) -> None:
    done = serve(sample_map, tmp_path / "data", "--host", host, STEPFREE_CLOCK_OFFSET_S="60")
    assert done.returncode == 2
    (sentence,) = done.stderr.strip().splitlines()
    assert "STEPFREE_CLOCK_OFFSET_S" in sentence
    assert host in sentence
    assert not (tmp_path / "data").exists(), "refused before anything was begun"


def serve(map_path: Path, data: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A server that is expected to refuse."""
    command = [*STEPFREE, "serve", "--map", str(map_path), "--port", "0", "--data", str(data), *options]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **environment}
    )


def sql(server: Started, question: str) -> Any:
    """A value from the server's own database, as its owner."""

    async def ask() -> Any:
        connection = await asyncpg.connect(url_of(home_of(server.data)))
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(ask())
