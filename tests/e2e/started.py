"""A `stepfree serve` that a test may kill, start again on the same folder and port, and look into."""

from __future__ import annotations

import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import httpx

STEPFREE = [sys.executable, "-m", "api.cli"]
START_WITHIN_S = 60.0
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Loopback only: reading the system's certificates for each client would take longer than the test."""
T = TypeVar("T")


def until(what: Callable[[], T], seconds: float = 20.0, said: str = "it did not come") -> T:
    """The first true answer of `what`, asked again and again."""
    last = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        assert time.monotonic() < last, said
        time.sleep(0.02)


class Started:
    """One server process with its data folder; `start` again after it was killed keeps the port."""

    def __init__(self, map_path: Path, data: Path, *options: str, environment: Mapping[str, str] | None = None) -> None:
        self.map, self.data, self.options = map_path, data, options
        self.environment = {**os.environ, **(environment or {})}
        self.port = 0
        self.log = data / "log"
        self.process: subprocess.Popen[str] | None = None
        self.took_s = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Returns once the server has said where it answers and is ready; `took_s` is how long that was."""
        began = time.monotonic()
        command = [*STEPFREE, "serve", "--map", str(self.map), "--port", str(self.port), "--data", str(self.data)]
        with self.log.open("a") as errors:
            self.process = subprocess.Popen(
                [*command, *self.options], stdout=subprocess.PIPE, stderr=errors, text=True, env=self.environment
            )
        assert self.process.stdout is not None
        found = re.search(r"http://\S+:(\d+)", self.process.stdout.readline())
        assert found, f"it did not start: {self.log.read_text()[-3000:]}"
        self.port = int(found[1])
        until(self.ready, START_WITHIN_S, "it did not get ready")
        self.took_s = time.monotonic() - began

    def ready(self) -> bool:
        with suppress(httpx.TransportError), self.person() as person:
            return person.get("/health/ready").status_code == 200
        return False

    def failures(self) -> list[str]:
        """What the log calls our own fault."""
        return [line for line in self.log.read_text().splitlines() if "unexpected_error" in line]

    def kill(self) -> None:
        """SIGKILL for the process that was started, and nothing else."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(30)

    def workers(self) -> set[int]:
        """Processes that answer: our own children, PostgreSQL aside."""
        return {pid for pid, parent, name in _processes() if parent == self.pid and name != "postgres"}

    def postmaster(self) -> int | None:
        """The PostgreSQL this server started, None while there is none."""
        return next((pid for pid, parent, name in _processes() if parent == self.pid and name == "postgres"), None)

    def command(self, *arguments: str) -> str:
        """What a `stepfree` command on this data folder prints."""
        done = subprocess.run(
            [*STEPFREE, *arguments, "--data", str(self.data)], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def person(self, **options: Any) -> httpx.Client:
        """A client with a new connection of its own: any worker may answer."""
        return httpx.Client(base_url=self.url, timeout=30, verify=NO_CERTIFICATES, **options)

    def operator(self) -> httpx.Client:
        return self.person(headers={"Authorization": f"Bearer {self.command('key', 'create', '--role', 'operator')}"})


def processes_in(data: Path) -> set[int]:
    """Living processes that name the folder in their command or work in it: a server's and its PostgreSQL's."""
    found = set()
    for pid, _, _ in _processes():
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            place = os.fsencode(os.readlink(f"/proc/{pid}/cwd"))
        except OSError:
            continue
        if os.fsencode(data) in command or place.startswith(os.fsencode(data)):
            found.add(pid)
    return found


def _processes() -> Iterator[tuple[int, int, str]]:
    """(id, parent, name) of everything that lives; the dead who wait for their parent do not."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = status.read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        state, parent = rest.split()[:2]
        if state != "Z":
            yield int(status.parent.name), int(parent), name


@contextmanager
def started(map_path: Path, *options: str, environment: Mapping[str, str] | None = None) -> Iterator[Started]:
    """A server in a folder of its own; nothing of it is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="stepfree-e2e-", dir="/tmp"))
    folder.chmod(0o755)
    server = Started(map_path, folder, *options, environment=environment)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        left = until(lambda: not processes_in(folder) or None, 20, f"left behind: {processes_in(folder)}")
        shutil.rmtree(folder, ignore_errors=True)
        assert left
