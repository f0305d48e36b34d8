"""Number formats as spreadsheets show them."""

import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xlmodel.registry import NA, CellError
from xlmodel.report import numfmt

TOKENS = '[>=1000000000]#,##0.000,,,"B";[>=1000000]#,##0.00,,"M";#,##0'
ACCOUNTING = '_(* #,##0.00_);_(* (#,##0.00);_(* "-"_);_(@_)'


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (798.336, "#,##0.00", "798.34"),
        (-922, "#,##0.00", "−922.00"),
        (0.125, "0.00", "0.13"),  # half away from zero, as spreadsheets round
        (-0.001, "0.00", "0.00"),
        (0.1606541, "0.0%", "16.1\xa0%"),
        (285_120_000, TOKENS, "285.12M"),
        (2_851_200_000, TOKENS, "2.851B"),
        (-5e9, TOKENS, "−5,000,000,000"),
        (-5, "#,##0;[Red](#,##0)", "(5)"),
        (-3.5, "+#,##0.000;-#,##0.000;0.000", "−3.500"),
        (0, '#,##0.00;-#,##0.00;"–"', "–"),
        (8, "#,##0.##", "8"),
        (3.25, "#,##0.##", "3.25"),
        (7, "000", "007"),
        (0.5, ".00", ".50"),
        (1e-9, "0.0E+00", "1.0E-09"),
        (12.5, '#,##0.00" EUR"', "12.50 EUR"),
        (-12.5, "#,##0.00 [$€-407]", "−12.50 €"),
        (5, ACCOUNTING, "5.00"),
        (-5, ACCOUNTING, "(5.00)"),
        (45500, "yyyy-mm-dd", "2024-07-27"),
        (45500, '"as of "yyyy-mm-dd', "as of 2024-07-27"),
        (0, 'yyyy-mm-dd;;"none"', "none"),
        (2.350168350168, "General", "2.35017"),
        (128.25599999999997, "", "128.256"),
        (1e300, "#,##0.00", "1.00000E+300"),
        (-1e-7, "General", "−1.00000E-07"),
        (5, "# ?/?", "5"),
        (5, '"open', "5"),
        (5, "[bad]0", "5"),
        (True, "0.00", "TRUE"),
        (None, "0.00", ""),
        ("H100", "0.00", "H100"),
        (CellError(NA), "0.00", "#N/A"),
        (datetime.date(2024, 7, 27), "0.00", "2024-07-27"),
    ],
)
def test_shown_as_its_cell_shows_it(value: object, number_format: str, shown: str) -> None:
    assert numfmt.show(value, number_format) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", ['"open', "0.0[", "0;[", "qqq", "0\x00", "# ?/?", "0" * 300])
def test_a_format_that_is_not_understood_is_not_passed_on(bad: str) -> None:
    assert numfmt.safe(bad) == "General"


@given(
    st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53),
    st.text(st.sampled_from('#0?.,;%"\\[]_*-+eEydm@/ ()<>=19$R'), max_size=14),
)
@example(1.0, ";;;")
@example(5e-324, "0" * 250 + "%")
def test_any_number_in_any_format_is_some_text(value: float, number_format: str) -> None:
    assert isinstance(numfmt.show(value, number_format), str)
