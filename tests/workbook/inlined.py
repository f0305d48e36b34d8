"""A copy of a workbook that LibreOffice can recalculate and draw, for tests only.

LibreOffice 7.4 knows neither LAMBDA nor LET. In the copy each call of our functions is replaced by
plain arithmetic; a formula with a look-up, which has no plain form, by the value that is stored
with its cell.
Names that hold a LAMBDA are left out, and how an edition spells calls. Everything else stays.
"""

import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from xlmodel.hosts import native
from xlmodel.workbook.sheetxml import unescape

_SPELLING = re.compile(r"\b(?:_xldudf_|XLMODEL\.)(?=[A-Z_]+\()")
_CELL = re.compile(r"<c ([^>]*)>(<f[^>]*>)(.*?)</f><v>(.*?)</v></c>")


def write_copy(source: Path, target: Path) -> None:
    """Write the copy of ``source`` to ``target``."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = _CELL.sub(_plain_cell, content.decode()).encode()
            elif name == "xl/workbook.xml":
                pattern = r"<definedName [^>]*>_xlfn\.LAMBDA.*?</definedName>"
                content = re.sub(pattern, "", content.decode(), flags=re.DOTALL).encode()
            after.writestr(name, content)


def _plain_cell(match: re.Match[str]) -> str:
    attributes, tag, formula, value = match.groups()
    stored = unescape(value)
    if 't="str"' in attributes:
        stored = '"' + stored.replace('"', '""') + '"'
    asked: list[str] = []
    plain = native.inline(
        f"={_SPELLING.sub('', unescape(formula))}", lambda call: asked.append(call) or stored
    )[1:]
    if asked:  # part of a formula has no plain one, and what the part comes to is not known
        plain = stored
    if "cm=" in attributes:
        attributes, tag = re.sub(r' ?cm="\d+"', "", attributes), "<f>"
    return f"<c {attributes}>{tag}{escape(plain)}</f><v>{value}</v></c>"
