"""Other cities through the command: built, served, and answering the question that their own server prints."""

from __future__ import annotations

import json
import math
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.started import STEPFREE, Started, started

pytestmark = pytest.mark.real_map

CITIES = {
    "heidelberg_2024": [([8.6935, 49.4099], [8.7105, 49.4122]), ([8.6752, 49.4037], [8.6912, 49.4146])],
    "monaco_2026": [([7.4273, 43.7396], [7.4206, 43.7312]), ([7.4160, 43.7280], [7.4197, 43.7382])],
    "beijing_tsinghua_2017": [([116.3170, 40.0020], [116.3262, 40.0072]), ([116.3205, 39.9985], [116.3230, 40.0045])],
}
"""Extract → two walks that people there take: squares, stations, a campus."""


@pytest.fixture(scope="module", params=CITIES)
def city(request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    source = shared_data / "osm" / f"{request.param}.osm.pbf"
    folder = tmp_path_factory.mktemp("city") / "map"
    command = [*STEPFREE, "build", str(source), "-o", str(folder)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert built.returncode == 0, built.stderr
    with started(folder) as server:
        yield City(request.param, built.stdout, server)


class City:
    """What `build` said, and a server on what it made."""

    def __init__(self, name: str, summary: str, server: Started) -> None:
        self.name, self.summary, self.server = name, summary, server

    def route(self, ends: Any, profile: str) -> dict[str, Any]:
        answer = httpx.post(
            f"{self.server.url}/v1/routes", json={"waypoints": list(ends), "profile": profile}, timeout=30
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def test_the_summary_says_what_the_map_knows_and_which_map_it_is(city: City) -> None:
    rows = dict(re.findall(r"^(\S.*?)\s{2,}([\d.,]+)(?: ?%| km| MB)?$", city.summary, re.MULTILINE))
    assert {"Ways kept", "Street stretches", "Length with surface", "Seconds", "Peak memory"} <= rows.keys()
    assert int(rows["Ways kept"].replace(",", "")) > 1000
    (build_id,) = re.findall(r"\(map (\w+)\)\. © OpenStreetMap contributors", city.summary)
    assert httpx.get(f"{city.server.url}/health/ready").json() == {"status": "ready", "map": build_id, "revision": 0}


def test_the_printed_question_has_a_step_free_answer(city: City) -> None:
    assert city.server.process is not None
    assert city.server.process.stdout is not None
    words = shlex.split(city.server.process.stdout.readline().removeprefix("Try:"))
    question = json.loads(words[words.index("-d") + 1])
    found = city.route(question["waypoints"], question["profile"])
    assert found["status"] == "ok"
    assert found["routes"][0]["summary"]["step_free"] is True
    assert "OpenStreetMap" in found["attribution"]


@pytest.mark.parametrize("profile", ["manual_wheelchair", "walk"])
def test_known_walks_are_answered_plausibly(city: City, profile: str) -> None:
    """As far as the crow flies at least, no absurd detour, and the word `ok` only where nothing is broken."""
    for ends in CITIES[city.name]:
        found = city.route(ends, profile)
        best = found["routes"][0]
        crow = crow_m(*(snapped["location"] for snapped in found["snapped"]))
        assert 0.999 * crow <= best["distance_m"] <= 4 * crow
        assert (found["status"] == "ok") is (best["violations"] == [])
        assert best["summary"]["step_free"] or profile == "walk" or found["status"] == "least_bad"
        line = best["geometry"]["coordinates"]
        assert best["distance_m"] == pytest.approx(sum(map(crow_m, line, line[1:])), rel=0.01, abs=2)
        assert best["segments"][0]["geometry_index"][0] == 0
        assert best["segments"][-1]["geometry_index"][1] == len(line) - 1


def test_names_come_as_people_there_write_them(city: City) -> None:
    found = [city.route(ends, "walk") for ends in CITIES[city.name]]
    streets = {step["street"] for answer in found for step in answer["routes"][0]["legs"][0]["steps"] if step["street"]}
    written = {"heidelberg_2024": "(straße|gasse|platz)", "monaco_2026": "(Avenue|Rue|Boulevard|Quai)"}
    wanted = written.get(city.name, "[\u4e00-\u9fff]")
    assert any(re.search(wanted, street) for street in streets), streets


@pytest.mark.parametrize("city", ["beijing_tsinghua_2017"], indirect=True)
def test_what_nobody_has_mapped_is_told(city: City) -> None:
    summary = city.route(CITIES[city.name][0], "manual_wheelchair")["routes"][0]["summary"]
    assert summary["confidence"] == "mostly_unknown"
    assert summary["unknown_share"]["surface"] > 0.5
    assert summary["unknown_share"]["width"] > 0.5


def crow_m(a: Any, b: Any) -> float:
    """Metres between two places, straight on."""
    (x1, y1), (x2, y2) = a, b
    return math.hypot((x2 - x1) * math.cos(math.radians((y1 + y2) / 2)), y2 - y1) * 111_195
