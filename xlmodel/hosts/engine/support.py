"""Which formulas the engine evaluates as Excel does, as facts about functions and operators."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from xlmodel.hosts.syntax import Call, Token, area
from xlmodel.registry import Function, functions


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILE_PREFIXES = ("_XLFN.", "_XLWS.", "_XLUDF.", "_XLL.")

_REASONS = {
    "CELL": "CELL tells about the program that shows the workbook",
    "FORMULATEXT": "FORMULATEXT needs the formula as it is typed",
    "GETPIVOTDATA": "pivot tables are not refreshed",
    "INFO": "INFO tells about the program that shows the workbook",
    "ISFORMULA": "ISFORMULA is not supported",
    "RTD": "live data is not refreshed",
}
_AGGREGATES = {str(number) for number in range(1, 12)}

_SCALAR_ARGUMENTS = _names(
    """ABS ACOS ASIN ATAN ATAN2 CEILING CHAR CLEAN CODE COS DATE DATEVALUE DAY DEGREES EDATE EOMONTH
    EVEN EXACT EXP FACT FIND FLOOR HOUR INT ISBLANK ISERR ISERROR ISLOGICAL ISNA ISNUMBER ISTEXT
    LEFT LEN LN LOG LOG10 LOWER MID MINUTE MOD MONTH MROUND N NOT ODD PMT POWER PROPER QUOTIENT
    RADIANS REPLACE REPT RIGHT ROUND ROUNDDOWN ROUNDUP SEARCH SECOND SIGN SIN SQRT SUBSTITUTE TAN
    TEXT TIME TIMEVALUE TRIM TRUNC UPPER VALUE WEEKDAY WEEKNUM YEAR YEARFRAC"""
)
_SCALAR_POSITIONS = {
    "IF": {0},
    "VLOOKUP": {0, 2},
    "HLOOKUP": {0, 2},
    "MATCH": {0},
    "XLOOKUP": {0},
    "INDEX": {1, 2},
    "CHOOSE": {0},
    "COUNTIF": {1},
    "SUMIF": {1},
    "AVERAGEIF": {1},
    "COUNTIFS": set(range(1, 254, 2)),
    **{name: set(range(2, 254, 2)) for name in ("SUMIFS", "AVERAGEIFS", "MAXIFS", "MINIFS")},
}
"""Functions that take one value per argument: in all arguments, or in those at these positions."""

_ARRAY_ARGUMENTS = _names(
    """SUMPRODUCT MMULT MINVERSE MDETERM LOOKUP INDEX XLOOKUP XMATCH FILTER SORT SORTBY UNIQUE
    FREQUENCY LET LAMBDA AGGREGATE MODE TRANSPOSE VSTACK HSTACK TAKE DROP TOCOL TOROW"""
)
"""Functions in whose arguments Excel evaluates whole arrays without being asked."""

_ARRAY_RESULTS = _names(
    """FILTER SORT SORTBY UNIQUE SEQUENCE RANDARRAY TRANSPOSE MMULT INDEX OFFSET INDIRECT XLOOKUP
    LET FREQUENCY LINEST LOGEST TREND GROWTH VSTACK HSTACK TAKE DROP TOCOL TOROW WRAPROWS WRAPCOLS
    EXPAND CHOOSECOLS CHOOSEROWS TEXTSPLIT ANCHORARRAY MUNIT MINVERSE MODE.MULT"""
)
_PASS_RANGES = _names("IF IFERROR IFNA IFS CHOOSE SWITCH")
_DYNAMIC_REFERENCES = _names("OFFSET INDIRECT")


def plain_name(stored: str) -> str:
    """
    >>> plain_name("_xlfn._xlws.SORT")
    'SORT'
    """
    name = stored.upper()
    while name.startswith(_FILE_PREFIXES):
        name = name.partition(".")[2]
    return name


def function_name(stored: str) -> str:
    """The name of a function without the prefixes that files and hosts put before it.

    >>> function_name("XLMODEL.NODE_COST"), function_name("_xldudf_XLWINGS_NODE_COST")
    ('NODE_COST', 'NODE_COST')
    """
    plain = plain_name(stored)
    bare = plain.rpartition("!")[2].removeprefix("XLMODEL.")
    if bare in functions():
        return bare
    if plain.startswith("_XLDUDF_"):
        return max((n for n in functions() if plain.endswith("_" + n)), key=len, default=plain)
    return plain


def constructs(words: Sequence[Token]) -> Iterator[str]:
    """What the engine can't evaluate whatever the functions are."""
    depth: list[bool] = []
    for i, word in enumerate(words):
        before = words[i - 1].kind if i else ""
        if word.kind == "open":
            if before == "close":
                yield "calling a LAMBDA where it is written is not supported"
            depth.append(before == "call")
        elif word.kind == "close" and depth:
            depth.pop()
        elif word.kind == "comma" and depth and not depth[-1] and "{" not in _open_brace(words, i):
            yield "a union of references is not supported"


