"""Search: what people type is found, in whatever case, script and spelling; and where one goes in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.entrances import Entrances
from routing.graph import StreetGraph
from routing.plane import Plane
from routing.search import Hit, Search
from routing.search_rows import rows_of
from routing.search_text import fold, grams, likeness
from tests.support.drawn import Town, drawn


def search_of(graph: StreetGraph) -> Search:
    plane = Plane.around(graph.geom_lon, graph.geom_lat)
    return Search(graph, plane, Entrances(graph.elements, plane))


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    found = drawn(
        """
        a---------b---------c         v----w
        | k                           x    y
        |
        d  e  f  m  n  o  p  q  r  s
        """,
        ways={
            "ab": {"highway": "footway", "name": "Große Müllergaße", "old_name": "Adolfweg;Königsweg"},
            "bc": {"highway": "residential", "name": "Hauptstraße"},
            "vw": {"highway": "residential", "name": "Hauptstraße"},
            "ad": {"highway": "footway", "name": "人民大街", "name:en": "Renmin Street"},
            "defmnopqrs": {"highway": "footway"},
        },
        nodes={
            "k": {"amenity": "cafe", "name": "Café Łódź", "addr:street": "Hauptstraße", "addr:housenumber": "12a"},
            "e": {
                "addr:street": "Hauptstraße",
                "addr:housenumber": "1",
                "addr:city": "Neudorf",
                "addr:postcode": "69115",
            },
            "f": {"addr:street": "Hauptstraße", "addr:housenumber": "12"},
            "m": {"amenity": "university", "name": "北京大学", "name:zh-Hant": "北京大學"},
            "n": {"entrance": "yes", "ref": "B"},
            "o": {"shop": "bakery", "name": "Ｂäckerei Ørsted"},
            "p": {"amenity": "library", "name": "Bibliothek am Markt"},
            "q": {"amenity": "library", "name": "Stadtbibliothek"},
            "r": {"amenity": "library", "name": "Bibliothek"},
            "y": {"place": "suburb", "name": "Ostheim"},
            "d": {"place": "suburb", "name": "Westheim"},
        },
        cell_m=100.0,
    )
    yield found
    found.close()


@pytest.fixture(scope="module")
def found(town: Town) -> Search:
    return search_of(town.graph)


def names(hits: list[Hit]) -> list[str]:
    return [hit.row.name for hit in hits]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("grosse mullergasse", "Große Müllergaße"),
        ("GROSSE MÜLLERGASSE", "Große Müllergaße"),
        ("muellergasse", "Große Müllergaße"),
        ("müllerg", "Große Müllergaße"),
        ("gross mul", "Große Müllergaße"),
        ("müllergase", "Große Müllergaße"),
        ("Müllregasse", "Große Müllergaße"),
        ("konigsweg", "Große Müllergaße"),
        ("人民大街", "人民大街"),
        ("人民", "人民大街"),
        ("大街", "人民大街"),
        ("renmin", "人民大街"),
        ("renmin stret", "人民大街"),
        ("大学", "北京大学"),
        ("北京大學", "北京大学"),
        ("北", "北京大学"),
        ("cafe lodz", "Café Łódź"),
        ("lodz", "Café Łódź"),
        ("baeckerei", "Ｂäckerei Ørsted"),
        ("bakerei orsted", "Ｂäckerei Ørsted"),
        ("hauptstr 12", "Hauptstraße 12"),
        ("12 hauptstrasse", "Hauptstraße 12"),
        ("hauptstraße 1 neudorf", "Hauptstraße 1"),
        ("Hauptstr. 12a", "Hauptstraße 12a"),
        ("haubtstrasse", "Hauptstraße"),
        ("ostheim", "Ostheim"),
    ],
)
def test_what_is_typed_is_found_first(found: Search, typed: str, name: str) -> None:
    assert names(found.find(typed))[:1] == [name]


@pytest.mark.parametrize("typed", ["", "  ", "!?", "Timbuktu", "zzz", "9999", "qwertyuiop asdf"])
def test_what_is_not_there_is_not_offered(found: Search, typed: str) -> None:
    assert found.find(typed) == []


def test_equal_names_come_before_beginnings_and_those_before_parts(found: Search) -> None:
    assert names(found.find("bibliothek")) == ["Bibliothek", "Bibliothek am Markt", "Stadtbibliothek"]


def test_streets_come_before_their_addresses(found: Search) -> None:
    kinds = [hit.row.kind for hit in found.find("hauptstrasse")]
    assert kinds == ["street", "street", "address", "address", "address"]


def test_streets_of_one_name_far_apart_are_two_and_told_apart(found: Search) -> None:
    streets = [hit.row for hit in found.find("hauptstraße") if hit.row.kind == "street"]
    assert {row.locality for row in streets} == {"Ostheim", "Westheim"}


def test_nearer_comes_first_among_equals(found: Search, town: Town) -> None:
    east, west = (found.find("hauptstrasse", near=town.at[letter])[0] for letter in "wc")
    assert east.row.at[0] > west.row.at[0]
    assert east.distance_m is not None
    assert east.distance_m < 400
    assert found.find("hauptstrasse")[0].distance_m is None


def test_an_address_is_told_whole(found: Search) -> None:
    row = found.find("hauptstrasse 1 neudorf")[0].row
    assert (row.kind, row.address, row.number) == ("address", "Hauptstraße 1, 69115 Neudorf", "1")
    cafe = found.find("café łódź")[0].row
    assert (cafe.kind, cafe.category, cafe.address) == ("place", "cafe", "Hauptstraße 12a")


def test_an_entrance_is_its_own_way_in(found: Search, town: Town) -> None:
    (hit,) = [hit for hit in found.find("B") if hit.row.kind == "entrance"]
    assert hit.entrance == pytest.approx(town.at["n"])


def test_a_building_is_entered_where_it_can_be() -> None:
    """The address lies on the outline; of its doors one has steps, the other carries another number."""
    town = drawn(
        """
        a--------------b
        h------r-------i
        |              |
        k---s-----t----j
        """,
        ways={
            "ab": "highway=footway",
            "hrijtskh": {"building": "yes", "name": "Rathaus", "addr:street": "Markt", "addr:housenumber": "1"},
        },
        nodes={
            "r": "entrance=main step_count=4",
            "s": {"entrance": "yes", "wheelchair": "yes"},
            "t": {"entrance": "yes", "wheelchair": "yes", "addr:street": "Markt", "addr:housenumber": "2"},
        },
    )
    search = search_of(town.graph)
    assert search.find("rathaus")[0].entrance == pytest.approx(town.at["s"], abs=1e-9)
    assert search.find("markt 1")[0].entrance == pytest.approx(town.at["s"], abs=1e-9)
    assert search.find("markt 2")[0].entrance == pytest.approx(town.at["t"], abs=1e-9)
    town.close()


def test_exact_takes_whole_names_alone(found: Search) -> None:
    assert names(found.exact("BIBLIOTHEK")) == ["Bibliothek"]
    assert found.exact("biblio") == []
    assert found.exact("") == []


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Café  ÅBERG ", "cafe aberg"),
        ("Straße", "strasse"),
        ("ＡＢＣ　１２", "abc 12"),
        ("St.-Anna-Gasse", "st anna gasse"),
        ("L'Étoile", "letoile"),
        ("İstanbul", "istanbul"),
        ("Ærø", "aero"),
        ("北京 大学", "北京 大学"),
        ("…", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_likeness_is_whole_for_the_same_and_none_for_nothing_shared() -> None:
    assert likeness(grams("hauptstrasse"), grams("hauptstrasse")) == pytest.approx(1.0)
    assert likeness(grams("abc"), grams("xyz")) == 0.0


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_nothing_typed_breaks_it(found: Search, text: str) -> None:
    assert len(found.find(text, limit=5)) <= 5
    found.exact(text)


def test_every_street_of_a_real_city_is_found_by_its_name_and_with_a_slip(sample_graph: StreetGraph) -> None:
    search = search_of(sample_graph)
    plane = Plane.around(sample_graph.geom_lon, sample_graph.geom_lat)
    streets = [row for row in rows_of(sample_graph, plane) if row.kind == "street" and len(row.name) >= 8][::2]
    assert len(streets) > 30
    missed = []
    for row in streets:
        assert fold(names(search.find(row.name))[0]) == fold(row.name)
        slipped = row.name[:4] + row.name[5:]
        if row.name not in names(search.find(slipped, limit=10)):
            missed.append(slipped)
    assert len(missed) <= len(streets) // 20, missed
