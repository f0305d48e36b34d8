"""The sheet Inputs: every number and name that a user may change, each once, with its unit.

The values as delivered are the founding case of July 2024. The six caveats of that argument are the
numbered blocks; ``published`` adds the argument's own figures and the tolerances of the checks.
"""

from collections.abc import Callable, Sequence

from xlmodel.workbook.template import (
    accept,
    inputs_actuals,
    inputs_billing,
    inputs_deals,
    inputs_decoding,
    inputs_pnl,
    inputs_sensitivity,
    inputs_size,
    inputs_sourcing,
    inputs_traffic,
    inputs_value,
    inputs_walk,
    published,
    rate,
)
from xlmodel.workbook.template.entry import (
    CASE_COLUMNS,
    CASES,
    FOUNDING_DATE,
    FOUNDING_SCENARIO,
    LAST,
    driver,
    number,
    pick,
    row,
)
from xlmodel.workbook.template.parts import Break, Gap, Item, Row, Sheet, across, headers, heading


def _general() -> list[Row]:
    return [
        heading("General", LAST),
        row(
            "in_scenario",
            "Scenario",
            FOUNDING_SCENARIO,
            "text",
            "text",
            accept.text("Name of the case; it stands at the head of every sheet and report.", 40),
            "Give your own case its own name. As delivered the inputs are example data.",
        ),
        row(
            "in_case",
            "Case in use",
            CASES[0],
            "text",
            "name",
            accept.one_of(CASES, "Which of the columns beside the drivers the model takes."),
            "Columns Base to Own hold the cases of the drivers; a blank one is as the base. "
            "ASSUMPTION: Upside and Downside are examples. Side by side: sheet Scenarios.",
        ),
        row(
            "in_as_of",
            "As-of date",
            FOUNDING_DATE,
            "date",
            "date",
            accept.day(
                "Day for which prices are wanted: each look-up takes the newest row of the price "
                "tables that is not after it."
            ),
            "A later date takes newer prices; an earlier month, once closed, keeps its own.",
        ),
        row(
            "in_currency",
            "Currency",
            "USD",
            "text",
            "ISO code",
            accept.only(
                "USD",
                "Currency of every amount: USD only in this edition. Convert other prices before "
                "they go into the tables.",
            ),
            "A check fails when a price in use is in another: convert it before it goes into the "
            "table. Sheet P&L shows another currency beside USD.",
        ),
        row(
            "in_owner",
            "Owner of the model",
            "Not yet named",
            "text",
            "text",
            accept.text("Who answers for this model and its inputs."),
            "Who answers for this model and its inputs.",
        ),
    ]


def _node() -> list[Row]:
    return [
        heading("Node", LAST),
        pick("in_gpu", "GPU", "H100", "GpuList", "H100 is the SXM part; the card is H100-PCIe."),
        pick(
            "in_gpu_provider",
            "Provider of the GPUs",
            "Lambda",
            "GpuProviderList",
            "Blank: the median over the providers that have a price on the as-of date.",
            kind="provider",
        ),
        pick(
            "in_gpu_term",
            "Main term of purchase",
            "on-demand",
            "GpuTermList",
            "How GPUs are bought, apart from the shares set under 3 below.",
            kind="term",
        ),
        number("in_gpus", "GPUs in the node", 8, "count", "One replica of the model."),
    ]


def _traffic() -> list[Row]:
    return [
        heading("1  Traffic: how steady it is", LAST),
        driver(
            "in_output_tps",
            "Output rate of the node",
            (300, 350, None, None),
            "rate",
            "Sustained, at this ratio, hit rate and latency; or computed: see sheet Throughput.",
        ),
        driver(
            "in_input_output_ratio",
            "Input tokens per output token",
            (10, None, None, None),
            "ratio",
            "Change it only together with the output rate at that ratio.",
        ),
        driver(
            "in_utilization",
            "Utilization",
            (1, None, 0.7, None),
            "share",
            "Mean output over the day ÷ output rate. Scales tokens and revenue, not cost.",
        ),
    ]


def _prices() -> list[Row]:
    table = "the price table's"
    return [
        heading("2  Billing: prices of tokens, input and output apart", LAST),
        pick("in_model", "Model", "Llama-3.1-405B", "ModelList", "Name as in the price table."),
        pick(
            "in_model_provider",
            "Seller of the tokens",
            "Lepton AI",
            "ModelProviderList",
            "Blank: the median over the providers that have a price on the as-of date.",
            kind="provider",
        ),
        driver(
            "in_input_price",
            "Input price, if not from the table",
            (None, None, 1.96, None),
            "price",
            "Fill in to price input apart from the table.",
            blank=table,
        ),
        driver(
            "in_output_price",
            "Output price, if not from the table",
            (None, None, 1.96, None),
            "price",
            "Fill in to price output apart from the table.",
            blank=table,
        ),
        driver(
            "in_cached_input_price",
            "Cached-input price, if not from table",
            (None, None, None, None),
            "price",
            "What a cached input token earns. Without a row in the table: the input price.",
            blank=f"{table}, or the input price",
        ),
    ]


