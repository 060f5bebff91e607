"""Our own Overpass query, and its answer as the same elements that a file gives.

OSMnx's graph query returns neither relations nor buildings nor address nodes, and its features query drops node
references; this one asks for everything near the area, and leaves the choice to the selection that files go through.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
import numpy as np
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from accessibility.refusals import Refused
from accessibility.tags.relations import AREA_TYPE, RELATION_TYPES, TYPE_KEY, relation_type
from routing.elements_raw import Keep, RawRelation, RawWay, Tags
from routing.elements_select import SMALL_AREA_MEMBERS, Elements

_CORNERS_MAX = 400  # of one polygon in the query; the exact outline is clipped to afterwards
_PARTS_MAX = 20

_Id = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]


class _Node(msgspec.Struct, tag="node"):
    id: _Id
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    tags: dict[str, str] = {}


class _Way(msgspec.Struct, tag="way"):
    id: _Id
    nodes: list[_Id]
    tags: dict[str, str] = {}


class _NodeMember(msgspec.Struct, tag="node"):
    ref: _Id
    role: str


class _WayMember(msgspec.Struct, tag="way"):
    ref: _Id
    role: str


class _RelationMember(msgspec.Struct, tag="relation"):
    ref: _Id
    role: str


class _Relation(msgspec.Struct, tag="relation"):
    id: _Id
    members: list[_NodeMember | _WayMember | _RelationMember] = []
    tags: dict[str, str] = {}


class _Origin(msgspec.Struct):
    timestamp_osm_base: str | None = None


class _Answer(msgspec.Struct):
    elements: list[_Node | _Way | _Relation]
    osm3s: _Origin = msgspec.field(default_factory=_Origin)
    remark: str | None = None


_KINDS = {_NodeMember: "n", _WayMember: "w", _RelationMember: "r"}
_decoder = msgspec.json.Decoder(_Answer)


def query(area: BaseGeometry, settings: str) -> str:
    """Overpass QL for everything near `area`: tagged nodes, ways with their nodes, relations.

    `settings` is the first statement, without its semicolon: output format, timeout, maxsize.
    """
    places = _filters(area)
    types = "|".join(sorted(RELATION_TYPES))
    return f"""{settings};
({"".join(f"node{place}(if:count_tags()>0);" for place in places)})->.n;
({"".join(f"way{place};" for place in places)})->.w;
(rel(bn.n)["{TYPE_KEY}"~"^({types})$"];rel(bw.w)["{TYPE_KEY}"~"^({types})$"];)->.r;
rel.r["{TYPE_KEY}"="{AREA_TYPE}"](if:count_members()<={SMALL_AREA_MEMBERS})->.small;
way(r.small)->.rings;
(.w;.rings;)->.ways;
.ways > ->.corners;
(.n;.corners;.ways;.r;);
out body qt;"""


def read_answer(answer: bytes | bytearray, keep: Keep) -> Elements:
    """The elements in Overpass's JSON answer.

    Raises `Refused`: "map_unreadable" for anything that is not such an answer, "download_failed" when the server says
    that the query ended early.
    """
    try:
        decoded = _decoder.decode(answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused("map_unreadable", f"The map server's answer is not what Overpass answers: {error}.") from error
    if decoded.remark and "error" in decoded.remark:
        raise Refused("download_failed", f"The map server gave up: {decoded.remark.strip().rstrip('.')}.")
    return _elements(decoded, keep)


def _elements(answer: _Answer, keep: Keep) -> Elements:
    nodes = [item for item in answer.elements if isinstance(item, _Node)]
    tagged: dict[int, Tags] = {}
    for node in nodes:
        if node.tags and (tags := keep(node.tags)):
            tagged.setdefault(node.id, tags)
    return Elements(
        node_ids=np.fromiter((node.id for node in nodes), dtype=np.int64, count=len(nodes)),
        lon=np.fromiter((node.lon for node in nodes), dtype=np.float64, count=len(nodes)),
        lat=np.fromiter((node.lat for node in nodes), dtype=np.float64, count=len(nodes)),
        node_tags=tagged,
        ways=[RawWay(way.id, tuple(way.nodes), keep(way.tags)) for way in answer.elements if isinstance(way, _Way)],
        relations=_relations(answer, keep),
        timestamp=answer.osm3s.timestamp_osm_base or None,
    )


def _relations(answer: _Answer, keep: Keep) -> list[RawRelation]:
    found = []
    for item in answer.elements:
        if isinstance(item, _Relation) and relation_type(tags := keep(item.tags)) is not None:
            members = tuple((_KINDS[type(member)], member.ref, member.role) for member in item.members)
            found.append(RawRelation(item.id, members, tags))
    return found


def _filters(area: BaseGeometry) -> list[str]:
    """Overpass filters that together cover the area."""
    if area.equals(box(*area.bounds)):
        west, south, east, north = area.bounds
        return [f"({south:.7f},{west:.7f},{north:.7f},{east:.7f})"]
    return [f'(poly:"{_corners(part)}")' for part in _parts(area)]


def _parts(area: BaseGeometry) -> list[Polygon]:
    """Polygons without holes and with few corners that cover the area and a hand's breadth more."""
    parts = _polygons(area.buffer(1e-6, quad_segs=1))
    tolerance = 1e-5
    while len(parts) > _PARTS_MAX or any(len(part.exterior.coords) > _CORNERS_MAX for part in parts):
        if tolerance > 1:
            return _polygons(area.envelope.buffer(1e-6, quad_segs=1))
        parts = _polygons(area.simplify(tolerance).buffer(tolerance, quad_segs=1))
        tolerance *= 2
    return parts


def _polygons(area: BaseGeometry) -> list[Polygon]:
    parts = area.geoms if isinstance(area, MultiPolygon) else [area]
    return [part for part in parts if isinstance(part, Polygon)]


def _corners(part: Polygon) -> str:
    return " ".join(f"{lat:.7f} {lon:.7f}" for lon, lat in part.exterior.coords[:-1])
