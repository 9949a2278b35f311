"""FIT files as bytes: one definition message, then records (FIT protocol, section 4)."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

EPOCH = 631_065_600
"""Unix time of 1989-12-31T00:00:00Z, from which FIT counts."""

FIELDS = {
    "timestamp": (253, "I", 0x86),
    "position_lat": (0, "i", 0x85),
    "position_long": (1, "i", 0x85),
    "altitude": (2, "H", 0x84),
    "speed": (6, "H", 0x84),
    "gps_accuracy": (31, "B", 0x02),
    "heart_rate": (3, "B", 0x02),
    "enhanced_speed": (73, "I", 0x86),
    "enhanced_altitude": (78, "I", 0x86),
}
"""Field of a record -> its number, format, and base type."""

UNKNOWN = {"I": 0xFFFFFFFF, "i": 0x7FFFFFFF, "H": 0xFFFF, "B": 0xFF}
"""Format -> the value of a field without one."""

_CRC = (0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
        0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400)  # fmt: skip


def semicircles(degrees: float) -> int:
    return round(degrees * 2**31 / 180)


def fit(records: Sequence[Mapping[str, int]], names: Sequence[str] = tuple(FIELDS), *, message: int = 20) -> bytes:
    """A file with these fields in every record, raw values; ``message`` is the global number (20: ``record``)."""
    fields = [FIELDS[name] for name in names]
    definition = struct.pack("<BBBHB", 0x40, 0, 0, message, len(fields))
    definition += b"".join(struct.pack("<BBB", number, struct.calcsize(form), base) for number, form, base in fields)
    data = definition
    for record in records:
        data += b"\0"
        for name, (_, form, _) in zip(names, fields, strict=True):
            data += struct.pack(f"<{form}", record.get(name, UNKNOWN[form]))
    head = struct.pack("<BBHI4s", 14, 0x20, 2_140, len(data), b".FIT")
    head += struct.pack("<H", _crc(head))
    return head + data + struct.pack("<H", _crc(head + data))


def _crc(data: bytes) -> int:
    crc = 0
    for byte in data:
        for half in (byte & 0xF, byte >> 4):
            crc = (crc >> 4) ^ _CRC[crc & 0xF] ^ _CRC[half]
    return crc
