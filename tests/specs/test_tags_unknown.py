"""What nobody has said: never best, never worst, always told (CONTRACT §3, PROFILES §5)."""

from __future__ import annotations

import pytest

from accessibility import tags
from accessibility.profiles import built_in
from accessibility.verdict import explain, unknowns
from tests.support.table import Row, person, spec, tags_of, way, way_seconds

ALL_2 = "unknown_surface 2, unknown_incline 2, unknown_width 2"
KNOWN = "highway=footway surface=asphalt incline=0% width=2"


@spec("""
way                                            | unknown               | avoid
highway=footway                                | incline surface width | all 2
highway=footway surface=asphalt                | incline width         | unknown_incline 2, unknown_width 2
highway=footway surface=asphalt width=2        | incline               | unknown_incline 2
highway=footway surface=asphalt width=2 incline=up  | incline          | unknown_incline 2
highway=footway surface=asphalt est_width=2 incline=0 |                | ok
highway=footway incline=0 width=2              | surface               | unknown_surface 2
highway=footway incline=0 width=2 surface=leaves | surface             | unknown_surface 2
highway=footway wheelchair=yes                 | incline surface width | ok
highway=residential                            | incline surface width | all 2
# a stairway and a lift have no slope to know
highway=steps step_count=2 ramp:wheelchair=yes surface=concrete | width | unknown_width 2
highway=elevator width=1.1 surface=metal       |                       | ok
""")
def test_ways(row: Row) -> None:
    facts = tags.way_facts(tags_of(row.way))
    assert " ".join(unknowns(facts)) == row.unknown
    for who in built_in:
        assert way(row.way, f"{who} unknown=avoid", length_m=40) == row.avoid.replace("all 2", ALL_2)
        assert "unknown" not in way(row.way, who, length_m=40)
        assert "unknown" not in way(row.way, f"{who} unknown=allow", length_m=40)


@pytest.mark.parametrize("who", built_in)
def test_warn_costs_a_little_allow_nothing_and_neither_takes_longer(who: str) -> None:
    known, warned, allowed = (
        way_seconds(KNOWN, who),
        way_seconds("highway=footway", who),
        way_seconds("highway=footway", f"{who} unknown=allow"),
    )
    assert known[0] == warned[0] == allowed[0]
    assert allowed[1] == known[1]
    assert (warned[1] > known[1]) is (built_in[who].unsure.way_share > 0)


@pytest.mark.parametrize("policy", ["avoid", "warn", "allow"])
def test_the_unknown_is_told_under_every_policy(policy: str) -> None:
    found = explain(tags.way_facts({"highway": "footway"}), person(f"manual_wheelchair unknown={policy}"), length_m=20)
    told = {finding.code: finding.kind for finding in found if finding.code.startswith("unknown_")}
    assert set(told) == {"unknown_surface", "unknown_incline", "unknown_width"}
    assert set(told.values()) == {"violation" if policy == "avoid" else "unknown"}


def test_nothing_is_guessed_before_the_verdict() -> None:
    facts = tags.way_facts({"highway": "footway", "incline": "up", "kerb": "yes", "width": "narrow"})
    assert (facts.incline, facts.width_m, facts.surface, facts.smoothness, facts.lit) == (None,) * 5
    assert facts.incline_sign == 1
    node = tags.node_facts({"barrier": "kerb", "kerb": "yes"})
    assert node.kerb_height_m is None
