"""`stepfree key create` and `stepfree audit verify`: with a server that runs and without one."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from accessibility.complaints.desk import Desk
from accessibility.complaints.people import Actor
from accessibility.complaints.store.connection import open_pool
from api.cli import main
from api.embedded import EmbeddedPostgres


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="stepfree-cli-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def key_from(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.strip()


def actor_with(url: str, key: str) -> Actor:
    async def ask() -> Actor:
        async with open_pool(url, size=1) as pool:
            return await Desk(pool, secret=b"").who(key)

    return asyncio.run(ask())


def test_a_key_made_without_a_server_is_known_to_the_next_one(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["key", "create", "--role", "crew", "--unit", "roads", "--area", "north", "--data", str(data)]) == 0
    key = key_from(capsys)
    assert len(key) > 40
    with EmbeddedPostgres() as server:
        actor = actor_with(server.start(data), key)
    assert (actor.role, actor.unit, actor.area) == ("crew", "roads", "north")


def test_a_key_made_while_the_server_runs_works_at_once(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with EmbeddedPostgres() as server:
        url = server.start(data)
        assert main(["key", "create", "--role", "moderator", "--data", str(data)]) == 0
        assert actor_with(url, key_from(capsys)).role == "moderator"
        assert main(["key", "create", "--role", "operator", "--database-url", url]) == 0
        assert actor_with(url, key_from(capsys)).role == "operator"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--role", "king"], "a role is one of"), (["--role", "crew"], "needs a unit")],
)
def test_what_makes_no_sense_is_one_sentence(
    data: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert main(["key", "create", *arguments, "--data", str(data)]) == 2
    told = capsys.readouterr()
    assert (told.out, says in told.err, told.err.count("\n")) == ("", True, 1)


def test_a_database_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify", "--database-url", "postgresql://nobody@127.0.0.1:1/nothing"]) == 2
    assert "cannot be reached" in capsys.readouterr().err


def test_the_audit_log_is_verified_and_a_change_is_found(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with EmbeddedPostgres() as server:
        url = server.start(data)
        for _ in range(3):
            assert main(["key", "create", "--role", "reporter", "--database-url", url]) == 0
        capsys.readouterr()
        assert main(["audit", "verify", "--data", str(data)]) == 0
        assert "holds: 3 rows" in capsys.readouterr().out

        async def tamper() -> Any:
            owner = await asyncpg.connect(url)
            await owner.execute("SET session_replication_role = replica")
            await owner.execute("UPDATE stepfree.audit SET at = $1 WHERE seq = 2", datetime(2020, 1, 1, tzinfo=UTC))
            await owner.close()

        asyncio.run(tamper())
        assert main(["audit", "verify", "--data", str(data)]) == 1
        assert "row 2" in capsys.readouterr().out
