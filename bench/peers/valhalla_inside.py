"""Valhalla in a process of its own, run by a Python that its wheel fits; it knows nothing of this project.

    python valhalla_inside.py CONFIG

Reads lines from standard input, each a JSON list of request bodies; answers each with a line: a list of
`[seconds, answered, bytes]`, one for each body. The time is that of `actor.route` alone, text in, text out.
"""

import json
import sys
import time

import valhalla


def main() -> None:
    said, sys.stdout = sys.stdout, sys.stderr
    actor = valhalla.Actor(sys.argv[1])
    for line in sys.stdin:
        answers = []
        for body in json.loads(line):
            started = time.perf_counter()
            try:
                answer = actor.route(body)
            except RuntimeError:
                answer = ""
            answers.append((time.perf_counter() - started, bool(answer), len(answer)))
        said.write(json.dumps(answers) + "\n")
        said.flush()


if __name__ == "__main__":
    main()
