"""The short version of the fault harness: each important way of dying once, and nothing acknowledged is lost."""

from __future__ import annotations

from tests.faults.run import Run

CHOSEN = (
    "kill_web_worker",
    "kill_web_master",
    "kill_postgres",
    "kill_redis",
    "answers_lost",
    "database_line_cut",
    "one_host_cut_off",
)
SEED = 20261121


def test_what_was_acknowledged_survives_everything() -> None:
    run = Run(SEED, candidates=6, hosts=2, pace=0.05, workers=1)
    try:
        run.wave(12, CHOSEN)
        outcome = run.check()
    except BaseException:
        run.outcome.problems.append("the run did not come to its end")
        raise
    finally:
        run.close()
    assert not outcome.problems, outcome.told()
    assert outcome.counts["acknowledged"] > 100
    assert outcome.counts["lost"] == 0
