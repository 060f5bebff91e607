"""The command: a run is kept part by part, added to, written, and held against the recorded one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import __main__ as command
from bench.figures import Figures


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    monkeypatch.setattr(command, "LAST", tmp_path / "last.json")
    monkeypatch.setattr(command, "RECORDED", tmp_path / "recorded.json")
    return tmp_path


def test_a_page_is_written_of_the_last_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live = {"connections_16": {"asked_p99_ms": 120.0}}
    figures: Figures = {"at": "2026-11-26", "city": "x", "machine": {"cores": 2}, "live": live}
    (folder / "last.json").write_text(json.dumps(figures))
    command.main(["--parts", "none", "--add", "--write", str(folder / "page.md")])
    said = capsys.readouterr().out
    assert "MISSED a closure is in every worker's routes" in said
    assert "**missed**" in (folder / "page.md").read_text()
    assert json.loads((folder / "page.json").read_text())["live"] == live


def test_parts_are_kept_one_by_one_and_added_to(folder: Path) -> None:
    first = command.Run(folder / "city.osm.pbf", add=False)
    first.keep("live", {"a": 1})
    second = command.Run(folder / "city.osm.pbf", add=True)
    second.keep("soak", {"b": 2})
    kept = json.loads((folder / "last.json").read_text())
    assert (kept["live"], kept["soak"], kept["city"]) == ({"a": 1}, {"b": 2}, "city")
    assert "live" not in command.Run(folder / "city.osm.pbf", add=False).figures


@pytest.mark.parametrize(
    ("ratio", "city", "words"),
    [
        (3.0, "x", "No ratio is worse"),
        (2.0, "x", "WORSE than the recorded run"),
        (2.0, "another", "of another city"),
    ],
)
def test_what_has_become_worse_is_told_loudly(
    ratio: float, city: str, words: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "recorded.json").write_text(json.dumps({"city": "x", "in_process": {"ratio_median": 3.1}}))
    command.summary({"city": city, "in_process": {"ratio_median": ratio}}, folder / "recorded.json")
    assert words in capsys.readouterr().out


def test_a_size_that_cannot_be_laid_is_refused() -> None:
    with pytest.raises(SystemExit):
        command.main(["--cities", "1,7"])
    with pytest.raises(SystemExit):
        command.main(["--parts", "peers,wishes"])
