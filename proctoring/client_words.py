"""A browser and its system in a few words, from what it says of itself; which proves nothing."""

from __future__ import annotations

import re
from functools import lru_cache

BROWSERS = (
    ("SEB", r"\bSEB/(\d+)"), ("Edge", r"\bEdg(?:e|A|iOS)?/(\d+)"), ("Opera", r"\bOPR/(\d+)"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/(\d+)"), ("Chrome", r"\b(?:Chrome|CriOS|HeadlessChrome)/(\d+)"),
    ("Safari", r"\bVersion/(\d+)[\d.]* .*Safari/"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", r"Windows"), ("Android", r"Android"), ("iPad", r"iPad"), ("iPhone", r"iPhone"),
    ("macOS", r"Mac OS X|Macintosh"), ("ChromeOS", r"\bCrOS\b"), ("Linux", r"Linux|X11"),
)  # fmt: skip
LONGEST = 40


@lru_cache(4096)
def client_words(agent: str) -> str:
    """`Chrome 128 · Windows`; the beginning of the text itself where neither is known."""
    found = [f"{name} {match[1]}" for name, pattern in BROWSERS if (match := re.search(pattern, agent))][:1]
    found += [name for name, pattern in SYSTEMS if re.search(pattern, agent)][:1]
    return " · ".join(found) or agent.strip()[:LONGEST]
