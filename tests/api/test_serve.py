"""The real server in real processes: what it prints works, workers share the port, and it goes as it came."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.conftest import SAMPLE
from tests.support.processes import Server, serving


@pytest.fixture(scope="module")
def server(sample_map: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two workers on the bundled map."""
    with serving(sample_map, tmp_path_factory.mktemp("serve"), "--workers", "2") as server:
        yield server


def until(what: Callable[[], object], seconds: float = 20.0) -> None:
    last = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < last, "it did not come"
        time.sleep(0.05)


def test_the_printed_line_works_when_pasted(server: Server) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl here")
    line = server.greeting[1].removeprefix("Try:").strip()
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=30, check=True)
    found = json.loads(done.stdout)
    assert found["status"] == "ok"
    assert found["routes"][0]["summary"]["step_free"] is True
    assert found["attribution"]


def test_a_body_of_10_mb_gets_its_answer(server: Server) -> None:
    """Over a real socket, announced and in chunks: the client hears 413 and no other request suffers."""
    for headers, body in (
        ({"Content-Type": "application/json"}, b" " * 10_000_000),
        ({"Content-Type": "application/json", "Transfer-Encoding": "chunked"}, (b" " * 65_536 for _ in range(160))),
    ):
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=30)
        with suppress(BrokenPipeError, ConnectionResetError):  # it may hang up in the middle: the answer is on its way
            connection.request("POST", "/v1/routes", body=body, headers=headers, encode_chunked=True)
        answer = connection.getresponse()
        assert answer.status == 413
        assert json.loads(answer.read())["code"] == "body_too_large"
        connection.close()
    assert httpx.get(f"{server.url}/health/live").status_code == 200


def test_meters_count_for_all_workers(server: Server) -> None:
    def counted() -> float:
        lines = httpx.get(f"{server.url}/metrics").text.splitlines()
        wanted = 'stepfree_requests_total{method="GET",route="/v1/profiles",status="200"}'
        return sum(float(line.split()[-1]) for line in lines if line.startswith(wanted))

    before = counted()
    for _ in range(20):
        httpx.get(f"{server.url}/v1/profiles")
    assert counted() == before + 20


def held_by(pid: int, port: int) -> int:
    """How many connections to the port a process has open."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {row[9] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"}
    files = Path(f"/proc/{pid}/fd").iterdir()
    links = []
    for file in files:
        with suppress(OSError):
            links.append(os.readlink(file))
    return sum(f"socket:[{inode}]" in links for inode in inodes)


def test_connections_that_stay_are_shared_evenly(server: Server) -> None:
    """Else one worker answers everything, and the other core idles; a client that was asked to come again does."""
    port = int(server.url.rpartition(":")[2])
    until(lambda: sum(held_by(pid, port) for pid in server.workers()) == 0)
    clients = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(12)]

    def even() -> bool:
        for client in clients:
            client.request("GET", "/health/live")
            answer = client.getresponse()
            assert answer.read()
            assert answer.status == 200
        counts = sorted(held_by(pid, port) for pid in server.workers())
        return sum(counts) >= 11 and counts[0] >= 5

    until(even)
    for client in clients:
        client.close()


def test_a_dead_worker_is_replaced(server: Server) -> None:
    before = server.workers()
    assert len(before) == 2
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    until(lambda: len(server.workers() - {victim}) == 2)
    assert server.workers() != before
    for _ in range(6):
        assert httpx.get(f"{server.url}/health/ready").status_code == 200


def test_it_stops_when_told_and_leaves_nobody(sample_map: Path, tmp_path: Path) -> None:
    with serving(sample_map, tmp_path / "data", "--workers", "2") as server:
        family = server.family()
        assert len(family) >= 3
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0
        until(lambda: not [pid for pid in family if Path(f"/proc/{pid}").exists()])
    with serving(sample_map, tmp_path / "data") as server:
        family = server.family()
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(30) == 0
        until(lambda: not [pid for pid in family if Path(f"/proc/{pid}").exists()])


def test_workers_die_with_their_supervisor(sample_map: Path, tmp_path: Path) -> None:
    with serving(sample_map, tmp_path / "data", "--workers", "2") as server:
        family = server.family()
        assert len(family) >= 3
        server.process.kill()
        until(lambda: not [pid for pid in family if Path(f"/proc/{pid}").exists()])


def test_an_osm_file_is_built_once(tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        with serving(SAMPLE, tmp_path / "data") as server:
            assert httpx.get(f"{server.url}/health/ready").status_code == 200
        (kept,) = (tmp_path / "data" / "maps").iterdir()
        made.append((kept / "map.json").stat().st_mtime_ns)
    assert made[0] == made[1]


def test_a_taken_port_is_told_in_one_sentence(server: Server, sample_map: Path, tmp_path: Path) -> None:
    port = server.url.rpartition(":")[2]
    command = [sys.executable, "-m", "api.cli", "serve", "--map", str(sample_map), "--port", port]
    done = subprocess.run([*command, "--data", str(tmp_path)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert port in done.stderr
    assert "Traceback" not in done.stderr
