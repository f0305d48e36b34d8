"""A session on a virtual screen: typed on the keyboard, seen in pictures, read back by UNO."""

from pathlib import Path

import pytest

from tests.hosts.calc import session
from xlmodel.registry import CellError

PNG = b"\x89PNG"


def test_a_user_types_changes_and_errs(tmp_path: Path) -> None:
    seen = session.play(tmp_path)
    assert seen["opened"].margin == pytest.approx(128.256)
    assert seen["typed"].typed == pytest.approx(128.256)
    assert seen["changed"].margin == pytest.approx(-31.4112)
    assert seen["changed"].typed == pytest.approx(-31.4112)
    assert seen["bad"].typed == CellError("#NUM!")
    assert "utilization is 85, but must be a number (share)" in seen["bad"].below
    for name in ("typed", "changed", "bad"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(PNG)
