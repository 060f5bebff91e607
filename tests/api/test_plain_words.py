"""What a person reads: figures with units, sentences for what is broken, in three languages; every code has words."""

from __future__ import annotations

import pytest

from accessibility.facts import Smoothness
from accessibility.kind_words import KIND_WORDS
from accessibility.verdict import passage_rules, way_costs, way_limits
from accessibility.verdict.rules import Kind, Rule
from api.plain_words import plain_words
from routing.answers import BarrierOnRoute, Note, Violation
from routing.phrases import LANGUAGES, broken

AT = (24.94, 60.17)


@pytest.mark.parametrize(
    ("found", "en", "de", "zh"),
    [
        (
            Violation("kerb", 0.07, 0.03, False, AT, node_id=1),
            "A kerb: 7 cm, limit 3 cm",
            "Bordkante: 7 cm, Grenzwert 3 cm",
            "路缘：7厘米，限值3厘米",
        ),
        (
            Violation("incline", -0.094, 0.08, False, AT, length_m=12.4, way_id=1),
            "A slope: 9.4 %, limit 8.0 %, for 12 m",
            "Steile Stelle: 9,4 %, Grenzwert 8,0 %, auf 12 m",
            "陡坡：9.4%，限值8.0%，长12米",
        ),
        (
            Violation("width", 0.72, 0.9, False, AT, length_m=3.0),
            "A narrow place: 72 cm, limit 90 cm, for 3 m",
            "Engstelle: 72 cm, Grenzwert 90 cm, auf 3 m",
            "狭窄处：72厘米，限值90厘米，长3米",
        ),
        (
            Violation("steps", 10.0, 0.0, True, AT, length_m=4.0, way_id=1),
            "Steps: 10, limit 0, for 4 m (assumed, the map does not say)",
            "Stufen: 10, Grenzwert 0, auf 4 m (angenommen, die Karte sagt es nicht)",
            "台阶：10，限值0，长4米（推测，地图未标明）",
        ),
        (
            Violation("surface", "unhewn_cobblestone", None, False, AT, length_m=1234.0),
            "A difficult surface: rough cobblestone, for 1.2 km",
            "Schwieriger Belag: Feldsteinpflaster, auf 1,2 km",
            "难行路面：粗糙石块，长1.2公里",
        ),
        (
            Violation("smoothness", "very_bad", "intermediate", False, AT, length_m=9.0),
            "An uneven surface: very bad, limit intermediate, for 9 m",
            "Unebener Belag: sehr schlecht, Grenzwert mittel, auf 9 m",
            "路面不平：很差，限值中等，长9米",
        ),
        (
            Violation("last_metres", 31.0, 0.0, False, AT, length_m=31.0),
            "The last metres are not on any usable way: 31 m",
            "Die letzten Meter liegen auf keinem nutzbaren Weg: 31 m",
            "最后几米不在可通行的路上：31米",
        ),
        (
            Violation("unknown_kerb", None, 0.03, True, AT),
            "Unknown kerb: limit 3 cm (assumed, the map does not say)",
            "Bordkante unbekannt: Grenzwert 3 cm (angenommen, die Karte sagt es nicht)",
            "路缘未知：限值3厘米（推测，地图未标明）",
        ),
        (
            Violation("wheelchair", "no", None, False, AT),
            "Marked as not for wheelchairs",
            "Als nicht rollstuhlgerecht ausgewiesen",
            "标明不适合轮椅",
        ),
        (
            Violation("barrier", "construction", None, False, AT),
            "A reported barrier: Building works",
            "Gemeldetes Hindernis: Baustelle",
            "上报的障碍：施工",
        ),
        (Violation("barrier", "cycle_barrier", None, False, AT), "A cycle barrier", "Umlaufsperre", "折行护栏"),
    ],
)
def test_violations_in_words(found: Violation, en: str, de: str, zh: str) -> None:
    assert [plain_words(language).violation(found) for language in ("en", "de", "zh-Hans")] == [en, de, zh]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "A kerb: limit 3 cm, at 2 places"),
        ("de", "Bordkante: Grenzwert 3 cm, an 2 Stellen"),
        ("zh-Hans", "路缘：限值3厘米，共2处"),
    ],
)
def test_the_same_limit_at_several_places(language: str, words: str) -> None:
    assert plain_words(language).violation(Violation("kerb", None, 0.03, False, AT), 2) == words


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Violation("kerb", 0.035, 0.03, False, AT), "A kerb: 1.4 in, limit 1.2 in"),
        (Violation("width", 0.72, 2.5, False, AT, length_m=400.0), "A narrow place: 28.3 in, limit 8 ft, for 0.2 mi"),
        (Violation("incline", 0.1, 0.06, False, AT, length_m=20.0), "A slope: 10.0 %, limit 6.0 %, for 70 ft"),
    ],
)
def test_who_asks_in_feet_reads_feet(found: Violation, words: str) -> None:
    assert plain_words("en", "imperial").violation(found) == words


