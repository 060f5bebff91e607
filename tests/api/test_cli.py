"""The command: what it prints, and how it refuses."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import httpx
import msgspec
import osmnx
import pytest

from api import cli
from api.cli_route import FORMATS
from routing import storage
from routing.phrases import Units
from tests.conftest import SAMPLE
from tests.support.drawn import drawn
from tests.support.overpass import Planet, map_server

WHERE = ["--from", "24.9414,60.1719", "--to", "24.9520,60.1700", "--profile", "manual_wheelchair"]
PLACES = {"waypoints": [[24.9414, 60.1719], [24.9520, 60.1700]], "profile": "manual_wheelchair"}
MEDIA = {
    "json": "application/json", "geojson": "application/geo+json", "gpx": "application/gpx+xml",
    "svg": "image/svg+xml",
}  # fmt: skip
MOMENT = re.compile(rb"20\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z")


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
        (["route", *WHERE, "--format", "pdf"], "invalid choice"),
        (["route", *WHERE, "--units", "leagues"], "invalid choice"),
        (["route", *WHERE, "--format", "gpx", "--json"], "not allowed with"),
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
    outside = ["--from", "24.9414,60.1719", "--to", "25.2,60.3", "--profile", "walk"]
    assert "500 m" in refused(stepfree("route", "--map", sample_map, *outside))
    far = ["--from", "24.9414,60.1719", "--to", "10,50", "--profile", "walk"]
    assert "100 km" in refused(stepfree("route", "--map", sample_map, *far))


def test_settings_are_checked_before_anything_else(tmp_path: Path) -> None:
    unknown = stepfree("serve", "--map", tmp_path, env={"STEPFREE_COLOUR": "red"})
    assert "STEPFREE_COLOUR" in refused(unknown)
    exposed = stepfree("serve", "--map", tmp_path, "--host", "0.0.0.0", env={"STEPFREE_CLOCK_OFFSET_S": "60"})
    assert "loopback" in refused(exposed)


@pytest.mark.parametrize("shape", sorted(MEDIA))
@pytest.mark.parametrize(("language", "units"), [("de", "metric"), ("zh", "steps"), ("en", "imperial")])
async def test_a_file_is_what_the_server_answers(
    shape: str, language: str, units: str, app_client: httpx.AsyncClient, sample_map: Path, tmp_path: Path
) -> None:
    """To the byte, but for the moment it was made."""
    body = PLACES | {"language": language, "units": units}
    answer = await app_client.post("/v1/routes", json=body, headers={"Accept": MEDIA[shape]})
    expected = answer.content
    if shape == "json":
        expected = msgspec.json.format(expected, indent=1) + b"\n"
    out = tmp_path / f"route.{shape}"
    arguments = ["route", "--map", str(sample_map), *WHERE, "--language", language, "--units", units]
    assert cli.main([*arguments, "--out", str(out)]) == 0
    assert MOMENT.sub(b"", out.read_bytes()) == MOMENT.sub(b"", expected)


def test_a_picture_goes_into_a_file_or_a_pipe_and_to_no_terminal(sample_map: Path, tmp_path: Path) -> None:
    png = b"\x89PNG\r\n\x1a\n"
    command = [sys.executable, "-m", "api.cli", "route", "--map", str(sample_map), *WHERE, "--format", "png"]
    piped = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert (piped.returncode, piped.stdout[:8]) == (0, png), piped.stderr
    ours, terminal = os.openpty()
    try:
        shown = subprocess.run(command, stdout=terminal, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    finally:
        os.close(ours)
        os.close(terminal)
    assert shown.returncode == 2
    assert "A png is not for a terminal: name a file with --out" in shown.stderr
    out = tmp_path / "route"
    assert stepfree(*command[3:], "--out", out).stdout == ""
    assert out.read_bytes()[:8] == png


def test_what_cannot_be_written_is_said_before_the_map_is_read(tmp_path: Path) -> None:
    for out in (tmp_path, tmp_path / "nowhere" / "route.png"):
        assert "cannot be written" in refused(stepfree("route", "--map", tmp_path / "none", *WHERE, "--out", out))


def test_a_full_disk_is_one_sentence(sample_map: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["route", "--map", str(sample_map), *WHERE, "--format", "gpx", "--out", "/dev/full"]
    assert cli.main(arguments) == 2
    assert "No space left on device" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de-AT", ("Alle Grenzwerte", "Länge:                1,0 km", "  1. Starten Sie", "Kartendaten ©")),
        ("zh-CN", ("全程符合", "路程：                1.0公里", "  1. ", "地图数据：©")),
        ("fr", ("Every limit", "Length:               1.0 km", "  1. ", "Map data ©")),
    ],
)
def test_the_terminal_speaks_the_language_too(
    language: str, words: tuple[str, ...], sample_map: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["route", "--map", str(sample_map), *WHERE, "--language", language]) == 0
    said = capsys.readouterr().out
    assert [one for one in words if one not in said] == [], said


def test_names_do_not_command_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town = drawn("a---------b---------c", ways={"abc": {"highway": "footway", "name": "Elm \x1b[31m\x9bStreet"}})
    storage.save(town.graph, tmp_path / "map")
    ends = [f"{lon},{lat}" for lon, lat in (town.at["a"], town.at["c"])]
    arguments = ["route", "--map", str(tmp_path / "map"), "--from", ends[0], "--to", ends[1], "--profile", "walk"]
    assert cli.main(arguments) == 0
    said = capsys.readouterr().out
    assert "Street" in said
    assert not {"\x1b", "\x9b"} & set(said)


def test_formats_and_units_are_those_of_the_server() -> None:
    assert set(cli.SHAPES) == set(FORMATS)
    assert get_args(Units) == cli.UNITS
