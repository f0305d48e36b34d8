"""Speculative decoding: drafts, and what they gain."""

from typing import Annotated, Any

from xlmodel.units.kinds import Named, Quantity, Text, share

DraftModelRef = Annotated[
    Any,
    Named(
        "name of the draft model, or a header row and a row of your own table of models: for a "
        "head such as MTP or EAGLE the target's widths and 1 layer",
        "Llama-3.1-8B",
        "model",
        ("layers", "hidden_dim", "query_heads", "ffn_dim", "vocab"),
    ),
]
DraftPrecision = Annotated[
    str, Text("precision of the draft model's weights; left out, as the target's", "FP8")
]
DraftMethod = Annotated[
    str,
    Text(
        "name of a draft method whose accepted lengths were measured",
        "DeepSeek-V4-Pro MTP thinking on",
    ),
]
DraftLayers = Annotated[
    float, Quantity("layers", "layers of the draft head, each like a layer of the model", 0, 1e4)
]
DecodingGain = Annotated[
    float,
    Quantity(
        "factor", "factor on the rate of decode steps, such as SPECULATIVE_GAIN", 0, 1e4, True
    ),
]
PrefillShare = Annotated[
    float,
    share("share of the node's time that goes into input, which the gain leaves as it is"),
]
