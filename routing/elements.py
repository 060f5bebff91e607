"""Where the raw map comes from: an OSM file or a download, both as the same `RawMap`.

    read_osm_file("city.osm.pbf")            .osm.pbf, .osm, .osm.gz, .osm.bz2
    download(place="Monaco")                 place name through OSMnx, elements through our own Overpass query

Both go through the same selection (`elements_select`), so the same data gives an equal map, whichever way it came.
"""

from routing.elements_osm import read_osm_file
from routing.elements_raw import ATTRIBUTION, Losses, RawMap, RawRelation, RawWay

__all__ = ["ATTRIBUTION", "Losses", "RawMap", "RawRelation", "RawWay", "read_osm_file"]
