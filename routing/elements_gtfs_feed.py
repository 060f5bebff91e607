"""Reads the station tables of a GTFS feed, folder or zip: row by row, and a bad row is a word, never an end."""

from __future__ import annotations

import csv
import io
import math
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from accessibility.refusals import Refused
from accessibility.tags.gtfs import Mode

MAX_TABLE_BYTES = 512 << 20
"""A whole country's stops are a tenth of it."""
MAX_FIELD = 131_072
PLATFORM, STATION, ENTRANCE, BOARDING_AREA = "0", "1", "2", "4"
Row = dict[str, str]


@dataclass(frozen=True)
class Stop:
    """A platform, entrance or joint; `place` is (lon, lat), None where the feed says none."""

    id: str
    code: str
    name: str
    kind: str
    place: tuple[float, float] | None
    level: float | None
    wheelchair_boarding: str


@dataclass(frozen=True)
class Pathway:
    """One way through a station, from `start` to `end`; counts and slopes are positive upwards on that way."""

    id: str
    start: str
    end: str
    mode: Mode
    two_ways: bool
    length_m: float | None
    stair_count: int | None
    max_slope: float | None
    min_width_m: float | None


@dataclass
class Feed:
    """Everything of a feed that is about station interiors."""

    name: str
    publisher: str | None = None
    stops: dict[str, Stop] = field(default_factory=dict)
    stations: dict[str, Stop] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    pathways: list[Pathway] = field(default_factory=list)
    odd: Counter[str] = field(default_factory=Counter)


def read_feed(source: Path) -> Feed:
    """The stops and pathways of a feed; raises `Refused`: "map_missing", or "map_unreadable" for what is no feed."""
    if not source.exists():
        raise Refused("map_missing", f"There is no GTFS feed at {source}.")
    tables = _Tables(source)
    feed = Feed(source.name)
    if not tables.has("stops.txt"):
        raise _unreadable(source, "holds no stops.txt: it is not a GTFS feed")
    feed.publisher = _publisher(tables)
    levels = {row.get("level_id", ""): _number(row.get("level_index")) for row in tables.rows("levels.txt", feed.odd)}
    _read_stops(feed, tables, levels)
    if not tables.has("pathways.txt"):
        feed.odd["GTFS feed without pathways.txt: nothing is known about its stations"] += 1
    _read_pathways(feed, tables)
    return feed


def _read_stops(feed: Feed, tables: _Tables, levels: dict[str, float | None]) -> None:
    for row in tables.rows("stops.txt", feed.odd):
        ref = row.get("stop_id", "")
        kind = row.get("location_type") or PLATFORM
        if not ref or ref in feed.stops or ref in feed.stations or kind not in ("0", "1", "2", "3", "4"):
            feed.odd["rows of stops.txt without an id of their own or a known location_type"] += 1
            continue
        if level_id := row.get("level_id"):
            feed.odd["stops on a level that levels.txt does not tell"] += level_id not in levels
        stop = Stop(
            id=ref,
            code=row.get("stop_code", ""),
            name=row.get("stop_name", ""),
            kind=kind,
            place=_place(row),
            level=levels.get(row.get("level_id", "")),
            wheelchair_boarding=row.get("wheelchair_boarding", ""),
        )
        (feed.stations if kind == STATION else feed.stops)[ref] = stop
        if parent := row.get("parent_station"):
            feed.parents[ref] = parent


def _read_pathways(feed: Feed, tables: _Tables) -> None:
    seen: set[str] = set()
    for row in tables.rows("pathways.txt", feed.odd):
        ref, start, end = (row.get(key, "") for key in ("pathway_id", "from_stop_id", "to_stop_id"))
        mode = _whole(row.get("pathway_mode"))
        if not ref or ref in seen or mode not in list(Mode) or row.get("is_bidirectional") not in ("0", "1"):
            feed.odd["rows of pathways.txt without an id of their own, a known mode or direction"] += 1
        elif start not in feed.stops or end not in feed.stops or start == end:
            feed.odd["pathways that do not lead from one stop of the feed to another"] += 1
        else:
            seen.add(ref)
            feed.pathways.append(_pathway(ref, start, end, Mode(mode), row, feed.odd))


