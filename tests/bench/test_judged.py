"""Our own answers before the independent judge: nothing in `ok` breaks a limit, and no `ok` is missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from accessibility.profiles import built_in
from bench.judged import main
from tests.conftest import SAMPLE

CITIES = ("heidelberg_2024", "monaco_2026", "frankfurt_nordend_2025")


def judged(city: Path, answers: Path, pairs: int, capsys: pytest.CaptureFixture[str]) -> str:
    """What the judge prints; a complaint fails the test with its examples."""
    status = main([str(city), "--pairs", str(pairs), "--answers", str(answers), "--profiles", *built_in])
    said = capsys.readouterr().out
    assert status == 0, said
    return said


def test_random_routes_on_the_bundled_map_stand_before_the_judge(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = judged(SAMPLE, tmp_path / "answers.ndjson", 40, capsys)
    assert f"{40 * len(built_in)} answers judged" in said


@pytest.mark.real_map
@pytest.mark.parametrize("city", CITIES)
def test_random_routes_in_real_cities_stand_before_the_judge(
    city: str, shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = judged(shared_data / "osm" / f"{city}.osm.pbf", tmp_path / "answers.ndjson", 25, capsys)
    assert f"{25 * len(built_in)} answers judged" in said
