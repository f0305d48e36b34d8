"""What each number is measured in, and the range that makes sense.

Every argument and result of a public function is annotated with one of the types below. A type
is ``Annotated[float, Quantity(...)]``: to Python and mypy a float, to the registry a unit, an
accepted range and a meaning. The meaning of ``utilization`` or ``gpus`` is thus written once,
here, and every host, error message and reference page derives from it.

Here are the quantities that several subjects share; those of one subject alone stand in a module
of its name. ``kinds`` says what a quantity, a text, a table is.

Conventions: shares are fractions (0.85, never 85); prices of tokens are per million tokens
(Mtok); cost is positive; money is in one currency, called USD here; a year is 365 days or
8,760 hours.
"""

from typing import Annotated, Any

from xlmodel.units.kinds import HUGE as HUGE
from xlmodel.units.kinds import PERCENT, share
from xlmodel.units.kinds import Anything as Anything
from xlmodel.units.kinds import Date as Date
from xlmodel.units.kinds import Kind as Kind
from xlmodel.units.kinds import Load as Load
from xlmodel.units.kinds import MustBeBlank as MustBeBlank
from xlmodel.units.kinds import Named as Named
from xlmodel.units.kinds import Quantity as Quantity
from xlmodel.units.kinds import SameAs as SameAs
from xlmodel.units.kinds import Series as Series
from xlmodel.units.kinds import Table as Table
from xlmodel.units.kinds import Text as Text
from xlmodel.units.kinds import same_as as same_as

SECONDS_PER_DAY = 86_400
HOURS_PER_DAY = 24
HOURS_PER_YEAR = 8_760
TOKENS_PER_MTOK = 1_000_000

# Throughput and traffic
OutputTps = Annotated[
    float,
    Quantity(
        "tokens/s",
        "output tokens per second that the node sustains, at this input ratio, hit rate and "
        "latency target; change one of them without it and the result is no forecast",
    ),
]
TokensPerSecond = Annotated[float, Quantity("tokens/s", "tokens per second")]
InputOutputRatio = Annotated[
    float,
    Quantity("input tokens per output token", "input tokens billed for each output token", 0, 1e6),
]
Utilization = Annotated[
    float,
    share(
        "mean output served over the sustained rate (not what nvidia-smi prints); left out, "
        "output_tps is already the day's mean"
    ),
]
BreakevenUtilization = Annotated[
    float,
    Quantity("share", "utilization at which margin is zero; above 1: not even when full"),
]
BilledTokensPerDay = Annotated[float, Quantity("tokens/day", "tokens billed in a day")]
RequestInputTokens = Annotated[
    float, Quantity("tokens/request", "input tokens of the request, cached ones included")
]
RequestOutputTokens = Annotated[float, Quantity("tokens/request", "output tokens of the request")]
ReasoningTokens = Annotated[
    float,
    Quantity(
        "tokens/request", "reasoning tokens, charged as output, where output_tokens leaves them out"
    ),
]

