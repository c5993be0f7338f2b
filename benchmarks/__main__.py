"""All measurements, one after the other, on one store (make bench): about a minute; longer rounds one by one."""

from __future__ import annotations

from benchmarks import certificates, closing, interchange, lint, papers, saves, starts
from benchmarks.store import prepared

CANDIDATES = 480


def main() -> None:
    with prepared(CANDIDATES) as store:
        starts.measure(store)
        saves.measure(store, 1.0)
        interchange.measure(store.env, 20_000)
    closing.main(2_000)
    papers.main()
    lint.main()
    certificates.main(0.3)


if __name__ == "__main__":
    main()
