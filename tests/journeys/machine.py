"""A server that can be stopped and started again under the same address."""

from __future__ import annotations

from socket import SO_REUSEADDR, SOL_SOCKET, socket
from threading import Thread
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Machine:
    def __init__(self, app: WSGIApplication) -> None:
        self.app = app
        self.place = socket()  # keeps the port for this machine while nobody listens there
        self.place.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        self.place.bind(("127.0.0.1", 0))
        self.port: int = self.place.getsockname()[1]
        self.server: BaseWSGIServer | None = None
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.server.daemon_threads = False  # every request ends before the database is emptied
        self.thread = Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()
            self.server = None
