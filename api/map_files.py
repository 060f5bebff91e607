"""A map to serve from whatever `--map` names: a saved folder, or an OSM file that is built once and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import accessibility
import routing
from accessibility.refusals import Refused
from routing import storage
from routing.graph import StreetGraph

Progress = Callable[[str, float], None]


def open_map(path: Path, data: Path, progress: Progress) -> StreetGraph:
    """The graph of `path`. What an OSM file gives is kept below `data` under the digest of the file and of our code.

    Raises `Refused`: `map_missing`, or what reading, building or loading refuses.
    """
    if path.is_dir():
        return storage.load(path)
    if not path.is_file():
        raise Refused("map_missing", f"There is no map at {path}.")
    kept = data / "maps" / f"{_digest(path)}-{_rules()}"
    if storage.is_saved_map(kept):
        try:
            return storage.load(kept)
        except Refused as refused:
            if refused.code not in ("map_damaged", "map_outdated"):
                raise
    from routing.build import build  # what reads and builds is not wanted at most starts
    from routing.elements import read_osm_file

    storage.save(build(read_osm_file(path, progress=progress), progress), kept)
    return storage.load(kept)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=10)).hexdigest()


def _rules() -> str:
    """Fingerprint of everything that turns a file into a graph: newer code never serves an older code's map."""
    digest = hashlib.blake2b(digest_size=5)
    for package in (accessibility, routing):
        for folder in package.__path__:
            for source in sorted(Path(folder).rglob("*.py")):
                digest.update(source.read_bytes())
    return digest.hexdigest()
