"""The named queries of sql/: the file name is the name, the first line its purpose."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "sql"
NOT_QUERIES = frozenset({"roles", "schema"})


@cache
def statement(name: str) -> str:
    """Text of sql/NAME.sql."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def names() -> list[str]:
    """All named queries."""
    return sorted(path.stem for path in FOLDER.glob("*.sql") if path.stem not in NOT_QUERIES)
