"""A copy of a workbook that LibreOffice can recalculate and draw, for tests only.

LibreOffice 7.4 knows neither LAMBDA nor LET. In the copy each call of our functions is replaced by
plain arithmetic; a formula with a look-up, which has no plain form, by what the engine makes of it
(not by the value that is stored with its cell, which is rounded).
Names that hold a LAMBDA are left out, and how an edition spells calls. Everything else stays.
"""

import re
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from xlmodel.hosts import native
from xlmodel.workbook import calc
from xlmodel.workbook.sheetxml import unescape

_SPELLING = re.compile(r"\b(?:_xldudf_|XLMODEL\.)(?=[A-Z_]+\()")
_CELL = re.compile(r"<c ([^>]*)>(<f[^>]*>)(.*?)</f><v>(.*?)</v></c>")
_ADDRESS = re.compile(r'r="([A-Z]+\d+)"')


def write_copy(source: Path, target: Path) -> None:
    """Write the copy of ``source``, a workbook of ours, to ``target``."""
    calculation = calc.calculate(source, {})
    sheets = {sheet.part: sheet.name for sheet in calculation.package.sheets}
    values = calculation.formulas
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name in sheets:
                of_sheet = partial(_plain_cell, values, sheets[name])
                content = _CELL.sub(of_sheet, content.decode()).encode()
            elif name == "xl/workbook.xml":
                pattern = r"<definedName [^>]*>_xlfn\.LAMBDA.*?</definedName>"
                content = re.sub(pattern, "", content.decode(), flags=re.DOTALL).encode()
            after.writestr(name, content)


def _plain_cell(values: Mapping[Any, Any], sheet: str, match: re.Match[str]) -> str:
    attributes, tag, formula, value = match.groups()
    address = _ADDRESS.search(attributes)
    assert address is not None
    computed = values[sheet, address[1]]
    stored = f'"{computed.replace(chr(34), chr(34) * 2)}"' if isinstance(computed, str) else value
    if isinstance(computed, float):
        stored = repr(computed)
    asked: list[str] = []
    plain = native.inline(
        f"={_SPELLING.sub('', unescape(formula))}", lambda call: asked.append(call) or stored
    )[1:]
    if asked:  # part of a formula has no plain one, and what the part comes to is not known
        plain = stored
    if "cm=" in attributes:
        attributes, tag = re.sub(r' ?cm="\d+"', "", attributes), "<f>"
    return f"<c {attributes}>{tag}{escape(plain)}</f><v>{value}</v></c>"