def _pathway(ref: str, start: str, end: str, mode: Mode, row: Row, odd: Counter[str]) -> Pathway:
    two_ways = row["is_bidirectional"] == "1"
    if two_ways and mode is Mode.EXIT_GATE:
        odd["exit gates that claim to be entrances"] += 1
        two_ways = False
    width, length = _number(row.get("min_width")), _number(row.get("length"))
    return Pathway(
        id=ref,
        start=start,
        end=end,
        mode=mode,
        two_ways=two_ways,
        length_m=length if length is not None and 0 < length <= 5_000 else None,
        stair_count=_whole(row.get("stair_count")) or None,
        max_slope=_number(row.get("max_slope")),
        min_width_m=width if width is not None and 0 < width <= 100 else None,
    )


def _publisher(tables: _Tables) -> str | None:
    """Whom the feed is owed to."""
    ignored: Counter[str] = Counter()
    for table, column in (("feed_info.txt", "feed_publisher_name"), ("agency.txt", "agency_name")):
        names = dict.fromkeys(name for row in tables.rows(table, ignored) if (name := row.get(column)))
        if names:
            return ", ".join(list(names)[:5])[:200]
    return None


class _Tables:
    """The tables of a folder or an archive (at its top or in one folder of it)."""

    def __init__(self, source: Path) -> None:
        self._source = source
        self._members: dict[str, zipfile.ZipInfo] | None = None
        if source.is_dir():
            return
        try:
            with zipfile.ZipFile(source) as archive:
                found = sorted(archive.infolist(), key=lambda item: item.filename.count("/"), reverse=True)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise _unreadable(source, "is neither a folder nor a zip of GTFS tables") from error
        self._members = {PurePosixPath(item.filename).name: item for item in found}

    def has(self, name: str) -> bool:
        return (self._source / name).is_file() if self._members is None else name in self._members

    def rows(self, name: str, odd: Counter[str]) -> Iterator[Row]:
        """Rows as trimmed texts; what is missing in a short row is absent, a table that is not there has none."""
        if not self.has(name):
            return
        text = self._text(name)
        if "�" in text:
            odd[f"GTFS table {name} that is not in UTF-8"] += 1
        try:
            reader = csv.reader(io.StringIO(text, newline=""), strict=False)
            head = [column.strip() for column in next(reader, [])]
            for cells in reader:
                if cells:
                    odd[f"rows of {name} with more cells than its head"] += len(cells) > len(head)
                    yield {key: cell.strip() for key, cell in zip(head, cells, strict=False)}
        except csv.Error as error:
            raise _unreadable(self._source, f"holds a {name} that is no table: {error}") from error

    def _text(self, name: str) -> str:
        try:
            if self._members is None:
                path = self._source / name
                data = path.read_bytes() if path.stat().st_size <= MAX_TABLE_BYTES else None
            else:
                data = self._unpacked(self._members[name])
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise _unreadable(self._source, f"is damaged: {name} cannot be read") from error
        except (NotImplementedError, RuntimeError, ValueError, LookupError) as error:
            raise _unreadable(self._source, f"holds {name} packed or locked in a way that is not read") from error
        if data is None:
            raise _unreadable(self._source, f"holds a {name} of more than {MAX_TABLE_BYTES:,} bytes")
        return data.decode("utf-8-sig", errors="replace")

    def _unpacked(self, member: zipfile.ZipInfo) -> bytes | None:
        """Never more is unpacked than a table may hold, whatever the archive says."""
        if member.file_size > MAX_TABLE_BYTES:
            return None
        with zipfile.ZipFile(self._source) as archive, archive.open(member) as stream:
            data = stream.read(MAX_TABLE_BYTES + 1)
        return data if len(data) <= MAX_TABLE_BYTES else None


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _whole(text: str | None) -> int | None:
    value = _number(text)
    return int(value) if value is not None and value == int(value) and abs(value) < 1e6 else None


def _place(row: Row) -> tuple[float, float] | None:
    lon, lat = _number(row.get("stop_lon")), _number(row.get("stop_lat"))
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90 or (lon == 0 and lat == 0):
        return None
    return lon, lat


def _unreadable(source: Path, why: str) -> Refused:
    return Refused("map_unreadable", f"{source.name} {why}.")
