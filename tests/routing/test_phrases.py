"""The catalogues: complete, alike in what they take, in step with the code; and the words for what has values."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import routing.phrases
from accessibility import kind_words
from accessibility.facts import Barrier, Crossing, LandmarkKind, Surface
from routing.labels import NOTHING, Label
from routing.landmarks import Landmark
from routing.moves import Move
from routing.phrases import LANGUAGES, actions, remarks, voice
from routing.phrases.catalogue import TONGUES
from routing.phrases.german import declined, gender
from routing.phrases.voices import Voice
from routing.telling import Remark, Telling
from tests.support import golden
from tests.support.contract import STEP_KINDS

FOLDER = Path(routing.phrases.__file__).parent
KEYWORDS = {"N_": None, "C_": ((1, "c"), 2), "P_": ((1, "c"), 2, 3)}
"""As in the Makefile."""


def po(language: str) -> Catalog:
    with (FOLDER / TONGUES[language].folder / "LC_MESSAGES" / "directions.po").open("rb") as file:
        return read_po(file)


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def values(text: str) -> set[str]:
    """Names of the values a sentence takes."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def asked_for() -> set[tuple[str | None, tuple[str, ...]]]:
    found = extract_from_dir(str(FOLDER), method_map=[("**.py", "python")], keywords=KEYWORDS)
    return {(context, forms(text)) for _, _, text, _, context in found}


