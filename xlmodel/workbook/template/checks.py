"""The sheet Checks: what must hold for the figures to be trusted, each check with its tolerance.

A check is TRUE when it passes and the text n/a where it does not apply. An error in what it tests
makes it FALSE, never an error, so that the master check at the head of every sheet always says
something. A comparison shows both figures, their difference and the tolerance, which is relative to
the figure and absolute below 1. What is tested stands in ``statements``.
"""

from xlmodel.workbook.template.about import MISSING
from xlmodel.workbook.template.checked import Comparison, Condition
from xlmodel.workbook.template.entry import CASES
from xlmodel.workbook.template.parts import (
    Break,
    Cell,
    Gap,
    Item,
    Row,
    Sheet,
    across,
    headers,
    heading,
    line,
)
from xlmodel.workbook.template.statements import GROUPS

_LAST = "J"
_UNIT = "TRUE = pass"

_AT_ONCE = 8
"""Groups of checks in one formula."""

_NEXT_PAGE = "group_prices"


def _passes(check: Comparison | Condition, formula: str, group: str) -> dict[str, Cell]:
    return {
        "B": Cell(check.label, role="label"),
        "C": Cell(f"={formula}", "general", "check", check.name, column=group),
        "D": Cell(_UNIT, role="unit"),
        "J": Cell(check.note, role="note"),
    }


def _compared(c: Comparison, group: str) -> Row:
    passes = "AND(ISNUMBER($G{row}),$G{row}<=$H{row})"
    difference = 'IFERROR(ABS($E{row}-$F{row}),"error")'
    if c.applies:
        passes = f'IF({c.applies},{passes},"n/a")'
        difference = f'IF({c.applies},{difference},"–")'
    tolerance = c.tolerance or "in_tolerance*MAX(1,ABS($F{row}))"
    whole = c.form == "whole" and not c.applies
    form = "small" if not c.tolerance else "whole" if whole else "money3"
    shown = {
        "E": Cell(f'=IFERROR({c.one},"error")', c.form, "calculation_text"),
        "F": Cell(f'=IFERROR({c.other},"error")', c.form, "calculation_text"),
        "G": Cell(f"={difference}", "whole" if whole else "residual", "calculation_text"),
        "H": Cell(f"=IFERROR({tolerance},0)", form, "calculation_text"),
        "I": Cell(c.unit, role="unit"),
    }
    return Row(_passes(c, passes, group) | shown)


def _row(check: Comparison | Condition, group: str) -> Row:
    if isinstance(check, Comparison):
        return _compared(check, group)
    return Row(_passes(check, f"IFERROR({check.formula},FALSE)", group))


def _master() -> list[Item]:
    names = [name for name, _, _ in GROUPS]
    parts = [names[i : i + _AT_ONCE] for i in range(0, len(names), _AT_ONCE)]
    groups = ",".join(f"checks_part_{number}" for number, _ in enumerate(parts, 1))
    missing = f'functions_state="{MISSING}"'
    changed = f"AND(in_scenario=in_published_scenario,NOT(founding_case),NOT({missing}))"
    return [
        heading("All checks", _LAST),
        Row(
            {
                "B": Cell("Master check", role="label"),
                "C": Cell(f"=IFERROR(AND({groups}),FALSE)", "general", "check", "check_master"),
                "D": Cell(_UNIT, role="unit"),
                "E": Cell(
                    f"=IF(OR(check_master,{missing}),functions_note,"
                    '"A check fails: see sheet Checks")',
                    "general",
                    "note",
                    "status_text",
                ),
            }
        ),
        *(
            line(
                f"Part {number} of the groups below",
                f"=IFERROR(AND({','.join(part)}),FALSE)",
                "general",
                _UNIT,
                "A formula is not to be long.",
                name=f"checks_part_{number}",
                role="calculation_text",
            )
            for number, part in enumerate(parts, 1)
        ),
        line(
            "Said at the head of each sheet when no check fails",
            '=IF(ISNUMBER(SEARCH("xlmodel",functions_state)),"All checks pass",functions_state)',
            "general",
            "",
            name="functions_note",
            role="note",
        ),
        line(
            "Scenario at the head of each sheet",
            f'=in_scenario&IF(in_case="{CASES[0]}",IF({changed},", inputs changed",""),'
            '", case "&in_case)',
            "general",
            "",
            name="scenario_label",
            role="note",
        ),
        line(
            "Currency at the head of each sheet",
            '=IF(in_currency="USD",in_currency,"USD only")',
            "general",
            "",
            name="currency_label",
            role="note",
        ),
        line(
            "A cell that stays blank",
            None,
            "general",
            "",
            "Leave it so: a check below hands it to a function.",
            name="blank_cell",
        ),
        Gap(),
    ]


def _state() -> list[Item]:
    """Whether the inputs still are those of the founding case."""
    same = (
        ("Traffic", "founding_traffic",
         "AND(out_output_tps=reply_output_tps,in_input_output_ratio=in_published_ratio,"
         "in_utilization=1,in_cache_hit_rate=0)"),
        ("Prices", "founding_prices",
         "AND(out_input_price=in_published_price,out_output_price=in_published_price)"),
        ("Node", "founding_node",
         "AND(in_gpus=in_published_gpus,out_gpu_hour_price=in_published_gpu_hour_price,"
         "in_other_cost_per_day=0)"),
        ("All three", "founding_case", "AND(founding_traffic,founding_prices,founding_node)"),
    )  # fmt: skip
    return [
        heading("Are the inputs still those of the founding case?", _LAST),
        *(
            line(f"{label} as published", f"=IFERROR({formula},FALSE)", "general", "TRUE = yes",
                 name=name, role="calculation_text")
            for label, name, formula in same
        ),
        Gap(),
    ]  # fmt: skip


def sheet() -> Sheet:
    """The description of the sheet."""
    titles = across(
        "Check",
        "Result",
        "Unit",
        "Figure",
        "Compared with",
        "Difference",
        "Tolerance",
        "Unit",
        "What it tests",
    )
    items: list[Item] = [*_master(), *_state()]
    for group, label, checks in GROUPS:
        items += [Break()] if group == _NEXT_PAGE else []
        items += [heading(label, _LAST), headers(titles, texts="BDIJ", centred="C")]
        items += [*(_row(check, group) for check in checks), Gap()]
    return Sheet(
        name="Checks",
        title="Checks",
        about="Every check must be TRUE; n/a means that it does not apply and does not count. An "
        "error in what a check tests makes it FALSE.",
        widths={"A": 2, **across(42, 16, 14, 16, 16, 15, 14, 15, 62)},
        items=items,
        frozen_rows=4,
    )
