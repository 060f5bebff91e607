"""Where the raw map comes from: an OSM file or a download, both as the same `RawMap`.

    read_osm_file("city.osm.pbf")            .osm.pbf, .osm, .osm.gz, .osm.bz2
    read_map_file("city.edges.geojson")      the same, or an OpenSidewalks dataset
    add_gtfs(raw, "feed.zip")                stations of a GTFS feed, laid into a map
    download(place="Monaco")                 place name through OSMnx, elements through our own Overpass query

All go through the same selection (`elements_select`), so the same data gives an equal map, whichever way it came.
"""

from pathlib import Path

from routing.elements_check import FileBounds
from routing.elements_download import download
from routing.elements_gtfs import add_gtfs
from routing.elements_osm import read_osm_file
from routing.elements_osw import SUFFIXES as OSW_SUFFIXES
from routing.elements_osw import read_osw_files
from routing.elements_patience import Patience
from routing.elements_place import Bbox, parse_bbox
from routing.elements_raw import ATTRIBUTION, Losses, Progress, RawMap, RawRelation, RawWay, silent

__all__ = [
    "ATTRIBUTION",
    "Bbox",
    "FileBounds",
    "Losses",
    "Patience",
    "Progress",
    "RawMap",
    "RawRelation",
    "RawWay",
    "add_gtfs",
    "download",
    "parse_bbox",
    "read_map_file",
    "read_osm_file",
    "read_osw_files",
]


def read_map_file(path: Path, *, progress: Progress = silent) -> RawMap:
    """The raw map in a file of either kind, told by its name; raises `Refused` as both readers do."""
    return (
        read_osw_files([path], progress=progress)
        if path.name.endswith(OSW_SUFFIXES)
        else read_osm_file(path, progress=progress)
    )
