"""Runs one PostgreSQL program for `embedded.py`: as nobody when root starts it, and never longer than its parent.

Called as a script: `embedded_child.py PARENT_PID UID GID CAPABILITY PROGRAM ARGS…` (UID -1 = stay who we are;
CAPABILITY 1 = keep the right to walk through folders closed to others). The order matters: setuid and capset both
clear the parent-death signal.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522


def _keep_only(libc: ctypes.CDLL, capability: int) -> None:
    """Drops every capability but one and hands that one on through exec."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    bit = 1 << capability
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable; low half, then high half
    if libc.capset(header, sets) or libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0):
        raise OSError(ctypes.get_errno(), "the right to walk through closed folders is not available here")


def main(parent: int, uid: int, gid: int, capability: bool, command: list[str]) -> None:
    """Becomes `command`; does not return."""
    libc = ctypes.CDLL(None, use_errno=True)
    if uid >= 0:
        if capability:
            libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
        if capability:
            _keep_only(libc, CAP_DAC_READ_SEARCH)
    # SIGQUIT: PostgreSQL's immediate shutdown; what was committed is in the log and recovered at the next start.
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)  # the parent died before the signal was armed
    os.umask(0o077)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])  # a supervisor that waits for signals has them blocked
    os.execv(command[0], command)  # noqa: S606  (its own arguments, no shell wanted)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "1", sys.argv[5:])
