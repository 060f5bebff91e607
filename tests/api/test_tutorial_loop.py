"""The tutorial of the loop does what it says: every command run, every printed line compared."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import Server, serving

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial-loop.md"
MARK = "=== end of block ==="

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="the tutorial needs curl")


def blocks() -> list[tuple[str, str]]:
    """(commands, what they print): each bash block with the text block that follows it, if any."""
    found: list[tuple[str, str]] = []
    for language, content in re.findall(r"```(bash|text)\n(.*?)```", TUTORIAL.read_text(), re.DOTALL):
        if language == "bash":
            found.append((content, ""))
        else:
            assert not found[-1][1], "a text block belongs to the commands before it"
            found[-1] = (found[-1][0], content)
    return found


@pytest.fixture(scope="module", params=[1, 2], ids=["one process", "two workers"])
def server(
    request: pytest.FixtureRequest, sample_map: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with serving(sample_map, tmp_path_factory.mktemp("tutorial"), "--workers", str(request.param)) as server:
        yield server


def test_every_command_prints_what_stands_beside_it(server: Server, tmp_path: Path) -> None:
    parts = blocks()
    assert sum(bool(printed) for _, printed in parts) >= 8
    script = "set -u\n" + "".join(f"{commands}\necho '{MARK}'\n" for commands, _ in parts)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"URL": server.url, "DATA": str(server.log.parent), "PATH": path}
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, cwd=ROOT, env=environment, timeout=240, check=False
    )
    printed = [text.removeprefix("\n") for text in done.stdout.split(f"{MARK}\n")][: len(parts)]
    assert printed == [expected for _, expected in parts], done.stderr[-3000:]
