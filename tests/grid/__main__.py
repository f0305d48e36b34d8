"""Rebuilds ``xlmodel/tables/throughput_grid.csv``: ``python -m tests.grid``, in half a minute."""

import importlib.metadata
import sys

from tests.grid import build


def main() -> int:
    """The exit status: 2 where the package is missing or of another version."""
    try:
        found = importlib.metadata.version(build.PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        found = None
    if found != build.VERSION:
        print(
            f"The grid is built with {build.PACKAGE} {build.VERSION}, and "
            f"{f'version {found} is installed' if found else 'it is not installed'}: "
            "pip install '.[grid]' brings it.",
            file=sys.stderr,
        )
        return 2
    lines = [row for one in with_progress() for row in build.rows(one)]
    build.write(lines)
    print(f"{len(lines)} points in {build.TABLE.name}")
    return 0


def with_progress() -> list[build.Slice]:
    """The replicas, with a bar on a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return track(  # type: ignore[return-value]
        list(build.replicas()),
        description="Replicas",
        console=console,
        disable=not console.is_terminal,
    )


if __name__ == "__main__":
    sys.exit(main())
