"""How long the monthly P&L of a portfolio takes: ten models over five years, 600 rows.

Run by hand: ``python -m tests.benchmarks.bench_portfolio [models]``. Each row has ten formulas, six
of them calls of our functions; a summary has three more calls for each model. Beside the headless
engine stand plain NumPy, and the naive loop of checked calls. Each figure is the median of
alternating runs; ``tests/workbook/test_portfolio.py`` holds the sums equal.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import xlsxwriter

import xlmodel
from xlmodel.workbook import calc

MODELS, MONTHS, RUNS = 10, 60, 5
DAYS = 365 / 12
RATIO, DISCOUNT = 10.0, 0.1

DRIVERS = (
    *("output_tps", "price", "gpus", "gpu_hour_price", "utilization", "efficiency_gain"),
    *("half_life_days", "cost_half_life_days", "hazard_per_year", "upfront_cost"),
)
FORMULAS = {
    "day": f"=($B{{r}}-1)*{DAYS!r}",
    "price": "=MODEL_VALUE({price},{half_life_days},$C{r},{hazard_per_year})",
    "gpu_hour": "=MODEL_VALUE({gpu_hour_price},{cost_half_life_days},$C{r})",
    "efficiency": "=(1+{efficiency_gain})^(($B{r}-1)/12)",
    "tokens": f"=TOKENS_PER_DAY({{output_tps}}*$F{{r}},{RATIO!r},{{utilization}})*{DAYS!r}",
    "revenue": f"=NODE_REVENUE({{output_tps}}*$F{{r}},{RATIO!r},$D{{r}},$D{{r}},{{utilization}})"
    f"*{DAYS!r}",
    "cost": f"=NODE_COST({{gpus}},$E{{r}})*{DAYS!r}",
    "margin": f"=NODE_MARGIN({{output_tps}}*$F{{r}},{RATIO!r},$D{{r}},$D{{r}},{{gpus}},$E{{r}},"
    f"{{utilization}})*{DAYS!r}",
    "margin_rate": "=$J{r}/$H{r}",
    "discounted": f"=$J{{r}}/(1+{DISCOUNT!r})^($B{{r}}/12)",
}
"""Columns C to L of the sheet Months, after the number of the model and of the month."""
SUMMARY = {
    "npv": f"=MODEL_NPV({{upfront_cost}},Months!$J${{first}}:$J${{last}},{DISCOUNT!r})",
    "last_day": "=LAST_PROFITABLE_DAY(Months!$H${first},Months!$I${first},"
    "{half_life_days},{cost_half_life_days})",
    "lifetime": f"=LIFETIME_MARGIN(Months!$H${{first}}/{DAYS!r},Months!$I${{first}}/{DAYS!r},"
    "{half_life_days},{cost_half_life_days},,{hazard_per_year})",
}

Drivers = Sequence[Sequence[float]]


def drivers(models: int) -> Drivers:
    """Example figures: no two models alike."""
    return [
        (
            *(900.0 + 40 * i, 2.8 - 0.05 * (i % 7), 8.0, 3.49 - 0.02 * i, 0.5 + 0.04 * (i % 10)),
            *(0.1 + 0.02 * (i % 6), 120.0 + 25 * i, 700.0 + 10 * i, 0.05 * (i % 4), 1e5 + 1e4 * i),
        )
        for i in range(models)
    ]


def write(path: Path, models: Drivers) -> None:
    """A sheet of drivers with the summary beside them, and a sheet of months."""
    with xlsxwriter.Workbook(path) as book:
        by_model, months = book.add_worksheet("Models"), book.add_worksheet("Months")
        for m, row in enumerate(models):
            by_model.write_row(m, 0, row)
            own = {name: f"{chr(ord('A') + i)}{m + 1}" for i, name in enumerate(DRIVERS)}
            ends = {"first": m * MONTHS + 1, "last": (m + 1) * MONTHS}
            for i, formula in enumerate(SUMMARY.values()):
                by_model.write_formula(m, len(DRIVERS) + i, formula.format(**own, **ends), None, 1)
        of_model = {
            name: f"INDEX(Models!${c}$1:${c}${len(models)},$A{{r}})"
            for c, name in zip("ABCDEFGHIJ", DRIVERS, strict=True)
        }
        for r in range(len(models) * MONTHS):
            months.write_row(r, 0, (r // MONTHS + 1, r % MONTHS + 1))
            for i, formula in enumerate(FORMULAS.values()):
                text = formula.format(**of_model, r="{r}").format(r=r + 1)
                months.write_formula(r, 2 + i, text, None, 1)


Totals = dict[str, float]


def with_engine(path: Path) -> Totals:
    """The workbook, read and recalculated; sums of its columns."""
    found = calc.calculate(path)
    assert not found.unsupported
    sums: Totals = {}
    for sheet, first, names in (("Models", "K", SUMMARY), ("Months", "C", FORMULAS)):
        for i, name in enumerate(names):
            letter = chr(ord(first) + i)
            sums[name] = sum(
                float(value)  # type: ignore[arg-type]
                for (where, cell), value in found.formulas.items()
                if where == sheet and cell.rstrip("0123456789") == letter
            )
    return sums


def with_numpy(models: Drivers) -> Totals:
    """The same sums from array expressions, the summary of each model included."""
    columns = np.array(models).T[:, :, None]
    tps, price, gpus, hour, use, gain, half_life, cost_half_life, hazard, upfront = columns
    month = np.arange(1, MONTHS + 1)
    day = np.broadcast_to((month - 1) * DAYS, (len(models), MONTHS))
    price = price * 0.5 ** (day / half_life) * np.exp(-hazard * day / 365)
    hour = hour * 0.5 ** (day / cost_half_life)
    efficiency = (1 + gain) ** ((month - 1) / 12)
    tokens = tps * efficiency * (1 + RATIO) * 86_400 * use * DAYS
    revenue = tokens * price / 1e6
    cost = gpus * hour * 24 * DAYS
    margin = revenue - cost
    discounted = margin / (1 + DISCOUNT) ** (month / 12)
    fall, cost_fall = np.log(2) / half_life[:, 0], np.log(2) / cost_half_life[:, 0]
    first, spent = revenue[:, 0] / DAYS, cost[:, 0] / DAYS
    last = np.maximum(np.log(first / spent), 0) / (fall - cost_fall)
    h = hazard[:, 0] / 365
    lifetime = first * -np.expm1(-(fall + h) * last) / (fall + h)
    lifetime -= spent * -np.expm1(-(cost_fall + h) * last) / (cost_fall + h)
    results = {
        "npv": discounted.sum(axis=1) - upfront[:, 0],
        "last_day": last,
        "lifetime": lifetime,
        "day": day,
        "price": price,
        "gpu_hour": hour,
        "efficiency": efficiency + 0 * day,
        "tokens": tokens,
        "revenue": revenue,
        "cost": cost,
        "margin": margin,
        "margin_rate": margin / revenue,
        "discounted": discounted,
    }
    return {name: float(values.sum()) for name, values in results.items()}


def with_calls(models: Drivers) -> Totals:
    """The naive loop: a checked call for each cell."""
    sums: Totals = dict.fromkeys((*SUMMARY, *FORMULAS), 0.0)
    for row in models:
        tps, price_now, gpus, hour_now, use, gain, half_life, cost_half_life, hazard, upfront = row
        margins, start = [], (0.0, 0.0)
        for month in range(1, MONTHS + 1):
            day = (month - 1) * DAYS
            price = xlmodel.model_value(price_now, half_life, day, hazard)
            hour = xlmodel.model_value(hour_now, cost_half_life, day)
            efficiency = (1 + gain) ** ((month - 1) / 12)
            rate = tps * efficiency
            revenue = xlmodel.node_revenue(rate, RATIO, price, price, use) * DAYS
            cost = xlmodel.node_cost(gpus, hour) * DAYS
            margin = xlmodel.node_margin(rate, RATIO, price, price, gpus, hour, use) * DAYS
            start = (revenue, cost) if month == 1 else start
            margins.append(margin)
            values = (
                *(day, price, hour, efficiency, xlmodel.tokens_per_day(rate, RATIO, use) * DAYS),
                *(revenue, cost, margin, margin / revenue, margin / (1 + DISCOUNT) ** (month / 12)),
            )
            for name, value in zip(FORMULAS, values, strict=True):
                sums[name] += value
        sums["npv"] += xlmodel.model_npv(upfront, margins, DISCOUNT)
        sums["last_day"] += xlmodel.last_profitable_day(*start, half_life, cost_half_life)
        sums["lifetime"] += xlmodel.lifetime_margin(
            start[0] / DAYS, start[1] / DAYS, half_life, cost_half_life, hazard_per_year=hazard
        )
    return sums


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main(count: int) -> None:
    models = drivers(count)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "portfolio.xlsx"
        write(path, models)
        actions: dict[str, Callable[[], object]] = {
            "plain NumPy": lambda: with_numpy(models),
            "loop of checked calls": lambda: with_calls(models),
            "xlmodel calc, file to figures": lambda: with_engine(path),
        }
        times: dict[str, list[float]] = {name: [] for name in actions}
        for action in actions.values():
            action()
        for _ in range(RUNS):
            for name, action in actions.items():
                times[name].append(seconds(action))
    medians = {name: statistics.median(values) for name, values in times.items()}
    base = medians["plain NumPy"]
    for name, value in medians.items():
        print(f"{name:<30} {value * 1e3:9.2f} ms   {value / base:8.1f} times")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MODELS)
