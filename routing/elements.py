"""Where the raw map comes from: an OSM file or a download, both as the same `RawMap`.

    read_osm_file("city.osm.pbf")            .osm.pbf, .osm, .osm.gz, .osm.bz2
    download(place="Monaco")                 place name through OSMnx, elements through our own Overpass query

Both go through the same selection (`elements_select`), so the same data gives an equal map, whichever way it came.
"""

from routing.elements_check import FileBounds
from routing.elements_download import download
from routing.elements_osm import read_osm_file
from routing.elements_patience import Patience
from routing.elements_place import Bbox, parse_bbox
from routing.elements_raw import ATTRIBUTION, Losses, Progress, RawMap, RawRelation, RawWay

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
    "download",
    "parse_bbox",
    "read_osm_file",
]
