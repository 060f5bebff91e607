"""What the map says about time: conditional access read part by part, and whether a place is open at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accessibility import tags
from accessibility.facts import Access, WayFacts
from accessibility.time_rules import CLOSING, Calendar, Clause, State, TimeRule, at_best, conditional, rule_of, state
from tests.support.table import Row, spec, tags_of

HEIDELBERG = Calendar(49.41, 8.69)
FACTS = {"highway": "footway"}


def rule(text: str) -> TimeRule | None:
    return rule_of(tags.way_facts(FACTS | tags_of(text)))


@spec("""
text                                                  | clauses
no @ (22:00-06:00)                                    | closed 22:00-06:00
no @ 22:00-06:00                                      | closed 22:00-06:00
yes @ (07:00 - 24:00)                                 | open 07:00 - 24:00
no @ (Mo-Fr 07:00-09:00); yes @ (PH)                  | closed Mo-Fr 07:00-09:00 / open PH
no @ (Tu 06:00-17:00; Sa 06:00-22:00)                 | closed Tu 06:00-17:00; Sa 06:00-22:00
yes @ Mo-Fr 10:00-17:00; Sa 10:00-12:00               | open Mo-Fr 10:00-17:00; Sa 10:00-12:00
private @ (Mo-Fr)                                     | private Mo-Fr
delivery @ (10:30-12:30)                              | limited 10:30-12:30
no @ (7:30-19:00 AND weight>7.5)                      |
no @ (hgv)                                            |
no @ (08:00-10:00 AND wet)                            | closed? 08:00-10:00
no @ (wet)                                            | closed?
yes @ (permit)                                        | open?
no @ (08:00-09:00 AND Mo-Fr)                          | closed 08:00-09:00 & Mo-Fr
no @ ((08:00-09:00))                                  | closed 08:00-09:00
no @ (08:00-09:00                                     | closed 08:00-09:00
@ (08:00-09:00)                                       |
nonsense                                              |
nonsense @ (08:00-09:00)                              |
no @                                                  |
no @ ()                                               |
;;;no @ (Mo);;                                        | closed Mo
""")
def test_conditions_are_read_part_by_part(row: Row) -> None:
    found = [
        f"{clause.access}{'' if clause.sure else '?'} {' & '.join(clause.when)}".strip()
        for clause in conditional(row.text)
    ]
    assert " / ".join(found) == row.clauses


@given(st.text(max_size=400))
@example("@" * 300)
@example("(" * 300 + "@" + ")" * 300)
@example("no @ (" * 80)
def test_no_text_is_too_strange_for_the_parser(text: str) -> None:
    for clause in conditional(text):
        assert isinstance(clause, Clause)
        assert clause.when or not clause.sure


WORDS = st.sampled_from(
    [
        *("no", "yes", "private", "@", "(", ")", ";", "AND", "Mo-Fr", "Su", "PH", "off", "08:00-20:00", "22:00-06:00"),
        *("sunrise-sunset", "24/7", "unknown", "wet", "week", "3", "||", "+", "-", '"by key"', " "),
    ]
)


@given(st.lists(WORDS, max_size=12).map(" ".join), st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))
def test_no_rule_is_too_strange_for_the_calendar(text: str, at: datetime) -> None:
    found = rule_of(WayFacts(conditional=text, opening_hours=text[:40] or None))
    if found is not None:
        begin = at.replace(tzinfo=UTC)
        moments = HEIDELBERG.changes(found, begin, begin + timedelta(days=2))
        assert all(a < b for a, b in pairwise([begin, *moments]))
        assert HEIDELBERG.state(found, begin) in State
        assert HEIDELBERG.worst(found, begin, begin + timedelta(hours=3)) in State


@spec("""
the way says                                                             | Tu 08:30 | Tu 23:00 | Su 12:00
opening_hours="08:00-20:00"                                              | open     | closed   | open
opening_hours="Mo-Sa 08:00-20:00; Su off"                                | open     | closed   | closed
opening_hours="sunrise-sunset"                                           | open     | closed   | open
opening_hours="24/7"                                                     | open     | open     | open
opening_hours="nobody knows"                                             | unknown  | unknown  | unknown
opening_hours="Mo-Fr 08:00-18:00 unknown"                                | unknown  | closed   | closed
opening_hours='Mo-Fr 08:00-18:00 "by key"'                               | unknown  | closed   | closed
opening_hours="8-20"                                                     | open     | closed   | open
opening_hours="08:00:00-20:00:00"                                        | open     | closed   | open
opening_hours="08:00–20:00"                                              | open     | closed   | open
access:conditional="no @ (22:00-06:00)"                                  | open     | closed   | open
access:conditional="no @ (Mo-Fr 07:00-09:00)"                            | closed   | open     | open
foot:conditional="no @ (Mo-Fr 07:00-09:00)"                              | closed   | open     | open
access:conditional="private @ (Su)"                                      | open     | open     | closed
access:conditional="delivery @ (Mo-Fr 07:00-09:00)"                      | always   | always   | always
access=no access:conditional="yes @ (Mo-Fr 07:00-09:00)"                 | open     | closed   | closed
access=no foot:conditional="permissive @ (Mo-Fr 07:00-09:00, 15-17)"     | open     | closed   | closed
access=private access:conditional="yes @ (Su)"                           | closed   | closed   | open
access=no access:conditional="yes @ (permit)"                            | always   | always   | always
access=no access:conditional="yes @ (who knows)"                         | closed   | closed   | closed
access:conditional="yes @ (Mo-Fr 07:00-09:00)"                           | open     | closed   | closed
access:conditional="yes @ (who knows)"                                   | unknown  | unknown  | unknown
access:conditional="no @ (who knows)"                                    | unknown  | unknown  | unknown
access:conditional="no @ (08:00-10:00 AND wet)"                          | unknown  | open     | open
foot=yes access:conditional="no @ (Mo-Fr 07:00-09:00)"                   | always   | always   | always
foot=yes foot:conditional="yes @ (Mo-Fr 07:00-09:00)"                    | always   | always   | always
access:conditional="no @ (Mo-Su); yes @ (Tu)"                            | open     | open     | closed
access:conditional="yes @ (Tu); no @ (Mo-Su)"                            | closed   | closed   | closed
access:conditional="no @ (22:00-06:00)" opening_hours="09:00-24:00"      | closed   | closed   | open
access:conditional="no @ (7:30-19:00 AND weight>7.5)"                    | always   | always   | always
amenity=marketplace opening_hours="06:00-07:00"                          | always   | always   | always
""")
def test_open_at_three_moments_of_a_winter_week(row: Row) -> None:
    """24 November 2026 is a Tuesday, the 29th a Sunday; local time in Heidelberg."""
    found = rule(row.cells["the way says"])
    for heading, at in {"Tu 08:30": (24, 8, 30), "Tu 23:00": (24, 23, 0), "Su 12:00": (29, 12, 0)}.items():
        moment = datetime(2026, 11, *at, tzinfo=HEIDELBERG.zone)
        said = "always" if found is None else str(HEIDELBERG.state(found, moment))
        assert said == row.cells[heading], heading


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ('access=no access:conditional="yes @ (08:00-20:00)"', Access.OPEN),
        ('access=private foot:conditional="destination @ (08:00-20:00)"', Access.LIMITED),
        ('access=no access:conditional="yes @ (permit)"', Access.CLOSED),
        ('access:conditional="no @ (08:00-20:00)"', None),
        ("access=no opening_hours=08:00-20:00", Access.CLOSED),
    ],
)
def test_at_best_a_place_is_as_open_as_the_clock_can_make_it(text: str, best: Access | None) -> None:
    assert at_best(tags.way_facts(FACTS | tags_of(text))).access == best


def test_at_best_changes_nothing_else() -> None:
    facts = tags.way_facts(FACTS | tags_of('access=no access:conditional="yes @ (Mo)" incline=4% surface=sett'))
    assert at_best(facts).surface == facts.surface
    assert at_best(facts).incline == facts.incline


@given(
    st.lists(st.sampled_from(list(Access)), min_size=1, max_size=4),
    st.lists(st.sampled_from([True, False, None]), min_size=4, max_size=4),
)
def test_the_last_clause_that_surely_holds_decides(words: list[Access], answers: list[bool | None]) -> None:
    clauses = tuple(Clause(word, (str(number),)) for number, word in enumerate(words))
    found = state(TimeRule(False, False, clauses, None), lambda expression: answers[int(expression)])
    holding = [number for number in range(len(words)) if answers[number]]
    last = holding[-1] if holding else -1
    if all(answers[number] is not None for number in range(last + 1, len(words))):
        closed = last >= 0 and words[last] in CLOSING
        assert found is (State.CLOSED if closed else State.OPEN)


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ((60.17, 24.94), "Europe/Helsinki"),
        ((49.41, 8.69), "Europe/Berlin"),
        ((43.73, 7.42), "Europe/Monaco"),
        ((39.9, 116.3), "Asia/Shanghai"),
        ((45.52, -122.68), "America/Los_Angeles"),
        ((0.0, -150.0), "Etc/GMT+10"),
        ((91.0, 400.0), None),
    ],
)
def test_the_time_zone_is_that_of_the_place(place: tuple[float, float], zone: str | None) -> None:
    found = Calendar(*place).zone.key
    assert zone is None or found == zone
    assert Calendar(*place, "Asia/Tokyo").zone.key == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("utc", "open_"),
    [
        ((2026, 3, 28, 7, 30), True),  # 08:30 winter time
        ((2026, 3, 28, 6, 30), False),  # 07:30
        ((2026, 3, 29, 6, 30), True),  # 08:30 summer time, from that day on
        ((2026, 10, 24, 6, 30), True),
        ((2026, 10, 25, 6, 30), False),  # 07:30 winter time again
    ],
)
def test_clocks_change_twice_a_year(utc: tuple[int, ...], open_: bool) -> None:
    assert HEIDELBERG.says("08:00-20:00", datetime(*utc, tzinfo=UTC)) is open_  # type: ignore[arg-type,misc]


def test_holidays_are_those_of_the_country() -> None:
    """6 December is Independence Day in Finland, and a Sunday like others in Germany."""
    at = datetime(2026, 12, 6, 12, tzinfo=UTC)
    assert Calendar(60.17, 24.94).says("08:00-20:00; PH off", at) is False
    assert HEIDELBERG.says("08:00-20:00; PH off", at) is True
