"""Load over HTTP: so many connections, each asking again as soon as it is answered, for so many seconds.

`wrk` where it is installed (it takes a tenth of a core for what a Python client needs a whole one for), else the plain
generator beside this file.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.machine import cpu_seconds

HERE = Path(__file__).parent
GRACE_S = 30


@dataclass(frozen=True)
class Load:
    """What a stretch of load found. `refused` counts answers that are not 2xx, `broken` those that never came."""

    requests: int
    seconds: float
    bytes: int
    refused: int
    broken: int
    p50_ms: float
    p99_ms: float
    cpu_s: float = 0.0

    @property
    def per_s(self) -> float:
        return self.requests / self.seconds

    @property
    def cpu_ms_per_request(self) -> float:
        return 1e3 * self.cpu_s / max(1, self.requests)


def generator() -> str:
    """Which one is used here."""
    return "wrk" if shutil.which("wrk") else "bench.load_plain"


def ask(url: str, path: str, bodies: Sequence[str], *, connections: int, seconds: float, pid: int) -> Load:
    """Load on `url`; `pid` and all it started are the server whose CPU time is counted."""
    with running(url, path, bodies, connections=connections, seconds=seconds) as process:
        before = cpu_seconds(pid)
        said, _ = process.communicate(timeout=seconds + GRACE_S)
        spent = cpu_seconds(pid) - before
    return figures_in(said, spent)


@contextmanager
def running(
    url: str, path: str, bodies: Sequence[str], *, connections: int, seconds: float
) -> Iterator[subprocess.Popen[str]]:
    """The generator at work; ended at the latest when left."""
    with tempfile.TemporaryDirectory(prefix="bench-load-") as folder:
        lines = Path(folder) / "bodies"
        lines.write_text("\n".join(bodies) + "\n")
        process = subprocess.Popen(
            _command(url, path, lines, connections, seconds),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait(10)


def _command(url: str, path: str, lines: Path, connections: int, seconds: float) -> list[str]:
    if generator() == "wrk":
        often = ["-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"]
        return ["wrk", *often, "-s", str(HERE / "cycle.lua"), url, "--", str(lines), path]
    plain = [sys.executable, str(HERE / "load_plain.py"), url + path, str(lines)]
    return [*plain, "--connections", str(connections), "--seconds", str(seconds)]


def figures_in(said: str, cpu_s: float) -> Load:
    """The line of figures in what a generator printed; an error with its words where there is none."""
    for line in said.splitlines():
        if line.startswith("FIGURES "):
            return Load(**json.loads(line.removeprefix("FIGURES ")), cpu_s=cpu_s)
    raise RuntimeError(f"the load generator gave no figures: {said.strip()[-500:] or 'it said nothing'}")
