"""``main.py`` of xlwings Lite: the package's own modules, readable, and no more than is needed."""

import ast
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import xlmodel
from xlmodel.hosts.lite import bundle
from xlmodel.hosts.publish import XLWINGS
from xlmodel.version import VERSION

ROOT = Path(xlmodel.__file__).parent.parent
SETTINGS_LIMIT = 1024 * 1024
"""Office keeps 2 MB of an add-in's values in a workbook; users met trouble above 1 MB."""


def carried() -> dict[str, str]:
    (files,) = (
        statement.value
        for statement in ast.parse(bundle.code()).body
        if isinstance(statement, ast.Assign) and statement.targets[0].id == "_XLMODEL_FILES"  # type: ignore[attr-defined]
    )
    return dict(ast.literal_eval(files))


def test_it_carries_files_of_the_package_as_they_are() -> None:
    found = carried()
    assert tuple(found) == bundle.carried()
    for name, text in found.items():
        assert text == (ROOT / name).read_text(encoding="utf-8"), name


def test_it_carries_what_functions_need_and_no_host_but_its_own() -> None:
    names = set(bundle.carried())
    for folder in ("model", "registry"):
        wanted = {p.relative_to(ROOT).as_posix() for p in (ROOT / "xlmodel" / folder).glob("*.py")}
        assert wanted - names <= {"xlmodel/registry/reference.py"}
    assert {f"xlmodel/tables/{name}_specs.csv" for name in ("gpu", "model")} <= names
    for name in names:
        assert not name.startswith(("xlmodel/workbook", "xlmodel/report", "xlmodel/hosts/engine"))
        assert name != "xlmodel/hosts/lite/bundle.py"  # its lines of text would look like our part


def test_it_is_readable_and_small() -> None:
    text = bundle.code()
    assert max(len(line) for line in text.splitlines() if ".csv" not in line) < 2000
    assert (
        f"'xlmodel/units/kinds.py': r'''{(ROOT / 'xlmodel/units/kinds.py').read_text()[:40]}"
        in text
    )
    assert len(text.encode()) < SETTINGS_LIMIT
    assert text.startswith(bundle.BEGIN)
    assert text.rstrip("\n").splitlines()[-1].startswith(bundle.END)
    assert text.count(bundle.BEGIN) == text.count(bundle.END) == 1


def test_it_is_the_same_each_time() -> None:
    first = hashlib.sha256(bundle.code().encode()).digest()
    bundle.carried.cache_clear()
    assert hashlib.sha256(bundle.code().encode()).digest() == first


@pytest.mark.parametrize("text", ["plain\n", "a\\b\n", "'''\n", "ends with '", "ends with \\", ""])
def test_any_text_can_be_carried(text: str) -> None:
    literal = bundle._literal(text)
    assert ast.literal_eval(literal) == text
    assert (literal == f"r'''{text}'''") == (text in ("plain\n", "a\\b\n", ""))


def test_requirements_name_the_xlwings_that_is_tested() -> None:
    assert bundle.files()["requirements.txt"] == f"xlwings=={XLWINGS}\n"


_AGAIN = """
import json, sys, tempfile, types
xlwings = sys.modules["xlwings"] = types.ModuleType("xlwings")
xlwings.func = lambda made: made
xlwings.arg = lambda *_, **__: lambda made: made
tempfile.tempdir = sys.argv[1]
seen = []
for text in json.load(sys.stdin):
    main = {"__name__": "main"}
    exec(compile(text, "main.py", "exec"), main)
    folders = [path for path in sys.path if path.startswith(sys.argv[1])]
    seen.append([main["NODE_COST"](8.0, 3.49), main["XLMODEL_VERSION"](), len(folders)])
json.dump(seen, sys.stdout)
"""


def test_it_runs_again_in_the_same_python(tmp_path: Path) -> None:
    """Lite runs ``main.py`` anew after each change in its editor; here with another version too."""
    this, other = bundle.code(), bundle.code().replace(f'"{VERSION}"', '"9.9"')
    assert this != other
    done = subprocess.run(
        [sys.executable, "-I", "-c", _AGAIN, str(tmp_path)],
        input=json.dumps([this, this, other, other, this]),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    versions = (VERSION, VERSION, "9.9", "9.9", VERSION)
    assert json.loads(done.stdout) == [
        [[[670.08]], [[version]], folders]
        for version, folders in zip(versions, (1, 1, 2, 2, 3), strict=True)
    ]
    assert len(list(tmp_path.iterdir())) == 3
