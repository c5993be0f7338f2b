"""The engine with another way of writing, for comparison: VARIANT names it."""

from __future__ import annotations

import os

from app.delivery import direct, group_commit, grouping
from wsgi import app as application

__all__ = ["application"]

WAYS = {"one writer": (1, 256), "two writers": (2, 256), "one commit each": (32, 1)}

group_commit.WRITERS, grouping.MOST = WAYS[os.environ["VARIANT"]]
direct.MOST = 8
