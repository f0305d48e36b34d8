"""For each rule, one change to the exemplary workbook that breaks it, and where that is found."""

from collections.abc import Callable
from typing import NamedTuple

from tests.workbook.check.exemplary import PART, Parts

INPUTS, CALCULATIONS, OUTPUTS, CHECKS = (
    PART[name] for name in ("Inputs", "Calculations", "Outputs", "Checks")
)
ABOUT, LOG, PRICES = PART["About"], PART["Log"], PART["Prices"]
BOOK, STYLES = "xl/workbook.xml", "xl/styles.xml"
BAR, LINE, DRAWING = "xl/charts/chart1.xml", "xl/charts/chart2.xml", "xl/drawings/drawing1.xml"
RELATIONS, TABLE = "xl/_rels/workbook.xml.rels", "xl/tables/table1.xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_COST = "in_gpus*in_price*24*COLUMN(D4)"


class Break(NamedTuple):
    """A change, and how the finding names its place."""

    where: str
    change: Callable[[Parts], None]


def swap(part: str, old: str, new: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        text = parts[part]
        assert isinstance(text, str)
        assert old in text, f"{old} is not in {part}: {text[:3000]}"
        parts[part] = text.replace(old, new)

    return change


def formula(new: str) -> Callable[[Parts], None]:
    """Another formula in Calculations!D4."""
    return swap(CALCULATIONS, f"<f>{_COST}</f>", f"<f>{new}</f>")


def related(kind: str, part: str, data: str) -> Callable[[Parts], None]:
    """A further part that the workbook refers to."""

    def change(parts: Parts) -> None:
        relation = f'<Relationship Id="rX" Type="{_OFFICE}/{kind}" Target="/{part}"/>'
        swap(RELATIONS, "</Relationships>", f"{relation}</Relationships>")(parts)
        parts[part] = data

    return change


def both(*changes: Callable[[Parts], None]) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        for one in changes:
            one(parts)

    return change


def named(element: str) -> Callable[[Parts], None]:
    return swap(BOOK, "<definedNames>", f"<definedNames>{element}")


def renamed(old: str, new: str) -> Callable[[Parts], None]:
    return both(swap(BOOK, f'name="{old}"', f'name="{new}"'), swap(BOOK, f"'{old}'!", f"'{new}'!"))


def add_part(parts: Parts) -> None:
    parts["xl/vbaProject.bin"] = b"not read"


BREAKS = {
    "sheet-order": Break("Calculations", renamed("Prices", "Outputs 2")),
    "about-sheet": Break("workbook", renamed("About", "Zeros")),
    "change-log": Break("workbook", renamed("Log", "Zeros")),
    "sheet-names": Break("'Sheet 3'", renamed("Prices", "Sheet 3")),
    "hidden-sheet": Break(
        "Log", swap(BOOK, 'sheetId="7" state="visible"', 'sheetId="7" state="veryHidden"')
    ),
    "hidden-cells": Break(
        "Calculations!A4:G4", swap(CALCULATIONS, '<row r="4">', '<row r="4" hidden="1">')
    ),
    "merged-cells": Break(
        "About!A1:C1",
        swap(
            ABOUT, "<pageMargins", '<mergeCells><mergeCell ref="A1:C1"/></mergeCells><pageMargins'
        ),
    ),
    "external-link": Break(
        "xl/externalLinks/e.xml",
        both(
            related("externalLink", "xl/externalLinks/e.xml", "<externalLink/>"),
            lambda parts: parts.update(
                {
                    "xl/externalLinks/_rels/e.xml.rels": '<Relationships><Relationship Id="r" '
                    'Target="file:///other.xlsx" TargetMode="External"/></Relationships>'
                }
            ),
        ),
    ),
    "data-connection": Break(
        "Ledger",
        related(
            "connections", "xl/c.xml", '<connections><connection name="Ledger"/></connections>'
        ),
    ),
    "macros": Break("xl/vbaProject.bin", add_part),
    "empty-sheet": Break("About", swap(ABOUT, "<is><t>About of an example</t></is>", "")),
    "frozen-panes": Break(
        "Log", swap(LOG, "</sheetData>", '<row r="99"><c r="A99"><v>1</v></c></row></sheetData>')
    ),
    "author-path": Break(
        "workbook",
        swap(BOOK, "<workbookPr/>", '<workbookPr/><absPath xmlns="urn:x" url="C:\\Users\\me"/>'),
    ),
    "cell-styles": Break(
        "workbook", swap(STYLES, 'name="Output" xfId="3" builtinId="21"', 'name="Pretty" xfId="3"')
    ),
    "formula-in-input": Break("Inputs!B4", swap(INPUTS, "<v>8</v>", "<f>2*12</f><v>24</v>")),
    "typed-number": Break("Outputs!B4", swap(OUTPUTS, "<f>Calculations!G5</f>", "")),
    "input-validation": Break("Inputs!B5", swap(INPUTS, 'sqref="B4:B5"', 'sqref="B4"')),
    "input-message": Break("Inputs!B4:B5", swap(INPUTS, 'prompt="0 to 1000"', "")),
    "input-label": Break("Inputs!B4", swap(INPUTS, "<is><t>Number of GPUs</t></is>", "")),
    "input-unit": Break("Inputs!B4", swap(INPUTS, "<is><t>GPUs</t></is>", "")),
    "input-name": Break(
        "Inputs!B4",
        swap(
            BOOK,
            '<definedName name="in_gpus">Inputs!$B$4</definedName>',
            '<definedName name="in_gpus">8</definedName>',
        ),
    ),
    "price-source": Break("Prices, table GpuPrices", swap(TABLE, 'name="source"', 'name="mood"')),
    "broken-reference": Break("Calculations!D4", formula("#REF!*24")),
    "error-value": Break(
        "Calculations!D4",
        both(
            swap(CALCULATIONS, f"<f>{_COST}</f><v>1</v>", f"<f>{_COST}</f><v>#N/A</v>"),
            swap(CALCULATIONS, 'r="D4"', 'r="D4" t="e"'),
        ),
    ),
    "circularity": Break("Calculations!D4", formula("D5*24")),
    "same-formula": Break("Calculations!D4", formula("in_gpus*in_price*12*COLUMN(D4)")),
    "overwritten-formula": Break("Calculations!D4", swap(CALCULATIONS, f"<f>{_COST}</f>", "")),
    "long-formula": Break("Calculations!D4", formula("in_gpus*in_price" + "*in_gpus" * 30)),
    "one-line": Break("Calculations!D4", formula("in_gpus*\nin_price")),
    "nested-if": Break("Calculations!D4", formula("IF(A1,IF(A1,IF(A1,1,0),0),0)")),
    "literal": Break("Calculations!D4", formula("in_gpus*0.85")),
    "volatile": Break("Calculations!D4", formula("in_gpus*OFFSET(A1,1,1)")),
    "rounding": Break("Calculations!D4", formula("ROUND(in_gpus,2)")),
    "counted-lookup": Break("Calculations!D4", formula("VLOOKUP(A4,A1:B2,2,FALSE)")),
    "whole-column": Break("Calculations!D4", formula("SUM(Prices!B:B)")),
    "number-as-text": Break("About!A1", swap(ABOUT, "About of an example", "12.5")),
    "stored-results": Break(
        "Calculations!D4", swap(CALCULATIONS, f"<f>{_COST}</f><v>1</v>", f"<f>{_COST}</f>")
    ),
    "checks": Break(
        "workbook",
        both(
            renamed("Checks", "Zeros"),
            swap(BOOK, 'name="check_', 'name="zero_'),
            swap(BOOK, "Checks!", "Zeros!"),
            swap(STYLES, 'name="Check Cell" xfId="4" builtinId="23"', 'name="Pretty" xfId="4"'),
        ),
    ),
    "master-check": Break("workbook", swap(BOOK, "check_master", "check_all")),
    "failed-check": Break(
        "Checks!B4", swap(CHECKS, "<f>out_cost&gt;0</f><v>1</v>", "<f>out_cost&gt;0</f><v>0</v>")
    ),
    "iteration": Break("workbook", swap(BOOK, "<calcPr ", '<calcPr iterate="1" ')),
    "manual-calculation": Break("workbook", swap(BOOK, "<calcPr ", '<calcPr calcMode="manual" ')),
    "precision": Break("workbook", swap(BOOK, "<calcPr ", '<calcPr fullPrecision="0" ')),
    "dates-from-1904": Break("workbook", swap(BOOK, "<workbookPr/>", '<workbookPr date1904="1"/>')),
    "broken-name": Break("name lost", named('<definedName name="lost">#REF!</definedName>')),
    "name-like-cell": Break(
        "name TAX2024", named('<definedName name="TAX2024">Inputs!$B$4</definedName>')
    ),
    "double-name": Break(
        "name in_gpus",
        named('<definedName name="in_gpus" localSheetId="3">Inputs!$B$5</definedName>'),
    ),
    "unprotected-sheet": Break("Calculations", swap(CALCULATIONS, ' sheet="1"', ' sheet="0"')),
    "unlocked-formula": Break(
        "Outputs!B4",
        swap(
            STYLES,
            'borderId="2" pivotButton="0" quotePrefix="0" xfId="3"/>',
            'borderId="2" xfId="3"><protection locked="0"/></xf>',
        ),
    ),
    "locked-input": Break("Inputs!B4:B5", swap(STYLES, 'locked="0"', 'locked="1"')),
    "sheet-password": Break("Checks", swap(CHECKS, ' sheet="1"', ' sheet="1" password="CAFE"')),
    "alternative-text": Break(
        "Outputs, Chart 1",
        swap(DRAWING, 'name="Chart 1" descr="Cost so far by month"', 'name="Chart 1"'),
    ),
    "chart-title": Break("Outputs, Chart 1", swap(BAR, "<a:t>Cost so far</a:t>", "")),
    "axis-title": Break(
        "Outputs, Chart 2", both(swap(LINE, "<title>", "<x>"), swap(LINE, "</title>", "</x>"))
    ),
    "bars-from-zero": Break("Outputs, Chart 1", swap(BAR, '<min val="0"/>', '<min val="50"/>')),
    "smoothed-line": Break(
        "Outputs, Chart 2", swap(LINE, '<smooth val="0"/>', '<smooth val="1"/>')
    ),
    "red-negative": Break("Prices!B3", swap(STYLES, "[Red]-#,##0.00", "[Red]#,##0.00")),
    "date-format": Break("Prices!C3", swap(STYLES, "yyyy-mm-dd", "d/m/yyyy")),
    "contrast": Break("Prices!A1", swap(STYLES, 'rgb="FF000000"', 'rgb="FFBBBBBB"')),
    "print-landscape": Break("Log", swap(LOG, 'orientation="landscape"', 'orientation="portrait"')),
    "print-width": Break("Log", swap(LOG, 'fitToPage="1"', 'fitToPage="0"')),
    "print-titles": Break(
        "Log",
        swap(
            BOOK,
            '<definedName name="_xlnm.Print_Titles" localSheetId="6">',
            '<definedName name="old_titles" localSheetId="6">',
        ),
    ),
    "print-footer": Break("Log", swap(LOG, "&amp;Lexample 1.0", "")),
}
