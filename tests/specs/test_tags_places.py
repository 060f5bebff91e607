"""Places on the way: toilets, seats, lifts, entrances, shelters, parking, stops (CONTRACT §4)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from accessibility import tags
from accessibility.facts import Key, PlaceFacts
from tests.accessibility.test_tags import any_tags
from tests.support.table import Row, spec, tags_of


@spec("""
tags                                                       | kinds              | wheelchair
amenity=toilets wheelchair=yes                             | toilets            | yes
amenity=toilets access=private                             |                    |
amenity=toilets access=customers                           | toilets            |
amenity=cafe wheelchair=yes toilets:wheelchair=no          |                    |
amenity=cafe wheelchair=no toilets:wheelchair=yes          | toilets            | yes
amenity=cafe wheelchair=limited toilets=yes                | toilets            | limited
amenity=bench                                              | bench              |
highway=bus_stop                                           | stop               |
highway=bus_stop bench=yes                                 | bench stop         |
highway=bus_stop bench=no shelter=yes                      | shelter stop       |
highway=bus_stop shelter=external                          | stop               |
public_transport=platform wheelchair=no                    | stop               | no
railway=tram_stop bench=yes shelter=yes wheelchair=limited | bench shelter stop | limited
public_transport=stop_position                             |                    |
amenity=shelter shelter_type=public_transport bench=yes    | bench shelter      |
amenity=shelter shelter_type=bomb_shelter                  |                    |
highway=elevator wheelchair=yes                            | lift               | yes
entrance=main                                              | entrance           |
entrance=yes wheelchair=designated                         | entrance           | yes
entrance=garage                                            |                    |
entrance=no                                                |                    |
railway=subway_entrance wheelchair=no                      | entrance           | no
amenity=parking                                            |                    |
amenity=parking capacity:disabled=no                       |                    |
amenity=parking capacity:disabled=0                        |                    |
amenity=parking capacity:disabled=3                        | parking            |
amenity=parking capacity:disabled=yes                      | parking            |
amenity=parking_space parking_space=disabled               | parking            |
amenity=parking_space parking_space=normal                 |                    |
highway=footway                                            |                    |
""")
def test_which_places(row: Row) -> None:
    found = tags.place_facts(tags_of(row.tags))
    assert " ".join(found.kinds if found else ()) == row.kinds
    assert ((found and found.wheelchair) or "") == row.wheelchair


def test_a_toilet_in_full() -> None:
    found = tags.place_facts(
        tags_of(
            "amenity=toilets name=Markt centralkey=eurokey fee=06:00-22:00 changing_table=limited "
            'door:width="90 cm" automatic_door=button opening_hours=24/7 level=-1 wheelchair:description="Rampe links"'
        )
    )
    assert found is not None
    assert (found.key, found.fee, found.changing_table, found.automatic_door) == (Key.EUROKEY, True, True, True)
    assert (found.door_width_m, found.opening_hours, found.levels) == (0.9, "24/7", (-1.0,))
    assert (found.name, found.wheelchair_text) == ("Markt", "Rampe links")


@pytest.mark.parametrize(
    ("text", "spaces"),
    [("yes", 1), ("no", 0), ("0", 0), ("1", 1), ("5", 5), ("unknown", None), ("only", None)],
)
def test_disabled_spaces(text: str, spaces: int | None) -> None:
    found = tags.place_facts({"amenity": "parking", "entrance": "main", "capacity:disabled": text})
    assert found is not None
    assert found.disabled_spaces == spaces


@settings(max_examples=100, deadline=None)
@given(any_tags)
def test_any_tags_are_read_without_error(found: dict[str, str]) -> None:
    place = tags.place_facts(found)
    assert place is None or (isinstance(place, PlaceFacts) and place.kinds)
    assert tags.place_facts(tags.kept(found)) == place
