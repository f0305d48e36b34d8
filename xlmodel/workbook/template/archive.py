"""The finished file: named cell styles added, and packed the same on every machine.

XlsxWriter has no named cell styles, so they are put into the part that holds the styles. Parts are
stored uncompressed: compressed bytes depend on the zlib at hand, and the file is small.
"""

import io
import re
import zipfile
from collections.abc import Mapping

from xlmodel.workbook.template.look import CELL_STYLES, style_of

_EPOCH = (1980, 1, 1, 0, 0, 0)
_STYLES = "xl/styles.xml"


def style_index(role: str) -> int:
    """The index of a role's named style among the file's; 0 is Normal."""
    key = style_of(role)
    return list(CELL_STYLES).index(key) + 1 if key else 0


def repacked(workbook: bytes, used: Mapping[str, int]) -> bytes:
    """The workbook with named styles; ``used`` gives for each role one of its formats."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as before,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            if name == _STYLES:
                content = _with_named_styles(content.decode(), used).encode()
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 0
            after.writestr(info, content)
    return packed.getvalue()


def _with_named_styles(styles: str, used: Mapping[str, int]) -> str:
    """Each named style takes the looks of the first format of its role."""
    formats = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", _part(styles, "cellXfs"))
    bases, names = [], []
    for index, (role, (name, number)) in enumerate(CELL_STYLES.items(), start=1):
        base = re.sub(r' xfId="\d+"', "", formats[used[role]])
        bases.append(re.sub(r'numFmtId="\d+"', 'numFmtId="0"', base))
        names.append(
            f'<cellStyle name="{name}" xfId="{index}" builtinId="{number}" customBuiltin="1"/>'
        )
    styles = _extended(styles, "cellStyleXfs", bases)
    return _extended(styles, "cellStyles", names)


def _part(styles: str, tag: str) -> str:
    found = re.search(rf"<{tag} .*?</{tag}>", styles, re.DOTALL)
    assert found, tag
    return found[0]


def _extended(styles: str, tag: str, children: list[str]) -> str:
    part = _part(styles, tag)
    count = 1 + len(children)
    longer = part.replace('count="1"', f'count="{count}"', 1)
    return styles.replace(part, longer.replace(f"</{tag}>", "".join(children) + f"</{tag}>"))
