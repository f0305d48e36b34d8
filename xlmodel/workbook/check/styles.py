"""What the styles of a workbook say about its cells: named style, lock, number format, colours."""

import re
from typing import NamedTuple
from xml.etree import ElementTree

from xlmodel.workbook.package import Package, children, local
from xlmodel.workbook.untrusted import whole

INPUT, OUTPUT, CALCULATION, CHECK = 20, 21, 22, 23
"""Excel's numbers of its own cell styles, whose names are in the language of the program."""

_NAMES = {
    INPUT: re.compile(r"\b(inputs?|assumptions?|drivers?)\b", re.IGNORECASE),
    OUTPUT: re.compile(r"\b(outputs?|results?)\b", re.IGNORECASE),
    CALCULATION: re.compile(r"\b(calculations?|calcs?|workings?)\b", re.IGNORECASE),
    CHECK: re.compile(r"\bchecks?\b", re.IGNORECASE),
}
_BUILT_IN = {
    **dict.fromkeys((14, 22), "m/d/yyyy"),
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 9: "0%", 10: "0.00%", 49: "@",
    38: "#,##0_);[Red](#,##0)", 40: "#,##0.00_);[Red](#,##0.00)",
}  # fmt: skip


class Style(NamedTuple):
    """A cell format of the workbook."""

    role: int = 0
    """The number of Excel's own style that it is, or is named like; 0 for any other."""
    locked: bool = True
    number_format: str = "General"
    ink: str = ""
    """The colour of the text as RRGGBB, "" where it is not given so."""
    paper: str = ""
    """The colour of a solid fill as RRGGBB, "" where there is none or it is not given so."""


def styles_of(package: Package) -> list[Style]:
    """The cell formats, in the order in which cells refer to them."""
    if not package.styles:
        return [Style()]
    root = package.xml(package.styles)
    return _Reader(root, package.name).styles() or [Style()]


class _Reader:
    def __init__(self, root: ElementTree.Element, where: str) -> None:
        self._root = root
        self._where = where
        self._formats = {
            self._whole(e, "numFmtId"): e.get("formatCode", "")
            for e in children(root, "numFmts", "numFmt")
        }
        self._fonts = [_rgb(e, "color") for e in children(root, "fonts", "font")]
        self._fills = [_solid(e) for e in children(root, "fills", "fill")]
        self._bases = children(root, "cellStyleXfs", "xf")
        self._roles = {
            self._whole(e, "xfId"): self._role(e) for e in children(root, "cellStyles", "cellStyle")
        }

    def styles(self) -> list[Style]:
        return [self._style(element) for element in children(self._root, "cellXfs", "xf")]

    def _style(self, element: ElementTree.Element) -> Style:
        number = self._whole(element, "numFmtId")
        font, fill = self._whole(element, "fontId"), self._whole(element, "fillId")
        known = self._formats.get(number, _BUILT_IN.get(number, "General"))
        return Style(
            self._roles.get(self._whole(element, "xfId"), 0),
            self._locked(element),
            known,
            self._fonts[font] if font < len(self._fonts) else "",
            self._fills[fill] if fill < len(self._fills) else "",
        )

    def _role(self, element: ElementTree.Element) -> int:
        number = self._whole(element, "builtinId")
        if number in _NAMES:
            return number
        name = element.get("name", "")
        return next((role for role, words in _NAMES.items() if words.search(name)), 0)

    def _locked(self, element: ElementTree.Element) -> bool:
        base = self._whole(element, "xfId")
        for one in (element, *self._bases[base : base + 1]):
            for protection in children(one, "protection"):
                return protection.get("locked") not in {"0", "false"}
        return True

    def _whole(self, element: ElementTree.Element, attribute: str) -> int:
        return whole(element.get(attribute), 0, self._where)


def _rgb(element: ElementTree.Element, name: str) -> str:
    """The colour of a child, where it is given by itself and not by the theme."""
    for child in element:
        if local(child.tag) == name:
            return child.get("rgb", "")[-6:].upper()
    return ""


def _solid(fill: ElementTree.Element) -> str:
    for pattern in children(fill, "patternFill"):
        if pattern.get("patternType") == "solid":
            return _rgb(pattern, "fgColor")
    return ""
