"""A line that can be cut, held, slowed down or made deaf in one direction, between any two parts of the engine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]
CHUNK = 64 * 1024


class Proxy:
    """Listens on a port of its own and passes everything on. What it does to the traffic may change at any moment."""

    def __init__(self, upstream: Path | tuple[str, int], host: str = "127.0.0.1") -> None:
        self.upstream, self._host = upstream, host
        self.port = 0
        self.refuses = False
        """Nobody gets through, as when the cable is out and the other side says so."""
        self.deaf_up = self.deaf_down = False
        """Bytes of that direction vanish: requests never arrive, or answers never come back."""
        self.delay = 0.0
        """Seconds that every piece waits, both ways."""
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._flow = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="proxy")
        self._thread.start()
        self._ready.wait()

    def hold(self, held: bool) -> None:
        """A line that is there and carries nothing: nobody is told that anything is wrong."""
        self._loop.call_soon_threadsafe(self._flow.clear if held else self._flow.set)

    def cut(self) -> None:
        """Ends every connection in the middle of whatever it was saying."""
        self._loop.call_soon_threadsafe(self._cut)

    def restore(self) -> None:
        self.refuses = self.deaf_up = self.deaf_down = False
        self.delay = 0.0
        self.hold(False)
        self.cut()  # what went wrong on a connection stays wrong for it

    def close(self) -> None:
        self._cut_and_wait()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _cut_and_wait(self) -> None:
        done = threading.Event()

        def cut() -> None:
            self._cut()
            done.set()

        self._loop.call_soon_threadsafe(cut)
        done.wait(5)

    def _cut(self) -> None:
        for writer in list(self._open):
            with suppress(OSError):
                writer.transport.abort()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(lambda *_: None)  # a line that breaks is the point
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, self._host, 0))
        self.port = server.sockets[0].getsockname()[1]
        self._flow.set()
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuses:
            writer.transport.abort()
            return
        try:
            if isinstance(self.upstream, Path):
                beyond, out = await asyncio.open_unix_connection(str(self.upstream))
            else:
                beyond, out = await asyncio.open_connection(*self.upstream)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, out}
        self._open |= ends
        await asyncio.gather(self._carry(reader, out, up=True), self._carry(beyond, writer, up=False))
        self._open -= ends

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, up: bool) -> None:
        with suppress(OSError, asyncio.CancelledError):
            while piece := await source.read(CHUNK):
                await self._flow.wait()
                if self.delay:
                    await asyncio.sleep(self.delay)
                if self.deaf_up if up else self.deaf_down:
                    continue
                target.write(piece)
                await target.drain()
        with suppress(OSError, RuntimeError):
            target.close()
