"""Start of the command against `python -c pass`, in one run; by hand."""

import subprocess
import sys
import time


def seconds(*argv: str, times: int = 25) -> float:
    """The quickest of several starts."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run([sys.executable, *argv], check=True, capture_output=True)
        found.append(time.perf_counter() - start)
    return min(found)


if __name__ == "__main__":
    nothing = seconds("-c", "pass")
    print(f"python -c pass: {nothing * 1e3:.1f} ms")
    for words in ("--help", "--version", "fn NODE_MARGIN 300 10 2.8 2.8 8 3.49"):
        command = f"from xlmodel.cli import main; main({words.split()})"
        ratio = seconds("-c", command) / nothing
        print(f"xlmodel {words} / python -c pass: {ratio:.2f}")
    ratio = seconds("-c", "import pandas", times=5) / nothing
    print(f"import pandas / python -c pass: {ratio:.1f}")
