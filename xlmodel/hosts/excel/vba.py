"""True error values in cells: what VBA adds to the functions that xlwings generates.

"Import Functions" makes xlwings write one VBA function for each of ours, which calls Python and
returns what comes back. Python can't return an error value through COM (see ``values``), and an
exception becomes a *text* in the cell, which SUM skips without a word. So the text that xlwings
generates passes through ``with_true_errors``: errors arrive by name and VBA's ``CVErr`` makes them
true errors, as Microsoft documents for functions in cells; and when Python can't be reached the
cell is ``#VALUE!``, except in functions that give a text, where the reason can do no harm:
``=XLMODEL_VERSION()`` then says what is wrong.

xlwings has no option for this, hence ``install``, which wraps the generator of the xlwings that
runs, for our module only. A version of xlwings that writes something else is refused in words.
"""

import io
import re
import sys
from typing import Any, Final

from xlmodel.hosts.excel.values import ERRORS
from xlmodel.hosts.publish import XLWINGS
from xlmodel.registry import Function, InputError, functions
from xlmodel.units import Text

MODULE: Final = "xlmodel.hosts.excel.udfs"

_CALL: Final = re.compile(r"^( +\w+ = )(XLPy\.CallUDF\(.*\))$", re.MULTILINE)
_FAILURE: Final = re.compile(r"^( +)(\w+) = Err\.Description$", re.MULTILINE)
_CASES: Final = "\n".join(
    f'        Case "{kind}": xlmodel_cell = CVErr({number})' for kind, number in ERRORS.items()
)
HELPERS: Final = f"""\
Private Function xlmodel_result(result As Variant) As Variant
    'Python sends an error by its name, since COM loses its code on the way: here it becomes true.
    Dim r As Long, c As Long, last As Long
    If Not IsArray(result) Then
        xlmodel_result = xlmodel_cell(result)
        Exit Function
    End If
    last = -1
    On Error Resume Next 'a result of one row comes as an array of one dimension
    last = UBound(result, 2)
    On Error GoTo 0
    For r = LBound(result, 1) To UBound(result, 1)
        If last < 0 Then
            result(r) = xlmodel_cell(result(r))
        Else
            For c = LBound(result, 2) To last
                result(r, c) = xlmodel_cell(result(r, c))
            Next c
        End If
    Next r
    xlmodel_result = result
End Function

Private Function xlmodel_cell(value As Variant) As Variant
    xlmodel_cell = value
    If VarType(value) <> vbString Then Exit Function
    Select Case value
{_CASES}
    End Select
End Function

"""


def install() -> None:
    """Make the xlwings that runs write true errors; without its COM server there is nothing to do.

    Called when xlwings imports our module, which it does before it generates the functions.
    """
    udfs: Any = sys.modules.get("xlwings.udfs")
    if udfs is None or udfs.generate_vba_wrapper.__module__ == __name__:
        return
    generate = udfs.generate_vba_wrapper

    def generate_ours(module_name: str, module: Any, file: Any, workbook: Any) -> None:
        if module_name != MODULE:
            generate(module_name, module, file, workbook)
            return
        text = io.StringIO()
        generate(module_name, module, text, workbook)
        file.write(with_true_errors(text.getvalue()))

    udfs.generate_vba_wrapper = generate_ours


def with_true_errors(text: str) -> str:
    """The VBA of our functions, each result passed through ``xlmodel_result``."""
    count = len(functions())
    text, calls = _CALL.subn(r"\1xlmodel_result(\2)", text)
    text, failures = _FAILURE.subn(_when_python_fails, text)
    if (calls, failures) != (2 * count, count):  # two calls: in Excel, and in other programs
        raise InputError(
            f"this version of xlwings writes its VBA functions in another way than {XLWINGS}, the "
            f"one known here; install that one: pip install xlwings=={XLWINGS}"
        )
    return text + HELPERS


def gives_text(function: Function) -> bool:
    """Whether a text is what the function's cell shows anyway."""
    return isinstance(function.result, Text)


def _when_python_fails(found: re.Match[str]) -> str:
    indent, name = found.groups()
    if gives_text(functions()[name]):
        return found[0]
    return f"{indent}{name} = CVErr({ERRORS['#VALUE!']}) '=XLMODEL_VERSION() says why"
