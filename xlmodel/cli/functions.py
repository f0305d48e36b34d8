"""``xlmodel fn`` computes one function, ``xlmodel functions`` prints the reference."""

from __future__ import annotations

from xlmodel.registry import find

TYPE_CHECKING = False  # not from typing, which would cost a third of the start
if TYPE_CHECKING:
    import argparse


def compute(args: argparse.Namespace) -> int:
    """Print a function's result, or how it came about."""
    from xlmodel.words import arguments

    function = find(args.name)
    positional, named = arguments(function, args.arguments)
    if args.explain:
        from xlmodel.registry.checked import bind

        print(find("XLMODEL_EXPLAIN")(function.name, *bind(function, positional, named)))
        return 0
    answer = function(*positional, **named)
    values = answer.tolist() if hasattr(answer, "tolist") else answer
    unit = getattr(function.result, "unit", "")
    if args.json:
        _print_json({"function": function.name, "value": values, "unit": unit})
        return 0
    for value in values if isinstance(values, list) else [values]:
        print(f"{_shown(value)} {unit}".rstrip())
    return 0


def reference(args: argparse.Namespace) -> int:
    """Print the functions, one after the other or those named in full."""
    from xlmodel.registry import docs, functions

    chosen = [find(name) for name in args.names] or list(functions().values())
    if args.json:
        _print_json([docs.as_data(function) for function in chosen])
    elif args.names:
        print("\n".join(docs.full_text(function) for function in chosen))
    else:
        for function in chosen:
            print(f"{function.signature}\n    {docs.parts(function)['Summary']}")
    return 0


def _shown(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _print_json(data: object) -> None:
    import json

    print(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))
