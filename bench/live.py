"""How soon a closure is in everyone's routes: a real server with two workers, real HTTP, a real database."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROUNDS = 50
PROFILE = "manual_wheelchair"
BIN = Path(sys.executable).parent / "stepfree"


@contextmanager
def server(map_path: Path, *, workers: int) -> Iterator[tuple[str, str]]:
    """A server on a free loopback port; gives its address and the key of an operator."""
    with tempfile.TemporaryDirectory(prefix="stepfree-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        command = [
            str(BIN),
            "serve",
            "--map",
            str(map_path),
            "--port",
            "0",
            "--workers",
            str(workers),
            "--data",
            folder,
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found is not None, "the server did not start"
            made = subprocess.run(
                [str(BIN), "key", "create", "--role", "operator", "--data", folder],
                capture_output=True,
                text=True,
                check=True,
            )
            yield found[0], made.stdout.split()[-1]
        finally:
            process.terminate()
            process.wait(30)


def measure(map_path: Path, ends: tuple[tuple[float, float], tuple[float, float]], *, workers: int = 2) -> None:
    """Close the middle of the route again and again; the very next route must keep clear of it."""
    took, kept_clear, whole = [], 0, []
    with server(map_path, workers=workers) as (url, key):
        closer = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=30)
        for number in range(ROUNDS):
            with httpx.Client(base_url=url, timeout=30) as person:  # a new connection: any worker may answer
                before = person.post("/v1/routes", json={"waypoints": list(ends), "profile": PROFILE}).json()
                line = before["routes"][0]["geometry"]["coordinates"]
                at = line[len(line) // 2 + number % 3 - 1]
                began = time.perf_counter()
                closure = closer.post(
                    "/v1/closures", json={"geometry": {"type": "Point", "coordinates": at}, "reason": "bench"}
                ).raise_for_status()
                done = time.perf_counter()
                asked = {"waypoints": list(ends), "profile": PROFILE, "min_revision": closure.json()["revision"]}
                after = person.post("/v1/routes", json=asked)
                took.append(time.perf_counter() - done)
                whole.append(time.perf_counter() - began)
            kept_clear += _clear(after, closure.json()["closure_id"])
            closer.delete(f"/v1/closures/{closure.json()['closure_id']}").raise_for_status()
    took.sort()
    whole.sort()
    last = int(0.99 * len(took)) - 1
    print(
        f"closure → next route: {kept_clear} of {ROUNDS} keep clear of it; "
        f"after the 201 median {statistics.median(took) * 1e3:.0f} ms, p99 {took[last] * 1e3:.0f} ms; "
        f"with the POST median {statistics.median(whole) * 1e3:.0f} ms, p99 {whole[last] * 1e3:.0f} ms"
    )


def _clear(answer: httpx.Response, closure_id: str) -> bool:
    """Whether the closure is named as avoided, or nothing is left to go by."""
    if answer.status_code == 404:
        return True
    found = answer.json()["routes"][0]["barriers"]
    return any(met["barrier_id"] == closure_id and met["effect"] == "avoided" for met in found)
