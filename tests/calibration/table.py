"""The table ``xlmodel/tables/efficiency.csv``: what was fitted, and what is borrowed for the rest.

A family in a precision that was not published borrows the MFU of a family like it; all else is
its own. A family of which nothing was published borrows all, and is marked as a guess.
"""

import csv
import io
from collections.abc import Iterator
from typing import Final, NamedTuple

from tests.calibration.crossvalidation import FAMILIES, Held, fitted, held_out, summary, training
from tests.calibration.fit import PRIORS
from xlmodel import tables

PATH: Final = tables.path("efficiency")
COLUMNS: Final = (
    *("family", "precision", *PRIORS, "kind", "points", "median_error", "p90_error"),
    *("tpot_points", "tpot_p90_error", "valid_from", "checked", "source", "note"),
)
CHECKED: Final = "2026-11-25"
SOURCE: Final = (
    "fitted by tests/calibration to NVIDIA TensorRT-LLM perf-overview v0.9 to v1.0 "
    "(tests/cases/throughput.csv, latency.csv)"
)


class Borrowed(NamedTuple):
    """A row that takes its MFU from one that was fitted, and the rest from a family."""

    family: str
    precision: str
    mfu_of: tuple[str, str]
    rest_of: str
    note: str


BORROWED: Final = (
    Borrowed("Ampere-PCIe", "BF16", ("Ampere", "BF16"), "Ampere", "as with NVLink"),
    Borrowed("Hopper-PCIe", "FP8", ("Hopper", "FP8"), "Hopper", "as with NVLink"),
    Borrowed("Hopper-PCIe", "BF16", ("Hopper", "BF16"), "Hopper", "as with NVLink"),
    Borrowed("Ada", "BF16", ("Ada", "FP8"), "Ada", "MFU as in FP8"),
    Borrowed("Blackwell", "FP8", ("Hopper", "FP8"), "Blackwell", "MFU of Hopper in FP8"),
    Borrowed("Blackwell", "BF16", ("Hopper", "BF16"), "Blackwell", "MFU of Hopper in BF16"),
    *(
        Borrowed(
            *(family, precision, ("Hopper", "BF16" if precision == "BF16" else "FP8"), "Hopper"),
            "GUESS: all as Hopper",
        )
        for family, precision in (
            *(("CDNA3", "FP8"), ("CDNA3", "BF16")),
            *(("CDNA4", "FP8"), ("CDNA4", "BF16"), ("CDNA4", "FP4")),
            *(("other", "FP8"), ("other", "BF16"), ("other", "FP4")),
        )
    ),
)


def text() -> str:
    """The whole file."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    rows = [*_fitted_rows(), *_borrowed_rows()]
    writer.writerows(sorted(rows, key=lambda row: (row["family"], row["precision"])))
    return buffer.getvalue()


def _fitted_rows() -> Iterator[dict[str, str]]:
    for family in FAMILIES:
        for precision in sorted({c.precision for c in training(family)}):
            yield {
                **_constants(family, precision, fitted(family)(precision)),
                **_errors(family, precision),
                "kind": "fitted",
                "source": SOURCE,
                "note": "errors are those of models left out of the fit",
            }


def _borrowed_rows() -> Iterator[dict[str, str]]:
    for family, precision, (other, in_precision), rest, note in BORROWED:
        mfu = fitted(other)(in_precision)[0]
        yield {
            **_constants(family, precision, (mfu, *fitted(rest)(precision)[1:])),
            "kind": "guess" if note.startswith("GUESS") else "borrowed",
            "source": SOURCE,
            "note": note,
        }


def _constants(family: str, precision: str, values: tuple[float, ...]) -> dict[str, str]:
    """Three digits: more would promise what the data do not hold."""
    return {
        "family": family,
        "precision": precision,
        **{name: f"{value:.3g}" for name, value in zip(PRIORS, values, strict=True)},
        "valid_from": CHECKED,
        "checked": CHECKED,
    }


def _errors(family: str, precision: str) -> dict[str, str]:
    """What was left out and predicted: rates, and times per token."""
    found = [h for h in held_out() if h.left_out == "one model left out" and _is(h, family)]
    found = [h for h in found if h.case.precision == precision]
    rates = [h for h in found if not h.case.latency]
    times = [h for h in found if h.case.latency]
    columns = {
        "points": f"{len(rates)}",
        "median_error": f"{summary(rates).median:.2g}",
        "p90_error": f"{summary(rates).p90:.2g}",
    }
    if times:
        columns |= {"tpot_points": f"{len(times)}", "tpot_p90_error": f"{summary(times).p90:.2g}"}
    return columns


def _is(held: Held, family: str) -> bool:
    return held.case in training(family)
