"""Small maps written down line by line, as OSM XML or in any other form that pyosmium writes.

n1 60.0,24.0 kerb=raised          a node: latitude, longitude, tags
w7 1,2,3 highway=footway          a way: its nodes, tags
r5 w7:outer,n1: type=site         a relation: its members with their roles, tags
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from xml.sax.saxutils import quoteattr

import osmium

_MEMBERS = {"n": "node", "w": "way", "r": "relation"}


def osm_xml(text: str) -> bytes:
    """The map as an OSM XML file."""
    lines = [line.split("#")[0].split() for line in textwrap.dedent(text).splitlines()]
    body = "\n".join(_element(*line) for line in lines if line)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n{body}\n</osm>\n'.encode()


def convert(source: Path, target: Path) -> Path:
    """The same map in the form that the target's name says."""
    with osmium.SimpleWriter(str(target)) as writer:
        for item in osmium.FileProcessor(str(source)):
            writer.add(item)
    return target


def _element(name: str, what: str = "", *tags: str) -> str:
    kind, ref = name[0], name[1:]
    inner = "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in (tag.split("=", 1) for tag in tags))
    if kind == "n":
        lat, lon = what.split(",")
        return f'<node id="{ref}" lat="{lat}" lon="{lon}">{inner}</node>'
    if kind == "w":
        nodes = "".join(f'<nd ref="{node}"/>' for node in what.split(",") if node)
        return f'<way id="{ref}" version="1" timestamp="2026-01-02T03:04:05Z">{nodes}{inner}</way>'
    members = "".join(
        f'<member type="{_MEMBERS[member[0]]}" ref="{member[1:].split(":")[0]}" role="{member.split(":")[1]}"/>'
        for member in what.split(",")
    )
    return f'<relation id="{ref}">{members}{inner}</relation>'