@pytest.mark.parametrize(
    ("seconds", "en", "de", "zh"),
    [
        (20, "less than a minute", "weniger als eine Minute", "不到1分钟"),
        (95, "2 min", "2 min", "2分钟"),
        (3570, "1 h 0 min", "1 h 0 min", "1小时0分钟"),
        (4000, "1 h 7 min", "1 h 7 min", "1小时7分钟"),
    ],
)
def test_durations(seconds: float, en: str, de: str, zh: str) -> None:
    assert [plain_words(language).duration(seconds) for language in ("en", "de", "zh-Hans")] == [en, de, zh]


@pytest.mark.parametrize(
    ("metres", "en", "de", "zh", "feet"),
    [
        (0.4, "0 m", "0 m", "0米", "1 ft"),
        (999.4, "999 m", "999 m", "999米", "0.6 mi"),
        (999.6, "1.0 km", "1,0 km", "1.0公里", "0.6 mi"),
        (1049.0, "1.0 km", "1,0 km", "1.0公里", "0.7 mi"),
    ],
)
def test_distances(metres: float, en: str, de: str, zh: str, feet: str) -> None:
    assert [plain_words(language).distance(metres) for language in ("en", "de", "zh-Hans")] == [en, de, zh]
    assert plain_words("en", "imperial").distance(metres) == feet


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Building works (suspected): the way passes it"),
        ("de", "Baustelle (unbestätigt): der Weg führt daran vorbei"),
        ("zh-Hans", "施工（未证实）：路线从旁经过"),
    ],
)
def test_a_reported_barrier(language: str, words: str) -> None:
    assert plain_words(language).barrier(BarrierOnRoute("one", "construction", "suspected", "penalised")) == words


@pytest.mark.parametrize(("language", "text"), [("en", "One. Two."), ("de", "One. Two."), ("zh-Hans", "One.Two。")])
def test_phrases_become_sentences(language: str, text: str) -> None:
    assert plain_words(language).sentences(["One.", "Two"]) == text


def test_every_limit_that_can_be_broken_has_words() -> None:
    rules = [
        one
        for module in (way_limits, way_costs, passage_rules)
        for table in vars(module).values()
        for one in (table if isinstance(table, tuple) else (table,))
        if isinstance(one, Rule)
    ]
    codes = {rule.code for rule in rules if rule.kind in (Kind.VIOLATION, Kind.RUN)}
    codes |= {rule.code for rule in rules if rule.kind is Kind.UNKNOWN and rule.code.startswith("unknown_")}
    assert len(codes) >= 12
    assert set(broken.VIOLATIONS) == codes | {"barrier", "last_metres"}
    assert set(broken.SMOOTHNESS) == set(Smoothness)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_is_said_in_a_language_of_its_own(language: str) -> None:
    words, english = plain_words(language), plain_words()
    said = [words.note(Note(code, AT)) for code in broken.NOTES]
    said += [words.kind(kind) for kind in KIND_WORDS]
    plain = [english.note(Note(code, AT)) for code in broken.NOTES] + [english.kind(kind) for kind in KIND_WORDS]
    assert all(said)
    assert [one == other for one, other in zip(said, plain, strict=True)] == [language == "en"] * len(said)