# Throughput of a model on GPUs
ModelRef = Annotated[
    Any,
    Named(
        "name of the model, or a header row and a row of your own table of models",
        "Llama-3.1-405B",
        "model",
        ("layers", "hidden_dim", "query_heads", "ffn_dim", "vocab"),
    ),
]
GpuRef = Annotated[
    Any,
    Named(
        "name of the GPU, or a header row and a row of your own table of GPUs",
        "H100",
        "gpu",
        ("hbm_gb", "hbm_gb_per_s", "bf16_dense_tflops"),
    ),
]
ReplicaGpus = Annotated[
    float,
    Quantity("GPUs", "GPUs of one replica, which split each layer (tensor parallel)", 1, 1024),
]
MinGpus = Annotated[float, Quantity("GPUs", "GPUs of a valid tensor-parallel size", 1)]
Precision = Annotated[
    str,
    Text("precision of weights; left out, FP8 where the GPU computes in it, else BF16", "FP8"),
]
KvPrecision = Annotated[
    str, Text("precision of the KV cache; left out, the usual one beside these weights", "FP8")
]
CachePrecision = Annotated[str, Text("precision of the KV cache", "BF16")]
InputTokens = Annotated[
    float, Quantity("tokens", "input tokens of a request, cached ones included", 1, 1e8)
]
OutputTokens = Annotated[float, Quantity("tokens", "output tokens of a request", 1, 1e8)]
ContextTokens = Annotated[
    float, Quantity("tokens", "tokens of a sequence in the KV cache, input and output", 1, 1e8)
]
Batch = Annotated[
    float, Quantity("sequences", "sequences that are decoded at the same time", 1, 1e6)
]
BatchOrMost = Annotated[
    float,
    Quantity(
        "sequences",
        "requests in flight; left out, the most that memory and the latency limits allow",
        1,
        1e6,
    ),
]
MaxBatch = Annotated[float, Quantity("sequences", "sequences that fit into memory")]
PrefixHitRate = Annotated[
    float, share("share of input found in the prefix cache, which then skips prefill")
]
MaxTpotMs = Annotated[
    float,
    Quantity(
        "ms",
        "longest time per output token that is allowed, where no batch is given",
        open_low=True,
    ),
]
MaxTtftMs = Annotated[
    float,
    Quantity(
        "ms",
        "longest time to the first token that is allowed, where no batch is given",
        open_low=True,
    ),
]
Milliseconds = Annotated[float, Quantity("ms", "milliseconds")]
BytesPerToken = Annotated[float, Quantity("bytes/token", "bytes of KV cache for each token")]
Basis = Annotated[str, Text("where the figure comes from: auto, physics or grid", "physics")]
Mfu = Annotated[
    float,
    share("model FLOPs utilization: share of the peak rate; left out, as fitted", open_low=True),
]
Mbu = Annotated[
    float,
    share("memory bandwidth utilization: share of the peak; left out, as fitted", open_low=True),
]
LayerOverheadUs = Annotated[
    float,
    Quantity("us", "time of a layer in each step beside its work; left out, as fitted", 0, 1e5),
]
SequenceOverheadUs = Annotated[
    float, Quantity("us", "time of a step for each sequence in it; left out, as fitted", 0, 1e4)
]
AllreduceLatencyUs = Annotated[
    float, Quantity("us", "latency of one hop of an all-reduce; left out, as fitted", 0, 1e5)
]
LinkEfficiency = Annotated[
    float,
    share("share of the rate of the link between GPUs; left out, as fitted", open_low=True),
]
ActiveParamsB = Annotated[
    float, Quantity("10^9 parameters", "parameters that each token uses", 0, 1e6)
]
WeightGb = Annotated[float, Quantity("GB", "weights read in a step", 0, 1e9)]
KvGb = Annotated[float, Quantity("GB/sequence", "KV cache of a sequence, read in a step", 0, 1e9)]
Tflops = Annotated[
    float, Quantity("10^12 FLOP/s", "compute rate of all GPUs together", 0, 1e12, open_low=True)
]
GbPerSecond = Annotated[
    float, Quantity("GB/s", "memory bandwidth of all GPUs together", 0, 1e12, open_low=True)
]
PrefillTps = Annotated[
    float, Quantity("tokens/s", "input tokens per second of a prefill node", open_low=True)
]
DecodeTps = Annotated[
    float, Quantity("tokens/s", "output tokens per second of a decode node", open_low=True)
]
Nodes = Annotated[float, Quantity("nodes", "nodes, in parts where a node is not full")]
ExpertCount = Annotated[float, Quantity("experts", "experts in each layer", 1, 1e6)]
ExpertsPerToken = Annotated[float, Quantity("experts", "experts that a token uses", 0, 1e6)]
ExpertShare = Annotated[float, share("share of the experts")]
Acceptance = Annotated[
    float,
    share("chance that a drafted token is accepted, the same for each", open_high=True),
]
DraftTokens = Annotated[float, Quantity("tokens/step", "tokens drafted in a step", 0, 1e4)]
AcceptedLength = Annotated[
    float,
    Quantity("tokens/step", "tokens a step yields, the target model's own included", 0, 1e4),
]
DraftCost = Annotated[
    float, Quantity("steps", "time of one draft token, in steps without speculation", 0, 1e4)
]
VerifyCost = Annotated[
    float,
    Quantity("steps", "time of a verifying step, in steps without speculation", 0, 1e4, True),
]
ErrorShare = Annotated[float, Quantity("share", "relative error")]
SpeedFactor = Annotated[float, Quantity("factor", "factor on the output rate")]
ThroughputTable = Annotated[
    Any,
    Table(
        "your own benchmarks with a header row, such as Throughput[#All]",
        (
            *("model", "gpu", "gpus", "precision", "input_tokens", "output_tokens", "batch"),
            *("output_tps", "ttft_ms", "tpot_ms"),
        ),
    ),
]

# Prices of tokens
UsdPerMtok = Annotated[float, Quantity("USD/Mtok", "price per million tokens")]
InputPrice = Annotated[float, Quantity("USD/Mtok", "list price of input, per million tokens")]
OutputPrice = Annotated[float, Quantity("USD/Mtok", "list price of output, per million tokens")]
CachedInputPrice = Annotated[
    float,
    Quantity("USD/Mtok", "price of input read from the prompt cache; left out, the input price"),
]
CacheWritePrice = Annotated[
    float,
    Quantity("USD/Mtok", "price of input written to the prompt cache; left out, the input price"),
]
CacheHitRate = Annotated[
    float,
    share(
        "share of all input read from the prompt cache: it changes what input earns here, and "
        "what the node can serve only through output_tps"
    ),
]
CacheWriteRate = Annotated[
    float, share("share of all input written to the prompt cache, apart from hits")
]
ReadMultiplier = Annotated[
    float,
    Quantity("share", "price of a cached input token over that of an uncached one", 0, 10),
]
BillableShare = Annotated[
    float, share("share of the tokens served that is billed (the rest: free tier, retries)")
]

