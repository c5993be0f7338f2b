"""All measurements, one after the other, on one store (make bench)."""

from __future__ import annotations

from benchmarks import certificates, papers, saves, starts
from benchmarks.store import prepared

CANDIDATES = 600


def main() -> None:
    with prepared(CANDIDATES) as store:
        papers.measure(store, 1.0)
        starts.measure(store)
        saves.measure(store, 3.0)
    certificates.main()


if __name__ == "__main__":
    main()
