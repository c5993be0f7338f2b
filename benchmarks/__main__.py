"""All measurements, one after the other (make bench), in less than ten minutes; longer rounds one by one."""

from __future__ import annotations

from benchmarks import certificates, closing, day, interchange, lint, memory, papers, saves, size, starts
from benchmarks.store import prepared

CANDIDATES, DAY = 480, 300


def main() -> None:
    with prepared(CANDIDATES) as store:
        starts.measure(store)
        saves.measure(store, 1.0)
        interchange.measure(store.env, 20_000)
    day.main(DAY)
    memory.main(0.5)
    size.main(1_000, 10_000)
    closing.main(2_000)
    papers.main()
    lint.main()
    certificates.main(0.3)


if __name__ == "__main__":
    main()
