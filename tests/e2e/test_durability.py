"""What was answered with 201 is kept: whichever process is killed, nothing is lost and nothing is there twice."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from api.database import secret_in
from api.embedded_places import home_of, url_of
from tests.e2e.started import Started, processes_in, started, until

REPORTS = 152
CLIENTS = 4
ENDS = [[24.9385, 60.1719], [24.9520, 60.1700]]
QUESTION = {"waypoints": ENDS, "profile": "manual_wheelchair"}
GIVE_UP_S = 60.0


@dataclass
class Stream:
    """Reports from several people at once; each is sent under its own key until it is answered with 201."""

    server: Started
    received: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    """Idempotency-Key → (bearer, body, answer)."""
    refused: Counter[tuple[int, str]] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)

    def run(self) -> list[threading.Thread]:
        people = [threading.Thread(target=self._report, args=(number,), daemon=True) for number in range(CLIENTS)]
        for person in people:
            person.start()
        return people

    def _report(self, number: int) -> None:
        bearer = ""
        for index in range(number, REPORTS, CLIENTS):
            body = report_at(index)
            answer = self._sent(f"stream-{index:04}-{uuid.uuid4()}", bearer, body)
            if answer is None:
                return
            if number % 2:  # every other person stays a stranger
                bearer = bearer or answer.get("reporter_token", "")
            time.sleep(0.02)

    def _sent(self, key: str, bearer: str, body: dict[str, Any]) -> dict[str, Any] | None:
        last = time.monotonic() + GIVE_UP_S
        while time.monotonic() < last:
            answer = send(self.server, key, bearer, body)
            if answer is None:
                time.sleep(0.1)
            elif answer.status_code == 201:
                self.received[key] = (bearer, body, answer.json())
                return self.received[key][2]
            else:
                code = answer.json()["code"]
                self.refused[answer.status_code, code] += 1
                if answer.status_code != 503 or "retry-after" not in answer.headers:
                    self.odd.append(f"{answer.status_code} {code}")
                    return None
                time.sleep(0.1)
        self.odd.append(f"{key} was never answered")
        return None


def report_at(index: int) -> dict[str, Any]:
    """Places 30 m apart, some of them reported by a second person: reports join while others are new."""
    spot = index % 95
    lon, lat = 24.9400 + 0.0006 * (spot % 12), 60.1680 + 0.0004 * (spot // 12)
    return {"kind": "obstacle", "at": [round(lon, 6), round(lat, 6)], "severity": 1 + index % 3}


def send(server: Started, key: str, bearer: str, body: dict[str, Any]) -> httpx.Response | None:
    """One report over a new connection; None when the connection broke."""
    headers = {"Idempotency-Key": key, **({"Authorization": f"Bearer {bearer}"} if bearer else {})}
    try:
        with server.person() as person:
            return person.post("/v1/reports", json=body, headers=headers)
    except httpx.TransportError:
        return None


@contextmanager
def route_asked(server: Started) -> Iterator[Counter[int | str]]:
    """Somebody asks for a route all the time; counts the answers by status."""
    statuses: Counter[int | str] = Counter()
    stop = threading.Event()

    def ask() -> None:
        while not stop.wait(0.02):
            try:
                with server.person() as person:
                    statuses[person.post("/v1/routes", json=QUESTION).status_code] += 1
            except httpx.TransportError:
                statuses["connection"] += 1

    person = threading.Thread(target=ask, daemon=True)
    person.start()
    try:
        yield statuses
    finally:
        stop.set()
        person.join(30)


def asked(data: Path, sql: str) -> Any:
    """A value from the server's own database."""

    async def ask() -> Any:
        connection = await asyncpg.connect(url_of(home_of(data)))
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


@pytest.fixture(scope="module")
def server(sample_map: Path) -> Iterator[Started]:
    with started(sample_map, "--workers", "2") as server:
        yield server


def kill_worker(server: Started) -> None:
    victim = min(server.workers())
    os.kill(victim, signal.SIGKILL)
    until(lambda: len(server.workers() - {victim}) == 2, 10)


def kill_postgres(server: Started) -> None:
    before = server.postmaster()
    assert before is not None
    os.kill(before, signal.SIGKILL)
    until(lambda: server.postmaster() not in (None, before), 20, "PostgreSQL was not started again")


def kill_everything(server: Started) -> None:
    """And start at once again: the new server has to wait for what the kernel has not ended yet."""
    family = processes_in(server.data) | server.workers()
    assert len(family) >= 8, "the server, two workers, PostgreSQL and its processes"
    server.kill()
    server.start()
    assert server.took_s < 30
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), 10, "left behind")


def test_a_stream_of_reports_survives_every_kill(server: Started) -> None:
    stream = Stream(server)
    with route_asked(server) as routes:
        people = stream.run()
        for after, kill in ((25, kill_worker), (60, kill_postgres), (100, kill_everything)):
            until(lambda after=after: len(stream.received) >= after or stream.odd, GIVE_UP_S)
            kill(server)
        for person in people:
            person.join(GIVE_UP_S)
    assert stream.odd == [], server.failures()
    assert set(stream.refused) <= {(503, "database_unavailable"), (503, "not_ready")}, stream.refused
    assert set(routes) <= {200, "connection"}, routes
    assert routes[200] > 20
    assert len(stream.received) == REPORTS
    assert server.failures() == []
    everything_is_there_once(server, stream)


