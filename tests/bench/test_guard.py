"""Memory running short ends what is measured, and nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bench.guard import MemoryShort, free_mb, within_memory


def test_what_is_measured_is_ended_with_all_it_started_when_memory_runs_short() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    with pytest.raises(MemoryShort, match="memory were left"), within_memory(process.pid, least_free_mb=1e12):
        process.communicate(timeout=20)  # ends only when the grandchild, which holds the pipe too, is gone
    assert process.returncode == -9


def test_what_its_end_makes_fail_is_memory_too() -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = subprocess.Popen(command)
    with pytest.raises(MemoryShort), within_memory(process.pid, least_free_mb=1e12):
        raise subprocess.CalledProcessError(process.wait(20), command)


def test_with_memory_enough_errors_stay_what_they_are() -> None:
    assert free_mb() > 1
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with pytest.raises(ValueError, match="own"), within_memory(process.pid, least_free_mb=0):
        raise ValueError("own")
    process.communicate(b"\n", timeout=20)
    assert process.returncode == 0
