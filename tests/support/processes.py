"""The real server in real processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Server:
    """A running `stepfree serve`."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self.log = log
        self.greeting: list[str] = []
        assert process.stdout is not None
        while len(self.greeting) < 2:
            line = process.stdout.readline()
            assert line, f"it ended: {log.read_text()[-3000:]}"
            self.greeting.append(line.strip())
        self.url = self.greeting[0].split()[-1]

    def family(self) -> dict[int, str]:
        """Process id → command of every living descendant."""
        found: dict[int, str] = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, _, rest = status.read_text().partition("(")[2].rpartition(")")
            except OSError:
                continue
            state, parent = rest.split()[:2]
            if state != "Z" and (int(parent) == self.process.pid or int(parent) in found):
                found[int(status.parent.name)] = name
        return found

    def workers(self) -> set[int]:
        return {pid for pid, name in self.family().items() if name != "postgres"}


@contextmanager
def serving(map_path: Path, data: Path, *options: str) -> Iterator[Server]:
    log = data / "log"
    data.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "api.cli", "serve", "--map", str(map_path), "--port", "0", "--data", str(data)]
    with (
        log.open("w") as errors,
        subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            yield Server(process, log)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
