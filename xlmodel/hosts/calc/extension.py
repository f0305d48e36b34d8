"""The extension as one file, always the same bytes: interface, wizard texts, component, package."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import xlmodel
from xlmodel.hosts.calc import idl, names, xcu
from xlmodel.version import VERSION

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_ROOT: Final = Path(xlmodel.__file__).parent
_CARRIED: Final = (
    *("LICENSE", "__init__.py", "version.py", "elementwise.py", "units/*.py"),
    *("registry/*.py", "model/*.py", "tables/*.py", "tables/*.csv"),
    *("hosts/__init__.py", "hosts/cells.py"),
    *("hosts/calc/__init__.py", "hosts/calc/adapter.py", "hosts/calc/values.py"),
)
"""The part of the package that runs inside of LibreOffice."""


def content() -> bytes:
    """The bytes of the .oxt file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, part in _parts():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            archive.writestr(info, part)
    return buffer.getvalue()


def _parts() -> Iterator[tuple[str, bytes]]:
    texts = {
        "META-INF/manifest.xml": _MANIFEST,
        "description.xml": _description(),
        "CalcAddIns.xcu": xcu.text(),
        "xlmodel_calc.idl": idl.text(),
        "xlmodel_calc.components": _COMPONENTS,
    }
    for name, text in texts.items():
        yield name, text.encode()
    yield "xlmodel_calc.py", (_ROOT / "hosts" / "calc" / "component.py").read_bytes()
    for pattern in _CARRIED:
        for path in sorted(_ROOT.glob(pattern)):
            yield f"pythonpath/xlmodel/{path.relative_to(_ROOT).as_posix()}", path.read_bytes()


_MANIFEST: Final = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
<manifest:file-entry manifest:full-path="xlmodel_calc.idl" \
manifest:media-type="application/vnd.sun.star.uno-typelibrary;type=RDB"/>
<manifest:file-entry manifest:full-path="xlmodel_calc.components" \
manifest:media-type="application/vnd.sun.star.uno-components"/>
<manifest:file-entry manifest:full-path="CalcAddIns.xcu" \
manifest:media-type="application/vnd.sun.star.configuration-data"/>
</manifest:manifest>
"""

_COMPONENTS: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<components xmlns="http://openoffice.org/2010/uno-components">
<component loader="com.sun.star.loader.Python" uri="xlmodel_calc.py">
<implementation name="{names.IMPLEMENTATION}">
<service name="{names.SERVICE}"/>
</implementation>
</component>
</components>
"""


def _description() -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006" \
xmlns:l="http://libreoffice.org/extensions/description/2011">
<identifier value="{names.IDENTIFIER}"/>
<version value="{VERSION}"/>
<display-name><name lang="en">xlmodel</name></display-name>
<dependencies><l:LibreOffice-minimal-version value="{names.MIN_LIBREOFFICE}" \
l:name="LibreOffice {names.MIN_LIBREOFFICE}"/></dependencies>
</description>
"""
