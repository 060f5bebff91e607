"""What the pages tell people to type about routes does what they say: every such line is run as it is written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.test_route_gpx import checked as checked_gpx
from tests.support.processes import Server, serving

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "samples/README.md", "docs/first-steps.md")
HERE = "http://127.0.0.1:8000"
ENDS = {"png": b"\x89PNG", "gpx": b"<?xml", "svg": b"<svg", "geojson": b'{"status"'}


def commands(page: str, holds: str) -> list[str]:
    """Every command of the `sh` blocks of a page that holds this, lines that go on joined as the shell does."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    found = []
    for block in blocks:
        if holds in block and "'{" in block:
            found.append(block)
        elif holds in block:
            found += [line for line in re.sub(r"\\\n\s*", "", block).splitlines() if holds in line]
    return found


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like a checkout after `make run`, and may be written to."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (folder / "samples").symlink_to(ROOT / "samples")
    return folder


def run(command: str, folder: Path) -> str:
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, (command, done.stderr[-2000:])
    return done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_routes_by_command(page: str, checkout: Path) -> None:
    found = commands(page, "stepfree route")
    assert found
    for command in found:
        printed = run(command, checkout)
        target = re.search(r"(?:--out|>) (\S+)", command)
        if target is None:
            assert "  1. " in printed
            assert "© OpenStreetMap contributors" in printed
            continue
        content = (checkout / target[1]).read_bytes()
        assert not printed
        assert content.startswith(ENDS[target[1].rpartition(".")[2]])
        if target[1].endswith(".gpx"):
            checked_gpx(content.decode())
        os.remove(checkout / target[1])


@pytest.fixture(scope="module")
def server(sample_map: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(sample_map, tmp_path_factory.mktemp("documented")) as server:
        yield server


@pytest.mark.skipif(shutil.which("curl") is None, reason="the commands need curl")
@pytest.mark.parametrize("page", ["README.md", "docs/first-steps.md"])
def test_routes_by_curl(page: str, server: Server, tmp_path: Path) -> None:
    (command,) = commands(page, "/v1/routes")
    assert HERE in command
    printed = run(command.replace(HERE, server.url), tmp_path)
    if "-o route.png" in command:
        assert (tmp_path / "route.png").read_bytes().startswith(ENDS["png"])
    else:
        steps = json.loads(printed)["routes"][0]["legs"][0]["steps"]
        assert steps[0]["text"].startswith("Starten Sie")
