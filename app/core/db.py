"""The database session and the conventions all tables share."""

from __future__ import annotations

import os
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, MetaData, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

os.environ |= {"PGTZ": "UTC", "PGDATESTYLE": "ISO"}
"""Read by libpq for every connection: times are told in UTC, whatever zone and form the database server is set to."""


class Base(DeclarativeBase):
    """Parent of every table. Times carry their zone, figures are exact, free structures are JSONB."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        int: BigInteger,
        str: Text,
        datetime: DateTime(timezone=True),
        Decimal: Numeric(7, 3),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


db = SQLAlchemy(metadata=Base.metadata)
