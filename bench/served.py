"""Our own server as everybody runs it: `stepfree serve`, its workers, its real database, a free loopback port."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.machine import command_of, family
from bench.questions import noon

BIN = Path(sys.executable).parent / "stepfree"
WORKERS = 2


@dataclass(frozen=True)
class Served:
    """A running server: its address, the process it started as, the key of an operator."""

    url: str
    pid: int
    key: str

    def workers(self) -> list[int]:
        """The processes that answer, oldest first: forks of the first one, so they carry its command line."""
        own = command_of(self.pid)
        return [pid for pid in family(self.pid)[1:] if command_of(pid) == own]


def _until_noon() -> int:
    return int((noon() - datetime.now(UTC)).total_seconds())


@contextmanager
def server(map_path: Path, *, workers: int = WORKERS) -> Iterator[Served]:
    """A server that answers, and is ended when left."""
    with tempfile.TemporaryDirectory(prefix="stepfree-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        options = ["--port", "0", "--workers", str(workers), "--data", folder]
        complaints = Path(folder) / "stderr"
        with complaints.open("w") as errors:
            process = subprocess.Popen(
                [str(BIN), "serve", "--map", str(map_path), *options],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=os.environ | {"STEPFREE_CLOCK_OFFSET_S": str(_until_noon())},
            )
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            if found is None:
                raise RuntimeError(f"the server did not start: {complaints.read_text()[-2000:]}")
            made = subprocess.run(
                [str(BIN), "key", "create", "--role", "operator", "--data", folder],
                capture_output=True,
                text=True,
                check=True,
            )
            yield Served(found[0], process.pid, made.stdout.split()[-1])
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()
