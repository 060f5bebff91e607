"""The independent judge: is an answer of `POST /v1/routes` true to CONTRACT section 3 on the raw map it claims to
describe.

It imports nothing of the product (a test proves it), reads the OSM file itself, parses tags itself and searches by
itself.

**Two readings.** Every tag is read twice. The accuser counts what a tag surely says; the searcher shuns whatever it
may say. A route is blamed only on the sure reading; a missed `ok` or a better `least_bad` is claimed only on the
fearful one. What lies between (`ground;sand`, an incline without a unit, an estimated width, conditional access)
belongs to nobody. Where the contract does decide, both readings agree.

**Walkable** (data: `tables.HIGHWAYS`): footway, path, pedestrian, steps, cycleway (also without `foot`), track,
corridor, platform, elevator ways, piers, living streets, residential to trunk, service, unclassified and road, all
unless access or foot says otherwise; never motorways, motorroads, construction and what is planned or gone.
Undecided: bridleway, busway, trail, `foot=use_sidepath` and rare values. Rims of plazas (ways and multipolygon
relations) are lines for the search; a route may also cross the space inside (`area_id`).

**Readings where the contract is silent or may be read twice.** One way of steps is one flight; a part of it weighs
fifty and its share of the steps; the grade of steps and lifts is no incline. Too steep weighs by what exceeds
`incline_up_max`, also above the short limit. A narrow or `wheelchair=no` way weighs once, however much of it is
walked; on steps `wheelchair=no` adds nothing surely. `wheelchair=no` binds manual, power and scooter (TAGS), as
does a cycle barrier that is not known to be wide; a kissing gate stays closed to wheels even with `wheelchair=yes`.
A ramp for wheelchairs makes steps usable for whoever is limited by steps. A carriageway beside `sidewalk=separate`
binds all eight. A driveway is neither walkway nor carriageway, a track is a walkway. A kerb node inside a crossing
counts; kerb tags of a crossing way count at its ends. Customers-only is private; `access=no` is never passed, not
even at an end. A node that joins private and public ways lies on the private one only when the answer's own way
says so.

**Not judged**: what happens at a time of day (opening hours and conditional access are undecided), reported
barriers, closures and `avoid` (no missed `ok` is claimed for such answers), elevation models, buildings and rivers
while snapping, durations, texts.

    python -m bench.judge --osm FILE --answers answers.ndjson
"""

from bench.judge.audit import points_of, violations
from bench.judge.findings import Finding
from bench.judge.limits import Limits, limits_of
from bench.judge.osm import JudgeMap, load
from bench.judge.search import compliant_exists, least_points

__all__ = [
    "Finding",
    "JudgeMap",
    "Limits",
    "compliant_exists",
    "least_points",
    "limits_of",
    "load",
    "points_of",
    "violations",
]
