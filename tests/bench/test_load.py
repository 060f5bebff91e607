"""Load generators: their figures are read right, and they count what a real server saw."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from bench import load
from bench.load import figures_in


class Answers(BaseHTTPRequestHandler):
    """200 to most, 404 to the body `"no"`."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[Counter[str]] = Counter()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.seen[body] += 1
        answer = b'{"ok": true}'
        self.send_response(404 if body == '"no"' else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    Answers.seen.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("generator", ["wrk", "bench.load_plain"])
def test_a_generator_asks_every_body_in_turn_and_counts_refusals(
    generator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if generator == "wrk" and load.generator() != "wrk":
        pytest.skip("wrk is not installed")
    monkeypatch.setattr(load, "generator", lambda: generator)
    with serving() as url, load.running(url, "/ask", ['"a"', '"b"', '"no"'], connections=2, seconds=1) as process:
        said, _ = process.communicate(timeout=20)
    found = figures_in(said, cpu_s=0.5)
    asked = sum(Answers.seen.values())
    assert 0 < found.requests <= asked <= found.requests + 2
    assert set(Answers.seen) == {'"a"', '"b"', '"no"'}
    assert abs(found.refused - Answers.seen['"no"']) <= 2
    assert found.broken == 0
    assert 0 < found.p50_ms <= found.p99_ms < 1000
    assert found.cpu_ms_per_request == pytest.approx(500 / found.requests)


def test_a_generator_that_says_nothing_is_an_error_with_its_words() -> None:
    with pytest.raises(RuntimeError, match="unable to connect"):
        figures_in("unable to connect to 127.0.0.1:1 Connection refused\n", 0.0)


def test_cpu_time_of_children_that_ended_counts() -> None:
    from bench.machine import cpu_seconds

    code = (
        "import subprocess, sys\n"
        "subprocess.run([sys.executable, '-c', 'import time\\nwhile time.process_time() < 0.5: pass'])\n"
        "print('done', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        assert cpu_seconds(process.pid) >= 0.45
    finally:
        process.kill()
        process.communicate()
