"""make screenshots: the pictures of the README, taken of a demonstration in a store of its own."""

from __future__ import annotations

import logging
import lzma
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from threading import Thread

from flask import Flask
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

import certificates
from app.config import Settings
from app.factory import create_app
from deploy import catalogues, local, tools
from deploy.demonstration_day import Day, live_through
from deploy.demonstration_people import Account

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SIZE = {"width": 1280, "height": 800}
MOST_BYTES = 200_000
LAST_COMMON = 0xFFFF
"""Beyond it are the characters that the fonts of a machine often lack."""
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage", "--font-render-hinting=none"]


def main() -> None:
    catalogues.compile_stale()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="exam-pictures-") as folder:
        data_dir = Path(folder)
        try:
            app = create_app(Settings.from_env({"DATA_DIR": folder, "LOG_LEVEL": "warning"}))
            day = live_through(app)
            with serving(app) as address, chromium() as browser:
                for name, take in PICTURES.items():
                    picture = compressed(take(Visitor(browser, address), day))
                    (FOLDER / f"{name}.png").write_bytes(picture)
                    print(f"{name}.png {len(picture) / 1000:.0f} kB")
        finally:
            local.stop(data_dir)


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    if driver := tools.find(tools.BROWSER_DRIVER):
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(driver)
    program = tools.find("chromium") or sys.exit("Chromium is missing: `make tools` fetches it.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        env = os.environ | {"FONTCONFIG_FILE": _with_rare_characters(Path(folder))}
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS, env={**env})
        yield browser
        browser.close()


def _with_rare_characters(folder: Path) -> str:
    """The fonts of this machine, and ours for names that they cannot write."""
    ours = Path(certificates.__file__).parent / "fonts"
    for packed in ours.glob("*.ttf.xz"):
        (folder / packed.stem).write_bytes(lzma.decompress(packed.read_bytes()))
    settings = folder / "fonts.conf"
    usual = os.environ.get("FONTCONFIG_FILE", "/etc/fonts/fonts.conf")
    with TTFont(ours / "NotoSerifSC-Regular.ttf") as font:
        rare = Subsetter()
        rare.populate(unicodes=[code for code in font.getBestCmap() if code > LAST_COMMON])
        rare.subset(font)
        font.save(folder / "rare.ttf")
    settings.write_text(f'<fontconfig><include ignore_missing="yes">{usual}</include><dir>{folder}</dir></fontconfig>')
    return str(settings)


class Visitor:
    """Someone at a computer of their own, reading Chinese."""

    def __init__(self, browser: Browser, address: str) -> None:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SIZE)  # type: ignore[arg-type]
        self.page, self.address = context.new_page(), address

    def goes(self, path: str, account: Account | None = None) -> Page:
        if account:
            self.page.goto(f"{self.address}/login")
            self.page.fill("#username", account["username"])
            self.page.fill("#password", account["password"])
            self.page.click("main button.primary")
            self.page.wait_for_selector("form[action='/logout']")
        self.page.goto(self.address + path, wait_until="networkidle")
        return self.page


def candidate(visitor: Visitor, day: Day) -> bytes:
    """In the middle of the paper: some answered, two flagged, everything saved."""
    page = visitor.goes(f"/exam/{day.attempt}", day.candidate)
    page.click("main form button.large")
    page.wait_for_selector("[data-saving][data-tone=good]")
    day.move_back(day.attempt, minutes=43)
    page.reload(wait_until="networkidle")
    for position in (12, 31):
        page.locator(f"#q-{position} .flag").click()
    for position in range(1, 45):
        page.locator(f"#q-{position} input").nth(position % 2).check()
    page.wait_for_selector("[data-count=answered]:text-is('44')")
    page.wait_for_selector("[data-saving][data-tone=good]")
    page.mouse.move(5, 400)
    page.locator("#q-44").evaluate("item => scrollTo({top: item.offsetTop - 90, behavior: 'instant'})")
    return page.screenshot()


def proctor(visitor: Visitor, day: Day) -> bytes:
    day.signs()
    return visitor.goes(f"/rooms/{day.room}", day.proctor).screenshot()


def examiner(visitor: Visitor, day: Day) -> bytes:
    return visitor.goes(f"/examiner/sheets/{day.sheet}", day.examiner).screenshot()


def registrar(visitor: Visitor, day: Day) -> bytes:
    return visitor.goes(f"/registrar/sessions/{day.planned}", day.registrar).screenshot()


def stranger(visitor: Visitor, day: Day) -> bytes:
    page = visitor.goes("/verify")
    page.set_input_files("#file", {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": day.certificate})
    page.click("form:has(#file) button")
    page.wait_for_selector(".verdict")
    return page.screenshot()


def auditor(visitor: Visitor, day: Day) -> bytes:
    return visitor.goes("/audit/?tag=attempt", day.auditor).screenshot()


def author(visitor: Visitor, day: Day) -> bytes:
    page = visitor.goes("/bank?level=PTS152010301-01/senior", day.author)
    return page.screenshot()


def reviewer(visitor: Visitor, day: Day) -> bytes:
    return visitor.goes(f"/bank/items/{day.reviewed}/review", day.reviewer).screenshot()


PICTURES: dict[str, Callable[[Visitor, Day], bytes]] = {
    "candidate": candidate,
    "proctor": proctor,
    "examiner": examiner,
    "registrar": registrar,
    "stranger": stranger,
    "auditor": auditor,
    "author": author,
    "reviewer": reviewer,
}


def compressed(png: bytes) -> bytes:
    """Flat colours need no more than a palette."""
    kept = BytesIO()
    Image.open(BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    if kept.tell() > MOST_BYTES:
        sys.exit(f"A picture takes {kept.tell()} bytes, more than {MOST_BYTES}.")
    return kept.getvalue()


if __name__ == "__main__":
    main()
