"""The embedded PostgreSQL: starts anywhere, belongs to one owner, dies with its parent, keeps what was committed."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from api import embedded, embedded_places
from api.embedded import EmbeddedPostgres, borrowed
from api.embedded_places import DataFolderInUseError, EmbeddedPostgresError

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0


@pytest.fixture
def open_folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose parents everybody may walk through (pytest's own is closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="stepfree-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def query(url: str, sql: str, *arguments: object) -> object:
    async def ask() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(sql, *arguments)
        finally:
            await connection.close()

    return asyncio.run(ask())


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def family(pid: int) -> list[int]:
    """The postmaster and all its processes."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def gone(pids: list[int], within_s: float = 10.0) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


def owner_process(data: Path, *, user: str | None = None) -> subprocess.Popen[str]:
    """Another process that starts a server on `data`, prints its pid and waits."""
    program = textwrap.dedent(
        """
        import sys, time
        from api.embedded import EmbeddedPostgres
        server = EmbeddedPostgres()
        server.start(sys.argv[1])
        print(server.pid, flush=True)
        time.sleep(600)
        """
    )
    return subprocess.Popen(
        as_user(user, [sys.executable, "-c", program, str(data)]), stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def as_user(name: str | None, command: list[str]) -> list[str]:
    """The command run by another system user, who may read our interpreter wherever it lies."""
    if name is None:
        return command
    somebody = pwd.getpwnam(name)
    become = [sys.executable, "-I", "-S", str(ROOT / "api" / "embedded_child.py"), str(os.getpid())]
    return [*become, str(somebody.pw_uid), str(somebody.pw_gid), "1", *command]


def test_keeps_data_over_a_restart_and_serves_version_18_with_fsync(open_folder: Path) -> None:
    with EmbeddedPostgres() as server:
        url = server.start(open_folder)
        assert str(query(url, "SHOW server_version")).startswith("18.")
        assert query(url, "SHOW fsync") == "on"
        assert query(url, "SHOW synchronous_commit") == "on"
        assert query(url, "SHOW listen_addresses") == ""
        query(url, "CREATE TABLE kept AS SELECT 7 AS value")
        pids = family(server.pid or 0)
    assert gone(pids)
    with EmbeddedPostgres() as server:
        assert query(server.start(open_folder), "SELECT value FROM kept") == 7


@pytest.mark.skipif(not AS_ROOT, reason="as a plain user the server is ours anyway")
def test_root_runs_it_as_nobody_without_rights(open_folder: Path) -> None:
    with EmbeddedPostgres() as server:
        server.start(open_folder)
        status = Path(f"/proc/{server.pid}/status").read_text()
        assert f"Uid:\t{pwd.getpwnam('nobody').pw_uid}" in status
        assert "CapEff:\t0000000000000000" in status
        # Root's folder stays as it was; only the private one inside belongs to nobody.
        assert open_folder.stat().st_uid == 0
        assert stat.S_IMODE((open_folder / "postgres").stat().st_mode) == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="needs root to become somebody else")
def test_runs_as_a_plain_user(open_folder: Path) -> None:
    data = open_folder / "plain"
    data.mkdir()
    somebody = pwd.getpwnam("daemon")
    os.chown(data, somebody.pw_uid, somebody.pw_gid)
    process = owner_process(data, user="daemon")
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    assert Path(f"/proc/{pid}").stat().st_uid == somebody.pw_uid
    process.kill()
    process.wait()
    assert gone([pid])


