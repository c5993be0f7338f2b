"""Programs beside the Python packages: pip where Debian has split it off, and what the tests look through.

Root installs Debian's packages. Anyone else has them fetched and unpacked into .venv/tools, with a small script
for each program that tells it where its libraries are. Only the standard library is used: it runs before setup.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from shlex import quote

FOLDER = Path(__file__).resolve().parent.parent / ".venv" / "tools"
PACKAGES = {
    "chromium": "chromium",
    "pdfsig": "poppler-utils",
    "pdftotext": "poppler-utils",
    "qpdf": "qpdf",
    "softhsm2-util": "softhsm2",
}
OTHER_NAMES = {"chromium": ("chromium-browser", "google-chrome", "google-chrome-stable")}
CHINESE_FONT = "fonts-wqy-zenhei"
BROWSER_DRIVER = "browser-driver"
DRIVER_NEEDS = "libatomic1"
"""A library that the driver inside the playwright wheel wants and a small Debian lacks."""
REAL_PLACES = {"chromium": "usr/lib/chromium/chromium"}
"""Where a program is behind the script of its package, which has fixed paths in it."""


def find(name: str) -> Path | None:
    """The program, from the machine or from what was unpacked."""
    for candidate in (name, *OTHER_NAMES.get(name, ())):
        if found := shutil.which(candidate):
            return Path(found)
    unpacked = FOLDER / "bin" / name
    return unpacked if unpacked.exists() else None


def ensure() -> None:
    """Fetch what is missing."""
    missing = sorted({package for name, package in PACKAGES.items() if find(name) is None})
    if missing and shutil.which("apt-get") is None:
        sys.exit(f"The tests need these programs: {', '.join(PACKAGES)}. Install them and try again.")
    if "chromium" in missing:
        missing.append(CHINESE_FONT)
    if not _driver_runs():
        missing.append(DRIVER_NEEDS)
    if missing:
        print("Fetching for the tests:", " ".join(missing), flush=True)
        _install(missing) if os.geteuid() == 0 else _unpack(missing)
    for name, package in PACKAGES.items():
        if find(name) is None:
            sys.exit(f"{name} could not be installed. Debian: apt-get install {package}")


def _driver() -> Path | None:
    """The driver that playwright starts: a node of its own."""
    found = importlib.util.find_spec("playwright")
    return Path(found.origin).parent / "driver" / "node" if found and found.origin else None


def _driver_runs() -> bool:
    program = find(BROWSER_DRIVER) or _driver()
    return program is None or subprocess.run([program, "--version"], check=False, capture_output=True).returncode == 0


def _apt(*arguments: str, options: tuple[str, ...] = (), optional: bool = False) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    command = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", *options, *arguments]
    done = subprocess.run(
        command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment
    )
    if done.returncode != 0 and not optional:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


def _install(packages: list[str]) -> None:
    _apt("update", optional=True)  # one unreachable source of the machine need not concern us
    _apt("install", "--no-install-recommends", *packages)


def _download(packages: list[str], folder: Path) -> list[Path]:
    """The packages and whatever they need that this machine lacks, without root: apt with folders of its own."""
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True)
    places = {"Debug::NoLocking": "true", "Dir::State::lists": f"{folder}/lists", "Dir::Cache": f"{folder}/cache"}
    options = tuple(part for name, value in places.items() for part in ("-o", f"{name}={value}"))
    _apt("update", options=options, optional=True)
    _apt("install", "--no-install-recommends", "--download-only", *packages, options=options)
    return sorted((folder / "cache" / "archives").glob("*.deb"))


def _unpack(packages: list[str]) -> None:
    root = FOLDER / "root"
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="exam-tools-") as scratch:
        for archive in _download(packages, Path(scratch)):
            subprocess.run(["dpkg", "-x", archive, root], check=True)
    _write_font_settings(root)
    for name, package in PACKAGES.items():
        if package in packages:
            _write_starter(name, root, root / REAL_PLACES.get(name, f"usr/bin/{name}"))
    if DRIVER_NEEDS in packages and (driver := _driver()):
        _write_starter(BROWSER_DRIVER, root, driver)


def _write_font_settings(root: Path) -> None:
    (FOLDER / "fonts.conf").write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"<dir>/usr/share/fonts</dir><dir>{root}/usr/share/fonts</dir><cachedir>{FOLDER}/font-cache</cachedir>\n"
        "</fontconfig>\n"
    )


def _write_starter(name: str, root: Path, program: Path) -> None:
    folders = ("lib/*-linux-gnu*", "usr/lib/*-linux-gnu*", "usr/lib/*-linux-gnu*/pulseaudio", "usr/lib/chromium")
    libraries = ":".join(str(path) for pattern in folders for path in sorted(root.glob(pattern)))
    starter = FOLDER / "bin" / name
    starter.parent.mkdir(exist_ok=True)
    starter.write_text(
        f"#!/bin/sh\nexport LD_LIBRARY_PATH={quote(libraries)}\n"
        f"export FONTCONFIG_FILE={quote(f'{FOLDER}/fonts.conf')}\n"
        f'exec {quote(str(program))} "$@"\n'
    )
    starter.chmod(0o755)


def bootstrap_pip(venv: Path) -> None:
    """pip for an environment made without it, from the wheel that Debian packages for this very use."""
    if os.geteuid() == 0:
        _install(["python3-venv"])
        wheels = Path("/usr/share/python-wheels")
        _pip_from(wheels, venv)
        return
    with tempfile.TemporaryDirectory(prefix="exam-tools-") as scratch:
        folder = Path(scratch)
        for archive in _download(["python3-pip-whl"], folder):
            subprocess.run(["dpkg", "-x", archive, folder / "root"], check=True)
        _pip_from(folder / "root/usr/share/python-wheels", venv)


def _pip_from(wheels: Path, venv: Path) -> None:
    wheel = next(wheels.glob("pip-*.whl"))
    command = [venv / "bin/python", f"{wheel}/pip", "install", "--quiet", "--no-index", wheel]
    subprocess.run([str(part) for part in command], check=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["tests"]:
            ensure()
        case ["pip", folder]:
            bootstrap_pip(Path(folder))
        case _:
            sys.exit("usage: tools.py tests | pip VENV")
