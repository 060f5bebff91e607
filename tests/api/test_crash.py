"""`kill -9` of PostgreSQL, of a worker and of the server under a stream of reports: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import asyncpg
import httpx

from api.embedded import EmbeddedPostgres
from tests.support.processes import Server, serving

WRITERS = 4
START = (24.93, 60.165)


class Stream:
    """Residents who send one report after the other, and again with the same key until it is answered."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.stored: dict[str, str] = {}
        self.others: list[int] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(number,)) for number in range(WRITERS)]

    def __enter__(self) -> Stream:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _write(self, number: int) -> None:
        for row in range(10_000):
            key = f"crash-{uuid.uuid4()}"
            at = [START[0] + number / 400, START[1] + row / 4000]
            while not self._stop.is_set():
                if self._sent(key, at):
                    break
                time.sleep(0.05)
            if self._stop.is_set():
                return

    def _sent(self, key: str, at: list[float]) -> bool:
        body = {"kind": "kerb_too_high", "at": at, "severity": 2}
        try:
            answer = httpx.post(f"{self.url}/v1/reports", json=body, headers={"Idempotency-Key": key}, timeout=20)
        except httpx.TransportError:
            return False
        if answer.status_code == 201:
            self.stored[key] = answer.json()["report_id"]
            return True
        self.others.append(answer.status_code)
        return answer.status_code == 422


def until(what: Callable[[], object], seconds: float = 30.0) -> None:
    last = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < last, "it did not come"
        time.sleep(0.05)


def more(stream: Stream, count: int = 12) -> None:
    """Waits until the stream flows (again)."""
    wanted = len(stream.stored) + count
    until(lambda: len(stream.stored) >= wanted, 60)


def postmaster(server: Server) -> int:
    line = (server.log.parent / "postgres" / "18" / "postmaster.pid").read_text().splitlines()[0]
    return int(line)


def kept(data: Path) -> tuple[list[str], list[tuple[str, str]], int]:
    """Report ids, (key, report id) of the answers, and the revision, as the database has them."""

    async def read(url: str) -> tuple[list[str], list[tuple[str, str]], int]:
        owner = await asyncpg.connect(url)
        reports = [str(row[0]) for row in await owner.fetch("SELECT report_id FROM stepfree.report")]
        answers = await owner.fetch("SELECT key, answer::jsonb ->> 'report_id' FROM stepfree.idempotency")
        gaps = await owner.fetchval(
            "SELECT (SELECT revision FROM stepfree.revision) - (SELECT count(DISTINCT revision) FROM stepfree.change)"
        )
        await owner.close()
        return reports, [(row[0], row[1]) for row in answers], int(gaps)

    with EmbeddedPostgres() as server:
        return asyncio.run(read(server.start(data)))


def test_what_was_answered_survives_every_kill(sample_map: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(sample_map, data, "--workers", "2") as server, Stream(server.url) as stream:
        more(stream)
        os.kill(postmaster(server), signal.SIGKILL)
        more(stream)
        os.kill(min(server.workers()), signal.SIGKILL)
        more(stream)
        family = server.family()
        assert "postgres" in family.values()
        server.process.kill()
        until(lambda: not [pid for pid in family if Path(f"/proc/{pid}").exists()])
    assert set(stream.others) <= {503, 422}, "away, or off the map; never a 500"
    reports, answers, gaps = kept(data)
    assert len(stream.stored) >= 36
    assert set(stream.stored.values()) <= set(reports), "a 201 that somebody saw is there"
    assert len(reports) == len(set(reports)) == len(answers) == len({key for key, _ in answers}), (
        "nothing is there twice"
    )
    assert dict(answers).items() >= stream.stored.items()
    assert gaps == 0
