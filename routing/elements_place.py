"""Which area a person means: a box they wrote, or the outline of a place they named."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from accessibility.refusals import Refused

Bbox = tuple[float, float, float, float]

AREA_MAX_KM2 = 2_500.0
"""What OSMnx asks of Overpass in one query; larger maps come as files."""
_KM_PER_DEGREE = 111.2


def parse_bbox(text: str) -> Bbox:
    """A box written "W,S,E,N" in degrees. Raises `Refused("bbox_invalid")`."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise _bad_box("has to be four numbers: west,south,east,north") from None
    bbox = (west, south, east, north)
    bbox_area(bbox)
    return bbox


def bbox_area(bbox: Bbox) -> Polygon:
    """The box as an area. Raises `Refused`: "bbox_invalid", "area_too_large"."""
    west, south, east, north = bbox
    if not all(map(math.isfinite, bbox)):
        raise _bad_box("has to hold finite numbers")
    if not (-180 <= west < east <= 180):
        raise _bad_box("has to go from west to east, between -180 and 180 degrees")
    if not (-90 <= south < north <= 90):
        raise _bad_box("has to go from south to north, between -90 and 90 degrees")
    area = box(*(round(x, 7) for x in bbox))
    if area.area == 0:
        raise _bad_box("has to be wider than nothing")
    _check_size(area)
    return area


def _bad_box(why: str) -> Refused:
    return Refused("bbox_invalid", f"The bounding box {why}.", field="bbox")


def _check_size(area: BaseGeometry) -> None:
    _, south, _, north = area.bounds
    km2 = area.area * _KM_PER_DEGREE**2 * math.cos(math.radians((south + north) / 2))
    if km2 > AREA_MAX_KM2:
        raise Refused(
            "area_too_large",
            f"The area has {km2:,.0f} km², more than {AREA_MAX_KM2:,.0f}: build from an extract file instead.",
        )


def find_place(osmnx: ModuleType, place: str, nominatim_url: str | None) -> BaseGeometry:
    """The outline of the place with this name, through OSMnx's geocoder with its cache and its pauses.

    Raises `Refused`: "place_unknown", "area_too_large", "download_failed".
    """
    import requests  # what OSMnx asks with

    unknown = Refused("place_unknown", f'No area is known by the name "{place}".', field="place")
    if not place.strip():
        raise unknown
    try:
        with _server(osmnx.settings, nominatim_url):
            outline = osmnx.geocode_to_gdf(place).geometry.iloc[0]
    except requests.RequestException as error:
        raise Refused("download_failed", f"The place server cannot be reached: {error}.") from error
    except osmnx._errors.ResponseStatusCodeError as error:
        raise Refused("download_failed", f"The place server refused: {error}.") from error
    except (osmnx._errors.InsufficientResponseError, TypeError) as error:
        raise unknown from error
    except (KeyError, ValueError, AttributeError, IndexError) as error:
        raise Refused("download_failed", "The place server's answer is not what Nominatim answers.") from error
    area = shapely.make_valid(outline)
    if not isinstance(area, Polygon | MultiPolygon) or area.is_empty:
        raise unknown
    _check_size(area)
    return area


@contextlib.contextmanager
def _server(settings: Any, nominatim_url: str | None) -> Iterator[None]:
    """OSMnx asking another place server for a while."""
    before = settings.nominatim_url
    settings.nominatim_url = nominatim_url or before
    try:
        yield
    finally:
        settings.nominatim_url = before
