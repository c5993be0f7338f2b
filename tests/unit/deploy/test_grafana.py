"""The sample board asks only for what /metrics tells."""

from __future__ import annotations

import json
import re
from pathlib import Path

from prometheus_client import REGISTRY

from app.core import metrics

BOARD = Path(metrics.__file__).resolve().parents[2] / "deploy" / "grafana" / "exam-day.json"
NAME = re.compile(r"\bexam_[a-z_]+\b")


def test_every_figure_of_the_board_is_counted() -> None:
    panels = json.loads(BOARD.read_text())["panels"]
    asked = {name for panel in panels for target in panel["targets"] for name in NAME.findall(target["expr"])}
    told = {series for name in REGISTRY._names_to_collectors for series in (name,)}
    assert asked <= told
    assert len(asked) > 20


def test_panels_do_not_share_a_place() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(BOARD.read_text())["panels"]:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                 for y in range(place["y"], place["y"] + place["h"])}  # fmt: skip
        assert not taken & cells, panel["title"]
        taken |= cells
