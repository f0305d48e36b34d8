"""Quantities of billing and of conversations: rate cards, cache terms, turns."""

from typing import Annotated, Any

from xlmodel.units.kinds import HUGE, Quantity, Table, Text, share

# Rate cards
CardPrice = Annotated[
    float, Quantity("USD/Mtok", "price of a million tokens of one kind: input, cached or output")
]
LongPrice = Annotated[
    float, Quantity("USD/Mtok", "price of the same tokens on the long-context card")
]
ThresholdTokens = Annotated[
    float,
    Quantity(
        "tokens/request",
        "input tokens, cached ones included, above which the long-context card holds",
    ),
]
BatchShare = Annotated[float, share("share of the tokens sold by batch")]
BatchDiscount = Annotated[float, share("what batch takes off the price")]

# Prompt cache
CachedTokens = Annotated[float, Quantity("tokens", "tokens kept in the cache")]
StorageHours = Annotated[float, Quantity("hours", "hours that they are kept")]
StoragePrice = Annotated[
    float, Quantity("USD/Mtok-hour", "price of a million tokens kept for an hour")
]
WriteMultiplier = Annotated[
    float,
    Quantity("share", "price of writing an input token to the cache over that of plain input"),
]
CacheReads = Annotated[float, Quantity("reads", "reads of what was written once")]

# Conversations
Turns = Annotated[float, Quantity("turns", "turns of the conversation, a whole number", 1, 1e6)]
PrefixTokens = Annotated[
    float,
    Quantity("tokens", "tokens at the head of every turn: system prompt, tools, documents", 0, 1e8),
]
UserTokens = Annotated[float, Quantity("tokens", "tokens that the user adds in a turn", 0, 1e8)]
AnswerTokens = Annotated[
    float,
    Quantity("tokens", "tokens of an answer, which stands in the input of later turns", 0, 1e8),
]
RetainedShare = Annotated[
    float, share("chance that the earlier context is still in the cache at a turn")
]
SharedPrefixHitRate = Annotated[
    float,
    share(
        "chance that the prefix is in the cache through other conversations, where the earlier "
        "context is not"
    ),
]
AnswerCachedShare = Annotated[
    float,
    share(
        "share of the last answer that is cached with the context before it: 1 where the server "
        "keeps what it generated, 0 where only what was sent is cached"
    ),
]
ConversationTokens = Annotated[
    float, Quantity("tokens/conversation", "tokens over all turns of a conversation")
]
RetentionSeconds = Annotated[
    float, Quantity("s", "time that the cache keeps what is not read; each read renews it")
]
ThinkSeconds = Annotated[
    float,
    Quantity("s", "mean time between the turns of a conversation", 0, HUGE, open_low=True),
]

# Terms of the vendors
BillingTermTable = Annotated[
    Any,
    Table(
        "billing terms with their header row, such as BillingTerms[#All]",
        ("vendor", "model", "term", "value", "valid_from"),
    ),
]
Vendor = Annotated[str, Text("who sells the tokens", "Anthropic")]
BillingTermName = Annotated[
    str,
    Text(
        "cache_read, cache_write_5m, cache_write_1h, cache_write, cache_storage, batch_discount, "
        "long_context_threshold, long_context_input, long_context_output or off_peak",
        "cache_read",
    ),
]
TermModel = Annotated[
    str, Text("model whose term differs from the vendor's usual one; left out, all", "all")
]
TermValue = Annotated[
    float, Quantity("as in the table's column unit", "value of the term, in the unit of its row")
]
