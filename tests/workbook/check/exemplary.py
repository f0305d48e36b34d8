"""A small workbook that keeps every rule of the standard, made with openpyxl, as parts to change.

A rule's test changes one thing in it, in the XML, so that what breaks the rule is seen at a glance.
"""

import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

SHEETS = ("About", "Inputs", "Prices", "Calculations", "Outputs", "Checks", "Log")
PART = {name: f"xl/worksheets/sheet{i}.xml" for i, name in enumerate(SHEETS, start=1)}
NAMES = {
    "in_gpus": "Inputs!$B$4",
    "in_price": "Inputs!$B$5",
    "out_cost": "Outputs!$B$4",
    "check_positive": "Checks!$B$4",
    "check_master": "Checks!$B$5",
}
FILLED = "BCDEFG"

Parts = dict[str, str | bytes]


@cache
def _bytes() -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name in SHEETS:
        _fill(book.create_sheet(name))
    for name, place in NAMES.items():
        book.defined_names[name] = DefinedName(name, attr_text=place)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(sheet: Worksheet) -> None:
    sheet["A1"] = f"{sheet.title} of an example"
    {
        "Inputs": _inputs,
        "Prices": _prices,
        "Calculations": _calculations,
        "Outputs": _outputs,
        "Checks": _checks,
    }.get(sheet.title, lambda _: None)(sheet)
    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.left.text = "example 1.0"
    sheet.protection.sheet = sheet.title not in ("About", "Prices", "Log")


def _inputs(sheet: Worksheet) -> None:
    for row, (label, value, unit) in enumerate(
        (("Number of GPUs", 8, "GPUs"), ("Price of a GPU-hour", 3.49, "USD/hour")), start=4
    ):
        sheet.cell(row, 1, label)
        cell = sheet.cell(row, 2, value)
        cell.style = "Input"
        cell.protection = Protection(locked=False)
        sheet.cell(row, 3, unit)
    rule = DataValidation("decimal", operator="between", formula1="0", formula2="1000")
    rule.showInputMessage = rule.showErrorMessage = True
    rule.prompt, rule.error = "0 to 1000", "Accepted: 0 to 1000"
    rule.add("B4:B5")
    sheet.add_data_validation(rule)


def _prices(sheet: Worksheet) -> None:
    sheet.append(["gpu", "usd_per_hour", "valid_from", "source"])
    sheet.append(["H100", 3.49, 45500, "a page"])
    sheet["C3"].number_format = "yyyy-mm-dd"
    sheet["A1"].fill = PatternFill("solid", fgColor="FFFFFFFF")
    sheet["A1"].font = Font(color="FF000000")
    sheet["B3"].number_format = "#,##0.00;[Red]-#,##0.00"
    sheet.add_table(Table(displayName="GpuPrices", ref="A2:D3"))


def _calculations(sheet: Worksheet) -> None:
    sheet["A4"], sheet["A5"] = "Cost of a day, USD", "Cost so far, USD"
    for before, letter in zip("ABCDEF", FILLED, strict=True):
        sheet[f"{letter}3"] = f'="month "&COLUMN({letter}3)'
        sheet[f"{letter}4"] = f"=in_gpus*in_price*24*COLUMN({letter}4)"
        sheet[f"{letter}5"] = "=B4" if letter == "B" else f"={before}5+{letter}4"
        for row in (4, 5):
            sheet[f"{letter}{row}"].style = "Calculation"


def _outputs(sheet: Worksheet) -> None:
    sheet["A4"], sheet["B4"], sheet["C4"] = "Cost", "=Calculations!G5", "USD"
    sheet["B4"].style = "Output"
    values = Reference(sheet.parent["Calculations"], min_col=2, max_col=7, min_row=5)
    months = Reference(sheet.parent["Calculations"], min_col=2, max_col=7, min_row=3)
    for chart, place in ((BarChart(), "A6"), (LineChart(), "A26")):
        chart.add_data(values, from_rows=True)
        chart.set_categories(months)
        chart.title, chart.x_axis.title, chart.y_axis.title = "Cost so far", "month", "USD"
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.y_axis.scaling.min = 0
        for series in chart.series:
            series.smooth = False
        sheet.add_chart(chart, place)


def _checks(sheet: Worksheet) -> None:
    sheet["A4"], sheet["B4"] = "Cost is positive", "=out_cost>0"
    sheet["A5"], sheet["B5"] = "All checks", "=AND(B4)"
    for cell in ("B4", "B5"):
        sheet[cell].style = "Check Cell"


def parts() -> Parts:
    """The parts of the workbook, with results stored and charts described."""
    with zipfile.ZipFile(BytesIO(_bytes())) as file:
        found: Parts = {name: file.read(name).decode() for name in file.namelist()}
    for name in SHEETS:
        xml = str(found[PART[name]])
        if name == "Checks":
            xml = xml.replace("><f>", ' t="b"><f>')
        found[PART[name]] = xml.replace("<v></v>", "<v>1</v>").replace("<v />", "<v>1</v>")
    styles = str(found["xl/styles.xml"])  # Excel's own orange on grey has a contrast of 2.3 to 1
    found["xl/styles.xml"] = styles.replace("FFFA7D00", "FF3F3F3F")
    drawing = "xl/drawings/drawing1.xml"
    for i in (1, 2):
        old = f'name="Chart {i}"'
        assert old in found[drawing], found[drawing]
        found[drawing] = str(found[drawing]).replace(old, f'{old} descr="Cost so far by month"')
    return found


def write(path: Path, changed: Parts) -> Path:
    """The parts as a workbook file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in changed.items():
            file.writestr(name, data)
    return path
