"""What a session commits to before its doors open, and what each paper records, so that anyone can check its draw.

tools/check_draw.py reads exactly these shapes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from question_bank.blueprint import Blueprint
from question_bank.drawing import DrawnPaper
from question_bank.pool_item import PoolItem, digest_of, in_order

METHOD = 1
"""The number of the way to draw; another way that draws other papers gets another number."""


def new_secret() -> str:
    return secrets.token_hex(32)


def rules_of(blueprint: Blueprint) -> dict[str, Any]:
    """All that a draw depends on beside the bank: the table, and how alike papers have to be."""
    marks = {kind: form.marks for kind, form in blueprint.types.items()}
    return {
        "method": METHOD,
        "scheme": blueprint.scheme,
        "level": blueprint.level,
        "types": list(blueprint.types),
        "cells": [[cell.row, cell.content, cell.type, cell.count, marks[cell.type]] for cell in blueprint.cells],
        "exposure_cap": blueprint.rules.exposure_cap,
        "difficulty_window": str(blueprint.rules.difficulty_window),
        "time_window": blueprint.rules.time_window,
    }


def hash_of(secret: str) -> str:
    """What is told of a secret before the doors open."""
    return hashlib.sha256(bytes.fromhex(secret)).hexdigest()


def commitment(secret: str, snapshot: str, rules: dict[str, Any], pool: Iterable[PoolItem]) -> dict[str, str]:
    """Hashes for the audit log. That of all keys together gives none of them away."""
    return {
        "secret_sha256": hash_of(secret),
        "snapshot": snapshot,
        "rules_sha256": digest_of(rules),
        "keys_sha256": digest_of(keys_of(pool)),
    }


def keys_of(pool: Iterable[PoolItem]) -> dict[str, list[str]]:
    return {item.id: list(item.key) for item in in_order(pool)}


def record_of(name: str, paper: DrawnPaper, seen: Iterable[str]) -> dict[str, Any]:
    """What a paper depended on beside snapshot, rules and secret; `name` is what its seed is made from."""
    return {
        "paper": name,
        "number": paper.number,
        "papers": paper.papers,
        "attempt": paper.attempt,
        "seen": sorted(seen),
    }


def shown(record: dict[str, Any], items: Iterable[str]) -> dict[str, Any]:
    """The record with the items, as it is published: the orders of options would give keys away."""
    return {**record, "items": list(items)}


def drawn_digest(papers: Sequence[dict[str, Any]]) -> str:
    """Of papers drawn together, in their order, for the audit log."""
    return digest_of(list(papers))
