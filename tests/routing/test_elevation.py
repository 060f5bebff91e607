"""Elevation files: what they say between their pixels, across their borders, and what is refused."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.refusals import Refused
from routing.elevation import Elevation
from tests.support.terrain import geotiff, hgt, slope, terrain


def heights(model: Elevation, *places: tuple[float, float]) -> list[float]:
    lon, lat = np.array(places).T
    return model.at(lon, lat).tolist()


def test_an_srtm_tile_says_its_samples_and_what_lies_between(tmp_path: Path) -> None:
    tile = hgt(tmp_path, "N43E007", lambda lon, lat: 1200 * (lon - 7) + 2400 * (lat - 43))
    model = Elevation.open([tile])
    assert heights(model, (7.0, 43.0), (8.0, 43.0), (7.0, 44.0), (7.25, 43.5)) == [0, 1200, 2400, 1500]
    # A sample a 1200th of a degree: one metre per sample eastwards, two northwards.
    assert heights(model, (7.1 + 0.3 / 1200, 43.2 + 0.5 / 1200)) == [pytest.approx(120.3 + 481)]
    assert model.pixel_m == pytest.approx(92.7, abs=0.1)


def test_south_and_west_and_one_second(tmp_path: Path) -> None:
    tile = hgt(tmp_path, "S34W071", lambda lon, lat: 3600 * (lon + 71) + 0 * lat, side=3601)
    model = Elevation.open([tile])
    assert heights(model, (-70.5, -33.5), (-71.0, -34.0), (-70.0, -33.0)) == [1800, 0, 3600]
    assert model.pixel_m == pytest.approx(30.9, abs=0.1)


def test_a_zipped_tile_is_the_same_tile(tmp_path: Path) -> None:
    def hills(lon: float, lat: float) -> float:
        return 500 + 100 * np.sin(40 * lon) * np.cos(30 * lat)

    plain = Elevation.open([hgt(tmp_path, "N43E007", hills)])
    packed = Elevation.open([hgt(tmp_path, "N43E007", hills, zipped=True)])
    places = [(7.123, 43.456), (7.9, 43.1)]
    assert heights(plain, *places) == heights(packed, *places)


def test_neighbouring_tiles_are_one_surface(tmp_path: Path) -> None:
    def ground(lon: float, lat: float) -> float:
        return 1200 * (lon - 7) + 600 * (44 - lat)

    model = Elevation.open([hgt(tmp_path, name, ground) for name in ("N43E007", "N43E008", "N42E007", "N42E008")])
    assert len(model.grids) == 1
    around = np.linspace(-0.002, 0.002, 41)
    assert model.at(8 + around, 43 + around) == pytest.approx(1200 * (1 + around) + 600 * (1 - around), abs=0.51)
    assert heights(model, (8.0, 43.0)) == [1800]


def test_geotiff_tiles_without_overlap_are_one_surface(tmp_path: Path) -> None:
    pixel = 1e-4
    column, row = np.meshgrid(np.arange(200), np.arange(100))
    whole = (10 + 0.5 * column + 0.25 * row).astype(np.float32)
    left = geotiff(tmp_path / "left.tif", whole[:, :120], west=8.0, north=50.0, pixel=pixel)
    right = geotiff(tmp_path / "right.tif", whole[:, 120:], west=8.0 + 120 * pixel, north=50.0, pixel=pixel)
    model = Elevation.open([left, right])
    lon = 8.0 + np.linspace(118.0, 122.0, 33) * pixel
    expected = 10 + 0.5 * ((lon - 8.0) / pixel - 0.5) + 0.25 * (40 - 0.5)
    assert model.at(lon, np.full(33, 50.0 - 40 * pixel)) == pytest.approx(expected, abs=1e-3)


def test_a_projected_geotiff_in_feet(tmp_path: Path) -> None:
    """Zone 32 north: its middle line is 9 degrees east at x = 500,000 m."""
    values = np.tile(np.arange(400, dtype=np.float32), (400, 1))  # one foot per pixel of 2 m eastwards
    path = geotiff(
        tmp_path / "utm.tif", values, west=499_600.0, north=5_450_400.0, pixel=2.0, crs="EPSG:32632", unit="ft",
        compress="lzw", predictor=3, tiled=True, blockxsize=128, blockysize=128,
    )  # fmt: skip
    model = Elevation.open([path])
    assert model.pixel_m == 2.0
    lat = 49.2  # inside the rows for this northing
    assert heights(model, (9.0, lat)) == [pytest.approx((200 - 0.5) * 0.3048, abs=1e-3)]


@pytest.mark.parametrize("marker", [-32768, -9999, 32767])
def test_beside_a_void_nothing_is_known(tmp_path: Path, marker: int) -> None:
    def ground(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        hole = (abs(lon - 7.5) < 0.1 / 1200) & (abs(lat - 43.5) < 0.1 / 1200)
        return np.where(hole, marker, 100)

    model = Elevation.open([hgt(tmp_path, "N43E007", ground)])
    step = 1 / 1200
    known = np.isfinite(heights(model, (7.5, 43.5), (7.5 + step / 2, 43.5), (7.5 - step / 3, 43.5 + step / 3),
                                (7.5 + step, 43.5), (7.5 + 1.2 * step, 43.5)))  # fmt: skip
    assert known.tolist() == [False, False, False, True, True]


def test_no_data_of_a_geotiff_is_a_void(tmp_path: Path) -> None:
    values = np.full((10, 10), 50.0, np.float32)
    values[5, 5] = -1.0
    path = geotiff(tmp_path / "hole.tif", values, west=8.0, north=50.0, pixel=1e-4, nodata=-1.0)
    model = Elevation.open([path])
    assert np.isnan(heights(model, (8.00055, 49.99945)))
    assert heights(model, (8.00025, 49.99975)) == [50.0]


def test_outside_of_all_files_nothing_is_known(tmp_path: Path) -> None:
    model = Elevation.open([hgt(tmp_path, "N43E007", lambda lon, lat: 10.0)])
    assert np.isnan(heights(model, (6.999, 43.5), (8.001, 43.5), (7.5, 42.999), (7.5, 44.001), (0.0, 90.0))).all()


def test_the_finer_of_two_models_speaks(tmp_path: Path) -> None:
    coarse = hgt(tmp_path, "N43E007", lambda lon, lat: 100.0)
    fine = geotiff(tmp_path / "fine.tif", np.full((50, 50), 20.0, np.float32), west=7.5, north=43.5, pixel=1e-4)
    model = Elevation.open([coarse, fine])
    assert heights(model, (7.502, 43.498), (7.6, 43.6)) == [20.0, 100.0]
    assert model.pixel_m == pytest.approx(11.1, abs=0.1)


def test_the_digest_follows_the_content_and_not_the_order(tmp_path: Path) -> None:
    one = hgt(tmp_path, "N43E007", lambda lon, lat: 100.0)
    other = hgt(tmp_path, "N43E008", lambda lon, lat: 100.0 + lat)
    both, turned = Elevation.open([one, other]), Elevation.open([other, one])
    assert both.digest == turned.digest
    assert Elevation.open([one]).digest != both.digest
    hgt(tmp_path, "N43E007", lambda lon, lat: 101.0)
    assert Elevation.open([one, other]).digest != both.digest


@settings(max_examples=60, deadline=None)
@given(
    east=st.floats(-0.3, 0.3),
    north=st.floats(-0.3, 0.3),
    pixel_m=st.sampled_from([1.0, 10.0, 90.0]),
    x=st.floats(-300, 300),
    y=st.floats(-300, 300),
)
def test_a_plane_is_read_exactly(east: float, north: float, pixel_m: float, x: float, y: float) -> None:
    from routing.elevation_raster import METRES_PER_DEGREE
    from tests.support.drawn import ORIGIN

    model = terrain(slope(east, north), pixel_m=pixel_m, around_m=500)
    lat = ORIGIN[1] + y / METRES_PER_DEGREE
    lon = ORIGIN[0] + x / METRES_PER_DEGREE / np.cos(np.radians(ORIGIN[1]))
    assert heights(model, (lon, lat)) == [pytest.approx(200 + east * x + north * y, abs=1e-6)]


def refused(path: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        Elevation.open([path])
    return caught.value


@pytest.mark.parametrize("size", [0, 1, 2 * 1201 * 1201 - 1, 2 * 1201 * 1201 + 2, 1201 * 1201])
def test_a_tile_of_any_other_size_is_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "N43E007.hgt"
    path.write_bytes(bytes(size))
    assert refused(path).code == "map_unreadable"


def test_a_tile_that_does_not_say_where_it_lies_is_refused(tmp_path: Path) -> None:
    path = hgt(tmp_path, "N43E007", lambda lon, lat: 1.0).rename(tmp_path / "tile.hgt")
    assert "corner" in refused(path).message
    assert "Earth" in refused(path.rename(tmp_path / "N95E007.hgt")).message


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return path


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = archive(tmp_path / "N43E007.hgt.zip", **{"N43E007.hgt": bytes(300_000_000)})
    assert bomb.stat().st_size < 400_000
    assert refused(bomb).code == "map_unreadable"


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    """Both headers are changed to promise one tile; what is packed is longer."""
    real, said = 40_000_000, 2 * 1201 * 1201
    path = archive(tmp_path / "N43E007.hgt.zip", **{"N43E007.hgt": bytes(real)})
    data = path.read_bytes()
    assert data.count(real.to_bytes(4, "little")) == 2
    path.write_bytes(data.replace(real.to_bytes(4, "little"), said.to_bytes(4, "little")))
    assert refused(path).code == "map_unreadable"


def test_archives_with_none_or_two_tiles_are_refused(tmp_path: Path) -> None:
    tile = bytes(2 * 1201 * 1201)
    none = archive(tmp_path / "N43E007.hgt.zip", **{"readme.txt": b"hello"})
    assert "0 .hgt" in refused(none).message
    two = archive(tmp_path / "N43E008.hgt.zip", **{"N43E008.hgt": tile, "N43E009.hgt": tile})
    assert "2 .hgt" in refused(two).message


@settings(max_examples=80, deadline=None)
@given(cut=st.integers(0, 5_000), flip=st.integers(0, 5_000), value=st.integers(0, 255))
def test_a_damaged_archive_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int, value: int
) -> None:
    folder = tmp_path_factory.getbasetemp() / "damaged"
    folder.mkdir(exist_ok=True)
    path = folder / "N43E007.hgt.zip"
    if not path.exists():
        archive(path.with_suffix(".whole"), **{"N43E007.hgt": bytes(2 * 1201 * 1201)})
    data = bytearray(path.with_suffix(".whole").read_bytes())
    data[flip % len(data)] = value
    path.write_bytes(data[: len(data) - cut % len(data)] if cut % 3 else data)
    with suppress(Refused):
        Elevation.open([path])


def test_what_is_no_geotiff_or_lies_nowhere_is_refused(tmp_path: Path) -> None:
    from rasterio.transform import Affine

    values = np.ones((4, 4), np.float32)
    text = tmp_path / "words.tif"
    text.write_text("not a picture at all")
    nowhere = geotiff(tmp_path / "nowhere.tif", values, west=8.0, north=50.0, pixel=0.1, crs=None)
    turned = geotiff(
        tmp_path / "turned.tif", values, west=0, north=0, pixel=1, transform=Affine(0.1, 0.05, 8, 0.05, -0.1, 50)
    )
    assert "GeoTIFF" in refused(text).message
    assert "where on Earth" in refused(nowhere).message
    assert "rotated" in refused(turned).message
    cut = geotiff(tmp_path / "cut.tif", np.ones((400, 400), np.float32), west=8.0, north=50.0, pixel=1e-4)
    cut.write_bytes(cut.read_bytes()[:100_000])
    with pytest.raises(Refused, match=r"damaged|cannot be read"):
        Elevation.open([cut]).at(np.array([8.02]), np.array([49.961]))


def test_a_geotiff_never_leads_to_another_file(tmp_path: Path) -> None:
    """GDAL knows formats that name other files, even on the network; none of them is read as a GeoTIFF."""
    link = tmp_path / "link.tif"
    link.write_text('<VRTDataset rasterXSize="1" rasterYSize="1"><SRS>EPSG:4326</SRS></VRTDataset>')
    assert refused(link).code == "map_unreadable"


def test_other_endings_and_missing_files_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "dem.asc"
    other.write_text("ncols 4")
    assert refused(other).code == "map_unreadable"
    assert refused(tmp_path / "N43E007.hgt").code == "map_missing"
    with pytest.raises(Refused, match="No elevation file"):
        Elevation.open([])


@pytest.mark.real_map
def test_real_models_know_the_heights_of_real_places(shared_data: Path) -> None:
    model = Elevation.open(sorted((shared_data / "dem").iterdir()))
    casino, tete_de_chien, lauf, washington_park, willamette = heights(
        model, (7.4276, 43.7393), (7.4005, 43.7337), (11.2795, 49.5103), (-122.7080, 45.5190), (-122.6690, 45.5200)
    )
    assert 40 < casino < 80
    assert 450 < tete_de_chien < 570  # the summit is 550 m; a pixel of 90 m stays below it
    assert 310 < lauf < 345
    assert 150 < washington_park < 260
    assert 0 <= willamette < 12
