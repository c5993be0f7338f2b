"""The fonts that travel with the product; README.md says where each comes from."""

from pathlib import Path

FOLDER = Path(__file__).parent
