"""What runs leave in `build/bench` for the next one: built cities, peers' programs and tiles, under a fingerprint."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "build" / "bench"


def fingerprint(*paths: Path) -> str:
    """Sixteen hex digits that change with the content of any of these files (folders: of their Python files)."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        for file in files:
            with file.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:16]


def program() -> tuple[Path, ...]:
    """The sources a built map depends on."""
    return ROOT / "routing", ROOT / "accessibility"
