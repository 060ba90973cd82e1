"""``python -m bench NAME [--json]``: one measurement, as a table or as JSON."""

from __future__ import annotations

import argparse
import os
import sys

from bench import fleet, footprint, heard, panel, scale, soak, start, voice, wear
from bench.failed import BenchFailed
from box.sentences import language_of

BENCHES = {
    "start": start,
    "footprint": footprint,
    "voice": voice,
    "scale": scale,
    "panel": panel,
    "soak": soak,
    "wear": wear,
    "heard": heard,
    "fleet": fleet,
}


def main() -> int:
    """Make the measurement named and print it: 0 done (an aim may be missed), 1 it could not be made."""
    parser = argparse.ArgumentParser(prog="xiaolaba bench", description="measure one thing")
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    for name, bench in BENCHES.items():
        one = names.add_parser(name, help=bench.SUMMARY, description=bench.SUMMARY)
        one.add_argument("--json", action="store_true", help="nothing but JSON on standard output")
        bench.add_arguments(one)
    arguments = parser.parse_args()
    try:
        measurement = BENCHES[arguments.name].measure(arguments)
    except BenchFailed as error:
        print(error.sentence.text(language_of(os.environ)), file=sys.stderr)
        return 1
    print(measurement.as_json() if arguments.json else measurement.as_table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
