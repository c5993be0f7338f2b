"""python -m tests.faults [--seconds 600] [--seed N] [--only NAME …]"""

from __future__ import annotations

import argparse
import secrets
import sys
import time

from tests.faults.faults import FAULTS
from tests.faults.run import Run
from tests.faults.say import tell

WAVE = 90.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--seconds", type=float, default=600, help="how long to go on breaking things")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    parser.add_argument("--candidates", type=int, default=24)
    parser.add_argument("--only", nargs="*", choices=sorted(FAULTS), metavar="FAULT")
    given = parser.parse_args()
    tell(f"seed {given.seed}")
    run = Run(given.seed, candidates=given.candidates, hosts=2, pace=0.05)
    try:
        until = time.monotonic() + given.seconds
        while time.monotonic() < until:
            run.wave(min(WAVE, max(10.0, until - time.monotonic())), given.only)
        outcome = run.check()
    except AssertionError as error:
        outcome = run.check()
        outcome.problems.append(str(error))
    finally:
        run.close()
    print(outcome.told())
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
