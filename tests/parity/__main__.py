"""``python -m tests.parity`` writes the matrix; with names of hosts it asks these hosts instead."""

import sys
import time

from tests.parity.hosts import HOSTS
from tests.parity.matrix import FILE, text


def main(names: list[str]) -> None:
    if not names:
        FILE.write_text(text(), encoding="utf-8", newline="\n")
    for host in HOSTS:
        if host.name in names:
            start = time.perf_counter()
            found = host.differences()
            seconds = time.perf_counter() - start
            print(*found, f"{host.name}: {len(found)} differences, {seconds:.1f} s", sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
