"""What the system says of processes: who holds a connection, what a child took."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bench.machine import described, family, holder_of, memory_mb, run_measured

LISTENING = (
    "import socket, sys\n"
    "here = socket.create_server(('127.0.0.1', 0)); print(here.getsockname()[1], flush=True)\n"
    "one, _ = here.accept(); sys.stdin.read()"
)


@pytest.fixture
def listeners() -> Iterator[list[tuple[subprocess.Popen[str], int]]]:
    """Two processes that each accept one connection, with their ports."""
    started = []
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", LISTENING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        started.append((process, int(process.stdout.readline())))
    yield started
    for process, _ in started:
        process.kill()
        process.communicate()


def test_the_process_at_the_other_end_of_a_connection(listeners: list[tuple[subprocess.Popen[str], int]]) -> None:
    pids = [process.pid for process, _ in listeners]
    for process, port in listeners:
        with socket.create_connection(("127.0.0.1", port)) as line:
            here = line.getsockname()[1]
            found = next((pid for _ in range(200) if (pid := holder_of(here, pids)) is not None), None)
            assert found == process.pid
            assert holder_of(here, [pid for pid in pids if pid != process.pid]) is None


def test_a_commands_peak_is_its_own_however_large_we_are() -> None:
    def holding(mb: int) -> float:
        return run_measured([sys.executable, "-c", f"kept = bytearray({mb} * 2**20)"])[1]

    own = b"x" * (400 * 2**20)
    large, small = holding(300), holding(0)
    assert 300 < large < 400
    assert small < 150
    assert len(own) == 400 * 2**20, "held until here"


def test_a_command_that_fails_is_told() -> None:
    with pytest.raises(subprocess.CalledProcessError, match="exit status 3"):
        run_measured([sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(subprocess.CalledProcessError):
        run_measured(["no-such-command-anywhere"], errors=subprocess.DEVNULL)


def test_family_and_memory_of_a_running_process() -> None:
    code = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert parent.stdout is not None
        parent.stdout.readline()
        own, child = family(parent.pid)
        assert own == parent.pid
        assert 0 < memory_mb(child)["private_mb"] <= memory_mb(child)["pss_mb"] + 0.1
    finally:
        parent.communicate(b"\n", timeout=20)


def test_the_machine_is_described_without_its_name() -> None:
    assert socket.gethostname() not in " ".join(str(value) for value in described().values())
    assert described()["cores"]
