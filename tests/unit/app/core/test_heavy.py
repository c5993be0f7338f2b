"""Work apart gives what work here gives; under gevent, in a process of its own, others go on meanwhile."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.core.heavy import apart, cooperative

UNDER_GEVENT = """
from gevent import monkey
monkey.patch_all()
import threading, time
import gevent
from gevent.threadpool import ThreadPool
from app.core.heavy import apart, cooperative
from certificates.verifying.verification import inspect_pdf

assert cooperative()
here = threading.get_ident()
going, done = gevent.event.Event(), []

def wait_for_others(native_sleep=monkey.get_original("time", "sleep")):
    while not done:
        native_sleep(0.001)
    return "waited"

gevent.spawn_later(0.01, lambda: done.append(True))
assert apart(wait_for_others) == "waited"

def nested():
    return apart(lambda: "inside")

assert apart(nested) == "inside"

def wrong():
    raise KeyError("told")

try:
    apart(wrong)
except KeyError as error:
    assert error.args == ("told",)
else:
    raise AssertionError

def sum_of(one, *, other):
    return one + other

jobs = [gevent.spawn(apart, sum_of, n, other=1) for n in range(20)]
gevent.joinall(jobs)
assert [job.value for job in jobs] == list(range(1, 21))
files = [gevent.spawn(apart, inspect_pdf, b"no PDF", []) for _ in range(4)]
gevent.joinall(files)
assert not any(file.value.genuine for file in files)
print("well")
"""


def test_without_gevent_it_is_done_here() -> None:
    assert not cooperative()
    assert apart(lambda one, *, other: (one, other), 1, other=2) == (1, 2)
    with pytest.raises(ZeroDivisionError):
        apart(lambda: 1 / 0)


def test_under_gevent_others_go_on() -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", UNDER_GEVENT], capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.returncode) == ("well\n", 0), run.stderr
    assert run.stderr == "", "what goes wrong there is told by whoever asked, and written down by nobody else"