def messages(language: str) -> Iterator[Message]:
    return (message for message in po(language) if message.id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_sentence_the_code_asks_for_and_no_other(language: str) -> None:
    asked = asked_for()
    assert len(asked) > 300
    assert {(message.context, forms(message.id)) for message in messages(language)} == asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_takes_the_same_values(language: str) -> None:
    plurals = po(language).num_plurals
    for message in messages(language):
        assert not message.fuzzy, message.id
        said = forms(message.string)
        assert len(said) == (plurals if isinstance(message.id, tuple) else 1), message.id
        for form in said:
            assert form.strip() == form != "", message.id
            assert values(form) == values(forms(message.id)[-1]), (message.id, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_read_is_what_was_translated(language: str) -> None:
    """`make words` compiles; a translation that is not compiled would never be heard."""
    compiled = io.BytesIO()
    write_mo(compiled, po(language))
    assert (FOLDER / TONGUES[language].folder / "LC_MESSAGES" / "directions.mo").read_bytes() == compiled.getvalue()


def test_english_says_what_the_code_says() -> None:
    assert all(forms(message.string) == forms(message.id) for message in messages("en"))


def test_the_languages_are_those_of_everything_else() -> None:
    assert LANGUAGES == kind_words.LANGUAGES


def test_every_code_has_words() -> None:
    assert set(actions.GATES) == set(Barrier)
    assert set(remarks.SURFACES) == set(Surface)
    assert set(remarks.LANDMARKS) == set(LandmarkKind)
    assert set(actions.SHORT) == STEP_KINDS | {"steps"}


def say(
    language: str, move: Move, before: Label = NOTHING, units: str = "metric", **telling: object
) -> tuple[str, ...]:
    return voice(language, units, 0.5).say(Telling(move, **telling), before)


@pytest.mark.parametrize(
    ("units", "metres", "en", "de", "zh"),
    [
        ("metric", 1.4, ("1 m", "1 metre"), ("1 m", "1 Meter"), "1米"),
        ("metric", 7.6, ("8 m", "8 metres"), ("8 m", "8 Meter"), "8米"),
        ("metric", 19.4, ("19 m", "19 metres"), ("19 m", "19 Meter"), "19米"),
        ("metric", 22, ("20 m", "20 metres"), ("20 m", "20 Meter"), "20米"),
        ("metric", 98, ("100 m", "100 metres"), ("100 m", "100 Meter"), "100米"),
        ("metric", 996, ("1 km", "1 kilometre"), ("1 km", "1 Kilometer"), "1公里"),
        ("metric", 1249, ("1.2 km", "1.2 kilometres"), ("1,2 km", "1,2 Kilometer"), "1.2公里"),
        ("metric", 2010, ("2 km", "2 kilometres"), ("2 km", "2 Kilometer"), "2公里"),
        ("imperial", 1, ("3 ft", "3 feet"), ("3 Fuß", "3 Fuß"), "3英尺"),
        ("imperial", 22, ("70 ft", "70 feet"), ("70 Fuß", "70 Fuß"), "70英尺"),
        ("imperial", 120, ("400 ft", "400 feet"), ("400 Fuß", "400 Fuß"), "400英尺"),
        ("imperial", 320, ("0.2 mi", "0.2 miles"), ("0,2 Meilen", "0,2 Meilen"), "0.2英里"),
        ("imperial", 800, ("0.5 mi", "half a mile"), ("0,5 Meilen", "eine halbe Meile"), None),
        ("imperial", 1610, ("1 mi", "1 mile"), ("1 Meile", "1 Meile"), "1英里"),
        ("steps", 10, ("20 paces", "20 paces"), ("20 Schritte", "20 Schritte"), "20步"),
        ("steps", 1, ("2 paces", "2 paces"), ("2 Schritte", "2 Schritte"), "2步"),
        ("steps", 700, ("0.7 km", "0.7 kilometres"), ("0,7 km", "0,7 Kilometer"), "0.7公里"),
    ],
)
def test_lengths_as_one_says_them(
    units: str, metres: float, en: tuple[str, str], de: tuple[str, str], zh: str | None
) -> None:
    move = Move("continue", 0, 1, distance_m=metres)
    for language, (written, spoken), go in (("en", en, "Go {}."), ("de", de, "Gehen Sie {}.")):
        text, heard, short = say(language, move, units=units)
        assert (text.endswith(go.format(written)), heard.endswith(go.format(spoken))) == (True, True), (text, heard)
        assert short.endswith(f", {written}")
    if zh is not None:
        assert say("zh-Hans", move, units=units)[:2] == (f"直行。前行{zh}。",) * 2


def test_who_rolls_hears_metres() -> None:
    assert (
        voice("en", "steps", None).say(Telling(Move("continue", 0, 1, distance_m=40)), NOTHING)[0].endswith("Go 40 m.")
    )


def test_less_than_a_metre_is_not_told() -> None:
    assert say("en", Move("continue", 0, 1, distance_m=0.7)) == ("Go straight on.", "Go straight on.", "Straight on")


@pytest.mark.parametrize(
    ("name", "kind", "accusative", "dative"),
    [
        ("Hauptstraße", "f", "Hauptstraße", "Hauptstraße"),
        ("Bahnhofstrasse", "f", "Bahnhofstrasse", "Bahnhofstrasse"),
        ("Lange Straße", "f", "Lange Straße", "Langen Straße"),
        ("Obere Neckarstraße", "f", "Obere Neckarstraße", "Oberen Neckarstraße"),
        ("Heidelberger Straße", "f", "Heidelberger Straße", "Heidelberger Straße"),
        ("Friedrich-Ebert-Anlage", "f", "Friedrich-Ebert-Anlage", "Friedrich-Ebert-Anlage"),
        ("Alte Brücke", "f", "Alte Brücke", "Alten Brücke"),
        ("Marktplatz", "m", "Marktplatz", "Marktplatz"),
        ("Alter Markt", "m", "Alten Markt", "Alten Markt"),
        ("Philosophenweg", "m", "Philosophenweg", "Philosophenweg"),
        ("Heidelberger Platz", "m", "Heidelberger Platz", "Heidelberger Platz"),
        ("Limmatquai", "m", "Limmatquai", "Limmatquai"),
        ("Neckarufer", "n", "Neckarufer", "Neckarufer"),
        ("Altes Tor", "n", "Alte Tor", "Alten Tor"),
        ("Am Markt", None, "", ""),
        ("Unter den Linden", None, "", ""),
        ("Im Neuenheimer Feld", None, "", ""),
        ("Straße des 17. Juni", None, "", ""),
        ("Rue Grimaldi", None, "", ""),
        ("Senaatintori", None, "", ""),
        ("光华路", None, "", ""),
    ],
)
def test_german_articles(name: str, kind: str | None, accusative: str, dative: str) -> None:
    found = gender(name)
    assert found == kind
    if found is not None:
        assert (declined(name, found, dative=False), declined(name, found, dative=True)) == (accusative, dative)


@pytest.mark.parametrize(
    ("label", "de", "zh"),
    [
        (Label("Lange Straße", "road"), "auf die Lange Straße", "进入Lange Straße"),
        (Label("Alter Markt", "square"), "auf den Alten Markt", "进入Alter Markt"),
        (Label("Senaatintori", "square"), "auf den Platz „Senaatintori“", "进入Senaatintori"),
        (Label("Am Markt", "road"), "auf die Straße „Am Markt“", "进入Am Markt"),
        (Label("光华路", "road"), "auf die Straße „光华路“", "进入光华路"),
        (Label(None, "footpath"), "auf den Gehweg", "进入人行道"),
        (Label(None, "corridor"), "in den Gang", "进入走廊"),
        (Label(None, "platform", ("9",)), "auf Bahnsteig 9", "进入9号站台"),
        (Label(None, "platform", ("9", "10", "11")), "auf die Bahnsteige 9, 10 und 11", "进入9、10、11号站台"),
    ],
)
def test_a_turn_onto_something(label: Label, de: str, zh: str) -> None:
    move = Move("turn_left", 0, 1, label)
    assert say("de", move)[0] == f"Biegen Sie links ab {de}."
    assert say("zh-Hans", move)[0] == f"左转，{zh}。"


def test_braces_and_percent_signs_in_a_name_are_a_name() -> None:
    move = Move("turn_left", 0, 1, Label("{name} 100 %s", "road"), 12.0)
    assert say("en", move)[0] == "Turn left onto {name} 100 %s. Go 12 m."


def all_kinds() -> Iterator[Telling]:
    """Every kind with values that make long sentences, and every remark."""
    surfaces = [Remark(code, surface) for code in ("surface", "surface_ahead") for surface in Surface]
    slopes = [
        Remark(code, rising=up, percent=12, measured=measured, metres=120.0)
        for code in ("slope", "slope_ahead", "slope_end")
        for up in (1, -1)
        for measured in (True, False)
    ]
    for kind in sorted(STEP_KINDS):
        for crossing in (None, *Crossing):
            for rising in (None, 1, -1):
                move = Move(
                    kind, 0, 9, Label("Elm Street", "road"), 1234.0, turn_deg=90.0, count=12, rising=rising, level=-1.0,
                    kerb_m=0.06, crossing=crossing, heading_deg=10.0, barrier=Barrier.GATE, handrail=False,
                    mapped=False, onto=Label("Old Hall", "corridor"),
                )  # fmt: skip
                itself = {
                    "surface_change": surfaces[0],
                    "slope_begin": slopes[0],
                    "slope_end": slopes[-1],
                    "rest": Remark("rest"),
                }.get(kind)
                near = Landmark(LandmarkKind.UNDERGROUND, "Rose Hill") if kind.startswith("turn") else None
                yield Telling(move, near, 3, itself)
    for remark in (*surfaces, *slopes, *map(Remark, remarks.PLAIN)):
        yield Telling(Move("continue", 0, 9), remarks=(remark,))
    for kind in LandmarkKind:
        for name in (None, "Rose Hill"):
            yield Telling(Move("turn_sharp_left", 0, 9, Label("Elm Street", "road")), Landmark(kind, name))
    for barrier in Barrier:
        yield Telling(Move("gate", 0, 9, barrier=barrier))


@pytest.mark.parametrize("units", ["metric", "imperial", "steps"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_can_be_spoken(language: str, units: str) -> None:
    """No symbols, no abbreviations; short sentences, each with its full stop."""
    for telling in all_kinds():
        text, spoken, short = voice(language, units, 0.6).say(telling, NOTHING)
        assert short
        if language == "zh-Hans":
            assert re.fullmatch(r"[\w，、。. ]+。", spoken), spoken
            assert not re.search(r"(?<![A-Za-z]) | (?![A-Za-z])|\d(m|km|ft|mi)", spoken), spoken
            assert max(map(len, spoken.split("。"))) <= 45
        else:
            assert re.fullmatch(r"[A-ZÄÖÜ][\w ,.'-]*\.", spoken), spoken
            assert not re.search(r"\b(m|km|cm|ft|mi|in|St|Str|no|approx|ca|bzw|Nr)\b(?=[ .,]*$|\.)", spoken), spoken
            sentences = re.split(r"\. (?=[A-ZÄÖÜ])", text)
            assert max(len(sentence.split()) for sentence in sentences) <= 15, text
        assert "{" not in text + spoken + short
        assert "  " not in text + spoken + short


@pytest.mark.parametrize("name", sorted(golden.MAPS))
def test_no_sentence_of_a_real_route_is_long(name: str) -> None:
    for title, kept in golden.read(name).items():
        for language in ("en", "de"):
            for text, _, short in kept["steps"][language]:
                words = max(len(sentence.split()) for sentence in re.split(r"\. (?=[A-ZÄÖÜ])", text))
                assert words <= 15, (title, text)
                assert len(short) <= 40


def test_what_a_voice_remembers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routing.phrases.voices.KEPT", 10)
    speaking = Voice(voice().words, "metric", None)
    for number in range(200):
        move = Move("turn_left", 0, 1, Label(f"Street {number}", "road"), float(number))
        assert speaking.say(Telling(move), NOTHING)[0].startswith(f"Turn left onto Street {number}.")
    tables = (speaking._actions, speaking._walks, speaking._remarks, speaking._shorts)
    assert all(len(table) <= 10 for table in tables)
    assert any(tables)
