"""What can go wrong on the day, one function each: break it, leave it broken for a while, let it be mended.

Killing mends itself (the supervisors start things again); lines, clocks and disks are put right at the end.
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.clock import COMPILER
from tests.faults.hosts import Host
from tests.faults.stores import Stores


@dataclass
class Arena:
    stores: Stores
    hosts: list[Host]
    chance: random.Random

    def host(self) -> Host:
        return self.chance.choice(self.hosts)

    def wait(self, least: float, most: float) -> None:
        time.sleep(self.chance.uniform(least, most))


Fault = Callable[[Arena], None]
FAULTS: dict[str, Fault] = {}


def _fault(work: Fault) -> Fault:
    FAULTS[work.__name__] = work
    return work


@_fault
def kill_web_worker(arena: Arena) -> None:
    arena.host().web.kill_child(arena.chance)


@_fault
def kill_web_master(arena: Arena) -> None:
    arena.host().web.kill()


@_fault
def kill_background_worker(arena: Arena) -> None:
    arena.host().worker.kill()


@_fault
def kill_postgres(arena: Arena) -> None:
    arena.stores.kill_postmaster()


@_fault
def kill_postgres_backend(arena: Arena) -> None:
    arena.stores.kill_backend()


@_fault
def kill_redis(arena: Arena) -> None:
    arena.stores.kill_redis()


@_fault
def restart_web(arena: Arena) -> None:
    """As an upgrade does: the old workers finish what they have, new ones take over."""
    arena.host().web.send(signal.SIGHUP)
    arena.wait(1, 3)


@_fault
def stop_web(arena: Arena) -> None:
    arena.host().web.send(signal.SIGTERM)


@_fault
def restart_worker(arena: Arena) -> None:
    arena.host().worker.send(signal.SIGTERM)


@_fault
def restart_postgres(arena: Arena) -> None:
    arena.stores.restart_postgres()


@_fault
def restart_redis(arena: Arena) -> None:
    arena.stores.restart_redis()


@_fault
def disk_full(arena: Arena) -> None:
    arena.stores.fill_disk()
    arena.wait(1, 4)
    arena.stores.free_disk()


@_fault
def browsers_cut_off(arena: Arena) -> None:
    """The school's line is out: what was under way is torn, nobody gets through."""
    for host in arena.hosts:
        host.browsers.refuses = True
        host.browsers.cut()
    arena.wait(1, 4)


@_fault
def requests_lost(arena: Arena) -> None:
    host = arena.host()
    host.browsers.deaf_up = True
    arena.wait(1, 4)


@_fault
def answers_lost(arena: Arena) -> None:
    """The worst of the lines: everything is stored and nobody hears of it."""
    for host in arena.hosts:
        host.browsers.deaf_down = True
    arena.wait(1, 4)


@_fault
def slow_network(arena: Arena) -> None:
    for host in arena.hosts:
        host.browsers.delay = arena.chance.uniform(0.1, 0.6)
    arena.wait(2, 4)


@_fault
def slow_database_line(arena: Arena) -> None:
    arena.host().to_database.delay = arena.chance.uniform(0.02, 0.2)
    arena.wait(2, 4)


@_fault
def database_line_cut(arena: Arena) -> None:
    host = arena.host()
    host.to_database.refuses = True
    host.to_database.cut()
    arena.wait(1, 4)


@_fault
def database_line_held(arena: Arena) -> None:
    """The cruel kind: the connection stands, and nothing comes."""
    host = arena.host()
    host.to_database.hold(True)
    arena.wait(2, 6)


@_fault
def database_answers_lost(arena: Arena) -> None:
    """Commits arrive, their confirmation does not."""
    host = arena.host()
    host.to_database.deaf_down = True
    arena.wait(0.5, 2)


@_fault
def redis_line_held(arena: Arena) -> None:
    for host in arena.hosts:
        host.to_redis.hold(True)
    arena.wait(2, 5)


@_fault
def one_host_cut_off(arena: Arena) -> None:
    """From the stores and from the browsers, both at once: the other host carries on alone."""
    host = arena.host()
    host.pull_cable()
    arena.wait(3, 6)


@_fault
def clock_ahead(arena: Arena) -> None:
    _with_clock(arena, 1)


@_fault
def clock_behind(arena: Arena) -> None:
    _with_clock(arena, -1)


def _with_clock(arena: Arena, hours: int) -> None:
    host = arena.host()
    host.clock.set(hours)
    arena.wait(3, 5)
    host.clock.set(0)


def possible(stores: Stores) -> tuple[list[str], dict[str, str]]:
    """What can be broken on this machine, and what cannot with the reason."""
    left_out = {}
    if not stores.small_disk:
        left_out["disk_full"] = "needs root, for a small disk of its own"
    if COMPILER is None:
        left_out |= dict.fromkeys(("clock_ahead", "clock_behind"), "needs a C compiler, for a clock that is wrong")
    return [name for name in FAULTS if name not in left_out], left_out
