"""What one walks on, in the forms that sentences take: the road, onto the road, on the road, along the road.

A thing has a name, the numbers of its platform, or only its sort. The sort counts for names too: some languages put it
before a name whose gender nobody can tell ("auf den Platz „Senaatintori“").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from routing.labels import Label
from routing.phrases.catalogue import C_, Catalogue, Phrase
from routing.phrases.german import Gender, declined, gender


class Forms(NamedTuple):
    """One message for each form."""

    the: Phrase
    onto: Phrase
    on: Phrase
    along: Phrase


NOUNS: Mapping[str, Forms] = {
    "footpath": Forms(
        C_("the", "the footpath"), C_("onto", "onto the footpath"),
        C_("on", "on the footpath"), C_("along", "along the footpath"),
    ),
    "path": Forms(
        C_("the", "the path"), C_("onto", "onto the path"), C_("on", "on the path"), C_("along", "along the path"),
    ),
    "pedestrian_street": Forms(
        C_("the", "the pedestrian street"), C_("onto", "onto the pedestrian street"),
        C_("on", "on the pedestrian street"), C_("along", "along the pedestrian street"),
    ),
    "square": Forms(
        C_("the", "the square"), C_("onto", "onto the square"),
        C_("on", "on the square"), C_("along", "across the square"),
    ),
    "corridor": Forms(
        C_("the", "the corridor"), C_("onto", "into the corridor"),
        C_("on", "in the corridor"), C_("along", "along the corridor"),
    ),
    "platform": Forms(
        C_("the", "the platform"), C_("onto", "onto the platform"),
        C_("on", "on the platform"), C_("along", "along the platform"),
    ),
    "steps": Forms(
        C_("the", "the steps"), C_("onto", "onto the steps"), C_("on", "on the steps"), C_("along", "along the steps"),
    ),
    "lift": Forms(
        C_("the", "the lift"), C_("onto", "into the lift"), C_("on", "in the lift"), C_("along", "through the lift"),
    ),
    "cycle_path": Forms(
        C_("the", "the cycle path"), C_("onto", "onto the cycle path"),
        C_("on", "on the cycle path"), C_("along", "along the cycle path"),
    ),
    "track": Forms(
        C_("the", "the track"), C_("onto", "onto the track"), C_("on", "on the track"), C_("along", "along the track"),
    ),
    "driveway": Forms(
        C_("the", "the driveway"), C_("onto", "onto the driveway"),
        C_("on", "on the driveway"), C_("along", "along the driveway"),
    ),
    "road": Forms(
        C_("the", "the road"), C_("onto", "onto the road"), C_("on", "on the road"), C_("along", "along the road"),
    ),
    "crossing": Forms(
        C_("the", "the crossing"), C_("onto", "onto the crossing"),
        C_("on", "on the crossing"), C_("along", "over the crossing"),
    ),
}  # fmt: skip

FEMININE = Forms(
    C_("the, feminine name", "{name}"), C_("onto, feminine name", "onto {name}"),
    C_("on, feminine name", "on {name}"), C_("along, feminine name", "along {name}"),
)  # fmt: skip
MASCULINE = Forms(
    C_("the, masculine name", "{name}"), C_("onto, masculine name", "onto {name}"),
    C_("on, masculine name", "on {name}"), C_("along, masculine name", "along {name}"),
)  # fmt: skip
NEUTER = Forms(
    C_("the, neuter name", "{name}"), C_("onto, neuter name", "onto {name}"),
    C_("on, neuter name", "on {name}"), C_("along, neuter name", "along {name}"),
)  # fmt: skip
ROAD = Forms(
    C_("the, name of a road", "{name}"), C_("onto, name of a road", "onto {name}"),
    C_("on, name of a road", "on {name}"), C_("along, name of a road", "along {name}"),
)  # fmt: skip
PATH = Forms(
    C_("the, name of a path", "{name}"), C_("onto, name of a path", "onto {name}"),
    C_("on, name of a path", "on {name}"), C_("along, name of a path", "along {name}"),
)  # fmt: skip
SQUARE = Forms(
    C_("the, name of a square", "{name}"), C_("onto, name of a square", "onto {name}"),
    C_("on, name of a square", "on {name}"), C_("along, name of a square", "across {name}"),
)  # fmt: skip
CORRIDOR = Forms(
    C_("the, name of a corridor", "{name}"), C_("onto, name of a corridor", "into {name}"),
    C_("on, name of a corridor", "in {name}"), C_("along, name of a corridor", "along {name}"),
)  # fmt: skip
PLATFORM = Forms(
    C_("the, name of a platform", "{name}"), C_("onto, name of a platform", "onto {name}"),
    C_("on, name of a platform", "on {name}"), C_("along, name of a platform", "along {name}"),
)  # fmt: skip
STEPS = Forms(
    C_("the, name of steps", "{name}"), C_("onto, name of steps", "onto {name}"),
    C_("on, name of steps", "on {name}"), C_("along, name of steps", "along {name}"),
)  # fmt: skip

NAMED: Mapping[str, Forms] = {
    "road": ROAD, "pedestrian_street": ROAD, "driveway": ROAD, "square": SQUARE, "corridor": CORRIDOR, "lift": CORRIDOR,
    "platform": PLATFORM, "steps": STEPS,
}  # fmt: skip
"""Sort → how its names are put; any other sort is a path."""
GENDERED: Mapping[Gender, Forms] = {"f": FEMININE, "m": MASCULINE, "n": NEUTER}

PLATFORM_ONE = Forms(
    C_("the", "platform {number}"), C_("onto", "onto platform {number}"),
    C_("on", "on platform {number}"), C_("along", "along platform {number}"),
)  # fmt: skip
PLATFORM_MANY = Forms(
    C_("the", "platforms {some} and {last}"), C_("onto", "onto platforms {some} and {last}"),
    C_("on", "on platforms {some} and {last}"), C_("along", "along platforms {some} and {last}"),
)  # fmt: skip
LISTED = C_("between things of a list", "{some}, {next}")


class Called(NamedTuple):
    """A thing in every form."""

    the: str
    onto: str
    on: str
    along: str


NOTHING_CALLED = Called("", "", "", "")


def called(words: Catalogue, label: Label) -> Called:
    """By its name, by the numbers of the platform, or by its sort; empty for nothing in particular."""
    if label.name:
        return _named(words, label.name, label.noun)
    if label.numbers:
        return _numbered(words, label.numbers)
    forms = NOUNS.get(label.noun)
    return NOTHING_CALLED if forms is None else Called(*(words(form) for form in forms))


def _named(words: Catalogue, name: str, noun: str) -> Called:
    forms = NAMED.get(noun, PATH)
    if words.language != "de":
        return Called(*(words(form, name=name) for form in forms))
    found = gender(name)
    if found is None:
        return Called(*(words(form, name=name) for form in forms))
    # Dative after "auf", accusative everywhere else.
    return Called(*(words(f, name=declined(name, found, dative=n == 2)) for n, f in enumerate(GENDERED[found])))


def _numbered(words: Catalogue, numbers: tuple[str, ...]) -> Called:
    if len(numbers) == 1:
        return Called(*(words(form, number=numbers[0]) for form in PLATFORM_ONE))
    some = numbers[0]
    for number in numbers[1:-1]:
        some = words(LISTED, some=some, next=number)
    return Called(*(words(form, some=some, last=numbers[-1]) for form in PLATFORM_MANY))
