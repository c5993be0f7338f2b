"""The one place that asks the time. Web and command line call it; everyone below is handed the value.

It is the database's time: deadlines are decided in statements by `clock_timestamp()`, and a host whose own clock is
wrong must neither end an exam early nor let one go on. One round trip, so the hot path asks within its statement.
"""

from datetime import datetime

from sqlalchemy import func, select

from app.core.db import db


def now() -> datetime:
    value: datetime = db.session.execute(select(func.clock_timestamp())).scalar_one()
    return value
