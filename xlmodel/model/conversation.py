"""Conversations of several turns: input that grows with the history, and the hit rate it brings.

Each turn sends everything before it again: the prefix (system prompt, tools, documents), all
earlier user messages and answers, then the new message. So input grows with the square of the
turns, and all but the newest part of it may be found in the prompt cache. The hit rate is thus a
result of turns and retention, and can be given to ``REQUEST_REVENUE`` (with the conversation's
tokens) and to ``NODE_TPS``.

Assumed: turns of equal size; an answer comes back as it was sent, without its reasoning; nothing
is cut from the history; the cache finds all of the earlier context or none of it; turns are found
or lost independently. Real caches find whole blocks only (16 to 1,024 tokens) and lose entries when
full: both make the hit rate lower than here.
"""

from xlmodel.elementwise import exp, only_if, smaller, whole
from xlmodel.registry import function
from xlmodel.units import CacheHitRate, CacheWriteRate
from xlmodel.units.billing import (
    AnswerCachedShare,
    AnswerTokens,
    ConversationTokens,
    PrefixTokens,
    RetainedShare,
    RetentionSeconds,
    SharedPrefixHitRate,
    ThinkSeconds,
    Turns,
    UserTokens,
)

_WHOLE_TURNS = "turns must be a whole number: for a mix, take the mean of the results"


@function
def conversation_input(
    turns: Turns,
    prefix_tokens: PrefixTokens,
    user_tokens: UserTokens,
    answer_tokens: AnswerTokens,
) -> ConversationTokens:
    """Input tokens of a conversation, over all its turns, cached ones included.

    Whole turns only: input grows with their square, so a mean of turns would understate it. For
    conversations of several lengths take the mean of the results.

    Equation:
        input = turns × prefix + user × turns × (turns + 1) ÷ 2 + answer × turns × (turns − 1) ÷ 2,
        the sum of prefix + k × user + (k − 1) × answer over turns k = 1 … turns

    Errors:
        #NUM! when turns is not a whole number.

    Source:
        Definition: every turn sends the history again.

    Example:
        >>> import xlmodel
        >>> xlmodel.conversation_input(3, 1000, 100, 200)
        4200.0
    """
    rounds: Turns = only_if(whole(turns) == turns, turns, _WHOLE_TURNS)
    from_users: ConversationTokens = user_tokens * rounds * (rounds + 1) / 2
    from_answers: ConversationTokens = answer_tokens * rounds * (rounds - 1) / 2
    return rounds * prefix_tokens + from_users + from_answers


@function
def conversation_output(turns: Turns, answer_tokens: AnswerTokens) -> ConversationTokens:
    """Output tokens of a conversation, over all its turns.

    Reasoning tokens are not part of it: they are output that no later turn sends again.

    Equation:
        output = turns × answer_tokens

    Errors:
        #NUM! when turns is not a whole number.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> xlmodel.conversation_output(3, 200)
        600.0
    """
    return only_if(whole(turns) == turns, whole(turns), _WHOLE_TURNS) * answer_tokens


@function
def conversation_hit_rate(
    turns: Turns,
    prefix_tokens: PrefixTokens,
    user_tokens: UserTokens,
    answer_tokens: AnswerTokens,
    retained_share: RetainedShare = 1.0,
    prefix_hit_rate: SharedPrefixHitRate = 0.0,
    answer_cached_share: AnswerCachedShare = 1.0,
) -> CacheHitRate:
    """Share of a conversation's input that is found in the prompt cache.

    At each turn after the first the earlier context is found with chance ``retained_share`` (see
    ``RETAINED_SHARE``). At the first turn, and where the earlier context is lost, the prefix alone
    is found with chance ``prefix_hit_rate``, through other conversations that share it. The
    defaults of retention are the best case; a bill rests on ``answer_cached_share`` 0 where the
    vendor caches what was sent and not what was generated. More turns raise the rate, but where
    the history is often lost and a shared prefix often found, of which long conversations have
    less.

    Equation:
        hits = r × Σ (prefix + (k − 1) × (user + answer) − (1 − c) × answer) over k = 2 … turns
        + q × prefix × (1 + (turns − 1) × (1 − r)), with r the retained share, q the prefix hit
        rate, c the cached share of the last answer
        hit rate = hits ÷ CONVERSATION_INPUT

    Errors:
        #NUM! when turns is not a whole number; #DIV/0! without input.

    Source:
        Definition. An upper limit: caches find whole blocks, and lose entries when full.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.conversation_hit_rate(3, 1000, 100, 200), 6)
        0.690476
        >>> xlmodel.conversation_hit_rate(1, 1000, 100, 200)
        0.0
    """
    rounds: Turns = only_if(whole(turns) == turns, turns, _WHOLE_TURNS)
    sent: ConversationTokens = (
        rounds * prefix_tokens
        + user_tokens * rounds * (rounds + 1) / 2
        + answer_tokens * rounds * (rounds - 1) / 2
    )
    earlier: ConversationTokens = (rounds - 1) * (
        prefix_tokens
        + rounds / 2 * (user_tokens + answer_tokens)
        - (1 - answer_cached_share) * answer_tokens
    )
    shared: ConversationTokens = (
        prefix_hit_rate * prefix_tokens * (1 + (rounds - 1) * (1 - retained_share))
    )
    return smaller((retained_share * earlier + shared) / sent, 1.0)  # beyond 1 by rounding only


@function
def conversation_write_rate(
    turns: Turns,
    prefix_tokens: PrefixTokens,
    user_tokens: UserTokens,
    answer_tokens: AnswerTokens,
    retained_share: RetainedShare = 1.0,
    prefix_hit_rate: SharedPrefixHitRate = 0.0,
    answer_cached_share: AnswerCachedShare = 1.0,
) -> CacheWriteRate:
    """Share of a conversation's input that is written to the cache, where vendors charge writes.

    Everything that is not found is written, at the last turn too, as automatic caching does; a
    buyer who marks what to cache may write less. With the hit rate it sums to 1: nothing is left
    at the plain input price.

    Equation:
        write rate = 1 − CONVERSATION_HIT_RATE

    Errors:
        #NUM! when turns is not a whole number; #DIV/0! without input.

    Source:
        Definition.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.conversation_write_rate(3, 1000, 100, 200), 6)
        0.309524
    """
    hit_rate: CacheHitRate = conversation_hit_rate(
        turns,
        prefix_tokens,
        user_tokens,
        answer_tokens,
        retained_share,
        prefix_hit_rate,
        answer_cached_share,
    )
    return 1 - hit_rate


@function
def retained_share(
    retention_seconds: RetentionSeconds, think_seconds: ThinkSeconds
) -> RetainedShare:
    """Chance that a conversation's context is still in the cache at its next turn.

    Assumes gaps between turns that are exponential, so short ones are common and a few are long,
    and a retention that each read renews: then each gap is tried by itself, and the chance is the
    same at every turn. A cache that is full forgets sooner; a longer gap than the retention is
    then no longer the only way to lose an entry, and this is an upper limit.

    Equation:
        share = 1 − e^(−retention_seconds ÷ think_seconds)

    Source:
        Exponential distribution: P(gap ≤ retention). The form of the gaps is an assumption.

    Example:
        >>> import xlmodel
        >>> round(xlmodel.retained_share(300, 60), 6)
        0.993262
    """
    return 1 - exp(-retention_seconds / think_seconds)
