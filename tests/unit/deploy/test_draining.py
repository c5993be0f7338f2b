"""A process told to stop answers what is under way, takes leave of each connection, and ends when it is quiet."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from gunicorn.workers.ggevent import GeventWorker

from deploy.draining import QUIET_ROUNDS, AllAnswered, DrainingWorker


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> DrainingWorker:
    monkeypatch.setattr(GeventWorker, "notify", lambda _self: None)
    made = DrainingWorker.__new__(DrainingWorker)
    made.alive = True
    return made


def test_a_serving_process_keeps_its_connections(worker: DrainingWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GeventWorker, "handle_request", lambda *_: None)
    request = SimpleNamespace(must_close=False)
    worker.handle_request(None, request, None, None)
    for _ in range(QUIET_ROUNDS + 2):
        worker.notify()
    assert not request.must_close


def test_a_stopping_one_takes_leave_and_waits_for_the_last_answer(
    worker: DrainingWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.alive = False

    def long_request(*_: object) -> None:
        for _ in range(QUIET_ROUNDS + 2):
            worker.notify()

    monkeypatch.setattr(GeventWorker, "handle_request", long_request)
    request = SimpleNamespace(must_close=False)
    worker.handle_request(None, request, None, None)
    assert request.must_close
    for _ in range(QUIET_ROUNDS):
        worker.notify()
    with pytest.raises(AllAnswered):
        worker.notify()