def everything_is_there_once(server: Started, stream: Stream) -> None:
    answers = [answer for _, _, answer in stream.received.values()]
    assert len({answer["report_id"] for answer in answers}) == REPORTS
    assert asked(server.data, "SELECT count(*) FROM stepfree.report") == REPORTS
    stored = asked(server.data, "SELECT array_agg(report_id::text) FROM stepfree.report")
    assert set(stored) == {answer["report_id"] for answer in answers}
    with server.person() as person:
        expected = Counter(answer["barrier_id"] for answer in answers)
        for barrier_id, reports in expected.items():
            found = person.get(f"/v1/barriers/{barrier_id}").json()
            assert found["properties"]["reports"] == reports
    for key, (bearer, body, answer) in stream.received.items():
        again = send(server, key, bearer, body)
        assert again is not None
        assert (again.status_code, again.json()) == (201, answer)
    assert asked(server.data, "SELECT count(*) FROM stepfree.report") == REPORTS
    the_record_is_whole(server)


def the_record_is_whole(server: Started) -> None:
    revision = asked(server.data, "SELECT revision FROM stepfree.revision")
    assert revision > 0
    assert asked(server.data, "SELECT array_agg(DISTINCT revision ORDER BY revision) FROM stepfree.change") == list(
        range(1, revision + 1)
    )
    assert server.command("audit", "verify").startswith("The audit log holds")
    with server.person() as person:
        assert person.get("/health/ready").json()["revision"] == revision


@contextmanager
def postgres_kept_away(server: Started) -> Iterator[None]:
    """Kills PostgreSQL and holds the lock that its successor waits for, until the block ends."""
    lock = os.open(home_of(server.data) / "processes.lock", os.O_RDWR)

    def taken() -> bool:
        """The lock is free only while no process of a PostgreSQL on this folder lives."""
        if (pid := server.postmaster()) is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for _ in range(500):
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            time.sleep(0.001)
        return False

    try:
        until(taken, 20, "its processes do not end")
        yield
    finally:
        os.close(lock)


def routing_goes_on(server: Started, revision: int, seconds: float) -> None:
    """Routes at the last revision, promptly; whatever needs the database says that it is away and when to come back."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        with server.person() as person:
            began = time.monotonic()
            route = person.post("/v1/routes", json=QUESTION)
            took = time.monotonic() - began
            assert route.status_code == 200
            assert route.json()["as_of"]["revision"] == revision, "a worker that knows less must not answer"
            assert took < 3, "nobody waits for PostgreSQL to route"
            assert person.get("/health/live").status_code == 200
            for answer, code in (
                (person.post("/v1/reports", json=report_at(3)), "database_unavailable"),
                (person.get("/v1/barriers", params={"bbox": "24.9,60.1,25,60.2"}), "database_unavailable"),
                (person.get("/health/ready"), "not_ready"),
            ):
                assert (answer.status_code, answer.json()["code"]) == (503, code)
                assert int(answer.headers["retry-after"]) > 0


@pytest.fixture(scope="module")
def alone(sample_map: Path) -> Iterator[Started]:
    """A server that is one process: it revives its PostgreSQL itself, between two answers."""
    with started(sample_map) as server:
        yield server


@pytest.mark.parametrize("name", ["server", "alone"])
def test_routing_goes_on_while_postgres_is_away_and_cannot_start(name: str, request: pytest.FixtureRequest) -> None:
    server: Started = request.getfixturevalue(name)
    with server.person() as person:
        revision = person.post("/v1/reports", json=report_at(200)).json()["revision"]
    broken = home_of(server.data) / "18" / "postgresql.auto.conf"
    until(lambda: _all_know(server, revision), 5)
    with postgres_kept_away(server):
        if server.workers():
            os.kill(min(server.workers()), signal.SIGKILL)  # the next one waits for the database before it answers
        routing_goes_on(server, revision, 2.5)
        broken.write_text("no_such_setting = 1\n")
    routing_goes_on(server, revision, 2.5)
    assert "postgres_started_again" in server.log.read_text(), "it tried"
    broken.write_text("")
    until(server.ready, 20, "PostgreSQL did not come back")
    assert server.process is not None
    assert server.process.poll() is None
    if name == "server":
        until(lambda: len(server.workers()) == 2, 10)
    with server.person() as person:
        received = person.post("/v1/reports", json=report_at(300))
        assert received.status_code == 201
        asked = person.post("/v1/routes", json={**QUESTION, "min_revision": received.json()["revision"]})
        assert asked.status_code == 200
    assert server.failures() == []


def _all_know(server: Started, revision: int) -> bool:
    """Whoever answers, ten times in a row."""
    for _ in range(10):
        with server.person() as person:
            if person.post("/v1/routes", json=QUESTION).json()["as_of"]["revision"] < revision:
                return False
    return True


def test_routing_goes_on_beside_a_postgres_that_hangs(server: Started) -> None:
    """It does not die and does not answer: nobody waits for it for long, and the server is not called ready."""
    with server.person() as person:
        revision = person.post("/v1/reports", json=report_at(400)).json()["revision"]
        until(lambda: _all_know(server, revision), 5)
    lost = server.log.read_text().count("database_lost")
    frozen = processes_in(server.data) - server.workers() - {server.pid}
    assert server.postmaster() in frozen
    try:
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        until(lambda: server.log.read_text().count("database_lost") >= lost + 2, 20, "a worker believes in it")
        with server.person() as person:
            assert person.post("/v1/routes", json=QUESTION).json()["as_of"]["revision"] == revision
            assert person.get("/health/ready").json()["code"] == "not_ready"
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    until(server.ready, 30, "it is not taken back")
    until(lambda: server.person().post("/v1/reports", json=report_at(401)).status_code == 201, 30)
    assert server.failures() == []


def test_the_secret_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """Whoever is killed while making it leaves nothing that the next start would take for it."""
    (tmp_path / "secret.half").write_bytes(b"cut sho")
    with ThreadPoolExecutor(8) as starts:
        found = set(starts.map(secret_in, [tmp_path] * 8))
    assert found == {(tmp_path / "secret").read_bytes()}
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
