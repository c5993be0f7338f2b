"""gunicorn's gevent worker, made to let go: told to stop, it answers what is under way and takes leave of the rest.

The worker as it comes goes on serving every connection that stays open until graceful_timeout ends, and is then torn
from whatever it is doing. A proxy never closes its connections by itself, so each upgrade would cost somebody a save.
"""

from __future__ import annotations

from typing import Any

from gunicorn.workers.ggevent import GeventWorker  # type: ignore[import-untyped]

from deploy.one_send import OneSend

QUIET_ROUNDS = 2
"""Seconds without a request after which the connections that are left are taken to be idle."""


class AllAnswered(Exception):
    """Ends gunicorn's wait for connections on which nobody asks any more; it takes any exception for that."""


class DrainingWorker(GeventWorker):  # type: ignore[misc]  # gunicorn's workers carry no types
    under_way = 0
    quiet = 0

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> Any:
        if not self.alive:
            req.must_close = True  # the answer says so, and the proxy goes elsewhere with the next one
        self.under_way += 1
        self.quiet = 0
        whole = OneSend(sock)
        try:
            return super().handle_request(listener_name, req, whole, addr)
        finally:
            self.under_way -= 1
            whole.flush()

    def notify(self) -> None:
        """Called once a second, also while gunicorn waits for the end."""
        super().notify()
        if self.alive:
            return
        self.quiet = 0 if self.under_way else self.quiet + 1
        if self.quiet > QUIET_ROUNDS:
            raise AllAnswered
