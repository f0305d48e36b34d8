"""The pictures in the README show what the workbooks and the report show now.

``python -m tests.pictures`` draws them anew.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import pictures
from tests.conftest import missing
from tests.pictures import FOLDER, PICTURES, ROOT, Sheet

ALIKE = 0.02
"""By how much a picture drawn anew may differ, as the mean over its pixels: fonts are smoothed a
little otherwise from one version of a program to the next."""


def test_the_readme_shows_each_picture_and_no_other() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^]]+\]\(workbooks/pictures/(\w+)\.png\)", text)
    assert sorted(shown) == sorted(PICTURES) == sorted(path.stem for path in FOLDER.iterdir())


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_current(name: str) -> None:
    now = pictures.fingerprint(PICTURES[name])
    assert pictures.carried(FOLDER / f"{name}.png") == now, "python -m tests.pictures draws it"


def test_sheets_drawn_anew_look_the_same(tmp_path: Path) -> None:
    if not all(map(shutil.which, ("soffice", "pdftoppm", "convert", "compare"))):
        missing("LibreOffice, pdftoppm or ImageMagick is not installed")
    names = [name for name, subject in PICTURES.items() if isinstance(subject, Sheet)]
    pictures.draw(names, tmp_path)
    for name in names:
        old, new = FOLDER / f"{name}.png", tmp_path / f"{name}.png"
        command = ["compare", "-metric", "MAE", str(old), str(new), "null:"]
        told = subprocess.run(command, capture_output=True, text=True).stderr
        assert float(told.split("(")[1].rstrip(")")) < ALIKE, f"{name}: {told}"
