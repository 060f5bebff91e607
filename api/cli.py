"""The `stepfree` command: what it takes, and how it says no."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from accessibility.refusals import Refused

SIGNED = ("--from", "--to", "--bbox")
"""Options whose value may begin with a minus; argparse would take `-122.3,47.6` for an option."""
SHAPES = ("text", "json", "geojson", "gpx", "svg", "png")
UNITS = ("metric", "imperial", "steps")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, or 2 with one sentence when it was refused, or 130 when interrupted."""
    parser = _parser()
    given = parser.parse_args(_joined(sys.argv[1:] if arguments is None else arguments))
    try:
        return int(given.run(given))
    except Refused as refused:
        print(f"stepfree: {refused.message}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stepfree", description="Step-free routes people can trust.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_build(commands)
    _add_serve(commands)
    _add_route(commands)
    _add_key(commands)
    _add_audit(commands)
    return parser


def _add_build(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("build", help="turn OpenStreetMap data into a map that `serve` loads at once")
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "source",
        nargs="?",
        type=Path,
        metavar="SOURCE",
        help=".osm.pbf, .osm, .osm.gz, .osm.bz2 or .geojson (OpenSidewalks)",
    )
    source.add_argument("--place", metavar="NAME", help="download the area of this place")
    source.add_argument("--bbox", type=_box, metavar="W,S,E,N", help="download this box (degrees)")
    command.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="folder to write")
    command.add_argument(
        "--dem", type=Path, nargs="+", default=[], metavar="FILE", help="elevation: .hgt, .hgt.zip or GeoTIFF"
    )
    command.add_argument(
        "--gtfs", type=Path, nargs="+", default=[], metavar="DIR", help="station interiors: GTFS folder or zip"
    )
    command.set_defaults(run=_build)


def _add_serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("serve", help="serve the API and the web page")
    command.add_argument("--map", type=Path, required=True, metavar="DIR_OR_FILE", help="saved map or OSM file")
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    command.add_argument("--port", type=_port, default=8000, help="port, 0 = any free one (default 8000)")
    command.add_argument("--workers", type=_count, default=1, help="processes that answer (default 1)")
    command.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="what is kept (default data)")
    command.add_argument("--database-url", metavar="URL", help="PostgreSQL 18 to use; without it one runs in --data")
    command.set_defaults(run=_serve)


def _add_route(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("route", help="one route in the terminal, or as a file")
    command.add_argument("--map", type=Path, required=True, metavar="DIR_OR_FILE", help="saved map or OSM file")
    command.add_argument("--from", dest="start", type=_place, required=True, metavar="LON,LAT")
    command.add_argument("--to", dest="end", type=_place, required=True, metavar="LON,LAT")
    command.add_argument("--profile", required=True, help="for example manual_wheelchair")
    shape = command.add_mutually_exclusive_group()
    shape.add_argument("--format", choices=SHAPES, help="default: as the name of --out ends, else text")
    shape.add_argument("--json", dest="format", action="store_const", const="json", help="the same as --format json")
    command.add_argument("--out", type=Path, metavar="FILE", help="write it there instead of printing it")
    command.add_argument("--language", metavar="TAG", help="en, de or zh-Hans (also de-AT, zh, zh-CN …); else English")
    command.add_argument("--units", choices=UNITS, default="metric", help="how lengths are told (default metric)")
    command.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="what is kept (default data)")
    command.set_defaults(run=_route)


def _add_key(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    actions = commands.add_parser("key", help="API keys").add_subparsers(metavar="ACTION", required=True)
    command = actions.add_parser("create", help="print a new API key, once")
    command.add_argument("--role", required=True, help="for example moderator, dispatcher, unit, crew, operator")
    command.add_argument("--unit", metavar="U", help="the unit a unit's or crew's key is for")
    command.add_argument("--area", metavar="A", help="the area the key is for")
    _add_database(command)
    command.set_defaults(run=_create_key)


def _add_audit(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    actions = commands.add_parser("audit", help="the audit log").add_subparsers(metavar="ACTION", required=True)
    command = actions.add_parser("verify", help="check that nothing in the audit log was changed")
    _add_database(command)
    command.set_defaults(run=_verify_audit)


def _add_database(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="what is kept (default data)")
    command.add_argument("--database-url", metavar="URL", help="PostgreSQL 18 to use; without it the one in --data")


# Each command imports what it needs when it runs: `stepfree --help` answers at once.


def _build(given: argparse.Namespace) -> int:
    from api.cli_build import run

    return run(given.output, source=given.source, place=given.place, bbox=given.bbox, dem=given.dem, gtfs=given.gtfs)


def _serve(given: argparse.Namespace) -> int:
    from api.cli_serve import run

    where = {"host": given.host, "port": given.port, "workers": given.workers}
    return run(given.map, given.data, database_url=given.database_url, **where)


def _route(given: argparse.Namespace) -> int:
    from api.cli_route import run

    said = {"shape": given.format, "out": given.out, "language": given.language, "units": given.units}
    return run(given.map, given.data, start=given.start, end=given.end, profile=given.profile, **said)


def _create_key(given: argparse.Namespace) -> int:
    from api.cli_desk import create_key

    return create_key(given.data, given.database_url, role=given.role, unit=given.unit, area=given.area)


def _verify_audit(given: argparse.Namespace) -> int:
    from api.cli_desk import verify_audit

    return verify_audit(given.data, given.database_url)


def _joined(arguments: Sequence[str]) -> list[str]:
    """`--from -122.3,47.6` → `--from=-122.3,47.6`."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] in SIGNED and argument[:1] == "-" and argument[1:2] in "0123456789.":
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined


def _numbers(text: str, count: int, words: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise argparse.ArgumentTypeError(f"{text!r} is not {words}")
    return numbers


def _place(text: str) -> tuple[float, float]:
    lon, lat = _numbers(text, 2, "LON,LAT in degrees, for example 24.94,60.17")
    if abs(lon) > 180 or abs(lat) > 90:
        raise argparse.ArgumentTypeError(f"{text!r} is not on Earth: longitude first, within ±180, latitude within ±90")
    return lon, lat


def _box(text: str) -> tuple[float, float, float, float]:
    west, south, east, north = _numbers(text, 4, "W,S,E,N in degrees")
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise argparse.ArgumentTypeError(f"{text!r} is not a box: west below east, south below north, on Earth")
    return west, south, east, north


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes from 1 to 256")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
