"""Pyodide in Node with the real wheel of xlwings: found where ``tests/run.sh`` puts them."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.conftest import missing
from xlmodel.hosts.publish import XLWINGS

HERE = Path(__file__).parent
FOLDER = Path(os.environ.get("XLMODEL_NODE") or HERE.parents[2] / ".node")
WHEEL = f"xlwings-{XLWINGS}-py3-none-any.whl"
Call = tuple[str, list[Any]]
"""A function's name, and its arguments as Office.js gives them."""


def run(main: str, calls: Sequence[Call] = (), again: bool = False) -> tuple[Any, list[Any]]:
    """``main.py`` run in Pyodide (twice if ``again``): what is declared, and each call's answer."""
    node = shutil.which("node")
    pyodide = FOLDER / "node_modules" / "pyodide" / "pyodide.mjs"
    wheel = FOLDER / WHEEL
    if node is None or not pyodide.exists() or not wheel.exists():
        missing(f"Node.js, its package pyodide or {WHEEL} is not installed; tests/run.sh does it")
    job = {
        "pyodide": str(pyodide),
        "wheel": str(wheel),
        "office": str(HERE / "office.py"),
        "main": main,
        "calls": list(calls),
        "again": again,
    }
    with tempfile.TemporaryDirectory() as folder:
        question, answer = Path(folder, "job.json"), Path(folder, "answer.json")
        question.write_text(json.dumps(job, allow_nan=False))
        done = subprocess.run(
            [node, str(HERE / "run.mjs"), str(question), str(answer)],
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        found = json.loads(answer.read_text())
    return found["about"], found["answers"]