def _mix() -> list[Row]:
    shares, losses, price = (accept.argument(a) for a in ("shares", "losses", "gpu_hour_price"))
    return [
        heading("3  Buying GPUs: on demand, reserved, spot", LAST),
        driver(
            "in_gpu_hour_price",
            "Main-term price, if not from the table",
            (None, 2.99, None, None),
            "price",
            "Fill in to use a quote of your own.",
            blank="the price table's",
        ),
        pick(
            "in_reserved_term",
            "Term of the reserved part",
            "reserved-3y",
            "GpuTermList",
            "Term as in the price table.",
            kind="term",
        ),
        number(
            "in_reserved_price",
            "Reserved price, if not from the table",
            None,
            "price",
            "A check fails when a part has a share and no price of its own.",
            kind=price,
            blank="the price table's, or the main-term price",
        ),
        number(
            "in_spot_price",
            "Spot price, if not from the table",
            None,
            "price",
            "A check fails when a part has a share and no price of its own.",
            kind=price,
            blank="the price table's, or the main-term price",
        ),
        number(
            "in_share_main",
            "Share bought at the main term",
            1,
            "share",
            "Of the GPU-hours paid; the three shares sum to 1.",
            kind=shares,
        ),
        number(
            "in_share_reserved", "Share reserved", 0, "share", "Of the GPU-hours paid.", kind=shares
        ),
        number(
            "in_share_spot",
            "Share bought as spot",
            0,
            "share",
            "Of the GPU-hours paid.",
            kind=shares,
        ),
        number(
            "in_loss_main",
            "Hours lost, main term",
            0,
            "share",
            "Paid and not useful: restarts, idle capacity.",
            kind=losses,
        ),
        number(
            "in_loss_reserved",
            "Hours lost, reserved",
            0,
            "share",
            "Paid and not useful.",
            kind=losses,
        ),
        number(
            "in_loss_spot",
            "Hours lost, spot",
            0,
            "share",
            "Paid and not useful: interruptions with their restarts.",
            kind=losses,
        ),
    ]


def _rest() -> list[Item]:
    return [
        Break(),
        heading("4  Decoding", LAST),
        *inputs_decoding.gain(),
        Gap(),
        heading("5  Prompt caching", LAST),
        driver(
            "in_cache_hit_rate",
            "Share of input read from cache",
            (0, None, None, None),
            "share",
            "Lowers what input earns, and raises a computed output rate. A typed rate must be the "
            "one measured at this hit rate.",
        ),
        Gap(),
        heading("6  Other", LAST),
        driver(
            "in_other_cost_per_day",
            "Other cost of the node",
            (0, None, None, None),
            "money",
            "Host, storage, network, support, staff.",
        ),
    ]


def _titles() -> Row:
    titles = across("Input", "Value", "Unit", *CASE_COLUMNS.values(), "Accepted", "Note")
    cells = dict(headers(titles, texts="BDIJ").cells)
    for column in CASE_COLUMNS:
        cells[column] = cells[column]._replace(across="case_list")
    return Row(cells, height=17.75)


def sheet() -> Sheet:
    """The description of the sheet."""
    blocks: tuple[Callable[[], Sequence[Item]], ...] = (
        _general,
        _node,
        _traffic,
        _prices,
        _mix,
        _rest,
        rate.rows,
        inputs_sensitivity.rows,
        inputs_traffic.rows,
        inputs_billing.rows,
        inputs_decoding.rows,
        inputs_sourcing.rows,
        inputs_deals.rows,
        inputs_value.rows,
        inputs_size.rows,
        inputs_pnl.rows,
        inputs_actuals.rows,
        inputs_walk.rows,
        published.rows,
        rate.published,
        published.tolerances,
    )
    items: list[Item] = [_titles()]
    for block in blocks:
        items += [*block(), Gap()]
    return Sheet(
        name="Inputs",
        title="Inputs",
        about="Type in the boxed cells only. A blank price is taken from the price tables; a blank "
        "case is as the base.",
        widths={"A": 2, **across(38, 25, 27, 11, 11, 11, 11, 30, 68)},
        items=items,
        frozen_rows=5,
    )
