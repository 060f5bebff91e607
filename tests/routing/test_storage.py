"""A saved map comes back as it was; whatever else lies in the folder is refused with a clear sentence."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import fields
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest

from accessibility.refusals import Refused
from routing import storage
from routing.graph import StreetGraph
from routing.storage_files import ARRAYS, FILES, INDEX, checksum
from tests.support.drawn import drawn

PICTURE = """
    a----b----c
         |
         d----e
"""


@cache
def small(**nodes: str) -> StreetGraph:
    """A map with ways, steps, a gate and names; `nodes` adds to it."""
    return drawn(
        PICTURE,
        ways={
            "abc": "highway=footway name=Quay",
            "bd": "highway=steps step_count=12",
            "de": "highway=residential name=Älvsgatan",
        },
        nodes={"b": "barrier=gate", **nodes},
    ).graph


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original") / "map"
    storage.save(small(), folder)
    return folder


@pytest.fixture
def saved(original: Path, tmp_path: Path) -> Path:
    """A copy of a saved map, to be spoiled."""
    return shutil.copytree(original, tmp_path / "map")


def assert_equal(one: StreetGraph, other: StreetGraph) -> None:
    for field in fields(StreetGraph):
        if not field.compare:
            continue
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype, field.name
            assert np.array_equal(a, b), field.name
        else:
            assert list(a) == list(b) if field.name in ("way_facts", "passage_facts", "names") else a == b, field.name
    assert (one.elements.losses, one.elements.notes) == (other.elements.losses, other.elements.notes)


def refusal(folder: Path) -> Refused:
    with pytest.raises(Refused) as refused:
        storage.load(folder)
    assert str(folder) in refused.value.message
    assert refused.value.message.endswith(".")
    return refused.value


def test_a_map_comes_back_as_it_was(sample_graph: StreetGraph, tmp_path: Path) -> None:
    storage.save(sample_graph, tmp_path / "again")
    assert_equal(storage.load(tmp_path / "again"), sample_graph)


def test_a_small_map_comes_back_as_it_was(saved: Path) -> None:
    assert_equal(storage.load(saved), small())


def test_arrays_stay_on_disk(saved: Path) -> None:
    graph = storage.load(saved)
    assert isinstance(graph.geom_lon.base, np.memmap)
    assert not graph.geom_lon.flags.writeable


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_changed_byte_in_any_file_is_noticed(saved: Path, name: str) -> None:
    content = bytearray((saved / name).read_bytes())
    content[len(content) // 2] ^= 0x01
    (saved / name).write_bytes(content)
    refused = refusal(saved)
    assert refused.code == "map_damaged"
    assert name in refused.message


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_truncated_or_missing_file_is_noticed(saved: Path, name: str) -> None:
    content = (saved / name).read_bytes()
    (saved / name).write_bytes(content[:-1])
    assert refusal(saved).code == "map_damaged"
    (saved / name).unlink()
    refused = refusal(saved)
    assert refused.code == "map_damaged"
    assert f"{name} is missing" in refused.message


@pytest.mark.parametrize("content", [b"", b"{", b'{"format": "stepfree-map"', b"\xff\xfe", b"null and more"])
def test_an_index_that_cannot_be_read_is_damage(saved: Path, content: bytes) -> None:
    (saved / INDEX).write_bytes(content)
    assert refusal(saved).code == "map_damaged"


@pytest.mark.parametrize("content", [b"{}", b"[]", b"7", b'{"format": "another-map", "format_version": 1}'])
def test_another_program_s_index_is_foreign(saved: Path, content: bytes) -> None:
    (saved / INDEX).write_bytes(content)
    assert refusal(saved).code == "map_foreign"


def test_a_folder_without_an_index_is_foreign(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "map_foreign"
    assert refusal(tmp_path / "nothing").code == "map_foreign"
    assert not storage.is_saved_map(tmp_path)


def rewritten(folder: Path, **changes: object) -> None:
    index = json.loads((folder / INDEX).read_text())
    (folder / INDEX).write_text(json.dumps(index | changes))


@pytest.mark.parametrize(
    "changes", [{"format_version": 1}, {"format_version": 99}, {"format_version": None}, {"facts": "other facts"}]
)
def test_a_map_of_another_version_is_outdated(saved: Path, changes: dict[str, object]) -> None:
    rewritten(saved, **changes)
    refused = refusal(saved)
    assert refused.code == "map_outdated"
    assert "Build it again" in refused.message


def test_an_index_that_lists_fewer_files_is_damage(saved: Path) -> None:
    checksums = json.loads((saved / INDEX).read_text())["checksums"]
    for name in checksums:
        rewritten(saved, checksums={key: value for key, value in checksums.items() if key != name})
        assert refusal(saved).code == "map_damaged"


def test_a_hostile_index_reads_nothing_outside(saved: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not a map")
    secret.chmod(0)
    checksums = json.loads((saved / INDEX).read_text())["checksums"]
    for name in ("../secret", str(secret), "..\\secret", "geom_lon.npy/../../secret"):
        rewritten(saved, checksums=checksums | {name: "00"})
        refused = refusal(saved)
        assert refused.code == "map_damaged"
        assert "list of files" in refused.message


@pytest.mark.parametrize(
    "changes",
    [
        {"first_passage": 10**9},
        {"first_passage": 0},
        {"first_passage": -1},
        {"first_passage": "3"},
        {"meta": {}},
        {"checksums": []},
    ],
)
def test_an_index_that_does_not_fit_its_files_is_damage(saved: Path, changes: dict[str, object]) -> None:
    rewritten(saved, **changes)
    assert refusal(saved).code == "map_damaged"


def replaced(folder: Path, name: str, content: bytes) -> None:
    """Put another file in with a checksum that is right."""
    (folder / name).write_bytes(content)
    checksums = json.loads((folder / INDEX).read_text())["checksums"]
    rewritten(folder, checksums=checksums | {name: checksum(folder / name)})


def numbers(folder: Path, name: str) -> np.ndarray:
    return np.array(np.load(folder / f"{name}.npy"))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("edge_tail", lambda a: a + 10_000),
        ("edge_head", lambda a: a * 0 - 1),
        ("edge_facts", lambda a: a + 100),
        ("edge_name", lambda a: a + 100),
        ("edge_side", lambda a: a + 5),
        ("order", lambda a: a * 0),
        ("geom_start", lambda a: a[::-1]),
        ("geom_start", lambda a: a * 0),
        ("geom_lon", lambda a: a * np.nan),
        ("geom_lat", lambda a: a[:-1]),
        ("edge_length_m", lambda a: -a - 1),
        ("edge_way", lambda a: a.astype(np.float64)),
        ("node_lat", lambda a: a.reshape(1, -1)),
        ("raw_ref_start", lambda a: a + 10_000),
        ("raw_ref", lambda a: a + 10_000),
        ("raw_ref", lambda a: a * 0 - 1),
        ("raw_way_id", lambda a: a[:-1]),
        ("raw_way_start", lambda a: a + 1),
        ("raw_way_start", lambda a: a[:-1]),
        ("raw_way_tags", lambda a: a[:-1]),
        ("raw_way_tags", lambda a: a * 0 + 0xC1),
        ("raw_way_tags", lambda a: a * 0 + 7),
        ("raw_tagged", lambda a: a + 10_000),
        ("raw_tagged_start", lambda a: a[::-1]),
        ("raw_tagged_tags", lambda a: a * 0 + 7),
        ("raw_node_id", lambda a: a[::-1]),
        ("raw_lon", lambda a: a[:-1]),
    ],
)
def test_arrays_that_do_not_fit_each_other_are_damage(saved: Path, name: str, change) -> None:
    np.save(saved / "new.npy", change(numbers(saved, name)))
    replaced(saved, f"{name}.npy", (saved / "new.npy").read_bytes())
    assert refusal(saved).code == "map_damaged"


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"no array at all" * 20])
def test_what_is_no_array_is_damage(saved: Path, content: bytes) -> None:
    replaced(saved, "geom_lon.npy", content)
    assert refusal(saved).code == "map_damaged"


def test_an_array_of_objects_is_never_unpacked(saved: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(saved / "sprung"),)

    with (saved / "new.npy").open("wb") as file:
        np.save(file, np.array([Trap()], dtype=object), allow_pickle=True)
    replaced(saved, "geom_lon.npy", (saved / "new.npy").read_bytes())
    assert refusal(saved).code == "map_damaged"
    assert not (saved / "sprung").exists()


@pytest.mark.parametrize("name", ["way_facts", "passage_facts", "names", "raw_relations", "raw_notes"])
@pytest.mark.parametrize("content", [b"", b"\xc1", msgspec.msgpack.encode({"a": 1}), msgspec.msgpack.encode(7)])
def test_packed_parts_of_another_kind_are_damage(saved: Path, name: str, content: bytes) -> None:
    replaced(saved, f"{name}.msgpack", content)
    assert refusal(saved).code == "map_damaged"


def test_saving_replaces_a_saved_map(saved: Path) -> None:
    other = small(d="barrier=bollard")
    storage.save(other, saved)
    assert_equal(storage.load(saved), other)
    assert sorted(path.name for path in saved.parent.iterdir()) == ["map"]


def test_an_open_map_stays_readable_while_it_is_replaced(saved: Path) -> None:
    graph = storage.load(saved)
    before = np.array(graph.geom_lon)
    storage.save(small(d="barrier=bollard"), saved)
    assert np.array_equal(graph.geom_lon, before)


def test_a_damaged_or_older_map_may_be_replaced(saved: Path) -> None:
    (saved / "geom_lon.npy").unlink()
    rewritten(saved, format_version=1)
    storage.save(small(), saved)
    assert_equal(storage.load(saved), small())


def test_a_map_of_another_version_is_replaced_with_the_files_it_had(saved: Path) -> None:
    checksums = json.loads((saved / INDEX).read_text())["checksums"]
    (saved / "geom_lon.npy").rename(saved / "raw_ways.msgpack")
    checksums["raw_ways.msgpack"] = checksums.pop("geom_lon.npy")
    rewritten(saved, format_version=3, checksums=checksums)
    storage.save(small(), saved)
    assert_equal(storage.load(saved), small())
    assert not (saved / "raw_ways.msgpack").exists()


def _file(target: Path) -> None:
    target.write_text("a file")


def _full_folder(target: Path) -> None:
    target.mkdir()
    (target / "thesis.odt").write_text("years of work")


def _foreign_index(target: Path) -> None:
    target.mkdir()
    (target / INDEX).write_text('{"format": "another"}')


def _map_with_a_guest(target: Path) -> None:
    storage.save(small(), target)
    (target / "thesis.odt").write_text("years of work")


def _map_that_claims_a_guest(target: Path) -> None:
    _map_with_a_guest(target)
    rewritten(target, checksums={"thesis.odt": "00"})


@pytest.mark.parametrize("there", [_map_that_claims_a_guest, _file, _full_folder, _foreign_index, _map_with_a_guest])
def test_what_is_no_saved_map_is_never_overwritten(tmp_path: Path, there) -> None:
    target = tmp_path / "target"
    there(target)
    before = {path: path.read_bytes() for path in [target, *target.rglob("*")] if path.is_file()}
    with pytest.raises(Refused) as refused:
        storage.save(small(), target)
    assert refused.value.code == "map_target_taken"
    assert {path: path.read_bytes() for path in [target, *target.rglob("*")] if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["target"], "something was left behind"


def test_an_empty_folder_and_a_new_path_are_fine(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for target in (tmp_path / "empty", tmp_path / "new" / "deeper"):
        storage.save(small(), target)
        assert_equal(storage.load(target), small())


def test_a_link_to_a_map_stays_a_link(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(saved)
    storage.save(small(d="barrier=bollard"), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert_equal(storage.load(saved), small(d="barrier=bollard"))


def test_a_failure_at_any_file_leaves_the_old_map(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = storage.load(saved)
    for allowed in range(0, len(FILES) + 1, 5):
        left = [allowed]

        def breaks(descriptor: int, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("routing.storage_files.os.fsync", breaks)
            with pytest.raises(OSError, match="No space left"):
                storage.save(small(d="barrier=bollard"), saved)
        assert_equal(storage.load(saved), old)
        assert [path.name for path in saved.parent.iterdir()] == ["map"]


@pytest.mark.parametrize("fails_at", [1, 2])
def test_without_an_exchange_of_folders_a_failed_move_is_undone(
    saved: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    moves = []

    def cannot(*_: object) -> None:
        raise OSError(22, "Invalid argument")

    def rename(source: Path, target: Path, really=os.rename) -> None:
        moves.append((source, target))
        if len(moves) == fails_at:
            raise OSError(5, "Input/output error")
        really(source, target)

    monkeypatch.setattr("routing.storage.exchange", cannot)
    monkeypatch.setattr("routing.storage.os.rename", rename)
    with pytest.raises(OSError, match="Input/output"):
        storage.save(small(d="barrier=bollard"), saved)
    assert_equal(storage.load(saved), small())


def test_without_an_exchange_of_folders_it_is_moved(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(*_: object) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr("routing.storage.exchange", cannot)
    storage.save(small(d="barrier=bollard"), saved)
    assert_equal(storage.load(saved), small(d="barrier=bollard"))
    assert [path.name for path in saved.parent.iterdir()] == ["map"]


def test_a_copy_of_the_folder_is_the_same_map(saved: Path, tmp_path: Path) -> None:
    shutil.copytree(saved, tmp_path / "copy")
    assert_equal(storage.load(tmp_path / "copy"), small())


def test_every_array_of_the_graph_is_saved() -> None:
    kept = {name for name in ARRAYS if not name.startswith("raw_")}
    graph = small()
    assert kept == {field.name for field in fields(graph) if isinstance(getattr(graph, field.name), np.ndarray)}
