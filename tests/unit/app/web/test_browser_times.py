"""Pages say that times are Beijing time; a script must not write one in whatever zone a computer is set to."""

from __future__ import annotations

import re
from pathlib import Path

from app.registration.facts import BODY_ZONE

SCRIPTS = Path(__file__).resolve().parents[4] / "app" / "static" / "js"
WRITES_A_TIME = re.compile(r"toLocale(?:Time|Date)?String\([^,]+, (?P<how>HOURS|\{[^}]*\})")


def test_every_time_a_script_writes_is_in_the_zone_of_the_body() -> None:
    zone = f'timeZone: "{BODY_ZONE.key}"'
    found = 0
    for script in sorted(SCRIPTS.glob("*.js")):
        text = script.read_text()
        hours = next((line for line in text.splitlines() if line.startswith("const HOURS")), "")
        for one in WRITES_A_TIME.finditer(text):
            found += 1
            assert zone in (hours if one["how"] == "HOURS" else one["how"]), f"{script.name}: {one[0]}"
        assert len(WRITES_A_TIME.findall(text)) == text.count("toLocaleTimeString("), script.name
    assert found