# Money
Usd = Annotated[float, Quantity("USD", "amount of money", -HUGE)]
UsdPerRequest = Annotated[float, Quantity("USD/request", "amount per request", -HUGE)]
UsdPerDay = Annotated[float, Quantity("USD/day", "amount per day", -HUGE)]
NodeCostPerDay = Annotated[float, Quantity("USD/day", "cost of the node per day")]
OtherCostPerDay = Annotated[
    float, Quantity("USD/day", "other cost of the node per day: host, storage, network, support")
]
MarginRate = Annotated[float, Quantity("share", "margin as a share of revenue", -HUGE)]
TargetMarginRate = Annotated[
    float,
    Quantity(
        "share", "margin wanted, as a share of revenue", -HUGE, 1, open_high=True, hint=PERCENT
    ),
]
PriceFactor = Annotated[float, Quantity("factor", "factor on every price of the rate card")]

# GPUs and what they cost
GpuCount = Annotated[float, Quantity("GPUs", "GPUs in the node", 0, 1e9, open_low=True)]
UsdPerGpuHour = Annotated[float, Quantity("USD/GPU-hour", "price of one GPU for one hour")]
GpuHourPrice = Annotated[
    float, Quantity("USD/GPU-hour", "price of one GPU for one hour, paid busy or idle")
]
HoursPerDay = Annotated[float, Quantity("hours/day", "hours paid in a day", 0, 24)]
Capex = Annotated[
    float, Quantity("USD", "purchase price per GPU, with its share of server and network")
]
LifeYears = Annotated[float, Quantity("years", "years until the GPU is sold or retired", 0.01, 100)]
DiscountRate = Annotated[
    float,
    Quantity("share/year", "cost of capital a year, effective", 0, 10, hint=PERCENT),
]
ResidualShare = Annotated[
    float, share("resale value at the end of life, as a share of the purchase price")
]
PowerKw = Annotated[float, Quantity("kW", "measured draw per GPU with its share of server")]
Pue = Annotated[
    float,
    Quantity("ratio", "power usage effectiveness: facility power over IT power", 1, 10),
]
ElectricityPrice = Annotated[float, Quantity("USD/kWh", "price of electricity")]
OpexPerYear = Annotated[
    float, Quantity("USD/year", "colocation, staff, repairs and software, per GPU and year")
]
Availability = Annotated[
    float, share("share of the year in which the GPU can be used", open_low=True)
]
CapitalRecovery = Annotated[float, Quantity("share/year", "capital recovery factor")]
HoursPerYear = Annotated[float, Quantity("hours/year", "hours in use a year")]
UsdPerYear = Annotated[float, Quantity("USD/year", "amount per year", -HUGE)]
Prices = Annotated[Any, Series(Quantity("USD/GPU-hour", "price of each part of the mix"))]
Shares = Annotated[Any, Series(share("share of each part in the GPU-hours paid; they sum to 1"))]
Losses = Annotated[
    Any,
    Series(
        share(
            "share of each part's paid hours that is lost (spot interruptions, restarts)",
            open_high=True,
        )
    ),
]

# Look-ups
GpuPriceTable = Annotated[
    Any,
    Table(
        "GPU price table with its header row, such as GpuPrices[#All]",
        ("gpu", "provider", "term", "usd_per_gpu_hour", "valid_from"),
    ),
]
ModelPriceTable = Annotated[
    Any,
    Table(
        "model price table with its header row, such as ModelPrices[#All]",
        ("model", "provider", "kind", "usd_per_mtok", "valid_from"),
    ),
]
GpuName = Annotated[str, Text("name of the GPU", "H100")]
ModelName = Annotated[str, Text("name of the model", "Llama-3.1-405B")]
Provider = Annotated[str, Text("who sells; left out, the median of the providers", "Lambda")]
Term = Annotated[str, Text("how it is bought: on-demand, spot, reserved-3y …", "on-demand")]
PriceKind = Annotated[str, Text("input, output, cache_read or cache_write", "output")]
SpecField = Annotated[str, Text("column of the specification table", "hbm_gb")]
AsOf = Annotated[
    Any,
    Date("day for which the price is wanted: the newest row not after it; left out, the newest"),
]
FunctionName = Annotated[str, Text("name of a function", "NODE_MARGIN")]
Value = Annotated[Any, Anything("a number or a text")]
Label = Annotated[str, Text("text", "")]
ExplainedArgument = Annotated[Any, Anything("the arguments, as the function takes them")]
NoUtilization = Annotated[
    None,
    MustBeBlank(
        "stays blank",
        "utilization is what this function solves for: leave the slot blank, the hit rate is "
        "the argument after it",
    ),
]
