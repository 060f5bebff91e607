"""A PostgreSQL that somebody else runs: used as it is, and what it refuses is told in one sentence."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.e2e.started import STEPFREE, processes_in, started
from tests.support.db import database_url, empty_database, postgres

__all__ = ["empty_database", "postgres"]


def test_a_server_uses_the_database_it_was_given_and_starts_none(sample_map: Path, empty_database: str) -> None:
    given = ["--database-url", empty_database]
    with started(sample_map, "--workers", "2", *given) as server:
        assert server.postmaster() is None
        assert not (server.data / "postgres").exists()
        assert len(processes_in(server.data)) == 3, "the server and its workers"
        with server.person() as person:
            report = {"kind": "obstacle", "at": [24.945, 60.17], "severity": 2}
            received = person.post("/v1/reports", json=report)
            assert received.status_code == 201
            revision = received.json()["revision"]
            asked = {"waypoints": [[24.9385, 60.1719], [24.952, 60.17]], "profile": "walk", "min_revision": revision}
            assert person.post("/v1/routes", json=asked).json()["as_of"]["revision"] == revision
    verify = [*STEPFREE, "audit", "verify", *given]
    done = subprocess.run(verify, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("The audit log holds")


@pytest.mark.parametrize("command", ["serve", "key create --role operator", "audit verify"])
@pytest.mark.parametrize("wrong", ["no such database", "nobody there", "no address"])
def test_a_database_that_cannot_be_used_is_one_sentence(
    command: str, wrong: str, postgres: str, sample_map: Path, tmp_path: Path
) -> None:
    url, says = {
        "no such database": (database_url(postgres, "nowhere"), "nowhere"),
        "nobody there": ("postgresql://somebody:secret-word@127.0.0.1:1/city", "cannot be reached"),
        "no address": ("mysql://127.0.0.1/city", "postgresql"),
    }[wrong]
    options = ["--map", str(sample_map), "--port", "0", "--data", str(tmp_path)] if command == "serve" else []
    done = subprocess.run(
        [*STEPFREE, *command.split(), *options, "--database-url", url],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("stepfree: ")]
    assert says in sentence
    assert "Traceback" not in done.stderr
    assert "secret-word" not in done.stderr
    assert done.stdout == ""
