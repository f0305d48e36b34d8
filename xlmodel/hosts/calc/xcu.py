"""What Calc's function wizard shows, and under which name a function is known in .xlsx files."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from xlmodel.hosts import wizard
from xlmodel.hosts.calc.idl import argument_name
from xlmodel.hosts.calc.names import SERVICE
from xlmodel.registry import Function, functions


def text() -> str:
    """The configuration file CalcAddIns.xcu."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'oor:name="CalcAddIns" oor:package="org.openoffice.Office">',
        '<node oor:name="AddInInfo">',
        f'<node oor:name="{SERVICE}" oor:op="replace">',
        '<node oor:name="AddInFunctions">',
        *(line for function in functions().values() for line in _function(function)),
        "</node></node></node>",
        "</oor:component-data>",
    ]
    return "\n".join(lines) + "\n"


def _function(function: Function) -> Iterator[str]:
    yield f'<node oor:name="{function.name}" oor:op="replace">'
    yield _localized("DisplayName", function.name)
    yield _localized("Description", wizard.description(function))
    yield '<prop oor:name="Category"><value>Add-In</value></prop>'
    yield _localized("CategoryDisplayName", wizard.CATEGORY)
    yield _localized("CompatibilityName", function.name)
    yield '<node oor:name="Parameters">'
    for i, p in enumerate(function.parameters):
        yield f'<node oor:name="{argument_name(i)}" oor:op="replace">'
        yield _localized("DisplayName", p.name)
        yield _localized("Description", wizard.argument_help(p))
        yield "</node>"
    yield "</node></node>"


def _localized(name: str, value: str) -> str:
    """A text in English, which LibreOffice takes in every language that has none of its own."""
    return f'<prop oor:name="{name}"><value xml:lang="en-US">{escape(value)}</value></prop>'
