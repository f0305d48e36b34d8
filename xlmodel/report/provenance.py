"""Where the figures of a report come from: the rows that each file of a pack ends with."""

from xlmodel.report.facts import Provenance
from xlmodel.report.language import noted, say

STATES = {
    "passed": noted("passed"),
    "failed": noted("failed"),
    "not evaluated": noted("not evaluated"),
    "not applicable": noted("not applicable"),
    "none": noted("none"),
}
"""The states of checks, which the workbook layer names, for the table of words."""


def rows(told: Provenance) -> list[tuple[str, str]]:
    """Name and value; what is not known is left out."""
    found = [
        (say("Workbook"), told.workbook),
        ("SHA-256", told.workbook_sha256),
        (say("Scenario"), told.scenario),
        (say("As of"), told.as_of),
        (say("Currency"), told.currency),
        (say("Checks"), say(told.checks)),
        (say("Calculated with"), f"xlmodel {told.version}"),
        *(
            (
                say("Set for this report ({name})", name=item.name),
                f"{item.label} = {item.spoken}",
            )
            for item in told.changed
        ),
        *(
            (
                say("Table {name}, {rows} rows, SHA-256", name=table.name, rows=table.rows),
                table.sha256,
            )
            for table in told.tables
        ),
    ]
    return [(name, value) for name, value in found if value]
