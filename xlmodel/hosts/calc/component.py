"""What LibreOffice loads: a UNO component with a method for each registered function.

The extension holds this file beside a folder ``pythonpath`` with the package. Python versions that
the package can't run on must be able to read it, since they get their one sentence from here.
"""

import os
import struct
import sys
from typing import Any, Callable  # noqa: UP035 (old Python versions have it here)

import uno
import unohelper
from com.sun.star.lang import XLocalizable, XServiceInfo, XServiceName

OLDEST = (3, 11)
SERVICE = "XLMODEL"
IMPLEMENTATION = "xlmodel.calc.AddIn"
INTERFACE = "xlmodel.XFunctions"
TOO_OLD = "xlmodel needs a LibreOffice with Python {}.{} or newer; this one has Python {}.{}"
NAME_ERROR = struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000000 | 525))[0]

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
sys.path.insert(0, os.path.join(HERE, "pythonpath"))  # noqa: PTH118


def caller(name: str) -> Callable[..., Any]:
    """The function of that name as Calc calls it."""
    if sys.version_info[:2] < OLDEST:
        return lambda *_: too_old(name)
    from xlmodel.hosts.calc import adapter

    return adapter.caller(name)


def too_old(name: str) -> Any:
    """Functions about the add-in itself say what is wrong; the others show ``#NAME?``.

    A text in place of a number would be left out of a sum without a word.
    """
    if name.startswith(SERVICE):
        return ((TOO_OLD.format(*(OLDEST + sys.version_info[:2])),),)
    return ((NAME_ERROR,),)


class AddIn(
    unohelper.Base,  # type: ignore[misc]
    uno.getClass(INTERFACE),  # type: ignore[misc]
    XServiceName,  # type: ignore[misc]
    XServiceInfo,  # type: ignore[misc]
    XLocalizable,  # type: ignore[misc]
):
    """The add-in: an attribute that it has not got is a function of the registry."""

    def __init__(self, _context: Any) -> None:
        self._locale = uno.createUnoStruct("com.sun.star.lang.Locale")

    def __getattr__(self, name: str) -> Callable[..., Any]:
        try:
            self.__dict__[name] = called = caller(name)
        except KeyError:
            raise AttributeError(name) from None
        return called

    def getServiceName(self) -> str:  # noqa: N802 (this and the following: names of UNO)
        return SERVICE

    def getImplementationName(self) -> str:  # noqa: N802
        return IMPLEMENTATION

    def supportsService(self, name: str) -> bool:  # noqa: N802
        return name == SERVICE

    def getSupportedServiceNames(self) -> Any:  # noqa: N802
        return (SERVICE,)

    def setLocale(self, locale: Any) -> None:  # noqa: N802
        self._locale = locale

    def getLocale(self) -> Any:  # noqa: N802
        return self._locale


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816
g_ImplementationHelper.addImplementation(AddIn, IMPLEMENTATION, (SERVICE,))
