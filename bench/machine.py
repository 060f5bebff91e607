"""The machine a run was made on, and what processes on it cost: CPU seconds, proportional memory, peaks."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
BETWEEN = """
import json, os, sys, time
os.set_inheritable(int(sys.argv[1]), False)
began = time.perf_counter()
_, status, usage = os.wait4(os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ), 0)
found = time.perf_counter() - began, usage.ru_maxrss, os.waitstatus_to_exitcode(status)
os.write(int(sys.argv[1]), json.dumps(found).encode())
"""
"""Runs a command and says to a pipe how long it took, its peak memory in kB and its exit status."""


def described() -> dict[str, str | int | float]:
    """Cores, memory, system; nothing that says whose machine it is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 2**30),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_average_at_start": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    for line in (PROC / "cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def family(pid: int) -> list[int]:
    """A process and everything it started, parents first."""
    found = [pid]
    for parent in found:
        try:
            children = (PROC / str(parent) / "task" / str(parent) / "children").read_text().split()
        except OSError:
            continue
        found.extend(int(child) for child in children)
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and all it started, those that ended included."""
    total = 0
    for member in family(pid):
        try:
            stat = (PROC / str(member) / "stat").read_text()
        except OSError:
            continue
        fields = stat.rpartition(")")[2].split()
        total += sum(int(fields[number]) for number in (11, 12))
        if member == pid:
            total += sum(int(fields[number]) for number in (13, 14))
    return total / TICKS


def memory_mb(pid: int) -> dict[str, float]:
    """Proportional set size and private memory (what would be free without it) of one process, in MB."""
    kb = {}
    for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]:
        name, _, value = line.partition(":")
        kb[name] = int(value.split()[0])
    private = kb["Private_Clean"] + kb["Private_Dirty"] + kb.get("Private_Hugetlb", 0)
    return {"pss_mb": round(kb["Pss"] / 1024, 1), "private_mb": round(private / 1024, 1)}


def command_of(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def run_measured(
    command: Sequence[str], out: int | IO[str] = subprocess.DEVNULL, errors: int | None = None
) -> tuple[float, float]:
    """Seconds and peak memory (MB) of a command.

    A small process stands between: a child's peak starts at that of the process it was started from.
    """
    reading, writing = os.pipe()
    with os.fdopen(reading) as said:
        between = [sys.executable, "-I", "-S", "-c", BETWEEN, str(writing), *command]
        try:
            process = subprocess.Popen(between, stdout=out, stderr=errors, pass_fds=(writing,))
        finally:
            os.close(writing)
        found = said.read()
        process.wait()
    seconds, peak_kb, status = json.loads(found) if found else (0.0, 0, process.returncode or 1)
    if status:
        raise subprocess.CalledProcessError(status, list(command))
    return seconds, peak_kb / 1024


def say(words: str) -> None:
    """A line of progress with the time of day."""
    print(f"[{time.strftime('%H:%M:%S')}] {words}", flush=True)


def holder_of(client_port: int, pids: Sequence[int]) -> int | None:
    """Which of these processes holds the other end of a loopback connection of ours, by its port."""
    for line in (PROC / "net" / "tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[2].rpartition(":")[2], 16) == client_port:
            wanted = f"socket:[{fields[9]}]"
            for pid in pids:
                if wanted in _open_files(pid):
                    return pid
    return None


def _open_files(pid: int) -> set[str]:
    found = set()
    for entry in (PROC / str(pid) / "fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(os.readlink(entry))
    return found