def _open_brace(words: Sequence[Token], i: int) -> str:
    """ "{" when the word stands inside an array constant."""
    texts = [word.text for word in words[:i] if word.text in "{}"]
    return texts[-1] if texts and texts[-1] == "{" else ""


def why_not(name: str, arguments: Sequence[Sequence[Token]]) -> str | None:
    """Why a function that the engine knows is not to be trusted in this call."""
    if name == "AGGREGATE":
        number = "".join(word.text for word in arguments[0]).strip() if arguments else ""
        if number not in _AGGREGATES:
            return f"AGGREGATE({number}, …) is not supported"
    return _REASONS.get(name)


def is_dynamic(words: Sequence[Token]) -> bool:
    """Whether the cells that a formula reads are known only when it is evaluated."""
    return any(
        (word.kind == "call" and word.text in _DYNAMIC_REFERENCES)
        or (word.kind == "op" and word.text == ":")
        for word in words
    )


def intersecting(
    words: Sequence[Token], found: Sequence[Call], ours: Collection[str]
) -> Iterator[int]:
    """The ranges of which a formula outside of arrays uses only its own row's or column's cell."""
    for i, word in enumerate(words):
        if word.kind != "ref" or area(word.text).is_cell:
            continue
        before = _neighbour(words, i, -1)
        after = _neighbour(words, i, 1)
        if before in {":", "@"} or after in {":", "#"}:
            continue
        around = [call for call in found if call.start < i < call.end]
        names = [words[call.start].text for call in around]
        if any(name in _ARRAY_ARGUMENTS or name in ours for name in names[1:]):
            continue
        alone = before in {"", "(", ","} and after in {"", ")", ","}
        if not names:
            yield i
        elif not alone:
            if names[0] not in _ARRAY_ARGUMENTS and names[0] not in ours:
                yield i
        elif _takes_one(names[0], around[0], i):
            yield i


def _neighbour(words: Sequence[Token], i: int, step: int) -> str:
    i += step
    while 0 <= i < len(words) and words[i].kind == "space":
        i += step
    return words[i].text if 0 <= i < len(words) else ""


def _takes_one(name: str, call: Call, i: int) -> bool:
    position = next(n for n, (start, end) in enumerate(call.arguments) if start <= i < end)
    return name in _SCALAR_ARGUMENTS or position in _SCALAR_POSITIONS.get(name, ())


def gives_one_value(
    words: Sequence[Token], found: Sequence[Call], ours: Mapping[str, Function]
) -> bool:
    """Whether a formula surely gives one value: it has no range except as a whole table."""
    tables: set[int] = set()
    for call in found:
        name = words[call.start].text
        if name in _ARRAY_RESULTS:
            return False
        if name in ours:
            for p, (start, end) in zip(ours[name].parameters, call.arguments, strict=False):
                tables |= set() if p.broadcasts else set(range(start, end))
    return not any(
        word.text in {"{", "#", "@"}
        or word.text.startswith("_xlpm.")
        or word.kind == "struct"
        or (word.kind == "op" and word.text == ":")
        or (word.kind == "ref" and i not in tables and not area(word.text).is_cell)
        for i, word in enumerate(words)
    )


def may_spill(words: Sequence[Token], found: Sequence[Call], ours: Collection[str]) -> bool:
    """Whether a formula could return several values, of which Excel then keeps the first."""
    if any(word.text in {"{", "#"} for word in words):
        return True
    for call in found:
        name = words[call.start].text
        if name in _ARRAY_RESULTS:
            return True
        if (name in ours or name in _PASS_RANGES) and any(
            word.kind == "ref" and not area(word.text).is_cell
            for word in words[call.start : call.end]
        ):
            return True
    return False
