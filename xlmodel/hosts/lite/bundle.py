"""The files of an xlwings Lite workbook: ``main.py`` with all that the functions need in it.

Lite can install only what is published, and a workbook should go on with the functions that it was
built with. So ``main.py`` carries the package's own modules, as text that anyone can read in the
add-in's editor or compare with this package: no archive, nothing encoded. Which modules, follows
from what ``functions.py`` imports, and what that imports; which tables, from who names them.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import xlmodel
from xlmodel.hosts.publish import XLWINGS
from xlmodel.version import VERSION

MAIN: Final = "main.py"
REQUIREMENTS: Final = "requirements.txt"

BEGIN: Final = "# ==== xlmodel functions: begin"
END: Final = "# ==== xlmodel functions: end"
_START: Final = "xlmodel.hosts.lite.functions"
_ROOT: Final = Path(xlmodel.__file__).parent
_LEFT_OUT: Final = ("throughput_grid",)
"""Tables seven times as large as all code, which the add-in's editor would have to show."""

_HEAD: Final = f"""\
{BEGIN} (version {VERSION}) ====
# What follows up to the last line of this part is written by `xlmodel addin lite`, which replaces
# it as a whole when it runs again, and nothing outside of it. It is the source of the package
# xlmodel, file by file; the lines below the files write them into the memory of this add-in's
# Python and publish each function to Excel. It reads no file and no address outside of it.
_XLMODEL_FILES = {{
"""
_FOOT: Final = f"""\
}}


def _xlmodel_publish():
    import sys

    if getattr(sys.modules.get("xlmodel"), "FILES_IN_LITE", None) != _XLMODEL_FILES:
        _xlmodel_import()  # else this file runs again, in the same Python
    from {_START} import publish

    publish(globals())


def _xlmodel_import():
    import sys
    import tempfile
    import typing
    from pathlib import Path

    folder = Path(tempfile.mkdtemp(prefix="xlmodel-"))
    for name, text in _XLMODEL_FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    for name in [name for name in sys.modules if name.partition(".")[0] == "xlmodel"]:
        del sys.modules[name]  # another version
    for clear in getattr(typing, "_cleanups", ()):
        clear()  # before Python 3.14 it would hand that version's units to this one
    sys.path.insert(0, str(folder))
    import xlmodel

    xlmodel.FILES_IN_LITE = _XLMODEL_FILES


_xlmodel_publish()
{END} ====
"""


def files() -> dict[str, str]:
    """The files of a new xlwings Lite workbook by name."""
    return {MAIN: code(), REQUIREMENTS: f"xlwings=={XLWINGS}\n"}


def stored_call(name: str) -> str:
    """A function's name as a file stores it in formulas: Excel marks what an add-in brings.

    >>> stored_call("NODE_MARGIN")
    '_xldudf_NODE_MARGIN'
    """
    return f"_xldudf_{name}"


def code() -> str:
    """Our part of ``main.py``, from its first to its last line."""
    entries = "".join(
        f"{name!r}: {_literal((_ROOT.parent / name).read_text(encoding='utf-8'))},\n"
        for name in carried()
    )
    return _HEAD + entries + _FOOT


@cache
def carried() -> tuple[str, ...]:
    """The files of the package that the functions need, as paths below its parent folder."""
    trees = _modules()
    paths = [_path(module) for module in trees]
    for table in sorted(_ROOT.rglob("*.csv")):
        home = ".".join(table.relative_to(_ROOT.parent).parent.parts)
        named = (
            isinstance(node, ast.Constant) and node.value == table.stem
            for module, tree in trees.items()
            if module != home
            for node in ast.walk(tree)
        )
        if home in trees and any(named) and table.stem not in _LEFT_OUT:
            paths.append(table)
    return tuple(sorted(path.relative_to(_ROOT.parent).as_posix() for path in paths))


def _modules() -> dict[str, ast.Module]:
    """The modules that the functions import, at once or when called, with their syntax trees."""
    found: dict[str, ast.Module] = {}
    waiting = [_START]
    while waiting:
        module = waiting.pop()
        if module in found or not _path(module).exists():
            continue
        found[module] = ast.parse(_path(module).read_text(encoding="utf-8"))
        waiting += [*_imported(found[module]), module.rpartition(".")[0]]
    return found


def _imported(tree: ast.Module) -> Iterator[str]:
    """The names of modules in import statements, and as texts (``import_module``)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _path(module: str) -> Path:
    """The file of a module of this package; of any other name one that does not exist."""
    first, *rest = module.split(".")
    if first != xlmodel.__name__ or not all(part.isidentifier() for part in rest):
        return _ROOT / "no module"
    place = _ROOT.joinpath(*rest)
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def _literal(text: str) -> str:
    """The text as a literal of Python that reads as it is, where that is possible."""
    plain = f"r'''{text}'''"
    try:
        same = ast.literal_eval(plain) == text
    except SyntaxError:
        same = False
    return plain if same else repr(text)
