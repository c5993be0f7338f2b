"""Somebody at a browser: logs in, goes to pages, and looks whether everybody could use them."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, expect

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)">')


UNTIL = """async () => {
    for (let tries = 0; tries < 1200; tries += 1) {
        if (await (%s)) return;
        await new Promise((go) => { setTimeout(go, 50); });
    }
    throw new Error("it did not come true");
}"""


def until(page: Page, comes_true: str) -> None:
    """Waits for what a script finds at the page, be it a promise. The browser driver's own wait would look but once: it
    takes a promise for the truth, and the words it is given are read anew each time, which our pages forbid."""
    page.evaluate(UNTIL % comes_true)


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

    def arrive(self, username: str, password: str) -> None:
        """Logged in and at the first page, without the log-in's page: where that is not what is looked at."""
        page = self.context.request.get(f"{self.site}/login")
        (token,) = CSRF.findall(page.text())
        form = {"username": username, "password": password, "csrf_token": token}
        answer = self.context.request.post(f"{self.site}/login", form=form, max_redirects=0)
        assert answer.status == 303, answer.status
        self.go("/")

    def log_in(self, username: str, password: str) -> None:
        """As a person does, by the page."""
        self.go("/login")
        self.page.fill("#username", username)
        self.page.fill("#password", password)
        self.page.click("main button.primary")
        expect(self.page.locator("form[action='/logout']")).to_be_attached()

    def clocks_go_on(self, **by: float) -> None:
        """As when so much time has passed at this computer, by its date as by the clock of its processor."""
        self.page.evaluate(
            """(by) => [Date, performance].forEach((one) => {
                const now = one.now.bind(one);
                one.now = () => now() + by;
            })""",
            timedelta(**by) / timedelta(milliseconds=1),
        )

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