def test_runs_below_a_closed_home_without_opening_it(open_folder: Path) -> None:
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    with EmbeddedPostgres() as server:
        url = server.start(home / "deep" / "data")
        assert query(url, "SELECT 1") == 1
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="only root changes the user")
def test_says_which_path_works_when_a_closed_home_cannot_be_walked(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setattr(embedded, "can_walk_anywhere", lambda: False)
    with pytest.raises(EmbeddedPostgresError, match="--data /var/lib/stepfree"), EmbeddedPostgres() as server:
        server.start(home / "data")


@pytest.mark.skipif(not AS_ROOT, reason="only root changes the user")
def test_binaries_below_a_closed_folder_are_copied_once(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    package = embedded_places.wheel_binaries().parent
    site = package.parent
    (closed / package.name).mkdir()
    for name in (f"{package.name}/pginstall18", f"{package.name}.libs"):
        subprocess.run(["cp", "-a", str(site / name), str(closed / name)], check=True)
    monkeypatch.setattr(embedded, "wheel_binaries", lambda: closed / package.name / "pginstall18")
    monkeypatch.setattr(embedded, "can_walk_anywhere", lambda: False)
    monkeypatch.setattr(embedded_places, "SHARED_BINARIES", open_folder / "shared")
    for _ in range(2):
        with EmbeddedPostgres() as server:
            assert query(server.start(open_folder / "data"), "SELECT 1") == 1
    assert len(list((open_folder / "shared").iterdir())) == 1


def test_a_socket_path_too_long_moves_to_a_short_private_folder(open_folder: Path) -> None:
    data = open_folder / ("a" * 60) / ("b" * 60)
    with EmbeddedPostgres() as server:
        url = server.start(data)
        assert len(url) < 120
        assert query(url, "SELECT 1") == 1


def test_a_prepared_folder_of_somebody_else_is_refused(open_folder: Path) -> None:
    (open_folder / "postgres").mkdir(mode=0o755)
    with pytest.raises(EmbeddedPostgresError, match="private folder"), EmbeddedPostgres() as server:
        server.start(open_folder)


def test_two_servers_on_one_folder_are_refused_at_once(open_folder: Path) -> None:
    with EmbeddedPostgres() as first:
        first.start(open_folder)
        began = time.monotonic()
        with pytest.raises(DataFolderInUseError, match=f"process {os.getpid()}"), EmbeddedPostgres() as second:
            second.start(open_folder)
        assert time.monotonic() - began < 2
        assert query(first.url, "SELECT 1") == 1


def test_only_the_main_thread_may_start_it(open_folder: Path) -> None:
    raised: list[BaseException] = []

    def start() -> None:
        try:
            EmbeddedPostgres().start(open_folder)
        except EmbeddedPostgresError as error:
            raised.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(raised[0])


def test_nothing_is_left_when_the_parent_is_killed_and_committed_rows_survive(open_folder: Path) -> None:
    parent = owner_process(open_folder)
    assert parent.stdout is not None
    pids = family(int(parent.stdout.readline()))
    with borrowed(open_folder) as url:
        query(url, "CREATE TABLE kept AS SELECT 1 AS value")
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert gone(pids)
    with EmbeddedPostgres() as server:
        assert query(server.start(open_folder), "SELECT value FROM kept") == 1


def test_comes_back_after_postgres_itself_was_killed(open_folder: Path) -> None:
    with EmbeddedPostgres() as server:
        url = server.start(open_folder)
        query(url, "CREATE TABLE kept AS SELECT 1 AS value")
        assert server.revive() is False
        before = server.pid
        assert before is not None
        os.kill(before, signal.SIGKILL)
        assert gone([before])
        assert server.revive() is True
        assert server.pid not in (None, before)
        assert query(url, "SELECT value FROM kept") == 1


def test_an_initdb_cut_short_is_started_anew(open_folder: Path) -> None:
    with EmbeddedPostgres() as server:
        server.start(open_folder)
    (open_folder / "postgres" / "18").rename(open_folder / "postgres" / "18.half")
    (open_folder / "postgres" / "18.half" / "PG_VERSION").unlink()
    with EmbeddedPostgres() as server:
        assert query(server.start(open_folder), "SELECT 1") == 1


def test_a_forked_child_does_not_stop_the_server(open_folder: Path) -> None:
    with EmbeddedPostgres() as server:
        url = server.start(open_folder)
        child = os.fork()
        if child == 0:
            server.stop()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert query(url, "SELECT 1") == 1


def test_borrowed_uses_the_running_server_or_starts_one(open_folder: Path) -> None:
    with borrowed(open_folder) as url:
        query(url, "CREATE TABLE kept AS SELECT 1 AS value")
    parent = owner_process(open_folder)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    with borrowed(open_folder) as url:
        assert query(url, "SELECT value FROM kept") == 1
    assert alive(pid)
    parent.terminate()
    parent.wait()
    assert gone([pid])


@pytest.mark.skipif(not AS_ROOT, reason="needs a second system user")
def test_another_system_user_cannot_get_in(open_folder: Path) -> None:
    with EmbeddedPostgres() as server:
        url = server.start(open_folder)
        program = f"import asyncio, asyncpg; asyncio.run(asyncpg.connect({url!r}))"
        command = as_user("daemon", [sys.executable, "-c", program])
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode != 0
        assert "PermissionError" in done.stderr or "denied" in done.stderr.lower()
