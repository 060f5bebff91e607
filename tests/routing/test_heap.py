"""Large searches do not hand their memory back to the system each time: the next one would wait for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

FAULTS = """
import ctypes, resource, threading
from routing.heap import one_heap

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
found = []

def search():
    # Three times what a heap of a thread's own may hold in one piece, in pieces the C library does not map singly.
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
        blocks = [libc.malloc(24 << 20) for _ in range(4)]
        for block in blocks:
            ctypes.memset(block, 1, 24 << 20)
        for block in blocks:
            libc.free(block)
        found.append(resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before)

if {one}:
    one_heap(128 << 20)
libc.free(libc.malloc(30 << 20))
thread = threading.Thread(target=search)
thread.start()
thread.join()
print(found[-1])
"""


def _faults(one: bool) -> int:
    command = [sys.executable, "-c", FAULTS.replace("{one}", str(one))]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a matter of glibc")
def test_memory_given_back_by_a_thread_is_there_for_the_next_search() -> None:
    assert _faults(one=True) < _faults(one=False) / 2
