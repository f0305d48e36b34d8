"""The characters that an OpenType font has, from its table ``cmap``."""

import struct
from pathlib import Path


def characters(font: Path) -> set[str]:
    """Those of the table's format 12, which covers all of Unicode, or of format 4."""
    data = font.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    places = dict(struct.unpack_from(">4s4xI", data, 12 + 16 * i) for i in range(tables))
    start = places[b"cmap"]
    (count,) = struct.unpack_from(">H", data, start + 2)
    found: set[int] = set()
    for i in range(count):
        at = start + struct.unpack_from(">4xI", data, start + 4 + 8 * i)[0]
        if struct.unpack_from(">H", data, at)[0] == 12:
            (groups,) = struct.unpack_from(">I", data, at + 12)
            for j in range(groups):
                first, last = struct.unpack_from(">II", data, at + 16 + 12 * j)
                found |= set(range(first, last + 1))
        elif struct.unpack_from(">H", data, at)[0] == 4:
            (double,) = struct.unpack_from(">H", data, at + 6)
            ends = struct.unpack_from(f">{double // 2}H", data, at + 14)
            starts = struct.unpack_from(f">{double // 2}H", data, at + 16 + double)
            for first, last in zip(starts, ends, strict=True):
                found |= set(range(first, last + 1))
    return set(map(chr, found))
