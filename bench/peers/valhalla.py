"""Valhalla in process and over HTTP: installed into `build/bench` from a pinned wheel where a Python ≥ 3.12 is."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.kept import fingerprint
from bench.machine import run_measured, say

HERE = Path(__file__).parent
PINNED = HERE / "valhalla.txt"
WORKERS = 2
START_WITHIN_S = 20.0
Timed = list[tuple[float, bool, int]]
"""For each request: seconds, whether there was an answer, its length in bytes."""


class Skipped(Exception):
    """Why this peer is not measured here."""


@dataclass(frozen=True)
class Valhalla:
    """An installed Valhalla with the tiles of one map."""

    python: Path
    config: Path
    build_s: float
    build_peak_mb: float
    tiles_mb: float


def prepared(source: Path, folder: Path) -> Valhalla:
    """Install and build tiles, or take what an earlier run left; raises `Skipped` with the reason."""
    python = _installed(folder / "valhalla")
    tiles = folder / f"valhalla-{source.name.partition('.')[0]}-{fingerprint(source, PINNED)}"
    config, built = tiles / "config.json", tiles / "built.json"
    if not built.is_file():
        shutil.rmtree(tiles, ignore_errors=True)
        (tiles / "tiles").mkdir(parents=True)
        say("Valhalla: building its tiles")
        _write_config(python, config, tiles / "tiles")
        seconds, peak_mb = run_measured(
            [str(_program(python, "valhalla_build_tiles")), "-c", str(config), str(source)], errors=subprocess.DEVNULL
        )
        built.write_text(json.dumps({"build_s": round(seconds, 2), "build_peak_mb": round(peak_mb)}))
    size = sum(path.stat().st_size for path in (tiles / "tiles").rglob("*") if path.is_file())
    return Valhalla(python, config, tiles_mb=round(size / 2**20, 1), **json.loads(built.read_text()))


def _installed(home: Path) -> Path:
    python, done = home / "bin" / "python", home / f"installed-{fingerprint(PINNED)}"
    if done.is_file():
        return python
    base = _python_for_wheel()
    if base is None:
        raise Skipped("no Python 3.12 or newer is here")
    say("Valhalla: installing its wheel")
    shutil.rmtree(home, ignore_errors=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    try:
        subprocess.run([base, "-m", "venv", str(home)], check=True, capture_output=True)
        subprocess.run([*command, "--require-hashes", "-r", str(PINNED)], check=True, capture_output=True, timeout=600)
        subprocess.run([str(python), "-c", "import valhalla"], check=True, capture_output=True)
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip().splitlines()
        raise Skipped(f"its wheel cannot be installed: {said[-1] if said else type(error).__name__}") from error
    done.touch()
    return python


def _python_for_wheel() -> str | None:
    """A Python 3.12 or newer that runs: on the path, or one that pyenv keeps."""
    kept = sorted(Path.home().glob(".pyenv/versions/3.1[2-9]*/bin/python"))
    for candidate in [*kept, *(f"python3.{minor}" for minor in range(12, 20))]:
        try:
            said = subprocess.run(
                [str(candidate), "-c", "import sys, venv, ensurepip; print(sys.version_info >= (3, 12))"],
                capture_output=True,
                text=True,
                timeout=20,
                check=False,
            ).stdout
        except OSError:
            continue
        if said.strip() == "True":
            return str(candidate)
    return None


def _program(python: Path, name: str) -> Path:
    """An executable as it lies in the wheel, without the script around it."""
    for found in python.parent.parent.glob(f"lib/python3.*/site-packages/valhalla/bin/{name}"):
        return found
    raise Skipped(f"its wheel has no {name}")


def _write_config(python: Path, config: Path, tiles: Path) -> None:
    code = "import json, sys; from valhalla.config import get_config; print(json.dumps(get_config('', sys.argv[1])))"
    said = subprocess.run([str(python), "-c", code, str(tiles)], check=True, capture_output=True, text=True).stdout
    wanted: dict[str, Any] = json.loads(said)
    # A square of 80 m is asked to be avoided: the defaults allow that, and nothing else is changed but its talk.
    for part in ("mjolnir", "loki", "thor", "odin", "meili"):
        wanted.get(part, {})["logging"] = {"type": "", "color": False}
    config.write_text(json.dumps(wanted))


class Inside:
    """Valhalla's own Python binding, asked in a process that does nothing else."""

    def __init__(self, peer: Valhalla) -> None:
        self._process = subprocess.Popen(
            [str(peer.python), "-P", str(HERE / "valhalla_inside.py"), str(peer.config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, bodies: Sequence[str]) -> Timed:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(list(bodies)) + "\n")
        self._process.stdin.flush()
        return [(seconds, answered, size) for seconds, answered, size in json.loads(self._process.stdout.readline())]

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


@contextmanager
def inside(peer: Valhalla) -> Iterator[Inside]:
    actor = Inside(peer)
    try:
        yield actor
    finally:
        actor.close()


@contextmanager
def served(peer: Valhalla, first: str) -> Iterator[tuple[str, int]]:
    """`valhalla_service` with two workers on a free loopback port; gives address and process id.

    `first` is a request that is answered before anything is measured.
    """
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        config = json.loads(peer.config.read_text())
        config["httpd"]["service"] |= {
            "listen": f"tcp://127.0.0.1:{port}",
            "loopback": f"ipc://{folder}/loopback",
            "interrupt": f"ipc://{folder}/interrupt",
        }
        for part in ("loki", "thor", "odin"):
            config[part]["service"]["proxy"] = f"ipc://{folder}/{part}"
        (Path(folder) / "config.json").write_text(json.dumps(config))
        program = _program(peer.python, "valhalla_service")
        process = subprocess.Popen(
            [str(program), f"{folder}/config.json", str(WORKERS)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", "")},
        )
        try:
            _until_answers(f"http://127.0.0.1:{port}/route", first, process)
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.kill()
            process.wait(10)


def _until_answers(url: str, body: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body.encode()), timeout=5):
                return
        except urllib.error.HTTPError as error:
            raise Skipped(f"its service refuses a question its library answers: {error.code}") from error
        except OSError:
            time.sleep(0.1)
    raise Skipped("its service does not start")
