"""The template in ironcalc, which evaluates the LAMBDA names in the file by itself."""

from pathlib import Path
from typing import Any

import ironcalc
from openpyxl.utils import coordinate_to_tuple

import xlmodel
from xlmodel.workbook import template
from xlmodel.workbook.template.editions import EDITIONS

COMMITTED = Path(xlmodel.__file__).parent.parent / "workbooks"
FILE = COMMITTED / EDITIONS["lambda"].file
PLAN = template.workbook()


def place(name: str) -> tuple[str, str]:
    """The sheet and the address of a name; of a driver, where its base case is typed."""
    cases = PLAN.names.get("case_" + name.removeprefix("in_"), "").partition(":")[0]
    sheet, _, address = (cases or PLAN.names[name]).rpartition("!")
    return sheet.strip("'"), address.replace("$", "")


class LambdaEngine:
    """The workbook with other inputs, by name, and other cells, as "sheet!address"."""

    def __init__(self, cells: dict[str, str] | None = None, **inputs: str) -> None:
        self.model = ironcalc.load_from_xlsx(str(FILE), "en", "UTC", "en")
        self.sheets = [page.sheet.name for page in PLAN.pages]
        for name, text in inputs.items():
            self.model.set_user_input(*self.at(*place(name)), text)
        for cell, text in (cells or {}).items():
            sheet, _, address = cell.rpartition("!")
            self.model.set_user_input(*self.at(sheet, address), text)
        self.model.evaluate()

    def at(self, sheet: str, address: str) -> tuple[int, int, int]:
        return (self.sheets.index(sheet), *coordinate_to_tuple(address))

    def __getitem__(self, name: str) -> Any:
        return self.cell(*place(name))

    def cell(self, sheet: str, address: str) -> Any:
        return self.model.get_cell_value(*self.at(sheet, address))

    @property
    def failing(self) -> set[str]:
        """The checks that neither pass nor do not apply."""
        checks = {name for name in PLAN.names if name.startswith("check_")}
        return {name for name in checks if self[name] not in (True, "n/a")}
