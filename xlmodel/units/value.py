"""What a model is worth over time: days, decay, hazard, releases, training, cash flows.

Days count from today, not from a launch: the market ages whether a model has been launched or not.
"""

from typing import Annotated, Any

from xlmodel.units.kinds import HUGE, Quantity, Series, Text, share

DAYS_PER_YEAR = 365

FoldPerYear = Annotated[
    float,
    Quantity(
        "fold/year",
        "how many times lower the price is after a year: 10 is a tenth",
        1,
        open_low=True,
        hint="a price that falls by 30 % a year falls 1 ÷ 0.7 = 1.43-fold",
    ),
]
HalfLifeDays = Annotated[
    float,
    Quantity("days", "days in which the price, and with it revenue, falls to a half", 0.01),
]
CostHalfLifeDays = Annotated[
    float,
    Quantity("days", "days in which the cost falls to a half; left out, it never falls", 0.01),
]
Days = Annotated[float, Quantity("days", "days from today")]
DelayDays = Annotated[float, Quantity("days", "days by which the launch is late")]
HorizonDays = Annotated[
    float, Quantity("days", "days from today after which nothing counts; left out, no end")
]
NextReleaseDay = Annotated[
    float,
    Quantity(
        "days", "days from today until a successor is known to arrive; left out, none is known"
    ),
]
ValueKept = Annotated[float, share("share of value and revenue that is left after the successor")]
HazardPerYear = Annotated[
    float,
    Quantity(
        "1/year",
        "rate at which a model is superseded at once, as the turkey before Thanksgiving: it "
        "lives through t years with the chance exp(−rate × t)",
        0,
        1e3,
    ),
]
RatePerDay = Annotated[float, Quantity("1/day", "rate of exponential decay", -HUGE)]
DaysOfDayOne = Annotated[float, Quantity("days", "the sum, in days like the first")]
Faded = Annotated[float, Quantity("ratio", "logarithm of how many times revenue has fallen")]
ValueNow = Annotated[
    float, Quantity("USD", "what the model is worth today: a price, a day's revenue, a book value")
]
RevenuePerDay = Annotated[float, Quantity("USD/day", "revenue of today; it decays from here on")]
RunningCostPerDay = Annotated[float, Quantity("USD/day", "cost of serving a day, as of today")]
UpfrontCost = Annotated[
    float, Quantity("USD", "spent before the first day: training, data, launch")
]
DevelopmentCost = Annotated[float, Quantity("USD", "cost of one release that restores the value")]

Params = Annotated[
    float,
    Quantity("parameters", "parameters that each token trains: 405e9; of experts the active ones"),
]
TrainingTokens = Annotated[float, Quantity("tokens", "tokens of the training run: 15.6e12")]
TrainingMfu = Annotated[
    float,
    share("model FLOPs utilization: share of the dense peak that the run reaches", open_low=True),
]
TrainingPrecision = Annotated[str, Text("precision that the run computes in", "BF16")]
Flop = Annotated[float, Quantity("FLOP", "floating-point operations", 0, 1e40)]
GpuHours = Annotated[float, Quantity("GPU-hours", "hours of one GPU")]

Margins = Annotated[
    Any,
    Series(
        Quantity(
            "USD", "margin of each period, in their order; each falls at the period's end", -HUGE
        )
    ),
]
PeriodsPerYear = Annotated[float, Quantity("1/year", "periods in a year: 12 for months", 1, 366)]
YearlyReturn = Annotated[float, Quantity("share/year", "return a year, effective", -1)]

Scenario = Annotated[str, Text("name of a price decline in the table price_declines", "tenfold")]
