"""Somebody at a browser: logs in, goes to pages, and looks whether everybody could use them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, expect

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


class Person:
    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context, self.site = context, site
        self.page = context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def go(self, path: str) -> None:
        answer = self.page.goto(self.site + path)
        assert answer is not None
        assert answer.status < 400, (path, answer.status)

    def log_in(self, username: str, password: str) -> None:
        self.go("/login")
        self.page.fill("#username", username)
        self.page.fill("#password", password)
        self.page.click("main button.primary")
        expect(self.page.locator("form[action='/logout']")).to_be_attached()

    def check_access(self) -> None:
        """Axe finds nothing, and no script failed."""
        found = self._violations()
        assert not [(one["id"], [node["target"] for node in one["nodes"]]) for one in found], self.page.url
        assert not self.faults

    def _violations(self) -> Any:
        """A page that is being left while axe reads it has no document any more: then the next one is read."""
        for tries_left in (2, 1, 0):
            self.page.wait_for_load_state()
            try:
                self.page.evaluate(_axe())
                return self.page.evaluate(
                    "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
                )
            except Error:
                if not tries_left:
                    raise
        return None
