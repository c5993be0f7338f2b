"""Every check of `make test`, one after the other, with one summary at the end; or those named as arguments."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = ["app", "question_bank", "proctoring", "certificates", "deploy", "benchmarks"]
PYTHON = [sys.executable, "-m"]
# Three processes on two processors, as browsers and servers are waited for; in the order that tests/conftest.py gives,
# so that the longest files do not come last, when one process would be busy and the others idle.
CHECKS = {
    "ruff": [*PYTHON, "ruff", "check", "--quiet", "."],
    "format": [*PYTHON, "ruff", "format", "--check", "--quiet", "."],
    "types": [*PYTHON, "mypy", "--no-error-summary", *CODE],
    "imports": [*PYTHON, "importlinter.cli", "lint"],
    "templates": [*PYTHON, "djlint", "app/templates", "--lint", "--quiet"],
    "catalogues": [*PYTHON, "deploy.catalogues", "check"],
    "tests": [*PYTHON, "pytest", "-q", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"],
}
ENVIRONMENT = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}
"""The tests start the engine dozens of times: a second more for each where its code is to be compiled anew."""


def run(name: str) -> tuple[bool, float]:
    started = time.monotonic()
    print(f"── {name}", flush=True)
    done = subprocess.run(CHECKS[name], check=False, cwd=ROOT, stdin=subprocess.DEVNULL, env=ENVIRONMENT)
    return done.returncode == 0, time.monotonic() - started


def main(names: list[str]) -> int:
    if unknown := set(names) - set(CHECKS):
        sys.exit(f"unknown checks: {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}")
    outcome = {name: run(name) for name in names or CHECKS}
    print("──")
    for name, (passed, seconds) in outcome.items():
        print(f"{'ok    ' if passed else 'FAILED'} {name:<11} {seconds:6.1f} s")
    return 0 if all(passed for passed, _ in outcome.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
