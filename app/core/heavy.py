"""Work that burns processor time is kept off the loop that serves everyone else.

Under gevent one native thread runs all requests of a process, so a password hash or a PDF would hold up every save
until it is done. `apart` runs it on another native thread meanwhile; elsewhere each request has a thread already.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from functools import cache
from typing import Any, ParamSpec, TypeVar, cast

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
AT_ONCE = 2
"""More at the same time would only share the same cores; the others wait their turn."""
_here = threading.local()


def apart(function: Callable[Given, Answer], *args: Given.args, **kwargs: Given.kwargs) -> Answer:
    """`function(*args, **kwargs)`, waited for without holding up other requests.

    It must be a function of its arguments alone: no request, no database session, nothing of the calling thread.
    """
    if not cooperative() or getattr(_here, "apart", False):
        return function(*args, **kwargs)
    answer, error = _threads(os.getpid()).apply(_marked, (function, args, kwargs))
    if error is not None:
        raise error
    return cast(Answer, answer)


def _marked(function: Callable[..., Answer], args: Any, kwargs: Any) -> tuple[Answer | None, Exception | None]:
    """So that what runs apart already is not sent away again. The pool would write what is raised here on the
    standard error, in all its words; so it is handed back instead."""
    _here.apart = True
    try:
        return function(*args, **kwargs), None
    except Exception as error:
        return None, error
    finally:
        _here.apart = False


def lock() -> threading.Lock:
    """For what runs apart, where gevent's own lock would never wake who waits for it on another native thread.

    Nobody may hold it on the loop's thread over anything that lets others run there.
    """
    if not cooperative():
        return threading.Lock()
    from gevent.monkey import get_original

    return cast(threading.Lock, get_original("threading", "Lock")())


def cooperative() -> bool:
    """Whether this process runs all its requests on one thread (gevent has patched it)."""
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("threading"))


@cache
def _threads(_process: int) -> Any:
    """Those of this process: none survives a fork."""
    from gevent.threadpool import ThreadPool

    return ThreadPool(AT_ONCE)
