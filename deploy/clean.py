"""Remove what `make` made in this folder. Data is asked for first, because it may be somebody's exam."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from deploy import local

ROOT = Path(__file__).resolve().parent.parent
CACHES = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache")


def main(data_dir: Path) -> None:
    if data_dir.is_dir() and any(data_dir.iterdir()):
        print(f"{data_dir.resolve()} holds all data of this store: papers, answers, certificates.")
        if input("Type its name to delete it, or Enter to keep it: ").strip() == data_dir.resolve().name:
            local.remove(data_dir)
            shutil.rmtree(data_dir)
    for folder in [*(ROOT / name for name in CACHES), *ROOT.glob("*/**/__pycache__"), ROOT / ".venv"]:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
