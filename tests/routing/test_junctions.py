"""One node of the map: groups of arms and what stands between them."""

from __future__ import annotations

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from accessibility.tags import Acting
from routing.junctions import Arm, Junction, junction, storeys_of

NOTHING = Acting(barrier=False, kerb=False, lift=False, crossing=False)


def arm(bearing: float, way: int = 0, **said: object) -> Arm:
    return Arm(**({"carriageway": False, "crossing": False, "bearing": bearing, "way": way} | said))  # type: ignore[arg-type]


def road(bearing: float, **said: object) -> Arm:
    return arm(bearing, carriageway=True, **said)


def events(found: Junction, one: int, other: int) -> int | None:
    """Fewest kerb events from arm to arm; `None` where there is no way."""
    best = {found.group[one]: 0}
    queue = deque([found.group[one]])
    while queue:
        group = queue.popleft()
        for gap in found.gaps:
            if group not in (gap.first, gap.second):
                continue
            onto = gap.second if gap.first == group else gap.first
            cost = best[group] + gap.kerb_events
            if onto not in best or cost < best[onto]:
                best[onto] = cost
                queue.append(onto)
    return best.get(found.group[other])


def test_likes_meet_freely() -> None:
    for arms in ([arm(0), arm(90), arm(200)], [road(0), road(90)], [arm(10)], [road(10)]):
        assert junction(arms, NOTHING) == Junction([0] * len(arms), [])


def test_a_crossing_without_a_word_about_kerbs_is_a_walkway_among_walkways() -> None:
    assert junction([arm(0, crossing=True), arm(90)], NOTHING) == Junction([0, 0], [])


def test_sides_of_a_street() -> None:
    arms = [road(0), road(180), arm(90), arm(270), arm(100)]
    found = junction(arms, NOTHING)
    assert found.group[0] == found.group[1]
    assert found.group[2] == found.group[4] != found.group[3]
    assert [events(found, *pair) for pair in ((2, 0), (3, 1), (2, 3), (2, 4), (0, 1))] == [1, 1, 2, 0, 0]


def test_no_gap_leads_from_side_to_side_but_over_the_carriageway() -> None:
    found = junction([road(0), road(180), arm(90), arm(270)], NOTHING)
    ends = {frozenset((gap.first, gap.second)) for gap in found.gaps}
    assert frozenset((found.group[2], found.group[3])) not in ends


def test_a_gate_parts_every_arm_from_every_other() -> None:
    found = junction([arm(0), arm(90), arm(180)], Acting(barrier=True, kerb=False, lift=False, crossing=False))
    assert len(set(found.group)) == 3
    assert len(found.gaps) == 3
    assert all(gap.barrier_applies and gap.kerb_events == 0 for gap in found.gaps)


def test_a_gate_on_a_street_is_passed_once_by_those_who_cross() -> None:
    arms = [road(0), road(180), arm(90), arm(270)]
    found = junction(arms, Acting(barrier=True, kerb=False, lift=False, crossing=False))
    [direct] = [g for g in found.gaps if {g.first, g.second} == {found.group[2], found.group[3]}]
    assert direct.kerb_events == 2


def test_a_kerb_parts_a_crossing_from_everything() -> None:
    kerb = Acting(barrier=False, kerb=True, lift=False, crossing=False)
    found = junction([arm(0, crossing=True), arm(180, crossing=True), arm(90)], kerb)
    assert [gap.kerb_events for gap in found.gaps] == [1, 1, 1]
    assert junction([arm(0), arm(180)], kerb).gaps == [], "between two footways it is none"
    assert junction([road(0), road(180)], kerb).gaps == []


def test_a_kerb_said_by_the_crossing_is_met_where_it_begins() -> None:
    own = arm(0, crossing=True, own_kerb=True)
    [gap] = junction([own, arm(180)], NOTHING).gaps
    assert (gap.kerb_events, gap.speaker) == (1, 0)
    assert junction([own._replace(kerb_node_ahead=True), arm(180)], NOTHING).gaps[0:1] in (
        [],
        [gap._replace(kerb_events=0)],
    )


def test_at_the_carriageway_a_kerb_met_elsewhere_is_not_met_again() -> None:
    for elsewhere, expected in ((True, 0), (False, 1)):
        arms = [road(0), road(180), arm(90, crossing=True, kerb_elsewhere=elsewhere)]
        found = junction(arms, NOTHING)
        assert events(found, 2, 0) == expected
        assert all(gap.mapped_crossing for gap in found.gaps)


