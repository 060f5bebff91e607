"""Files of answers → counts: every kind of wrong is counted where it is wrong and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.judge.__main__ import main
from bench.judge.report import KINDS, Tally, judge_answers
from tests.bench.judge_drawn import Drawn, Tags, draw

FOOT: Tags = {"highway": "footway"}
MW = "manual_wheelchair"


@pytest.fixture
def town(tmp_path: Path) -> Drawn:
    """a–b by steps (1), over sand (2) or around without harm (3); b–c by steps (4) or narrow (5); d is closed."""
    at = {"a": (0.0, 0.0), "b": (60.0, 0.0), "x": (0.0, 20.0), "y": (60.0, 20.0), "u": (0.0, -90.0), "v": (60.0, -90.0)}
    at |= {"c": (90.0, 0.0), "c2": (130.0, 0.0), "z": (90.0, 30.0), "d": (0.0, -120.0)}
    ways = [
        (1, "a b", {"highway": "steps", "step_count": "4"}),
        (2, "a x y b", FOOT | {"surface": "sand"}),
        (3, "a u v b", FOOT),
        (4, "b c", {"highway": "steps", "step_count": "4"}),
        (5, "b z c", FOOT | {"width": "0.8"}),
        (6, "u d", FOOT | {"access": "no"}),
        (7, "c c2", FOOT),
    ]
    return draw(tmp_path, at, ways)


def _record(town: Drawn, status: str, route: Any, *spots: str, named: list[str] | None = None) -> dict[str, Any]:
    route["violations"] = [{"code": code} for code in named or []]
    answer = {"status": status, "routes": [route], "snapped": town.snapped(*spots)}
    return {"request": town.request(MW, *spots), "status_code": 200, "answer": answer}


def _counts(town: Drawn, *records: dict[str, Any]) -> dict[str, int]:
    return {kind: count for kind, count in judge_answers(town.world, list(records)).counts().items() if count}


def test_a_true_ok_is_left_alone(town: Drawn) -> None:
    assert _counts(town, _record(town, "ok", town.route((3, "a u v b")), "a", "b")) == {}


def test_an_ok_over_steps_is_a_violation(town: Drawn) -> None:
    record = _record(town, "ok", town.route((1, "a b")), "a", "b")
    tally = judge_answers(town.world, [record])
    assert tally.counts()["violation_in_ok"] == 1
    assert "steps 4" in tally.complaints[0].text
    assert "way 1" in tally.complaints[0].text


def test_an_alternative_must_keep_the_limits_too(town: Drawn) -> None:
    record = _record(town, "ok", town.route((3, "a u v b")), "a", "b")
    record["answer"]["routes"].append(town.route((2, "a x y b")))
    assert _counts(town, record) == {"violation_in_ok": 1}


def test_a_least_bad_where_ok_was_possible(town: Drawn) -> None:
    record = _record(town, "least_bad", town.route((1, "a b")), "a", "b", named=["steps"])
    assert _counts(town, record) == {"missed_ok": 1}


def test_a_least_bad_with_too_much_harm(town: Drawn) -> None:
    best = _record(town, "least_bad", town.route((3, "a u v b"), (5, "b z c")), "a", "c", named=["width"])
    assert _counts(town, best) == {}
    worse = _record(town, "least_bad", town.route((3, "a u v b"), (4, "b c")), "a", "c", named=["steps"])
    assert _counts(town, worse) == {"above_optimum": 1}


def test_a_least_bad_must_name_what_it_breaks(town: Drawn) -> None:
    silent = _record(town, "least_bad", town.route((3, "a u v b"), (5, "b z c")), "a", "c", named=["surface"])
    assert _counts(town, silent) == {"unnamed_in_least_bad": 1}


def test_a_least_bad_through_a_closed_way(town: Drawn) -> None:
    record = _record(town, "least_bad", town.route((3, "a u"), (6, "u d")), "a", "d", named=["access"])
    assert _counts(town, record) == {"never_in_least_bad": 1}


def test_barriers_of_the_day_are_beyond_the_map(town: Drawn) -> None:
    record = _record(town, "least_bad", town.route((1, "a b")), "a", "b", named=["steps"])
    record["answer"]["routes"][0]["barriers"] = [{"barrier_id": "1", "effect": "avoided"}]
    tally = judge_answers(town.world, [record])
    assert not tally.complaints
    assert tally.not_searched == 1


def test_no_route_where_there_is_one(town: Drawn) -> None:
    def answered(*spots: str) -> dict[str, Any]:
        return {"request": town.request(MW, *spots), "status_code": 404, "answer": {"code": "no_route"}}

    assert _counts(town, answered("a", "b")) == {"missed_ok": 1}
    assert _counts(town, answered("u", "c2")) == {"no_route_but_passable": 1}


def test_nobody_is_led_through_a_building(tmp_path: Path) -> None:
    """The way to snap to is behind a house: no claim; without the house the same 404 is a missed ok."""
    at = {"a": (0.0, 0.0), "b": (200.0, 0.0), "s": (0.0, 10.0), "e": (200.0, 10.0)}
    at |= {"p": (190.0, 4.0), "q": (210.0, 4.0), "r": (210.0, 6.0), "t": (190.0, 6.0)}
    for tags, counts in (({"building": "yes"}, {}), ({"leisure": "garden"}, {"missed_ok": 1})):
        drawn = draw(tmp_path, at, [(1, "a b", FOOT), (2, "p q r t p", tags)])
        record = {"request": drawn.request(MW, "s", "e"), "status_code": 404, "answer": {}}
        assert _counts(drawn, record) == counts


def test_an_answer_that_is_no_path(town: Drawn) -> None:
    record = _record(town, "ok", town.route((3, "a v b")), "a", "b")
    assert _counts(town, record) == {"bad_answer": 1}
    broken = {"request": town.request(MW, "a", "b"), "status_code": 500, "answer": None}
    assert _counts(town, broken) == {"bad_answer": 1}


def test_the_command_counts_and_explains(town: Drawn, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = _record(town, "ok", town.route((3, "a u v b")), "a", "b")
    bad = _record(town, "ok", town.route((1, "a b")), "a", "b")
    answers = tmp_path / "answers.ndjson"
    answers.write_text("\n".join(json.dumps(r) for r in (good, bad)) + "\n", encoding="utf-8")
    asked = ["--osm", str(tmp_path / "drawn.osm"), "--answers", str(answers)]
    assert main(asked) == 1
    said = capsys.readouterr().out
    assert f"1  {KINDS['violation_in_ok']}" in said
    assert "line 2: route 0: steps 4, limit 0 at way 1" in said
    assert main([*asked, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["violation_in_ok"] == 1
    answers.write_text(json.dumps(good), encoding="utf-8")
    assert main(asked) == 0


def test_a_tally_of_nothing_has_every_kind() -> None:
    assert Tally().counts() == dict.fromkeys(KINDS, 0)
