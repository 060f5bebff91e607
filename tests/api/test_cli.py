"""The command: what it prints, and how it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import osmnx
import pytest

from api import cli
from routing import storage
from tests.conftest import SAMPLE
from tests.support.overpass import Planet, map_server


def stepfree(*arguments: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the real command."""
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=env,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence it was refused with."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout
    return done.stderr.strip().splitlines()[-1]


def test_build_says_what_the_map_knows(tmp_path: Path) -> None:
    done = stepfree("build", SAMPLE, "-o", tmp_path / "map")
    assert done.returncode == 0, done.stderr
    for words in ("Ways kept", "Length with surface", "Length with incline", "Seconds", "Peak memory", "OpenStreetMap"):
        assert words in done.stdout
    share = next(line for line in done.stdout.splitlines() if line.startswith("Length with surface"))
    assert 50 < float(share.split()[-1].rstrip("%")) < 90
    assert (tmp_path / "map" / "map.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "nowhere.osm.pbf", "-o", "x"], "is not there"),
        (["build", "README.md", "-o", "x"], "is not one of"),
        (["build", "-o", "x"], "required"),
        (["build", "a.osm", "--place", "b", "-o", "x"], "not allowed with"),
        (["build", "--bbox", "5,5,4,6", "-o", "x"], "not a box"),
        (["build", "--bbox", "-74.1,40.6", "-o", "x"], "W,S,E,N"),
        (["serve", "--map", "nowhere", "--port", "0"], "no map at"),
        (["serve", "--map", "tests", "--port", "0"], "not a saved map"),
        (["serve", "--map", "x", "--port", "70000"], "not a port"),
        (["serve", "--map", "x", "--workers", "0"], "not a number of processes"),
        (["route", "--map", "x", "--from", "north", "--to", "1,2", "--profile", "walk"], "LON,LAT"),
        (["route", "--map", "x", "--from", "1,nan", "--to", "1,2", "--profile", "walk"], "LON,LAT"),
        (["route", "--map", "x", "--from", "60.17,224.94", "--to", "1,2", "--profile", "walk"], "longitude first"),
        (["route", "--map", "nowhere", "--from", "1,2", "--to", "1,2", "--profile", "walk"], "no map at"),
        (["route", "--map", "x", "--from", "1,2", "--to", "1,2", "--profile", "hovercraft"], "no such profile"),
        (["fly"], "invalid choice"),
        ([], "required"),
    ],
)
def test_a_refusal_is_one_sentence(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = cli.main(arguments)
    except SystemExit as ended:
        status = int(ended.code or 0)
    found = capsys.readouterr()
    assert status == 2
    assert words in found.err
    assert not found.out
    assert "Traceback" not in found.err


def test_a_downloaded_box_is_the_same_map_as_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a local server that plays Overpass with the bundled map."""
    planet = Planet(str(SAMPLE))
    with map_server(planet) as playing:
        monkeypatch.setattr(osmnx.settings, "overpass_url", f"{playing.url}/api")
        monkeypatch.setattr(osmnx.settings, "cache_folder", tmp_path / "cache")
        box = ",".join(f"{degrees:.5f}" for degrees in planet.bounds())
        assert cli.main(["build", "--bbox", box, "-o", str(tmp_path / "box")]) == 0
    assert cli.main(["build", str(SAMPLE), "-o", str(tmp_path / "file")]) == 0
    box_map, file_map = (storage.load(tmp_path / name) for name in ("box", "file"))
    assert box_map.meta.build_id == file_map.meta.build_id
    assert "Saved in" in capsys.readouterr().out


def test_a_place_that_nobody_knows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with map_server(None) as playing:
        monkeypatch.setattr(osmnx.settings, "nominatim_url", playing.url)
        monkeypatch.setattr(osmnx.settings, "cache_folder", tmp_path / "cache")
        monkeypatch.setattr(osmnx._nominatim, "time", SimpleNamespace(sleep=playing.pauses.append))
        assert cli.main(["build", "--place", "Atlantis", "-o", str(tmp_path / "map")]) == 2
    assert "Atlantis" in capsys.readouterr().err
    assert not (tmp_path / "map").exists()


def test_negative_longitudes_are_no_options() -> None:
    given = cli._parser().parse_args(
        cli._joined(["route", "--map", "x", "--from", "-122.3,47.6", "--to", "-.5,-4", "--profile", "walk"])
    )
    assert (given.start, given.end) == ((-122.3, 47.6), (-0.5, -4.0))
    given = cli._parser().parse_args(cli._joined(["build", "--bbox", "-74.1,40.6,-73.9,40.8", "-o", "x"]))
    assert given.bbox == (-74.1, 40.6, -73.9, 40.8)


def test_a_route_can_be_read(sample_map: Path, tmp_path: Path) -> None:
    where = ["--from", "24.9414,60.1719", "--to", "24.9520,60.1700", "--profile", "manual_wheelchair"]
    plain = stepfree("route", "--map", sample_map, "--data", tmp_path, *where)
    assert plain.returncode == 0, plain.stderr
    assert "Length:" in plain.stdout
    assert "  1. " in plain.stdout
    assert "© OpenStreetMap contributors" in plain.stdout
    found = json.loads(stepfree("route", "--map", sample_map, "--data", tmp_path, *where, "--json").stdout)
    assert found["routes"][0]["legs"][0]["steps"][0]["text"] in plain.stdout
    outside = ["--from", "24.9414,60.1719", "--to", "10,50", "--profile", "walk"]
    assert "500 m" in refused(stepfree("route", "--map", sample_map, *outside))


def test_settings_are_checked_before_anything_else(tmp_path: Path) -> None:
    unknown = stepfree("serve", "--map", tmp_path, env={"STEPFREE_COLOUR": "red"})
    assert "STEPFREE_COLOUR" in refused(unknown)
    exposed = stepfree("serve", "--map", tmp_path, "--host", "0.0.0.0", env={"STEPFREE_CLOCK_OFFSET_S": "60"})
    assert "loopback" in refused(exposed)