def test_a_crossing_node_makes_every_step_off_mapped() -> None:
    found = junction([road(0), road(180), arm(90)], Acting(barrier=False, kerb=False, lift=False, crossing=True))
    assert [gap.mapped_crossing for gap in found.gaps] == [True]


def test_sidewalks_side_by_side_meet_where_one_may_cross() -> None:
    """Two lanes of one street on both sides of a node: left with left, right with right."""
    arms = [arm(0, beside=-1), arm(0, beside=1), arm(180, beside=1), arm(180, beside=-1)]
    for crossing, across in ((False, None), (True, 2)):
        found = junction(arms, Acting(barrier=False, kerb=False, lift=False, crossing=crossing))
        assert found.group[0] == found.group[2]
        assert found.group[1] == found.group[3]
        assert events(found, 0, 1) == across


def test_a_lift_stands_between_levels() -> None:
    lift = Acting(barrier=False, kerb=False, lift=True, crossing=False)
    arms = [arm(0, levels=(0.0,)), arm(90, levels=(0.0,)), arm(180, levels=(1.0,))]
    found = junction(arms, lift)
    assert found.group[0] == found.group[1] != found.group[2]
    assert [gap.lift_applies for gap in found.gaps] == [True]
    assert junction(arms, NOTHING).gaps == []


def test_levels_of_a_lift() -> None:
    def levels(*said: tuple[float, ...], stops: tuple[float, ...] = ()) -> list[object]:
        return storeys_of([arm(0, way=i, levels=levels) for i, levels in enumerate(said)], stops)

    assert levels((0.0,), (1.0,)) == [0.0, 1.0]
    assert levels((), (1.0,), stops=(0.0, 1.0)) == [0.0, 1.0]
    assert levels((), (0.0,), (-1.0,)) == [0.0, 0.0, -1.0]
    assert levels((), (2.0,), stops=(1.0, 2.0)) == [None, 2.0]
    assert levels((0.0, 1.0), (1.0,), stops=(1.0, 2.0)) == [1.0, 1.0]
    assert levels((), ()) == [("way", 0), ("way", 1)]


# Every field is given: hypothesis makes up values for those that are left out, defaults or not, and sidewalks beside a
# carriageway do not meet across it (above).
ARMS = st.builds(
    Arm,
    carriageway=st.booleans(),
    crossing=st.just(False),
    bearing=st.floats(0, 360, exclude_max=True),
    way=st.integers(0, 3),
    own_kerb=st.just(False),
    kerb_node_ahead=st.just(False),
    kerb_elsewhere=st.just(False),
    beside=st.just(0),
    attached=st.just(False),
    kerb_m=st.none(),
    levels=st.sampled_from([(), (0.0,), (1.0,), (0.0, 1.0)]),
) | st.builds(
    Arm,
    carriageway=st.just(False),
    crossing=st.just(True),
    bearing=st.floats(0, 360, exclude_max=True),
    way=st.integers(0, 3),
    own_kerb=st.booleans(),
    kerb_node_ahead=st.booleans(),
    kerb_elsewhere=st.booleans(),
    levels=st.just(()),
    beside=st.just(0),
    attached=st.just(False),
    kerb_m=st.none(),
)
ACTING = st.builds(Acting, st.booleans(), st.booleans(), st.booleans(), st.booleans())


@given(st.lists(ARMS, min_size=1, max_size=7), ACTING)
def test_whatever_meets_stays_connected(arms: list[Arm], acting: Acting) -> None:
    """No junction cuts the map, no gap leads from a group to itself, and nothing is told twice."""
    found = junction(arms, acting)
    assert len(found.group) == len(arms)
    assert sorted(set(found.group)) == list(range(max(found.group) + 1))
    assert all(events(found, 0, number) is not None for number in range(len(arms)))
    pairs = [frozenset((gap.first, gap.second)) for gap in found.gaps]
    assert all(len(pair) == 2 for pair in pairs)
    assert len(set(pairs)) == len(pairs)
    for gap in found.gaps:
        assert 0 <= gap.kerb_events <= 2
        assert gap.barrier_applies == acting.barrier


@given(st.lists(ARMS, min_size=2, max_size=6), ACTING, st.randoms())
def test_the_order_of_the_arms_does_not_matter(arms: list[Arm], acting: Acting, chance) -> None:
    order = list(range(len(arms)))
    chance.shuffle(order)
    one, other = junction(arms, acting), junction([arms[number] for number in order], acting)
    for a in range(len(arms)):
        for b in range(len(arms)):
            assert events(one, a, b) == events(other, order.index(a), order.index(b))
