"""The index beside a saved map: asked instead of the map, only ever read, by each process for itself."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from accessibility.refusals import Refused
from routing import storage
from routing.elements_packed import PackedTags, PackedWays
from routing.entrances import Entrances
from routing.graph import StreetGraph
from routing.plane import Plane
from routing.search import Hit, Search
from routing.search_file import SearchFile
from routing.search_rows import rows_of
from routing.storage_files import SEARCH
from tests.routing.test_storage import replaced
from tests.support.drawn import drawn

TYPED = (
    "mannerheimintie", "manerheimintie", "espl", "katu", "a", "ka", "ö", "aleksanterinkatu 15", "15 aleksan", "museo",
    "Hotelli", "hotel helsnki", "rautatieasema", "station", "中", "1", "12", "b 2", "x y z", "kauppatori market",
)  # fmt: skip


def search_of(graph: StreetGraph) -> Search:
    plane = Plane.around(graph.geom_lon, graph.geom_lat)
    return Search(graph, plane, Entrances(graph.elements, plane))


def street(name: str) -> StreetGraph:
    return drawn("a----b", ways={"ab": {"highway": "footway", "name": name}}).graph


def names(hits: list[Hit]) -> list[str]:
    return [hit.row.name for hit in hits]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    storage.save(street("Quay"), tmp_path / "map")
    return tmp_path / "map"


def refused(folder: Path) -> Refused:
    with pytest.raises(Refused) as found:
        storage.load(folder)
    return found.value


def test_a_saved_map_is_searched_without_reading_its_elements(
    sample_map: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = storage.load(sample_map)
    plane = Plane.around(graph.geom_lon, graph.geom_lat)
    entrances = Entrances(graph.elements, plane)

    def read(*_: object) -> None:
        raise AssertionError("the elements were read")

    for kind, way_in in ((PackedTags, "_between"), (PackedWays, "_made")):
        monkeypatch.setattr(kind, way_in, read)
    monkeypatch.setattr("routing.search.rows_of", read)
    found = Search(graph, plane, entrances).find("etelaesplanadi")
    assert names(found)[0] == "Eteläesplanadi"
    with pytest.raises(AssertionError, match="were read"):
        list(graph.elements.node_tags.items())


def test_a_saved_map_and_one_in_memory_answer_alike(sample_graph: StreetGraph) -> None:
    on_disk, in_memory = search_of(sample_graph), search_of(replace(sample_graph, search_file=None))
    near = sample_graph.meta.bbox[:2]
    for typed in TYPED:
        for place in (None, near):
            assert on_disk.find(typed, place, limit=50) == in_memory.find(typed, place, limit=50), typed
        assert on_disk.exact(typed) == in_memory.exact(typed)
    assert sum(bool(on_disk.find(typed)) for typed in TYPED) > 15


def test_every_row_comes_back_as_it_was(sample_graph: StreetGraph) -> None:
    plane = Plane.around(sample_graph.geom_lon, sample_graph.geom_lat)
    search = search_of(sample_graph)
    rows = list(rows_of(sample_graph, plane))
    assert len(rows) > 1_000
    for row in rows[::10]:
        assert row in [hit.row for hit in search.exact(row.name)]


@pytest.mark.parametrize("statement", ["insert into words values ('x')", "drop table told", "create table more(a)"])
def test_the_file_is_opened_for_reading_alone(sample_graph: StreetGraph, statement: str) -> None:
    assert sample_graph.search_file is not None
    connection = sample_graph.search_file.connect()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute(statement)
    connection.close()


def test_a_map_that_nobody_may_write_to_is_searched_and_stays_as_it_is(saved: Path) -> None:
    before = {path.name: path.read_bytes() for path in saved.iterdir()}
    for path in (*saved.iterdir(), saved):
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert names(search_of(storage.load(saved)).find("quay")) == ["Quay"]
    assert {path.name: path.read_bytes() for path in saved.iterdir()} == before


def test_pages_are_mapped_not_copied(sample_graph: StreetGraph) -> None:
    search = search_of(sample_graph)
    search.find("katu")
    assert str(sample_graph.search_file and sample_graph.search_file.path) in Path("/proc/self/maps").read_text()


def test_many_threads_find_what_one_finds(sample_graph: StreetGraph) -> None:
    search = search_of(sample_graph)
    alone = [search.find(typed) for typed in TYPED]
    with ThreadPoolExecutor(8) as threads:
        for found in threads.map(lambda _: [search.find(typed) for typed in TYPED], range(16)):
            assert found == alone


def test_a_fork_opens_the_file_for_itself(sample_graph: StreetGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    connect = SearchFile.connect
    monkeypatch.setattr(SearchFile, "connect", lambda file: opened.append(os.getpid()) or connect(file))
    search = search_of(sample_graph)
    wanted = names(search.find("esplanadi"))
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        search._index._opened[1].acquire()  # as if a thread that is not here had been asking
        found = names(search.find("esplanadi")) == wanted and opened == [os.getppid(), os.getpid()]
        os.write(write_end, b"found by a connection of its own" if found else b"not so")
        os._exit(0)
    os.close(write_end)
    os.waitpid(child, 0)
    with os.fdopen(read_end) as told:
        assert told.read() == "found by a connection of its own"
    assert opened == [os.getpid()]
    assert names(search.find("esplanadi")) == wanted


def test_what_was_loaded_is_searched_after_another_map_took_its_place(saved: Path) -> None:
    early, late = storage.load(saved), storage.load(saved)
    before = search_of(early)
    storage.save(street("Harbour"), saved)
    for search in (before, search_of(late)):
        assert names(search.find("quay")) == ["Quay"]
        assert search.find("harbour") == []
    assert names(search_of(storage.load(saved)).find("harbour")) == ["Harbour"]


def test_what_was_loaded_is_searched_after_its_folder_is_gone(saved: Path) -> None:
    graph = storage.load(saved)
    shutil.rmtree(saved)
    assert names(search_of(graph).find("quay")) == ["Quay"]
    assert graph.search_file is not None
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        graph.search_file.connect().execute("delete from told")


@pytest.mark.parametrize("folder", ["a?mode=rw#b", "ä %41", "100%"])
def test_any_folder_name_will_do(tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    storage.save(street("Quay"), Path(folder))
    graph = storage.load(Path(folder))
    monkeypatch.chdir("/")
    monkeypatch.setattr(SearchFile, "_by_content", lambda _: pytest.fail("it was not found by its name"))
    assert names(search_of(graph).find("quay")) == ["Quay"]


def test_a_map_without_names_is_searched_in_vain(tmp_path: Path) -> None:
    storage.save(drawn("a----b", ways={"ab": "highway=footway"}).graph, tmp_path / "map")
    search = search_of(storage.load(tmp_path / "map"))
    for typed in ("a", "quay", "人", "x y"):
        assert search.find(typed) == []


def _changed(folder: Path, statement: str) -> bytes:
    copy = folder.parent / "copy.sqlite"
    shutil.copy(folder / SEARCH, copy)
    connection = sqlite3.connect(copy)
    connection.execute(statement)
    connection.commit()
    connection.close()
    return copy.read_bytes()


@pytest.mark.parametrize(
    "statement",
    [
        "drop table words",
        "drop table names",
        "delete from told",
        "delete from about",
        "create table more(a)",
        "create trigger t after insert on told begin delete from words; end",
        "alter table told rename column name to title",
    ],
)
def test_an_index_with_other_tables_is_damage_whatever_its_checksum(saved: Path, statement: str) -> None:
    replaced(saved, SEARCH, _changed(saved, statement))
    assert refused(saved).code == "map_damaged"
    assert SEARCH in refused(saved).message


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"no index at all" * 1_000])
def test_what_is_no_index_is_damage_whatever_its_checksum(saved: Path, content: bytes) -> None:
    replaced(saved, SEARCH, content)
    assert refused(saved).code == "map_damaged"


def test_a_torn_index_is_damage_whatever_its_checksum(saved: Path) -> None:
    content = (saved / SEARCH).read_bytes()
    for torn in (content[: len(content) // 2], content[:4096] + bytes(len(content) - 4096)):
        replaced(saved, SEARCH, torn)
        assert refused(saved).code == "map_damaged"


def test_a_map_with_an_index_made_by_other_rules_is_outdated(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routing.storage_files.SEARCH_RULES", -1)
    assert refused(saved).code == "map_outdated"


def test_a_map_saved_before_there_was_an_index_is_outdated(saved: Path) -> None:
    (saved / SEARCH).unlink()
    head = (saved / "map.json").read_text()
    (saved / "map.json").write_text(head.replace(f'"format_version": {storage.FORMAT_VERSION}', '"format_version": 4'))
    assert refused(saved).code == "map_outdated"
    storage.save(street("Quay"), saved)
    assert names(search_of(storage.load(saved)).find("quay")) == ["Quay"]
